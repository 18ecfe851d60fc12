//! The list of people: raised hands in order, then everyone, with volume and host's actions.

import { h, reconcile, setText } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { confirm } from "./dialog.js";
import { PersonRow } from "./person-row.js";
import { openRoomSettings } from "./room-settings.js";
import { toast } from "./toast.js";

const SEARCH_FROM = 8;
const ROLE_ORDER = { owner: 0, cohost: 1, participant: 2, viewer: 3 };

export class PeoplePanel {
  constructor(ctx) {
    this.ctx = ctx;
    this.title = t("people.title");
    this.isOpen = false;
    this.rows = new Map();
    this.handRows = new Map();
    this.hands = h("ol", { class: "people-list", test: "hands" });
    this.handsPart = h("section", { class: "people-part", "aria-label": t("people.hands") }, h("h3", { text: t("people.hands") }), this.hands);
    this.list = h("ul", { class: "people-list", test: "people-list" });
    this.count = h("h3", {});
    this.search = h("input", { class: "input", type: "search", "aria-label": t("people.search"), placeholder: t("people.search"), on: { input: () => this.update() } });
    this.host = this.#hostButtons();
    this.element = h("div", { class: "people" }, this.host, this.search, this.handsPart, h("section", { class: "people-part", "aria-label": t("people.in_meeting") }, this.count, this.list));
    for (const type of ["joined", "resumed", "peer", "peerleft", "change", "hand", "rights", "room", "speaking", "quality"]) ctx.on(type, () => this.update());
  }

  opened() {
    this.isOpen = true;
    this.update();
    this.element.querySelector("button, input")?.focus();
  }

  closed() {
    this.isOpen = false;
  }

  update() {
    if (!this.isOpen) return;
    const { meeting } = this.ctx;
    const everyone = [meeting.self, ...meeting.people.values()];
    this.host.hidden = !meeting.can("moderate");
    this.search.hidden = everyone.length < SEARCH_FROM;
    setText(this.count, t("call.people", everyone.length));
    const hands = [...meeting.hands];
    this.handsPart.hidden = hands.length === 0;
    this.#fill(this.hands, this.handRows, hands);
    this.#fill(this.list, this.rows, this.#found(everyone).sort(byRole));
  }

  #fill(list, rows, people) {
    const known = new Set(people.map((person) => person.peer));
    for (const peer of rows.keys()) if (!known.has(peer)) rows.delete(peer);
    for (const person of people) {
      if (!rows.has(person.peer)) rows.set(person.peer, new PersonRow(this.ctx, person));
      rows.get(person.peer).show(this.ctx.meeting.person(person.peer) ?? person);
    }
    reconcile(list, people.map((person) => rows.get(person.peer).element));
  }

  #found(people) {
    const wanted = this.search.hidden ? "" : this.search.value.trim().toLocaleLowerCase();
    return people.filter((person) => person.name.toLocaleLowerCase().includes(wanted));
  }

  #hostButtons() {
    const { ctx } = this;
    const muteAll = async () => {
      const sure = await confirm({ title: `${t("people.mute_all")}?`, yes: t("people.mute_all") });
      if (sure && (await ctx.attempt(() => ctx.meeting.muteAll("audio")))) toast(t("people.muted_all"), { icon: "mic-off" });
    };
    return h(
      "div",
      { class: "people-host" },
      h("button", { class: "button small", type: "button", test: "mute-all", on: { click: muteAll } }, icon("mic-off"), t("people.mute_all")),
      h("button", { class: "button small", type: "button", test: "people-room-settings", on: { click: () => openRoomSettings(ctx) } }, icon("shield"), t("bar.room")),
    );
  }
}

/** Hosts first, otherwise the order of joining; oneself stays at the head of one's role. */
function byRole(a, b) {
  return ROLE_ORDER[a.role] - ROLE_ORDER[b.role];
}
