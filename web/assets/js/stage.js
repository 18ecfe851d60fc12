//! The stage: keeps one tile per person and screen, lays them out, tells the SDK what is on screen.

import { h, perFrame, reconcile, setText } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { focusLayout, gridLayout, MOST_TILES, tilesThatFit } from "./grid.js";
import { seating } from "./seating.js";
import { Sight } from "./sight.js";
import { prefs } from "./prefs.js";
import { Tile } from "./tile.js";
import { tileMenu } from "./person-actions.js";
import { inviteCard } from "./invite.js";

const GAP = { wide: 12, narrow: 8 };

export class Stage {
  constructor(ctx) {
    this.ctx = ctx;
    this.tiles = new Map();
    this.lastSpoke = new Map();
    this.speaker = null;
    this.pinned = null;
    this.layout = "grid";
    this.wish = "";
    this.board = h("div", { class: "board" });
    this.rest = h("button", { class: "rest-tile", type: "button", hidden: true, test: "rest", on: { click: () => ctx.panel.open("people") } }, icon("people"), h("span", {}));
    this.invite = inviteCard(ctx);
    this.element = h("section", { class: "stage", "aria-label": t("call.stage"), test: "stage" }, this.board, this.invite);
    this.update = perFrame(() => this.#arrange());
    this.watch = new ResizeObserver(this.update);
    this.watch.observe(this.element);
    this.sight = new Sight(ctx.meeting);
    this.#listen();
    this.update();
  }

  close() {
    this.watch.disconnect();
    this.sight.close();
    for (const tile of this.tiles.values()) tile.remove();
  }

  /** Shows one tile large for oneself; the same again goes back. */
  pin(key) {
    this.pinned = this.pinned === key ? null : key;
    this.update();
  }

  toggleLayout() {
    this.layout = this.layout === "grid" ? "speaker" : "grid";
    this.pinned = null;
    this.update();
  }

  /** The video most worth a window of its own. */
  mainVideo() {
    const videos = [...this.tiles.values()].filter((tile) => !tile.element.hidden && tile.element.classList.contains("with-picture"));
    const found = videos.find((tile) => tile.element.classList.contains("large")) ?? videos.find((tile) => tile.peer !== this.ctx.meeting.self.peer);
    return (found ?? videos[0])?.video ?? null;
  }

  #listen() {
    const { ctx } = this;
    for (const type of ["joined", "resumed", "peer", "peerleft", "change", "room", "track", "trackended", "quality", "receiving", "hand", "state", "rights"]) {
      ctx.on(type, this.update);
    }
    ctx.listen(ctx.meeting.media, "change", this.update);
    ctx.on("speaking", ({ peers }) => this.#speaking(peers));
  }

  #speaking(peers) {
    const now = Date.now();
    for (const peer of peers) this.lastSpoke.set(peer, now);
    const others = [...peers].filter((peer) => peer !== this.ctx.meeting.self.peer);
    if (others.length > 0 && !others.includes(this.speaker)) this.speaker = others[0];
    for (const tile of this.tiles.values()) tile.speaking(tile.source === "camera" && peers.has(tile.peer));
    this.update();
  }

  #arrange() {
    const { meeting } = this.ctx;
    const { width, height } = this.board.getBoundingClientRect();
    if (width < 1 || height < 1) return;
    const gap = width < 600 ? GAP.narrow : GAP.wide;
    // who holds no call (an app's presence) is in the list of people alone
    const people = [...meeting.people.values()].filter((person) => person.link !== "none");
    const fits = tilesThatFit(width, height, gap);
    const plan = seating({
      people,
      self: meeting.self,
      layout: this.layout,
      pinned: this.pinned,
      spotlight: meeting.room.spotlight,
      lastSpoke: this.lastSpoke,
      speaker: this.speaker,
      fits: people.length + 1 > fits ? fits - 1 : fits,
    });
    this.#keepTiles(plan.tiles);
    this.#placeTiles(plan, width, height, gap);
    this.#showTiles();
    this.sight.tell();
    this.invite.hidden = people.length > 0;
    this.element.classList.toggle("alone", people.length === 0);
    this.#wish(plan.tiles.filter((key) => !key.endsWith(":screen") && key !== meeting.self.peer));
  }

  /** Whose video matters most, told when it changes. */
  #wish(peers) {
    const wish = peers.join();
    if (wish === this.wish) return;
    this.wish = wish;
    this.ctx.meeting.setPriority(peers);
  }

  #keepTiles(keys) {
    const wanted = new Set(keys);
    for (const [key, tile] of this.tiles) {
      if (wanted.has(key)) continue;
      this.sight.unwatch(tile.element);
      tile.remove();
      this.tiles.delete(key);
    }
    for (const key of keys) if (!this.tiles.has(key)) this.#addTile(key);
    reconcile(this.board, [...keys.map((key) => this.tiles.get(key).element), this.rest]);
  }

  #addTile(key) {
    const { meeting } = this.ctx;
    const source = key.endsWith(":screen") ? "screen" : "camera";
    const peer = source === "screen" ? key.slice(0, -":screen".length) : key;
    const tile = new Tile({
      person: meeting.person(peer),
      source,
      onMore: (button) => tileMenu(this.ctx, button, peer, key),
      onEnlarge: () => this.pin(key),
    });
    this.tiles.set(key, tile);
    this.sight.watch(tile.element);
  }

  #placeTiles({ large, tiles, hidden }, width, height, gap) {
    const inStrip = tiles.filter((key) => key !== large);
    const asked = inStrip.length + (hidden.length > 0 ? 1 : 0);
    const spots = large ? focusLayout(asked, width, height, gap) : { main: null, strip: gridLayout(Math.min(asked, MOST_TILES), width, height, gap) };
    const overflow = asked > spots.strip.length || hidden.length > 0;
    const room = spots.strip.length - (overflow ? 1 : 0);
    const cut = Math.max(0, inStrip.length - room);
    const shown = overflow && cut > 0 ? keepSelf(inStrip, room) : inStrip;
    for (const [key, tile] of this.tiles) {
      if (key === large) tile.place(spots.main, true);
      else tile.place(shown.includes(key) ? spots.strip[shown.indexOf(key)] : null, false);
    }
    this.#placeRest(overflow ? spots.strip[shown.length] : null, hidden.length + (inStrip.length - shown.length));
  }

  #placeRest(rect, count) {
    this.rest.hidden = !rect || count < 1;
    if (this.rest.hidden) return;
    setText(this.rest.lastChild, t("call.others", count));
    Object.assign(this.rest.style, { transform: `translate(${rect.x}px, ${rect.y}px)`, width: `${rect.width}px`, height: `${rect.height}px` });
  }

  #showTiles() {
    const { meeting } = this.ctx;
    for (const tile of this.tiles.values()) {
      const person = meeting.person(tile.peer);
      if (!person) continue;
      tile.show({
        person,
        self: meeting.self,
        remote: meeting.remote(tile.peer),
        media: meeting.media,
        state: meeting.state,
        spotlighted: meeting.room.spotlight === tile.peer,
      });
      tile.mirror(tile.source === "camera" && tile.peer === meeting.self.peer && prefs.mirror);
      tile.speaking(tile.source === "camera" && meeting.speaking.has(tile.peer));
    }
  }
}

/** The first tiles and oneself, `room` in all. */
function keepSelf(keys, room) {
  if (room < 1) return [];
  return [...keys.slice(0, room - 1), keys[keys.length - 1]];
}
