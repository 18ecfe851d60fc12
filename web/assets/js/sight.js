//! Tells the SDK whose picture can be seen, so that senders pause the rest.

const HIDDEN_PAGE_MS = 4_000;

/** Watches tile elements (`data-peer`) of one meeting. */
export class Sight {
  constructor(meeting) {
    this.meeting = meeting;
    this.seen = new Map();
    this.told = new Map();
    this.pageHidden = false;
    this.timer = null;
    this.observer = new IntersectionObserver((entries) => this.#entries(entries), { threshold: 0.05 });
    this.onVisibility = () => this.#visibility();
    document.addEventListener("visibilitychange", this.onVisibility);
  }

  watch(element) {
    this.observer.observe(element);
  }

  unwatch(element) {
    this.observer.unobserve(element);
    this.seen.delete(element);
    this.tell();
  }

  close() {
    this.observer.disconnect();
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.onVisibility);
  }

  /** Brings everybody's visibility up to date; who has no tile isn't seen. */
  tell() {
    const visible = new Set();
    for (const [element, on] of this.seen) if (on) visible.add(element.dataset.peer);
    const none = this.pageHidden && !document.pictureInPictureElement;
    for (const peer of this.meeting.people.keys()) {
      const on = !none && visible.has(peer);
      if (this.told.get(peer) === on) continue;
      this.told.set(peer, on);
      this.meeting.setVisible(peer, on);
    }
    for (const peer of this.told.keys()) if (!this.meeting.people.has(peer)) this.told.delete(peer);
  }

  #entries(entries) {
    for (const entry of entries) this.seen.set(entry.target, entry.isIntersecting);
    this.tell();
  }

  #visibility() {
    clearTimeout(this.timer);
    const apply = () => {
      this.pageHidden = document.visibilityState === "hidden";
      this.tell();
    };
    if (document.visibilityState === "hidden") this.timer = setTimeout(apply, HIDDEN_PAGE_MS);
    else apply();
  }
}
