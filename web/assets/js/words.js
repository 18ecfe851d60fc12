//! Sentences about refusals and spans of time, and which field of a form a refusal speaks of.

import { refusal, t } from "./i18n.js";

const FIELDS = { invalid_email: "email", invalid_phone: "phone", name_taken: "username", weak_password: "password", code_invalid: "code" };
const WEAK = { short: "account.weak_short", common: "account.weak_common", personal: "account.weak_personal" };
const OWN_WORDS = {
  invalid_email: "account.bad_email",
  invalid_phone: "account.bad_phone",
  name_taken: "account.bad_taken",
  code_invalid: "account.bad_code",
  unauthenticated: "account.bad_session",
};

/** Fields that can be wrong in a way of their own. */
const FIELD_WORDS = { username: "account.bad_username", name: "preview.name_bad", email: "account.bad_email", phone: "account.bad_phone" };

/** The name of the field at fault; undefined where the whole is refused. */
export function fieldAtFault(error) {
  return error.code === "invalid_field" ? error.field : FIELDS[error.code];
}

/** A sentence for people. */
export function errorWords(error) {
  const { code } = error;
  if (code === "weak_password") return t(WEAK[error.reason] ?? "account.weak_common");
  if (code === "rate_limited" && error.retry_after_ms) return t("account.wait", { time: waitWords(error.retry_after_ms) });
  if (code === "invalid_field" && error.field in FIELD_WORDS) return t(FIELD_WORDS[error.field]);
  if (code in OWN_WORDS) return t(OWN_WORDS[code]);
  const words = refusal(error);
  return /[.!?]$/.test(words) ? words : `${words.charAt(0).toLocaleUpperCase()}${words.slice(1)}.`;
}

/** How long something took, in words. */
export function spanWords(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return t("time.under_minute");
  if (minutes < 60) return t("time.minutes", minutes);
  return t("time.hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
}

/** How long to wait, in words; never less than it is. */
export function waitWords(ms) {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 90) return t("time.seconds", seconds);
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? t("time.minutes", minutes) : t("time.hours_about", { n: Math.ceil(minutes / 60) });
}
