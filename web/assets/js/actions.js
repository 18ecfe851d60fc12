//! What the controls do: one function per control, used by the bar, the menus and the keys.

import { t } from "./i18n.js";
import { openMenu } from "./menu.js";
import { problemWords } from "./media-words.js";
import { prefs } from "./prefs.js";
import { announce, toast } from "./toast.js";

const DEVICE = { audio: "mic", video: "camera" };

/** The actions of one call. */
export function callActions(ctx) {
  const { meeting } = ctx;

  const setDevice = async (kind, on) => {
    const set = kind === "audio" ? meeting.setAudio(on) : meeting.setVideo(on);
    const reached = await set;
    const problem = meeting.media.problems[kind];
    if (!reached && on && problem) return toast(Object.values(problemWords(problem, DEVICE[kind])).join(" – "), { icon: "warn", urgent: true, test: "device-problem" });
    if (kind === "audio") prefs.micOn = on;
    else prefs.cameraOn = on;
    const spoken = { audio: on ? "say.mic_on" : "say.mic_off", video: on ? "say.camera_is_on" : "say.camera_is_off" };
    announce(t(spoken[kind]));
  };

  const allowed = (right, on) => {
    if (!on || meeting.can(right)) return true;
    toast(t("bar.not_allowed"), { icon: "warn", test: "refused" });
    return false;
  };

  const mic = () => {
    const on = !meeting.media.audio;
    if (allowed("publish_audio", on)) return ctx.attempt(() => setDevice("audio", on));
  };
  const camera = () => {
    const on = !meeting.media.video;
    if (allowed("publish_video", on)) return ctx.attempt(() => setDevice("video", on));
  };
  const screen = () => {
    const on = !meeting.media.screen;
    if (!navigator.mediaDevices?.getDisplayMedia) return toast(t("media.screen_unsupported"), { icon: "warn" });
    if (!allowed("publish_screen", on)) return undefined;
    return ctx.attempt(async () => {
      const reached = await meeting.shareScreen(on);
      const problem = meeting.media.problems.screen;
      if (!reached && on && problem) toast(t("media.screen_failed", { reason: problem }), { icon: "warn" });
    });
  };
  const hand = () => {
    if (!allowed("raise_hand", !meeting.self.hand)) return undefined;
    return ctx.attempt(async () => {
      if (meeting.self.hand) {
        await meeting.lowerHand();
        announce(t("say.hand_down_you"));
      } else {
        const { rank } = await meeting.raiseHand();
        announce(t("say.hand_you", { rank }));
      }
    });
  };
  const react = (emoji) => ctx.attempt(() => meeting.react(emoji));
  const talk = (on) => {
    if (on && !meeting.can("publish_audio")) return undefined;
    return ctx.attempt(() => meeting.setAudio(on));
  };
  const leave = (button) => {
    if (!meeting.can("manage")) return meeting.leave();
    return openMenu(
      button,
      [
        { icon: "back", text: t("bar.leave_only"), act: () => meeting.leave(), test: "leave-only" },
        { icon: "leave", text: t("bar.leave_all"), danger: true, act: () => ctx.attempt(() => meeting.end()), test: "end" },
      ],
      { label: t("bar.leave_question") },
    );
  };
  return { mic, camera, screen, hand, react, talk, leave };
}
