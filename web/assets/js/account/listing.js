//! Lists that come from the server: while they load, when there is nothing, when it fails, and what comes after the first page.

import { h } from "../dom.js";
import { t } from "../i18n.js";
import { signedOut } from "../me.js";
import { go } from "../route.js";
import { errorWords } from "../words.js";

/** Fills `list` with the rows of `load()`; `empty` are words for none. */
export async function loadInto(list, load, empty = null) {
  list.setAttribute("aria-busy", "true");
  try {
    const rows = await load();
    list.replaceChildren(...(rows.length > 0 || empty === null ? rows : [h("li", { class: "listing-empty", text: empty })]));
  } catch (error) {
    if (error.status === 401) return turnedAway();
    const again = h("button", { class: "button small outline", type: "button", text: t("end.again"), on: { click: () => loadInto(list, load, empty) } });
    list.replaceChildren(h("li", { class: "listing-empty", role: "alert" }, errorWords(error), " ", again));
  } finally {
    list.removeAttribute("aria-busy");
  }
  return undefined;
}

/** Signed out from elsewhere meanwhile: back to the door, and from there back here. */
function turnedAway() {
  signedOut();
  void go(`/signin?next=${location.pathname}`, { replace: true });
}

/** A list that goes on by a button: `page(cursor)` resolves with `{rows, next}`. Returns `{element, load}`. */
export function pagedList({ page, empty, test }) {
  const list = h("ul", { class: "listing", test });
  const more = h("button", { class: "button small outline", type: "button", hidden: true, text: t("account.more"), test: test && `${test}-more` });
  let next = null;
  const take = ({ rows, next: cursor }) => {
    next = cursor ?? null;
    more.hidden = next === null;
    return rows;
  };
  more.addEventListener("click", async () => {
    try {
      const rows = take(await page(next));
      list.append(...rows);
      rows[0]?.querySelector("a, button")?.focus();
    } catch (error) {
      more.after(h("p", { class: "field-error", role: "alert", text: errorWords(error) }));
    }
  });
  const load = () => loadInto(list, async () => take(await page(null)), empty);
  return { element: h("div", { class: "listing-whole" }, list, more), load };
}
