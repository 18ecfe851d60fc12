//! A text to paste into a report: how the meeting goes, without names, addresses, tokens, texts or descriptions.

const LOGGED = 80;

export class Log {
  #lines = [];

  /** @param {string} line words only; nothing a person said or is called */
  note(line) {
    this.#lines.push(`${new Date().toISOString()} ${line}`);
    if (this.#lines.length > LOGGED) this.#lines.shift();
  }

  get lines() {
    return this.#lines;
  }
}

/** @param {any} meeting @param {import("./links.js").Links} links @param {Log} log @returns {string} */
export function describe(meeting, links, log) {
  const { media, self, room } = meeting;
  const lines = [
    "Convene diagnostics",
    `time: ${new Date().toISOString()}`,
    `browser: ${navigator.userAgent}`,
    `secure: ${globalThis.isSecureContext}  online: ${navigator.onLine}  visible: ${document.visibilityState}`,
    `state: ${meeting.state}${meeting.ending ? ` (${meeting.ending.reason})` : ""}`,
    `role: ${self?.role ?? "none"}  people: ${meeting.people.size + 1}  max_video: ${room?.max_video ?? "?"}`,
    `microphone: ${media.audio ? "on" : "off"}${fault(media.problems.audio)}  camera: ${media.video ? "on" : "off"}${fault(media.problems.video)}  screen: ${media.screen ? "on" : "off"}`,
    `devices: ${media.devices.microphones.length} microphones, ${media.devices.cameras.length} cameras`,
    "",
  ];
  let at = 0;
  for (const [peer, link] of links.all) {
    at += 1;
    lines.push(...describeLink(at, link, links, peer));
  }
  return [...lines, "", "events:", ...log.lines].join("\n");
}

const fault = (problem) => (problem ? ` (${problem})` : "");

function describeLink(at, link, links, peer) {
  const graded = links.quality(peer);
  const figures = links.figures(peer);
  const { pc } = link;
  const loss = graded.loss === null ? "?" : `${(graded.loss * 100).toFixed(1)} %`;
  const videos = (figures?.videos ?? []).map((one) => `${one.width}x${one.height} @ ${Math.round(one.fps)} (${one.decoded} frames)`);
  return [
    `link ${at}: ${graded.quality}, ${link.person.state}, connection ${pc?.connectionState ?? "none"}, ice ${pc?.iceConnectionState ?? "none"}, signalling ${pc?.signalingState ?? "none"}, generation ${link.exchange.gen}`,
    `  path ${figures?.path ?? "none"}, rtt ${graded.rtt_ms ?? "?"} ms, loss ${loss}, in ${Math.round(graded.bitrate_in / 1000)} kbit/s, out ${Math.round(graded.bitrate_out / 1000)} kbit/s`,
    `  receiving ${links.receiving(peer)}, sending video ${link.asked}, video ${videos.join(", ") || "none"}`,
  ];
}
