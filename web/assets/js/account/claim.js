//! Meetings that were started on this device as a guest, taken into the account.

import { Convene } from "../../../sdk/v1.js";
import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { ask } from "../api.js";
import { errorWords } from "../words.js";
import { toast } from "../toast.js";

/** A secret that opens nothing any more, or a meeting that is gone, is no more to be claimed. */
const GONE = new Set(["token_invalid", "no_such_room", "ended", "forbidden"]);

/** An offer to take them over; null if there are none. `claimed()` is called when some came. */
export function claimOffer(claimed) {
  const count = Object.keys(Convene.ownerSecrets()).length;
  if (count === 0) return null;
  const words = h("p", { text: t("account.claim", count) });
  const button = h("button", { class: "button small primary", type: "button", text: t("account.claim_do"), test: "claim" });
  const offer = h("div", { class: "offer", test: "claim-offer" }, icon("crown"), words, button);
  button.addEventListener("click", async () => {
    button.disabled = true;
    const { came, problem } = await claimAll();
    if (came > 0) {
      toast(t("account.claimed", came), { icon: "check", test: "claimed" });
      claimed();
    }
    button.disabled = false;
    if (problem) setText(words, errorWords(problem));
    else offer.remove();
  });
  return offer;
}

async function claimAll() {
  let came = 0;
  for (const [code, owner_secret] of Object.entries(Convene.ownerSecrets())) {
    try {
      await ask("POST", `/rooms/${encodeURIComponent(code)}/claim`, { owner_secret });
      came += 1;
    } catch (error) {
      if (!GONE.has(error.code)) return { came, problem: error };
    }
    Convene.forgetOwnerSecret(code);
  }
  return { came, problem: null };
}
