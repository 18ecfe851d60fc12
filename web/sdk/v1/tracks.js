//! What one peer connection carries: which transceiver is microphone, camera or screen, what is sent on it and how much.

/** @typedef {"mic" | "camera" | "screen"} Source */

const BY_KIND = { audio: "mic", video: "camera" };
const TWO_WAY = { mic: "audio", camera: "video" };

export class Tracks {
  /** Own two-way lines and own screen lines. @type {Partial<Record<"mic" | "camera" | "screen" | "screenSound", RTCRtpTransceiver>>} */
  #slots = {};
  /** @type {Map<RTCRtpTransceiver, Source>} */
  #labels = new Map();
  /** mid → source as the other side names it. @type {Record<string, Source>} */
  #named = {};
  /** Mids we were told not to receive. */
  #cut = new Set();

  /** @param {RTCPeerConnection} pc @param {any} call what the meeting gives: media, can() */
  constructor(pc, call) {
    this.pc = pc;
    this.call = call;
  }

  /** The lines of an own first offer. */
  open() {
    for (const source of /** @type {("mic" | "camera")[]} */ (["mic", "camera"])) {
      const kind = TWO_WAY[source];
      const line = this.pc.addTransceiver(kind, { direction: this.#direction(source) });
      this.#slots[source] = line;
      this.#labels.set(line, source);
    }
  }

  #allowed(source) {
    return this.call.can({ mic: "publish_audio", camera: "publish_video", screen: "publish_screen" }[source]);
  }

  #direction(source, receive = true) {
    const send = this.#allowed(source);
    if (send) return receive ? "sendrecv" : "sendonly";
    return receive ? "recvonly" : "inactive";
  }

  /** Learns names before a description is applied, so that `track` events know them. @param {Record<string, Source>} [sources] */
  name(sources) {
    Object.assign(this.#named, sources);
  }

  /** @param {RTCRtpTransceiver} line @returns {Source} */
  source(line) {
    return this.#labels.get(line) ?? this.#named[line.mid] ?? BY_KIND[line.receiver.track.kind];
  }

  /** Takes the lines of an offer: the first undirected microphone and camera become ours too. */
  adopt() {
    for (const line of this.pc.getTransceivers()) {
      if (this.#labels.has(line) || line.mid === null || line.direction === "stopped") continue;
      const source = this.source(line);
      this.#labels.set(line, source);
      if (source !== "screen" && !this.#slots[source]) this.#slots[source] = line;
    }
  }

  /** mid → source for a description of ours. */
  sources() {
    const named = {};
    for (const line of this.pc.getTransceivers()) {
      if (line.mid !== null && line.direction !== "stopped") named[line.mid] = this.source(line);
    }
    return named;
  }

  /** Brings senders and directions to what media and rights are now; a changed direction negotiates by itself. */
  async sync() {
    const { media } = this.call;
    await this.#twoWay("mic", media.audioTrack);
    await this.#twoWay("camera", media.videoTrack);
    await this.#oneWay("screen", media.screenTrack);
    await this.#oneWay("screenSound", media.screenSoundTrack);
  }

  async #twoWay(source, track) {
    const line = this.#slots[source];
    if (!line || line.direction === "stopped") return;
    turn(line, this.#direction(source, !this.#cut.has(line.mid)));
    await put(line.sender, this.#allowed(source) ? track : null);
  }

  async #oneWay(slot, track) {
    const given = this.#allowed("screen") ? track : null;
    const line = this.#slots[slot];
    if (!line) {
      if (!given) return;
      const fresh = this.pc.addTransceiver(given, { direction: "sendonly" });
      this.#slots[slot] = fresh;
      this.#labels.set(fresh, "screen");
      return;
    }
    if (line.direction === "stopped") return;
    turn(line, given ? "sendonly" : "inactive");
    await put(line.sender, given);
  }

  /** Stops receiving these lines. @param {string[]} mids */
  cut(mids) {
    for (const mid of mids) this.#cut.add(mid);
    for (const line of this.pc.getTransceivers()) {
      if (!mids.includes(line.mid) || line.direction === "stopped") continue;
      turn(line, line.direction === "sendrecv" || line.direction === "sendonly" ? "sendonly" : "inactive");
    }
  }

  /** Receives again what was cut and the other side may send now. @param {(source: Source) => boolean} allowed */
  heal(allowed) {
    for (const line of this.pc.getTransceivers()) {
      if (!this.#cut.has(line.mid) || line.direction === "stopped" || !allowed(this.source(line))) continue;
      this.#cut.delete(line.mid);
      turn(line, line.direction === "sendonly" ? "sendrecv" : "recvonly");
    }
  }

  /** Limits what is sent. @param {{camera: Encoding, screen: Encoding}} wish */
  async tune(wish) {
    await encode(this.#slots.camera?.sender, wish.camera);
    await encode(this.#slots.screen?.sender, wish.screen);
  }

  /** Received lines that are still live. @returns {Set<MediaStreamTrack>} */
  receiving() {
    const live = this.pc.getTransceivers().filter((line) => ["sendrecv", "recvonly"].includes(line.currentDirection ?? ""));
    return new Set(live.map((line) => line.receiver.track));
  }

  /** @returns {RTCRtpReceiver | undefined} where the other's microphone arrives */
  get hearing() {
    return this.#slots.mic?.receiver;
  }
}

/** @typedef {{active: boolean, maxBitrate: number, scaleResolutionDownBy: number}} Encoding */

function turn(line, direction) {
  if (line.direction !== direction) line.direction = direction;
}

async function put(sender, track) {
  if (sender.track !== (track ?? null)) await sender.replaceTrack(track ?? null);
}

async function encode(sender, wish) {
  if (!sender) return;
  const parameters = sender.getParameters();
  if (!parameters.encodings?.length) return; // not negotiated yet; the next settling tunes it
  const [first] = parameters.encodings;
  if (Object.entries(wish).every(([key, value]) => first[key] === value)) return;
  Object.assign(first, wish);
  await sender.setParameters(parameters);
}
