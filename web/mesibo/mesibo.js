//! The library that mesibo's old pages load: a classic script, so its names are there at once. What they do is in the modules
//! beside it, which are fetched meanwhile; what is asked before they have come waits for them, in order.

(() => {
  "use strict";

  const own = /** @type {HTMLScriptElement | null} */ (globalThis.document?.currentScript ?? null);
  const HOME = new URL("./", own?.src || new URL("/mesibo/", location.href)).href;

  /** By the numbers that pages may have written down. */
  const WORDS = {
    MESIBO_STATUS_: { UNKNOWN: 0, ONLINE: 1, OFFLINE: 2, SIGNOUT: 3, AUTHFAIL: 4, STOPPED: 5, CONNECTING: 6, CONNECTFAILURE: 7, NONETWORK: 8 },
    MESIBO_MSGSTATUS_: { OUTBOX: 0, SENT: 1, DELIVERED: 2, READ: 3, RECEIVEDNEW: 0x12, RECEIVEDREAD: 0x13, FAIL: 0x80, INVALIDDEST: 0x83 },
    MESIBO_FLAG_: { DELIVERYRECEIPT: 1, READRECEIPT: 2, DEFAULT: 3, TRANSIENT: 4 },
    MESIBO_ORIGIN_: { REALTIME: 0, DBMESSAGE: 1 },
    MESIBO_RESULT_: { OK: 0, FAIL: 0x80 },
    MESIBO_CALLSTATUS_: { NONE: 0, CHANNELUP: 0x30, CONNECTED: 0x30, RECONNECTING: 0x32, COMPLETE: 0x40, CANCEL: 0x41, ERROR: 0x60 },
    MESIBOCALL_VIDEOSOURCE_: { CAMERADEFAULT: 0, CAMERAFRONT: 1, CAMERAREAR: 2, SCREEN: 4 },
    MESIBOCALL_HANGUP_REASON_: { USER: 1, REMOTE: 2, ERROR: 3, BACKGROUND: 4 },
  };
  for (const [start, words] of Object.entries(WORDS)) {
    // Plain properties: a page may have a constant of the same name.
    for (const [word, number] of Object.entries(words)) globalThis[start + word] = number;
  }
  const RESULT = WORDS.MESIBO_RESULT_;
  const VIDEOSOURCE = WORDS.MESIBOCALL_VIDEOSOURCE_;
  /** Room below for a type: pages put both into one number. */
  const OWN_ID = 1 << 8;
  const OLDER_SCREEN = 2;

  const said = new Set();
  /** Says once that there is no such thing here. @param {string} what */
  function lacks(what) {
    if (!said.has(what)) console.warn(`mesibo.js: ${what} is not offered by this server`);
    said.add(what);
  }

  /** Gives a class the names that it doesn't serve. @param {Function} made @param {string[]} names */
  function leaveOut(made, names) {
    for (const name of names) made.prototype[name] = () => void lacks(`${made.name}.${name}`);
  }

  /** Does one thing after the other, the first once the module is there. */
  class Turns {
    /** @param {Promise<any>} ready what each thing is done with */
    constructor(ready) {
      this.last = ready;
      ready.catch((error) => console.error("mesibo.js could not be loaded", error));
    }

    /** @param {(it: any) => unknown} work */
    do(work) {
      this.last = this.last.then((it) => {
        try {
          Promise.resolve(work(it)).catch((error) => console.error("mesibo.js", error));
        } catch (error) {
          console.error("mesibo.js", error);
        }
        return it;
      });
      this.last.catch(() => {}); // said above
    }
  }

  /** What somebody sends: camera and microphone (type 0) or a screen. `it` is shared with the modules, which keep it up to date. */
  class MesiboParticipant {
    #call;
    #it;

    constructor(call, it) {
      this.#call = call;
      this.#it = it;
      it.stream = this;
      for (const key of ["name", "address"]) Object.defineProperty(this, key, { get: () => it[key] });
    }

    getId = () => this.#it.id;
    getType = () => this.#it.type;
    getName = () => this.#it.name;
    getAddress = () => this.#it.address;
    isLocal = () => this.#it.local;
    isMe = () => this.#it.local;
    isTalking = () => this.#it.talking;
    getTalkTimestamp = () => this.#it.talkedAt;
    hasAudio = () => !this.#it.off.audio;
    hasVideo = () => !this.#it.off.video;
    isCallInProgress = () => this.#it.called;
    isCallConnected = () => this.#it.connected;
    getVideoView = () => this.#it.view;
    getVideoSource = () => this.#it.source;
    getUserData = () => this.#it.data;

    setUserData = (data) => void (this.#it.data = data);
    setListener = (listener) => void (this.#it.listener = listener);
    setVideoSource = (source) => void (this.#it.source = source);
    setName(name) {
      this.#it.name = String(name);
      this.#call.turns.do((live) => live.rename(this.#it));
    }

    /** Sends one's own, or receives another's. */
    call(audio, video, listener, onStatus) {
      if (typeof listener === "function") return this.#callOlder(audio, listener, onStatus);
      const it = this.#it;
      it.muted = { audio: !(audio ?? true), video: !(video ?? true) };
      it.listener = listener ?? it.listener;
      it.called = true;
      this.#call.turns.do((live) => live.call(it));
      return true;
    }

    /** As pages of 2020 do: what is wanted in one object, and functions in place of a listener. */
    #callOlder(wish, onStream, onStatus) {
      const { CHANNELUP, RECONNECTING, COMPLETE } = WORDS.MESIBO_CALLSTATUS_;
      if (wish?.source === OLDER_SCREEN) this.#it.source = VIDEOSOURCE.SCREEN;
      return this.call(wish?.audio, wish?.video, {
        __proto__: this.#call.listener, // hears the rest
        MesiboGroupcall_OnVideo: onStream,
        MesiboGroupcall_OnConnected: (p, is) => onStatus?.(p, is ? CHANNELUP : RECONNECTING),
        MesiboGroupcall_OnHangup: (p) => onStatus?.(p, COMPLETE),
      });
    }

    hangup() {
      const was = this.#it.called;
      this.#it.called = false;
      if (was) this.#call.turns.do((live) => live.hangUp(this.#it));
      return was;
    }

    toggleAudioMute = () => this.#mute("audio", !this.#it.muted.audio);
    toggleVideoMute = () => this.#mute("video", !this.#it.muted.video);
    mute(audio, video, on) {
      if (audio) this.#mute("audio", Boolean(on));
      if (video) this.#mute("video", Boolean(on));
    }
    #mute(kind, on) {
      this.#it.muted[kind] = on;
      this.#call.turns.do((live) => live.mute(this.#it, kind));
      return on;
    }

    /** @param {boolean} video or audio @param {boolean} [remote] only what they did, or only what we did; neither: both count */
    getMuteStatus(video, remote) {
      const { muted, off, local } = this.#it;
      const kind = video ? "video" : "audio";
      if (local) return muted[kind];
      if (remote === undefined) return muted[kind] || off[kind];
      return remote ? off[kind] : muted[kind];
    }

    /** Shows it in a `<video>`, by its id or itself. @param {(shown: boolean) => void} [done] @param {number} [wait] ms between tries */
    setVideoView(view, done, wait = 100, tries = 50) {
      this.#call.turns.do((live) => live.show(this.#it, { view, done, wait, tries }));
    }

    fullScreen() {} // the browser makes it larger by itself

    // names of 2020
    attach = (...wish) => this.setVideoView(...wish);
    muteStatus = (video, remote) => this.getMuteStatus(video, remote);
    toggleMute = (video) => (video ? this.toggleVideoMute() : this.toggleAudioMute());
  }
  leaveOut(MesiboParticipant, ["switchCamera", "switchSource", "changeVideoFormat", "stopRecording", "startRecording"]);

  /** A call in the room that has this number. */
  class MesiboGroupCall {
    #call;

    constructor(account, listener, gid) {
      const make = (it) => new MesiboParticipant(this.#call, it);
      this.#call = { gid: Number(gid), listener, account, make, turns: null };
      this.#call.turns = new Turns(account.modules.then(({ Live }) => new Live(this.#call)));
      account.calls.push(this.#call);
    }
    join(listener) {
      this.#call.listener = listener ?? this.#call.listener;
      this.#call.turns.do((live) => live.join());
    }
    leave() {
      this.#call.turns.do((live) => live.leave());
    }
    setRoom(gid) {
      this.#call.gid = Number(gid);
      this.join();
    }
    getLocalParticipant(type, name) {
      const publisher = this.createPublisher(type);
      publisher.setName(name);
      return publisher;
    }
    /** @param {number} [type] 0 for camera and microphone, more for a screen */
    createPublisher(type = 0) {
      const source = type > 0 ? VIDEOSOURCE.SCREEN : VIDEOSOURCE.CAMERADEFAULT;
      const it = { id: OWN_ID, type: Number(type), name: "", address: "", local: true, source, listener: null, data: null, view: null };
      const still = { called: false, connected: false, talking: false, talkedAt: 0 };
      return this.#call.make({ ...it, ...still, muted: { audio: true, video: true }, off: { audio: true, video: true } });
    }
  }
  /** Tells the listener of an account as it was told in 2020: of all participants at once. */
  function older(account) {
    const all = new Set();
    const tell = (name, ...said) => account.listener?.[name]?.(...said);
    const updated = (p) => tell("Mesibo_OnParticipantUpdated", [...all], p);
    return {
      MesiboGroupcall_OnPublisher(p, joined) {
        all[joined ? "add" : "delete"](p);
        if (joined) tell("Mesibo_OnParticipants", [...all], [p]);
      },
      MesiboGroupcall_OnSubscriber: (p, joined) => joined && tell("Mesibo_OnSubscriber", p),
      MesiboGroupcall_OnMute: updated,
      MesiboGroupcall_OnTalking: updated,
    };
  }

  leaveOut(MesiboGroupCall, ["playInCallSound", "hangup", "muteAll", "record"]);

  /** Messages of a room or a person, as they are known and as they come. */
  class MesiboReadSession {
    #it;
    #account;

    constructor(account, it) {
      this.#account = account;
      this.#it = it;
    }
    read(count) {
      this.#account.messages.do((messages) => messages.read(this.#it, count));
    }
    getMessages = () => this.#it.list;
    enableReadReceipt(on) {
      this.#it.receipts = Boolean(on);
      this.#account.messages.do((messages) => messages.receipts(this.#it));
    }
    stop = () => this.#account.messages.do((messages) => messages.close(this.#it));
  }
  leaveOut(MesiboReadSession, ["enableFiles", "enableCalls", "enableMissedCalls", "sync"]);

  class Mesibo {
    #account = { home: HOME, token: "", listener: null, status: WORDS.MESIBO_STATUS_.UNKNOWN, name: "", calls: [], modules: null, door: null, messages: null };

    constructor() {
      const account = this.#account;
      account.modules = import(`${HOME}live.js`);
      account.door = new Turns(account.modules.then(({ Door }) => new Door(account)));
      account.messages = new Turns(account.modules.then(({ Messages }) => new Messages(account)));
    }
    setAppName() {} // an account is one for all apps here
    setDatabase() {} // the server keeps the messages
    setCredentials(token) {
      const isOne = typeof token === "string" && token.length > 16;
      if (isOne) this.#account.token = token;
      return isOne;
    }
    setListener = (listener) => void (this.#account.listener = listener);
    addListener = this.setListener;
    start() {
      this.#account.door.do((door) => door.open());
      return RESULT.OK;
    }
    stop() {
      for (const call of this.#account.calls) call.turns.do((live) => live.leave());
      this.#account.door.do((door) => door.close());
    }
    getConnectionStatus = () => this.#account.status;
    random = () => crypto.getRandomValues(new Uint32Array(1))[0];

    /** @param {{peer?: string, groupid?: number, type?: number, flag?: number, id?: number, message?: string}} m kept up to date from now on */
    sendMessage(m, id, text) {
      if (!m || (!m.peer && !Number(m.groupid))) return RESULT.FAIL;
      Object.assign(m, { id: id ?? m.id ?? this.random(), message: String(text ?? m.message ?? "") });
      this.#account.messages.do((messages) => messages.send(m));
      return RESULT.OK;
    }

    /** @param {(count: number) => void} [heard] */
    readDbSession(peer, groupid, query, heard) {
      if (query) lacks("a search in readDbSession");
      const it = { peer: peer || "", gid: Number(groupid) || 0, heard, list: [], receipts: false };
      this.#account.messages.do((messages) => messages.open(it));
      return new MesiboReadSession(this.#account, it);
    }

    initGroupCall() {
      return new MesiboGroupCall(this.#account, older(this.#account), 0);
    }
    groupCall(listener, gid) {
      return Number(gid) > 0 ? new MesiboGroupCall(this.#account, listener, gid) : null;
    }
  }
  const LATER = ["createGroup", "getProfile", "getGroupProfile", "getSelfProfile", "setContact", "sendFile", "sendReadReceipt", "deleteMessages"];
  const ONE_TO_ONE = ["call", "answer", "hangup", "setupVideoCall", "setupVoiceCall", "toggleAudioMute", "toggleVideoMute", "setPushToken"];
  leaveOut(Mesibo, [...LATER, ...ONE_TO_ONE]);

  /** What a listener gets as `data` as a text. @param {Uint8Array} bytes */
  const array2String = (bytes, from = 0, to = bytes.length) => new TextDecoder().decode(bytes.subarray(from, to));
  Object.assign(globalThis, { Mesibo, array2String });
})();
