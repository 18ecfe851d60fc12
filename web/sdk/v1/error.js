//! The one error of the SDK: a stable code, a plain text, and the server's extras as properties.

export class ConveneError extends Error {
  /** @param {string} code @param {string} [message] @param {object} [extras] */
  constructor(code, message, extras) {
    super(message ?? code);
    Object.assign(this, extras);
    this.name = "ConveneError";
    this.code = code;
  }
}

/** The server's `err` object as an error. @param {{code: string, message?: string}} err */
export function refusal(err) {
  const { code, message, ...extras } = err;
  return new ConveneError(code ?? "internal", message, extras);
}

/** What a frame in flight hears when its socket goes. */
export function disconnected() {
  return new ConveneError("disconnected", "the connection was lost before the answer came");
}

const PASSING = new Set(["unavailable", "storage_unavailable", "busy", "rate_limited", "internal"]);

/** Whether asking again later may help. @param {ConveneError} error */
export function isPassing(error) {
  return PASSING.has(error.code);
}
