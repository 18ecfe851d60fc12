//! Entering a code of six digits: it fills itself in where the system can, takes what is pasted, and can be sent anew.

import { h, setText } from "../dom.js";
import { clock, t } from "../i18n.js";
import { ask } from "../api.js";
import { errorWords, waitWords } from "../words.js";
import { Field, Form } from "../form.js";
import { announce } from "../toast.js";
import { DIGITS, readDigits } from "./digits.js";


/**
 * The step: `flow` and `expires_at` as the server gave them, `target` the address in words, `verify(flow, code)` what ends
 * it, `back` what a link leads to for another address. Returns `{element, focus, stop}`.
 */
export function codeStep({ flow, expires_at, target, verify, back = null, submit = t("account.code_submit") }) {
  let current = flow;
  const field = new Field({
    name: "code",
    label: t("account.code"),
    test: "otp",
    class: "input code-input",
    inputmode: "numeric",
    autocomplete: "one-time-code",
    pattern: "[0-9]*",
    autocapitalize: "none",
    spellcheck: "false",
    check: (value) => (value.length === DIGITS ? null : t("account.code_missing")),
  });
  const form = new Form({ fields: [field], submit, test: "code-form", send: ({ code }) => verify(current, code) });
  const until = h("p", { class: "field-note" });
  const showEnd = (at) => setText(until, at ? t("account.code_until", { time: clock(new Date(at)) }) : "");
  showEnd(expires_at);
  const resend = resendButton(async () => {
    const next = await ask("POST", "/codes/resend", { flow: current });
    current = next.flow;
    showEnd(next.expires_at);
    field.input.value = "";
    field.clear();
    field.input.focus();
  });

  field.input.addEventListener("input", () => {
    const digits = readDigits(field.input.value);
    if (digits !== field.input.value) field.input.value = digits;
    if (digits.length === DIGITS) form.element.requestSubmit();
  });
  const element = h(
    "div",
    { class: "code-step" },
    h("p", { class: "step-words" }, t("account.code_sent", { target })),
    form.element,
    until,
    h("div", { class: "step-links" }, resend.element, back ? h("button", { class: "link-button", type: "button", text: t("account.code_back"), test: "code-back", on: { click: back } }) : null),
    resend.words,
  );
  return { element, focus: () => field.input.focus(), stop: resend.stop };
}

/** A button that rests for as long as the server asks it to, and counts down. */
function resendButton(send) {
  const words = h("p", { class: "field-note", test: "resend-words" });
  const button = h("button", { class: "link-button", type: "button", text: t("account.resend"), test: "resend" });
  let timer = 0;
  const rest = (ms) => {
    const end = Date.now() + ms;
    button.setAttribute("aria-disabled", "true");
    const tick = () => {
      const left = end - Date.now();
      if (left > 0) return setText(button, t("account.resend_in", { time: waitWords(left) }));
      clearInterval(timer);
      button.removeAttribute("aria-disabled");
      return setText(button, t("account.resend"));
    };
    clearInterval(timer);
    timer = setInterval(tick, 1_000);
    tick();
  };
  const say = (text) => {
    setText(words, text);
    announce(text);
  };
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      await send();
      button.removeAttribute("aria-disabled");
      say(t("account.resent"));
    } catch (error) {
      button.removeAttribute("aria-disabled");
      say(errorWords(error));
      if (error.retry_after_ms) rest(error.retry_after_ms);
    }
  });
  return { element: button, words, stop: () => clearInterval(timer) };
}
