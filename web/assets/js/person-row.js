//! One person in the list of people.

import { h, setAttr, setText } from "./dom.js";
import { fillIcon, icon } from "./icons.js";
import { t } from "./i18n.js";
import { initials, shownName, tone } from "./names.js";
import { hasActions, personMenu } from "./person-actions.js";

export class PersonRow {
  constructor(ctx, person) {
    this.ctx = ctx;
    this.peer = person.peer;
    this.face = h("span", { class: `row-face ${tone(person.peer)}`, "aria-hidden": "true" });
    this.name = h("span", { class: "row-name" });
    this.role = h("span", { class: "row-role" });
    this.rank = h("span", { class: "row-hand", hidden: true });
    this.rankText = h("span", {});
    this.rank.append(icon("hand"), this.rankText);
    this.mic = icon("mic");
    this.micWords = h("span", { class: "sr-only" });
    this.more = h("button", { class: "icon-button", type: "button", "aria-haspopup": "dialog", test: "person-actions", on: { click: () => this.#menu() } }, icon("more"));
    this.element = h(
      "li",
      { class: "row", test: "person", data: { peer: person.peer } },
      this.face,
      h("div", { class: "row-words" }, this.name, this.role),
      this.rank,
      h("span", { class: "row-mic" }, this.mic, this.micWords),
      this.more,
    );
  }

  show(person) {
    const { meeting } = this.ctx;
    setText(this.face, initials(person.name));
    setText(this.name, shownName(person, meeting.self));
    const away = person.state === "away" ? ` · ${t("people.away")}` : "";
    setText(this.role, t(`people.role_${person.role}`) + away);
    this.rank.hidden = !person.hand;
    setText(this.rankText, person.hand ? String(person.hand.rank) : "");
    setAttr(this.rank, "aria-label", person.hand ? t("tile.hand", { rank: person.hand.rank }) : null);
    setAttr(this.rank, "role", "img");
    fillIcon(this.mic, person.media.audio ? "mic" : "mic-off");
    setText(this.micWords, person.media.audio ? "" : t("tile.muted"));
    this.element.classList.toggle("speaking", meeting.speaking.has(person.peer));
    this.element.classList.toggle("away", person.state === "away");
    this.element.classList.toggle("is-muted", !person.media.audio);
    setAttr(this.more, "aria-label", t("people.actions", { name: person.name }));
    this.more.hidden = !hasActions(this.ctx, person);
  }

  #menu() {
    const person = this.ctx.meeting.person(this.peer);
    if (person) personMenu(this.ctx, this.more, person);
  }
}
