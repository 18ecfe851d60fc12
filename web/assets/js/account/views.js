//! The account's views by their address: the doors for everyone, the pages of one's own behind them.

import { h } from "../dom.js";
import { t } from "../i18n.js";
import { fetchMe, me } from "../me.js";
import { again, go } from "../route.js";
import { errorWords } from "../words.js";
import { nextAddress } from "./arrive.js";
import { door, waiting } from "./frame.js";
import { showSignIn } from "./signin.js";
import { showSignUp } from "./signup.js";
import { showForgot, showReset } from "./password-doors.js";
import { showAccount } from "./account.js";
import { showMeetings } from "./meetings.js";
import { showHistory } from "./history.js";

const DOORS = { "/signin": showSignIn, "/signup": showSignUp, "/forgot": showForgot, "/reset": showReset };
const OWN = { "/account": showAccount, "/meetings": showMeetings, "/history": showHistory };

/** Draws the view at `path` into `root`. Returns what ends it. */
export function showAccountView(root, { path }) {
  if (path in OWN) return behindTheDoor(root, OWN[path], path);
  if (me() && (path === "/signin" || path === "/signup")) {
    go(nextAddress() ?? "/meetings", { replace: true });
    return undefined;
  }
  return (DOORS[path] ?? showSignIn)(root);
}

/** Shows a page of one's own to whoever is signed in, and the door to others. */
function behindTheDoor(root, show, path) {
  let gone = false;
  let stop = () => {};
  waiting(root);
  const begin = async () => {
    try {
      const user = await fetchMe();
      if (gone) return;
      if (!user) go(`/signin?next=${encodeURIComponent(path)}`, { replace: true });
      else {
        stop = show(root, { user }) ?? (() => {});
        document.getElementById("main").focus({ preventScroll: true });
      }
    } catch (error) {
      if (!gone) unreachable(root, error);
    }
  };
  void begin();
  return () => {
    gone = true;
    stop();
  };
}

function unreachable(root, error) {
  const retry = h("button", { class: "button primary wide", type: "button", text: t("end.again"), on: { click: again } });
  door(root, { title: t("end.failed_title"), lead: errorWords(error), content: retry, test: "unreachable" });
}
