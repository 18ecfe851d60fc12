//! Who is signed in on this device. The cookie is out of the page's sight, so a name kept here says that there is one;
//! without it nobody is asked for, and guests cost no request.

import { ask } from "./api.js";
import { prefs } from "./prefs.js";

const listeners = new Set();

/** `{id, name}` as last known, null for a guest. */
export function me() {
  return prefs.account;
}

/** Calls `listener` whenever someone signs in or out, in another tab too. Returns what ends that. */
export function onMe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell() {
  for (const listener of [...listeners]) listener(me());
}

/** Takes what the server says of the account. */
export function signedIn(user) {
  const before = prefs.account;
  if (before?.name !== user.name || prefs.name === "") prefs.name = user.name;
  prefs.account = { id: user.id, name: user.name };
  if (before?.id !== user.id || before?.name !== user.name) tell();
}

/** The account isn't ours any more: its name isn't kept for whoever comes next. */
export function signedOut() {
  const before = prefs.account;
  if (!before) return;
  if (prefs.name === before.name) prefs.name = "";
  prefs.account = null;
  tell();
}

/** Asks the server who we are; null if nobody (any more). A server that is away changes nothing. */
export async function fetchMe() {
  try {
    const user = await ask("GET", "/me");
    signedIn(user);
    return user;
  } catch (error) {
    if (error.status !== 401) throw error;
    signedOut();
    return null;
  }
}

/** Ends this device's session. */
export async function signOut() {
  try {
    await ask("POST", "/logout");
  } catch (error) {
    if (error.status !== 401) throw error;
  }
  signedOut();
}

window.addEventListener("storage", (event) => {
  if (event.key === "convene.account") tell();
});
