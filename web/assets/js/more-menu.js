//! What stands behind "More": the controls that have no room in the bar, and the rare ones.

import { t } from "./i18n.js";
import { openSettings } from "./settings.js";
import { openRoomSettings } from "./room-settings.js";
import { openHelp } from "./shortcuts.js";

/** Items for the menu; those whose button the narrow bar hides come first. */
export function moreItems(ctx) {
  const { meeting, toolbar, stage, actions } = ctx;
  const folded = (made) => made.button.offsetParent === null && !made.button.hidden;
  const speakerView = stage.layout === "speaker";
  const pip = document.pictureInPictureEnabled && stage.mainVideo();
  return [
    folded(toolbar.screen) && { icon: "screen", text: t(meeting.media.screen ? "bar.screen_off" : "bar.screen_on"), act: actions.screen },
    folded(toolbar.hand) && { icon: "hand", text: t(meeting.self.hand ? "bar.hand_down" : "bar.hand_up"), act: actions.hand },
    folded(toolbar.react) && { icon: "smile", text: t("bar.react"), act: () => toolbar.openReactions() },
    folded(toolbar.people) && { icon: "people", text: t("bar.people"), act: () => ctx.panel.open("people"), test: "people-folded" },
    { icon: speakerView ? "grid" : "spotlight", text: t(speakerView ? "bar.layout_grid" : "bar.layout_speaker"), act: () => stage.toggleLayout(), keys: "L", test: "layout" },
    pip && { icon: "pip", text: t("bar.pip"), act: () => pip.requestPictureInPicture().catch(() => {}) },
    { icon: "link", text: t("call.copy_link"), act: () => ctx.copyLink() },
    "line",
    { icon: "settings", text: t("bar.settings"), act: () => openSettings(ctx), test: "settings" },
    meeting.can("moderate") && { icon: "shield", text: t("bar.room"), act: () => openRoomSettings(ctx), test: "room-settings" },
    { icon: "keyboard", text: t("bar.shortcuts"), act: openHelp, keys: "?", test: "help" },
    { icon: "pulse", text: t("bar.diagnostics"), act: () => ctx.copyDiagnostics(), test: "diagnostics" },
  ];
}
