//! The own picture before joining, with its two switches on it.

import { h, setAttr, setText } from "./dom.js";
import { fillIcon, icon } from "./icons.js";
import { t } from "./i18n.js";
import { prefs } from "./prefs.js";
import { initials } from "./names.js";

/** The tile for `media` (null while the devices open): `{element, showFace(name)}`; what ends its listening goes to `parts`. */
export function previewTile(media, parts, name) {
  const video = h("video", { class: prefs.mirror ? "mirrored" : "", autoplay: true, muted: true, playsinline: true, "aria-label": t("preview.view") });
  video.muted = true;
  const words = h("p", { class: "preview-off" });
  const face = h("div", { class: "preview-face tone-1" });
  const showFace = (called) => {
    const letters = initials(called);
    face.replaceChildren(letters === "" ? icon("smile") : letters);
  };
  showFace(name);
  const tile = h("div", { class: "preview-tile" }, video, h("div", { class: "preview-blank" }, face, words));
  if (!media) {
    words.textContent = t("preview.camera_starting");
    return { element: tile, showFace };
  }
  const mic = toggle("mic", () => media.setAudio(!media.audio));
  const camera = toggle("camera", () => media.setVideo(!media.video));
  tile.append(h("div", { class: "preview-switches" }, mic.button, camera.button));
  const show = () => {
    mic.show(media.audio);
    camera.show(media.video);
    if (!media.problems.audio) prefs.micOn = media.audio;
    if (!media.problems.video) prefs.cameraOn = media.video;
    tile.classList.toggle("with-picture", media.video);
    setText(words, t("preview.camera_is_off"));
    if (media.video && video.srcObject !== media.cameraStream) video.srcObject = media.cameraStream;
    if (media.video) video.play().catch(() => {});
  };
  parts.push(media.on("change", show));
  show();
  return { element: tile, showFace };
}

function toggle(kind, act) {
  const drawing = icon(kind);
  const button = h("button", { class: "round-toggle", type: "button", test: `preview-${kind}` }, drawing);
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    await act();
    button.removeAttribute("aria-busy");
  });
  const show = (on) => {
    fillIcon(drawing, on ? kind : `${kind}-off`);
    setAttr(button, "aria-pressed", String(on));
    button.classList.toggle("is-off", !on);
    const words = t(`preview.${kind}_${on ? "on" : "off"}`);
    button.title = words;
    button.setAttribute("aria-label", t(`preview.${kind}`));
  };
  return { button, show };
}
