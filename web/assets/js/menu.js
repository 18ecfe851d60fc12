//! A small menu over the page: opens at its button, closes by itself, works with arrow keys.

import { h, uid } from "./dom.js";
import { icon } from "./icons.js";

const EDGE = 8;

/**
 * Opens a popover at `button`. `items`: `{icon, text, act, danger, pressed, test}`, a ready element, or "line".
 * Returns what closes it.
 */
export function openMenu(button, items, { label, wide = false } = {}) {
  if (button.getAttribute("aria-expanded") === "true") return button.menuClose?.();
  const menu = h("div", { class: wide ? "menu wide" : "menu", popover: "auto", id: uid("menu"), role: "dialog", "aria-label": label ?? button.getAttribute("aria-label"), test: "menu" });
  const close = () => menu.hidePopover();
  menu.append(...items.filter(Boolean).map((item) => menuPart(item, close)));
  document.body.append(menu);
  button.setAttribute("aria-expanded", "true");
  button.menuClose = close;
  const follow = () => position(menu, button);
  window.addEventListener("resize", follow);
  menu.addEventListener("keydown", (event) => walk(event, menu));
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    window.removeEventListener("resize", follow);
    button.setAttribute("aria-expanded", "false");
    const lost = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    if (lost && button.isConnected) button.focus();
  });
  menu.showPopover();
  follow();
  menu.querySelector("button, input, select")?.focus();
  return close;
}

function menuPart(item, close) {
  if (item === "line") return h("hr", { class: "menu-line" });
  if (item instanceof Element) return item;
  const choose = () => {
    close();
    item.act();
  };
  return h(
    "button",
    { class: item.danger ? "menu-item danger" : "menu-item", type: "button", "aria-pressed": item.pressed === undefined ? null : String(item.pressed), disabled: item.disabled, test: item.test, on: { click: choose } },
    item.icon ? icon(item.icon) : null,
    h("span", { text: item.text }),
    item.pressed ? icon("check") : null,
    item.keys ? h("kbd", { text: item.keys }) : null,
  );
}

function walk(event, menu) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  const stops = [...menu.querySelectorAll("button:not(:disabled), input")];
  const at = stops.indexOf(document.activeElement);
  stops[(at + step + stops.length) % stops.length]?.focus();
}

/** Above the button where there is room, else below; always inside the window. */
function position(menu, button) {
  const anchor = button.getBoundingClientRect();
  const box = menu.getBoundingClientRect();
  const above = anchor.top - box.height - EDGE;
  const below = anchor.bottom + EDGE;
  const preferBelow = anchor.top < window.innerHeight / 2;
  const fitsBelow = below + box.height <= window.innerHeight - EDGE;
  const top = (preferBelow && fitsBelow) || above < EDGE ? Math.min(below, window.innerHeight - box.height - EDGE) : above;
  const left = Math.min(Math.max(EDGE, anchor.left + anchor.width / 2 - box.width / 2), window.innerWidth - box.width - EDGE);
  menu.style.top = `${Math.max(EDGE, top)}px`;
  menu.style.left = `${Math.max(EDGE, left)}px`;
}
