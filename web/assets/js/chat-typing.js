//! The line that says who is writing.

import { h, setText } from "./dom.js";
import { t } from "./i18n.js";

const FORGOTTEN_MS = 6_000;

/** An element that keeps itself up to date. */
export function typingLine(ctx) {
  const element = h("p", { class: "chat-typing", test: "typing" });
  const typing = new Map();
  const show = () => {
    const names = [...typing.keys()].map((peer) => ctx.meeting.person(peer)?.name).filter(Boolean);
    setText(element, words(names));
  };
  const stop = (peer) => {
    clearTimeout(typing.get(peer));
    typing.delete(peer);
    show();
  };
  ctx.on("typing", ({ peer, on }) => {
    stop(peer);
    if (!on || peer === ctx.meeting.self.peer) return;
    typing.set(peer, setTimeout(() => stop(peer), FORGOTTEN_MS));
    show();
  });
  ctx.on("chat", ({ message }) => stop(message.from));
  ctx.on("peerleft", ({ person }) => stop(person.peer));
  return element;
}

function words([a, b, ...more]) {
  if (!a) return "";
  if (!b) return t("chat.typing_one", { a });
  return more.length > 0 ? t("chat.typing_many") : t("chat.typing_two", { a, b });
}
