//! One visit to a meeting: the preview, the call, the last word, and round again.

import { showPreview } from "./preview.js";
import { showCall } from "./call.js";
import { showEnding } from "./ending.js";

/** Draws into `root` whatever the visit has come to. Returns what leaves it. */
export function showMeeting(root, { code }) {
  let closeStep = () => {};
  const step = (draw) => {
    closeStep();
    closeStep = draw() ?? (() => {});
  };
  const preview = () => step(() => showPreview(root, { code, joined: call, refused: finish }));
  const call = (meeting) => step(() => showCall(root, { code, meeting, ended: finish }));
  const finish = (ending) => step(() => showEnding(root, { code, ending, again: preview, redraw: () => finish(ending) }));
  preview();
  return () => closeStep();
}
