//! What follows once someone is signed in: the account is remembered, and one goes where one was going.

import { go, ownAddress } from "../route.js";
import { signedIn } from "../me.js";

/** The view that was asked for before signing in; `?next=` never leads to another site. */
export function nextAddress() {
  const asked = ownAddress(new URLSearchParams(location.search).get("next"));
  return asked && !asked.startsWith("/sign") ? asked : null;
}

/** `path` of a door, keeping where one was going. */
export function doorAddress(path) {
  const next = nextAddress();
  return next ? `${path}?next=${encodeURIComponent(next)}` : path;
}

/** Takes the answer of a sign-in. */
export async function arrive({ user }) {
  signedIn(user);
  await go(nextAddress() ?? "/meetings", { replace: true });
}
