//! Plain words for a camera, microphone or screen that doesn't work.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";

const WORDS = { denied: "refused", absent: "absent", taken: "taken", insecure: "insecure" };

/** Title and explanation for one problem of "audio", "video" or both together. */
export function problemWords(problem, device) {
  const key = WORDS[problem] ?? "failed";
  const values = { device: t(`media.${device}`), reason: problem };
  return { title: t(`media.${key}_title`, values), text: t(`media.${key}`, values) };
}

/** Notices for what `media` could not open, with a way to try again. */
export function problemNotices(media) {
  const { audio, video } = media.problems;
  if (!audio && !video) return [];
  if (audio === video) return [notice(audio, "both", () => retryBoth(media))];
  return [audio && notice(audio, "mic", () => media.setAudio(true)), video && notice(video, "camera", () => media.setVideo(true))].filter(Boolean);
}

async function retryBoth(media) {
  await media.setAudio(true);
  await media.setVideo(true);
}

function notice(problem, device, retry) {
  const { title, text } = problemWords(problem, device);
  const again = h("button", { class: "button small outline", type: "button", text: t("media.retry"), on: { click: retry } });
  return h(
    "div",
    { class: "notice", data: { problem } },
    icon("warn"),
    h("div", {}, h("strong", { text: title }), h("span", { text }), problem === "insecure" ? null : h("div", { class: "notice-actions" }, again)),
  );
}
