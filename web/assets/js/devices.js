//! Choosing microphone, camera and speaker; used before and in the meeting.

import { h, uid } from "./dom.js";
import { t } from "./i18n.js";
import { prefs } from "./prefs.js";
import { canChooseSpeaker, playTestSound, setSpeaker } from "./sound.js";

/** Fields bound to a LocalMedia: `{elements, stop}`. */
export function deviceFields(media) {
  const mic = deviceField("mic", async (id) => {
    prefs.mic = id || null;
    await media.useMicrophone(id);
  });
  const camera = deviceField("camera", async (id) => {
    prefs.camera = id || null;
    await media.useCamera(id);
  });
  const speaker = deviceField("speaker", (id) => {
    prefs.speaker = id || null;
    setSpeaker();
  });
  speaker.element.append(h("button", { class: "button small outline", type: "button", text: t("preview.test_speaker"), on: { click: playTestSound } }));

  const show = () => {
    mic.show(media.devices.microphones, media.microphone || prefs.mic);
    camera.show(media.devices.cameras, media.camera || prefs.camera);
    speaker.show(media.devices.speakers, prefs.speaker);
    speaker.element.hidden = !canChooseSpeaker() || media.devices.speakers.length === 0;
  };
  const stops = [media.on("devices", show), media.on("change", show)];
  show();
  return { elements: [mic.element, camera.element, speaker.element], stop: () => stops.forEach((stop) => stop()) };
}

function deviceField(kind, choose) {
  const id = uid(kind);
  const select = h("select", { class: "select", id, test: `device-${kind}`, on: { change: (event) => choose(event.target.value) } });
  const element = h("div", { class: "field", data: { kind } }, h("label", { for: id, text: t(`preview.${kind}`) }), select);
  const show = (devices, current) => {
    const known = devices.filter((device) => device.deviceId !== "" && device.deviceId !== "default");
    const options = [{ deviceId: "", label: t("preview.default_device") }, ...known];
    select.replaceChildren(...options.map((device, at) => h("option", { value: device.deviceId, text: device.label || `${t(`preview.${kind}`)} ${at}` })));
    select.value = options.some((device) => device.deviceId === current) ? current : "";
    select.disabled = devices.length === 0;
  };
  return { element, show };
}

/** A bar that follows the microphone: `{element, stop}`. */
export function levelMeter(media) {
  const fill = h("div", { class: "meter-fill" });
  const element = h("div", { class: "meter", role: "img", "aria-label": t("preview.level"), test: "level" }, fill);
  const stop = media.on("level", ({ level }) => {
    fill.style.transform = `scaleX(${Math.min(1, level).toFixed(3)})`;
  });
  return { element, stop };
}
