//! The dialog for devices, own name, view and appearance during a call.

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { deviceFields, levelMeter } from "./devices.js";
import { openDialog } from "./dialog.js";
import { problemNotices } from "./media-words.js";
import { prefs } from "./prefs.js";
import { setTheme, theme } from "./theme.js";

/** Opens the dialog over the call. */
export function openSettings(ctx) {
  const { media } = ctx.meeting;
  const fields = deviceFields(media);
  const meter = levelMeter(media);
  const notices = h("div", { class: "notices" });
  const showProblems = () => notices.replaceChildren(...problemNotices(media));
  const stopProblems = media.on("change", showProblems);
  showProblems();
  fields.elements[0].append(meter.element);
  openDialog({
    title: t("settings.title"),
    test: "settings-dialog",
    content: [nameField(ctx), notices, ...fields.elements, appearance(), ...switches(ctx)],
    onClose: () => {
      fields.stop();
      meter.stop();
      stopProblems();
    },
  });
}

function nameField(ctx) {
  const input = h("input", { class: "input", id: "own-name", maxlength: "60", value: ctx.meeting.self.name, test: "own-name" });
  input.addEventListener("change", async () => {
    const name = input.value.trim();
    if (name === "" || name === ctx.meeting.self.name) return;
    prefs.name = name;
    await ctx.attempt(() => ctx.meeting.setProfile({ name }));
  });
  return h("div", { class: "field" }, h("label", { for: "own-name", text: t("settings.name") }), input);
}

function appearance() {
  const choose = (event) => setTheme(event.target.value || null);
  const options = [["", "system"], ["light", "light"], ["dark", "dark"]];
  const select = h("select", { class: "select", id: "appearance", on: { change: choose } }, options.map(([value, key]) => h("option", { value, text: t(`settings.${key}`) })));
  select.value = theme() ?? "";
  return h("div", { class: "field" }, h("label", { for: "appearance", text: t("settings.appearance") }), select);
}

function switches(ctx) {
  const mirror = (on) => {
    prefs.mirror = on;
    ctx.stage.update();
  };
  const sounds = (on) => {
    prefs.sounds = on;
  };
  return [switchRow("settings.mirror", prefs.mirror, mirror), switchRow("settings.sounds", prefs.sounds, sounds)];
}

/** A labelled switch; `act(on)` hears changes. */
export function switchRow(key, on, act, test) {
  const input = h("input", { type: "checkbox", role: "switch", checked: on, test });
  input.addEventListener("change", () => act(input.checked, input));
  return h("label", { class: "switch" }, h("span", { text: t(key) }), input);
}
