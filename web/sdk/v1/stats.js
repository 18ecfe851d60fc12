//! A link's quality out of two reports of getStats; pure.

/** @typedef {import("../v1.d.ts").LinkQuality} LinkQuality */

/** @returns {LinkQuality} */
export function unknownQuality() {
  return { quality: "unknown", rtt_ms: null, loss: null, bitrate_in: 0, bitrate_out: 0, relayed: false, connection: "new" };
}

/** @param {any[]} entries */
function selectedPair(entries) {
  const transport = entries.find((one) => one.type === "transport" && one.selectedCandidatePairId);
  return entries.find((one) =>
    transport ? one.id === transport.selectedCandidatePairId : one.type === "candidate-pair" && one.nominated && one.state === "succeeded",
  );
}

const sum = (list, field) => list.reduce((total, one) => total + (one[field] ?? 0), 0);
const worst = (values) => (values.length > 0 ? Math.max(...values) : null);

/** The figures of one report. @param {Iterable<any>} report values of an RTCStatsReport */
export function figures(report) {
  const entries = [...report];
  const incoming = entries.filter((one) => one.type === "inbound-rtp");
  const outgoing = entries.filter((one) => one.type === "outbound-rtp");
  const told = entries.filter((one) => one.type === "remote-inbound-rtp");
  const pair = selectedPair(entries);
  const local = entries.find((one) => one.id === pair?.localCandidateId);
  const remote = entries.find((one) => one.id === pair?.remoteCandidateId);
  return {
    at: Math.max(0, ...entries.map((one) => one.timestamp ?? 0)),
    received: sum(incoming, "packetsReceived"),
    lost: sum(incoming, "packetsLost"),
    bytesIn: sum(incoming, "bytesReceived"),
    bytesOut: sum(outgoing, "bytesSent"),
    lossOut: worst(told.map((one) => one.fractionLost).filter(Number.isFinite)),
    rtt: pair?.currentRoundTripTime ?? worst(told.map((one) => one.roundTripTime).filter(Number.isFinite)),
    path: pair ? [local?.candidateType, remote?.candidateType, local?.protocol].filter(Boolean).join("/") : "none",
    relayed: local?.candidateType === "relay" || remote?.candidateType === "relay",
    videos: incoming
      .filter((one) => one.kind === "video")
      .map((one) => ({ width: one.frameWidth ?? 0, height: one.frameHeight ?? 0, decoded: one.framesDecoded ?? 0, fps: one.framesPerSecond ?? 0 })),
  };
}

/** @param {number | null} rtt ms @param {number | null} loss share */
function grade(rtt, loss) {
  if ((loss ?? 0) > 0.08 || (rtt ?? 0) > 500) return "poor";
  if ((loss ?? 0) > 0.03 || (rtt ?? 0) > 250) return "fair";
  return "good";
}

/** @param {ReturnType<typeof figures>} now @param {ReturnType<typeof figures> | null} before @param {RTCPeerConnectionState} connection
 *  @returns {LinkQuality} */
export function quality(now, before, connection) {
  const rtt_ms = now.rtt === null || now.rtt === undefined ? null : Math.round(now.rtt * 1000);
  const seconds = before ? (now.at - before.at) / 1000 : 0;
  const rate = (field) => (before && seconds > 0 ? Math.max(0, Math.round((8 * (now[field] - before[field])) / seconds)) : 0);
  const lost = before ? Math.max(0, now.lost - before.lost) : 0;
  const came = before ? Math.max(0, now.received - before.received) : 0;
  const lossIn = lost + came > 0 ? lost / (lost + came) : null;
  const loss = lossIn === null && now.lossOut === null ? null : Math.max(lossIn ?? 0, now.lossOut ?? 0);
  const measured = { rtt_ms, loss, bitrate_in: rate("bytesIn"), bitrate_out: rate("bytesOut"), relayed: now.relayed, connection };
  if (connection === "disconnected" || connection === "failed" || connection === "closed") return { quality: "lost", ...measured };
  if (connection !== "connected") return { quality: "unknown", ...measured };
  return { quality: grade(rtt_ms, loss), ...measured };
}
