//! An EventTarget whose events carry their detail, with a short typed way to listen.

export class Emitter extends EventTarget {
  /** @param {string} type @param {(detail: any) => void} listener @returns {() => void} the way to stop */
  on(type, listener) {
    const heard = (/** @type {any} */ event) => listener(event.detail);
    this.addEventListener(type, heard);
    return () => this.removeEventListener(type, heard);
  }
}

/** Tells the listeners of `target`. A function, so that the public classes don't show it.
 *  @param {EventTarget} target @param {string} type @param {object} detail */
export function emit(target, type, detail) {
  target.dispatchEvent(new CustomEvent(type, { detail }));
}
