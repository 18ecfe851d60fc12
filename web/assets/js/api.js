//! Asks the server's REST interface with the session's cookie; refusals become ConveneErrors with their code and extras.

import { ConveneError } from "../../sdk/v1.js";

/** Sends one request to `/v1` and resolves with the body's object ({} where there is none). */
export async function ask(method, path, body) {
  const response = await answer(method, path, body);
  const told = await response.json().catch(() => ({}));
  if (response.ok) return told;
  const { code, detail, title, type, status, ...extras } = told;
  const { retry_after_ms = retryAfter(response) } = extras;
  throw new ConveneError(code ?? "internal", detail ?? title, { ...extras, status: response.status, retry_after_ms });
}

async function answer(method, path, body) {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  try {
    return await fetch(`/v1${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: "same-origin" });
  } catch {
    throw new ConveneError("unreachable", "the server can't be reached");
  }
}

/** In ms; undefined where the server didn't say. */
function retryAfter(response) {
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
