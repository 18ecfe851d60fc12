//! The page's beginning: language, then the view that the address asks for (src/http/page/views.rs knows the same addresses).

import { codeInPath } from "./code.js";
import { setLanguage } from "./i18n.js";
import { fetchMe, me } from "./me.js";
import { onRoute } from "./route.js";

const root = document.getElementById("app");
let closeView = () => {};
let turn = 0;

const VIEWS = {
  start: async () => (await import("./landing.js")).showLanding,
  meeting: async () => (await import("./meeting.js")).showMeeting,
  account: async () => (await import("./account/views.js")).showAccountView,
};

function viewAt(path) {
  const code = codeInPath(path);
  if (code !== null) return { view: VIEWS.meeting, code };
  return { view: path === "/" ? VIEWS.start : VIEWS.account, path };
}

/** Replaces the view; a view returns what ends it (or nothing). Where the address changed meanwhile, the later one wins. */
async function route({ moved }) {
  turn += 1;
  const mine = turn;
  const { view, ...asked } = viewAt(location.pathname);
  const draw = await view();
  if (mine !== turn) return;
  const typed = moved ? [] : written();
  closeView();
  closeView = draw(root, asked) ?? (() => {});
  rewrite(typed);
  if (!moved) return;
  window.scrollTo(0, 0);
  if (!root.contains(document.activeElement)) document.getElementById("main")?.focus({ preventScroll: true });
}

/** What stands in the view's fields, so that a change of language costs no writing. */
function written() {
  return [...root.querySelectorAll("form input[name]")].map(({ name, value }) => ({ name, value }));
}

function rewrite(typed) {
  for (const { name, value } of typed) {
    const field = root.querySelector(`form input[name="${name}"]`);
    if (field && field.value === "") field.value = value;
  }
}

/** Fetches the meeting's parts while nothing else is to be done, so that a first one opens at once. */
function warmUp() {
  const later = window.requestIdleCallback ?? ((work) => setTimeout(work, 1_000));
  later(() => VIEWS.meeting().catch(() => {}));
}

/** Whether the one who was signed in here still is; pages of one's own ask that themselves. */
function checkAccount() {
  if (me() && viewAt(location.pathname).view !== VIEWS.account) fetchMe().catch(() => {});
}

onRoute(route);
await setLanguage();
await route({ moved: false });
warmUp();
checkAccount();
