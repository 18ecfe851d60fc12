//! Forms whose errors stand beside their fields: native submit, busy while it lasts, focus on the first bad field.

import { h, setText, uid } from "./dom.js";
import { t } from "./i18n.js";
import { errorWords, fieldAtFault } from "./words.js";

/** One labelled input with room for a note and an error. `check(value)` answers words if the value can't be right. */
export class Field {
  constructor({ name, label, note = null, check = () => null, trim = true, test, ...attributes }) {
    const id = uid(name);
    this.name = name;
    this.trim = trim;
    this.check = check;
    this.error = h("p", { class: "field-error", id: `${id}-error`, hidden: true, test: test && `${test}-error` });
    this.note = note === null ? null : h("p", { class: "field-note", id: `${id}-note`, text: note });
    this.described = this.note ? this.note.id : null;
    this.input = h("input", { class: "input", id, name, test, "aria-describedby": this.described, ...attributes });
    this.input.addEventListener("input", () => this.clear());
    this.label = h("label", { for: id, text: label });
    this.element = h("div", { class: "field" }, this.label, this.input, this.note, this.error);
  }

  get value() {
    return this.trim ? this.input.value.trim() : this.input.value;
  }

  fail(words) {
    setText(this.error, words);
    this.error.hidden = false;
    this.input.setAttribute("aria-invalid", "true");
    this.input.setAttribute("aria-describedby", [this.error.id, this.described].filter(Boolean).join(" "));
  }

  clear() {
    if (this.error.hidden) return;
    this.error.hidden = true;
    this.input.removeAttribute("aria-invalid");
    if (this.described) this.input.setAttribute("aria-describedby", this.described);
    else this.input.removeAttribute("aria-describedby");
  }
}

/** A check for fields that can't stay empty. */
export function required(words) {
  return (value) => (value === "" ? words : null);
}

/**
 * A form of `fields` (Field, or an element to stand between them). `send(values)` does what it is for; its refusal goes
 * beside the field it speaks of, by `judge(error)` (`{field, words}` or null) or else by the error's code.
 */
export class Form {
  constructor({ fields, submit, send, judge = () => null, foot = null, quiet = false, test }) {
    this.send = send;
    this.judge = judge;
    this.words = submit;
    this.busy = false;
    this.fields = fields.filter((field) => field instanceof Field);
    this.failure = h("p", { class: "field-error", role: "alert", hidden: true, test: test && `${test}-problem` });
    this.button = h("button", { class: quiet ? "button" : "button primary wide", type: "submit", text: submit, test: test && `${test}-submit` });
    this.element = h(
      "form",
      { class: "form", novalidate: true, method: "post", test, on: { submit: (event) => this.#submit(event) } },
      fields.map((field) => field?.element ?? field),
      this.failure,
      h("div", { class: "form-end" }, this.button, foot),
    );
  }

  /** Puts the focus where writing begins. */
  focus() {
    (this.fields.find((field) => field.value === "") ?? this.fields[0])?.input.focus();
  }

  async #submit(event) {
    event.preventDefault();
    if (this.busy) return;
    this.failure.hidden = true;
    if (!this.#complete()) return;
    this.#setBusy(true);
    try {
      await this.send(Object.fromEntries(this.fields.map((field) => [field.name, field.value])));
    } catch (error) {
      this.#refused(error);
    } finally {
      this.#setBusy(false);
    }
  }

  #complete() {
    const bad = this.fields.filter((field) => {
      const words = field.element.hidden ? null : field.check(field.value);
      if (words) field.fail(words);
      else field.clear();
      return words;
    });
    bad[0]?.input.focus();
    return bad.length === 0;
  }

  #refused(error) {
    const { field: name, words } = this.judge(error) ?? { field: fieldAtFault(error), words: errorWords(error) };
    const field = this.fields.find((one) => one.name === name && !one.element.hidden);
    if (field) {
      field.fail(words);
      this.#setBusy(false);
      field.input.focus();
      field.input.select();
    } else this.fail(words);
  }

  /** Says what went wrong with the whole. */
  fail(words) {
    this.failure.hidden = false;
    setText(this.failure, words);
  }

  #setBusy(busy) {
    this.busy = busy;
    this.element.setAttribute("aria-busy", String(busy));
    this.button.setAttribute("aria-disabled", String(busy));
    setText(this.button, busy ? t("account.busy") : this.words);
  }
}
