//! The account page: who one is, how one signs in, where one is signed in, and one's data.

import { h } from "../dom.js";
import { signedIn } from "../me.js";
import { again } from "../route.js";
import { own } from "./frame.js";
import { profileSection } from "./profile.js";
import { signInSection } from "./factors.js";
import { sessionsSection } from "./sessions.js";
import { eventsSection } from "./events.js";
import { keysSection } from "./keys.js";
import { dataSection } from "./data.js";

/** Draws the page of `user`. */
export function showAccount(root, { user }) {
  const changed = (now) => {
    const renamed = now.name !== user.name;
    user = now;
    signedIn(now);
    if (renamed) void again();
    return now;
  };
  const content = h("div", { class: "cards" }, profileSection(user, changed), signInSection(user, changed), sessionsSection(), eventsSection(), keysSection(), dataSection(() => user));
  own(root, { user, tab: "account", content });
}
