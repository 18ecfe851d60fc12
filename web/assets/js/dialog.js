//! Dialogs on the native element: focus stays inside, Escape closes, focus returns to where it was.

import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";

/** Shows a dialog with `content`; resolves with its return value when closed ("" by Escape). */
export function openDialog({ title, content, test, actions = [], wide = false, onClose = () => {} }) {
  const back = document.activeElement;
  const id = uid("dialog");
  const dialog = h(
    "dialog",
    { class: wide ? "dialog wide" : "dialog", "aria-labelledby": id, test },
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id, text: title }),
      h("button", { class: "icon-button", type: "button", "aria-label": t("app.close"), title: t("app.close"), test: "dialog-close", on: { click: () => dialog.close() } }, icon("close")),
    ),
    h("div", { class: "dialog-body" }, content),
    actions.length ? h("div", { class: "dialog-actions" }, actions) : null,
  );
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  const closed = new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      onClose();
      if (back?.isConnected) back.focus();
      resolve(dialog.returnValue);
    });
  });
  return { dialog, closed };
}

/** A question with yes and no; resolves to whether yes was chosen. */
export async function confirm({ title, text = "", yes, danger = false }) {
  const choose = (value) => () => opened.dialog.close(value);
  const opened = openDialog({
    title,
    test: "confirm",
    content: text ? h("p", { text }) : [],
    actions: [
      h("button", { class: "button outline", type: "button", text: t("app.cancel"), on: { click: choose("no") } }),
      h("button", { class: danger ? "button danger" : "button primary", type: "button", text: yes, test: "confirm-yes", on: { click: choose("yes") } }),
    ],
  });
  return (await opened.closed) === "yes";
}

/** Whether any dialog is open, for shortcuts to rest. */
export function dialogOpen() {
  return document.querySelector("dialog[open]") !== null;
}
