//! The two REST calls a page needs before it has a socket: make a room, look one up.

import { newId } from "./ids.js";
import { ConveneError, refusal } from "./error.js";
import { forgetRefusedOwner, readOwner, writeOwner } from "./store.js";

const HOME = new URL(import.meta.url).origin;

/** The server's origin: asked for, or where the SDK came from. @param {string} [server] */
export function origin(server) {
  return new URL(server ?? HOME).origin;
}

/** @param {string} url @param {RequestInit} init @returns {Promise<any>} */
async function call(url, init) {
  let response;
  try {
    response = await fetch(url, { ...init, credentials: "same-origin" });
  } catch {
    throw new ConveneError("unreachable", "the server can't be reached");
  }
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  const { code, detail, title, type, status, ...extras } = body;
  throw refusal({ code: code ?? "internal", message: detail ?? title, status: response.status, ...extras });
}

/** @param {import("../v1.d.ts").CreateOptions} [options] @returns {Promise<import("../v1.d.ts").Created>} */
export async function createRoom(options = {}) {
  const { server, ...settings } = options;
  const answer = await call(`${origin(server)}/v1/rooms`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": newId() },
    body: JSON.stringify(settings),
  });
  if (answer.owner_secret) writeOwner(answer.room.code, answer.owner_secret); // what an account owns has none
  return answer;
}

/** @param {string} key @param {{server?: string, owner_secret?: string}} [options] @returns {Promise<any>} */
export async function getRoom(key, options = {}) {
  const secret = options.owner_secret ?? readOwner(key);
  const headers = secret ? { authorization: `Bearer ${secret}` } : {};
  try {
    return await call(`${origin(options.server)}/v1/rooms/${encodeURIComponent(key)}`, { headers });
  } catch (error) {
    if (!options.owner_secret && forgetRefusedOwner(key, error.code)) return getRoom(key, options);
    throw error;
  }
}
