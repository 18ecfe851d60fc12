//! Passing words: toasts to see and a live region to hear.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";

const SHOWN_MS = 4_500;
const ASKED_MS = 20_000;
const MOST = 4;
const SPOKEN_MS = 1_200;

const spoken = { polite: [], assertive: [] };

/** Says `text` to screen readers, one after the other. */
export function announce(text, urgency = "polite") {
  spoken[urgency].push(text);
  if (spoken[urgency].length === 1) sayNext(urgency);
}

function sayNext(urgency) {
  const region = document.getElementById(urgency);
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = spoken[urgency][0] ?? "";
  });
  setTimeout(() => {
    spoken[urgency].shift();
    if (spoken[urgency].length > 0) sayNext(urgency);
  }, SPOKEN_MS);
}

/** Lifts the toasts over whatever dialog is open now. */
function raise(place) {
  place.popover = "manual";
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
}

/** Shows `text` for a while and says it. `actions`: `{text, act}`; with actions it stays longer. */
export function toast(text, { icon: name = "info", actions = [], urgent = false, quiet = false, test = "toast" } = {}) {
  const place = document.getElementById("toasts");
  const element = h("div", { class: urgent ? "toast urgent" : "toast", test }, icon(name), h("p", { text }));
  const close = () => {
    element.classList.add("going");
    element.addEventListener("transitionend", () => element.remove(), { once: true });
    setTimeout(() => element.remove(), 400);
  };
  const run = (act) => () => {
    close();
    act();
  };
  for (const { text: words, act, primary } of actions) {
    element.append(h("button", { class: primary ? "button small primary" : "button small", type: "button", text: words, on: { click: run(act) } }));
  }
  if (actions.length === 0) element.append(h("button", { class: "icon-button", type: "button", "aria-label": t("app.close"), on: { click: close } }, icon("close")));
  place.append(element);
  raise(place);
  while (place.children.length > MOST) place.firstElementChild.remove();
  setTimeout(close, actions.length ? ASKED_MS : SHOWN_MS);
  if (!quiet) announce(text, urgent ? "assertive" : "polite");
  return close;
}
