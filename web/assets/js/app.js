//! The page's beginning: language, then the view that the address asks for.

import { codeInPath } from "./code.js";
import { setLanguage } from "./i18n.js";
import { showLanding } from "./landing.js";
import { showPreview } from "./preview.js";
import { showCall } from "./call.js";
import { showEnding } from "./ending.js";

const root = document.getElementById("app");
let closeView = () => {};

/** Replaces the view; a view returns what ends it (or nothing). */
function enter(draw) {
  closeView();
  closeView = draw() ?? (() => {});
}

function open(code) {
  history.pushState(null, "", `/m/${encodeURIComponent(code)}`);
  route();
  document.getElementById("main")?.focus();
}

function route() {
  const code = codeInPath(location.pathname);
  if (code === null) landing();
  else preview(code);
}

function landing() {
  enter(() => showLanding(root, { open, redraw: landing }));
}

function preview(code) {
  enter(() =>
    showPreview(root, {
      code,
      joined: (meeting) => call(code, meeting),
      refused: (ending) => finish(code, ending),
    }),
  );
}

function call(code, meeting) {
  enter(() => showCall(root, { code, meeting, ended: (ending) => finish(code, ending) }));
}

function finish(code, ending) {
  enter(() => showEnding(root, { code, ending, again: () => preview(code), redraw: () => finish(code, ending) }));
}

window.addEventListener("popstate", route);
await setLanguage();
route();
