//! The panel beside the stage: one of chat and people at a time, over the stage on small screens.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";

export class Panel {
  constructor(ctx) {
    this.ctx = ctx;
    this.views = new Map();
    this.current = null;
    this.opener = null;
    this.element = h("aside", { class: "panel", hidden: true, test: "panel" });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      this.close();
    });
  }

  /** `view` has `title`, `element`, `opened()` and `closed()`. */
  add(name, view) {
    this.views.set(name, view);
  }

  toggle(name) {
    if (this.current === name) this.close();
    else this.open(name);
  }

  open(name) {
    if (this.current === name) return this.views.get(name).opened();
    this.opener ??= document.activeElement;
    if (this.current) this.views.get(this.current).closed();
    this.current = name;
    const view = this.views.get(name);
    const close = h("button", { class: "icon-button", type: "button", "aria-label": t("app.close"), title: t("app.close"), test: "panel-close", on: { click: () => this.close() } }, icon("close"));
    const head = h("div", { class: "panel-head" }, h("h2", { text: view.title }), h("div", { class: "panel-tools" }, view.tools ?? [], close));
    this.element.replaceChildren(head, view.element);
    this.element.setAttribute("aria-label", view.title);
    this.element.hidden = false;
    this.element.dataset.view = name;
    document.documentElement.classList.add("panel-open");
    this.ctx.toolbar.setPanel(name);
    view.opened();
  }

  close() {
    if (!this.current) return;
    this.views.get(this.current).closed();
    this.current = null;
    this.element.hidden = true;
    this.element.replaceChildren();
    document.documentElement.classList.remove("panel-open");
    this.ctx.toolbar.setPanel(null);
    const back = this.opener;
    this.opener = null;
    if (back?.isConnected && back !== document.body) back.focus();
    else document.getElementById("main")?.focus();
  }
}
