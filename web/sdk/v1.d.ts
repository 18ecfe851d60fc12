// The public API of the browser SDK, `/sdk/v1.js`: what is typed here stays; fields may be added.
//
//   import { Convene } from "/sdk/v1.js";
//   const { room } = await Convene.create({ name: "Weekly" });
//   const meeting = await Convene.join({ room: room.code, name: "Ana", audio: true, video: true });
//   meeting.on("track", ({ person, stream, kind }) => show(person, stream, kind));
//   await meeting.send("hello");

import type { ConveneError, Hand, MediaKind, Message, Person, Quality, Right, Role, Room, Source, State, Unsent } from "./v1/records.d.ts";
export * from "./v1/records.d.ts";

// --- Rooms over REST -------------------------------------------------------------------------------------------------
export interface CreateOptions {
  name?: string;
  capacity?: number;
  max_video?: number;
  chat?: "durable" | "ephemeral";
  needs_pin?: boolean;
  policy?: Partial<Room["policy"]>;
  /** Origin of the server; default: where the SDK was loaded from. */
  server?: string;
}
/** The owner secret is also kept in localStorage for the room's code, and `join` shows it by itself; one that is refused is forgotten.
 *  A room that an account owns has none. */
export interface Created { readonly room: Room; readonly owner_secret?: string; /** The address to send to people. */ readonly link: string }
/** What a reload of this tab can come back to. */
export interface KeptSeat { readonly name: string; readonly avatar: string | null; readonly audio: boolean; readonly video: boolean }

export interface JoinOptions {
  /** Any key of the room. */
  room: string;
  name: string;
  avatar?: string | null;
  /** Open devices of its own accord (ignored with `media`). Default: false. A device that fails is no failure: see `media.problems`. */
  audio?: boolean | string;
  video?: boolean | string;
  /** An opened LocalMedia, e.g. the preview's; the meeting takes it over and closes it at its end. */
  media?: LocalMedia;
  pin?: string;
  /** Who one is: a room token, an app's token, or the session of an account. Default: the session cookie, if the page is the server's own. */
  token?: string;
  /** Default: the one kept in localStorage for this room; none where a token is shown. */
  owner_secret?: string;
  /** Come back to this tab's seat if it has one (a reload). Default: true. */
  resume?: boolean;
  server?: string;
}

export const Convene: {
  create(options?: CreateOptions): Promise<Created>;
  /** `no_such_room` if there is none. With the owner's secret kept here the answer has keys and pins. */
  getRoom(key: string, options?: { server?: string; owner_secret?: string }): Promise<Room & { readonly people: number }>;
  /** Resolves when seated. Rejects with the server's refusal: no_such_room, room_full, locked, wrong_pin, rate_limited, ended, invalid_field …
   *  An unreachable server is `unreachable` on the first try only; later losses reconnect by themselves. */
  join(options: JoinOptions): Promise<Meeting>;
  /** The seat that `join` would come back to after a reload of this tab, or null. */
  keptSeat(room: string): KeptSeat | null;
  /** The owner secret kept for a room, or null. */
  ownerSecret(room: string): string | null;
  /** All that are kept, by their room's code. */
  ownerSecrets(): Record<string, string>;
  /** Once an account has claimed the room, its secret opens nothing. */
  forgetOwnerSecret(room: string): void;
  openMedia(options?: MediaOptions): Promise<LocalMedia>;
};
export default Convene;

// --- Own devices -----------------------------------------------------------------------------------------------------
/** denied: refused by the person or the browser. absent: no such device. taken: another program has it. insecure: the address isn't https. */
export type MediaProblem = "denied" | "absent" | "taken" | "insecure";
/** `true` any device, a string a device id, `false` not now. */
export interface MediaOptions { audio?: boolean | string; video?: boolean | string }
export interface Devices { readonly microphones: readonly MediaDeviceInfo[]; readonly cameras: readonly MediaDeviceInfo[]; readonly speakers: readonly MediaDeviceInfo[] }

/** Own microphone, camera and screen, before and in a meeting. Its methods never reject for a device: they return false and set `problems`.
 *  `shareScreen` alone returns false without a problem when the person cancels. */
export class LocalMedia extends EventTarget {
  readonly audio: boolean;
  readonly video: boolean;
  readonly screen: boolean;
  /** Last fault per source; null once it works. */
  readonly problems: Readonly<{ audio: MediaProblem | null; video: MediaProblem | null; screen: MediaProblem | null }>;
  readonly audioTrack: MediaStreamTrack | null;
  readonly videoTrack: MediaStreamTrack | null;
  readonly screenTrack: MediaStreamTrack | null;
  /** Stable streams for `srcObject`: the own camera, the own screen (without sound). */
  readonly cameraStream: MediaStream;
  readonly screenStream: MediaStream;
  readonly devices: Devices;
  /** Device ids in use, "" when none. */
  readonly microphone: string;
  readonly camera: string;
  /** Microphone level 0…1 now; 0 when muted. */
  readonly level: number;
  setAudio(on: boolean): Promise<boolean>;
  /** Off stops the track: the light goes out. */
  setVideo(on: boolean): Promise<boolean>;
  shareScreen(on: boolean): Promise<boolean>;
  useMicrophone(deviceId: string): Promise<boolean>;
  useCamera(deviceId: string): Promise<boolean>;
  close(): void;
  on<K extends keyof LocalMediaEvents>(type: K, listener: (detail: LocalMediaEvents[K]) => void): () => void;
}
export interface LocalMediaEvents {
  /** A flag, track, device in use or problem changed. */
  change: { kind: MediaKind };
  devices: Devices;
  /** About ten times a second while a microphone is open. */
  level: { level: number };
}

// --- In a meeting ----------------------------------------------------------------------------------------------------
/** One person's received media: streams stay the same objects for as long as the person is there; tracks come and go in them. */
export interface Remote {
  readonly mic: MediaStream;
  readonly camera: MediaStream;
  readonly screen: MediaStream;
  readonly quality: LinkQuality;
  /** Whether its video is asked for now (on screen and within max_video). */
  readonly receiving: boolean;
}
export interface LinkQuality {
  readonly quality: Quality;
  /** Round trip in ms, lost share 0…1 of what came in, received and sent bit/s, of the last 2 s. */
  readonly rtt_ms: number | null;
  readonly loss: number | null;
  readonly bitrate_in: number;
  readonly bitrate_out: number;
  readonly relayed: boolean;
  readonly connection: RTCPeerConnectionState;
}
/** Why a meeting ended. left: own wish. kicked, banned, room_ended, replaced, denied, revoked: tell the person. refused: a later join was refused with
 *  `code`. fault: the server found this client at fault. */
export interface Ending {
  readonly reason: "left" | "kicked" | "banned" | "room_ended" | "replaced" | "denied" | "revoked" | "refused" | "fault";
  readonly code?: string;
  readonly message?: string;
  readonly by?: string | null;
}

export class Meeting extends EventTarget {
  readonly state: State;
  readonly ending: Ending | null;
  readonly room: Room;
  readonly self: Person;
  /** All others, in join order. */
  readonly people: ReadonlyMap<string, Person>;
  /** All raised hands in order, own included. */
  readonly hands: readonly Person[];
  /** What is known of the chat, oldest first. */
  readonly messages: readonly Message[];
  /** True if the history before the first of `messages` can be read by `loadEarlier`. */
  readonly moreMessages: boolean;
  readonly unsent: readonly Unsent[];
  readonly speaking: ReadonlySet<string>;
  readonly media: LocalMedia;
  /** Own or another's record. */
  person(peer: string): Person | undefined;
  remote(peer: string): Remote | undefined;
  /** A right of one's own, under the room's policy. */
  can(right: Right): boolean;

  // Own media: local device and flag in one. Resolve to whether it is now as asked; reject with `forbidden`.
  setAudio(on: boolean): Promise<boolean>;
  setVideo(on: boolean): Promise<boolean>;
  shareScreen(on: boolean): Promise<boolean>;
  /** Whether a person's tile is on screen: others' video is paused at its sender. Default true. */
  setVisible(peer: string, visible: boolean): void;
  /** Who gets video first when there are more than max_video (the page's order; screens and the spotlight come before). */
  setPriority(peers: readonly string[]): void;

  // People
  setProfile(profile: { name?: string; avatar?: string | null }): Promise<void>;
  setAttributes(attributes: Record<string, string | null>): Promise<void>;
  raiseHand(): Promise<Hand>;
  lowerHand(peer?: string): Promise<void>;
  react(emoji: string): Promise<void>;

  // Chat. `send` resolves when the message is committed (or, in ephemeral rooms, shown); pending over reconnects.
  send(text: string, options?: { to?: string; reply_to?: string; client_id?: string }): Promise<{ message: string; no: number | null; at: string }>;
  edit(message: string, text: string): Promise<void>;
  delete(message: string): Promise<void>;
  reactTo(message: string, emoji: string, on: boolean): Promise<void>;
  loadEarlier(limit?: number): Promise<readonly Message[]>;
  search(text: string, limit?: number): Promise<readonly Message[]>;
  /** Everything known is read, up to the last message. */
  markRead(): Promise<void>;
  typing(on: boolean, to?: string): void;

  // Data
  signal(to: string, body: unknown): Promise<void>;
  broadcast(topic: string, body: unknown): Promise<void>;

  // Host's tools; rejected with `forbidden {right}` without the right.
  updateRoom(change: { name?: string; capacity?: number; max_video?: number; policy?: Partial<Room["policy"]>; version?: number }): Promise<void>;
  lock(locked: boolean): Promise<void>;
  rotatePins(which?: { pin?: boolean; spin?: boolean }): Promise<{ pin: string; spin: string }>;
  grant(peer: string, rights: readonly Right[]): Promise<void>;
  revoke(peer: string, rights: readonly Right[]): Promise<void>;
  setRole(peer: string, role: Role): Promise<void>;
  mute(peer: string, source: MediaKind): Promise<void>;
  muteAll(source: MediaKind): Promise<void>;
  askUnmute(peer: string, source: MediaKind): Promise<void>;
  spotlight(peer: string | null): Promise<void>;
  kick(peer: string): Promise<void>;
  /** Ends the room for everybody. */
  end(): Promise<void>;

  /** Gives the seat up. Resolves when told or when there is no connection to tell it by; devices are closed. */
  leave(): Promise<void>;
  /** Plain text about browser, connection, links and recent events; no tokens, addresses, names, texts or descriptions in it. */
  diagnostics(): Promise<string>;
  /** Any command of docs/PROTOCOL.md. */
  request(type: string, fields?: object): Promise<any>;
  /** Typed `addEventListener`; returns the way to stop. */
  on<K extends keyof MeetingEvents>(type: K, listener: (detail: MeetingEvents[K]) => void): () => void;
}

/** Every event is a CustomEvent with this `detail`. */
export interface MeetingEvents {
  /** `restarting`: the server said that it goes away and comes back. */
  state: { state: State; ending: Ending | null; attempt: number; restarting: boolean };
  /** Seated anew (at first, or with a fresh seat after the old one was forgotten): everything in the mirror may have changed. */
  joined: { again: boolean };
  /** Back in the same seat. What was missed has been told by the other events (delta), or the mirror was replaced (snapshot). */
  resumed: { mode: "delta" | "snapshot" };
  peer: { person: Person };
  peerleft: { person: Person; reason: "left" | "lost" | "kicked" | "replaced" | "ended" };
  /** Name, avatar, media flags, state, role, rights or attributes of somebody, self included. */
  change: { person: Person; what: readonly string[] };
  room: { room: Room; by: string | null };
  /** A received track appeared in, or left, one of the person's streams. */
  track: { person: Person; source: Source; kind: "audio" | "video"; track: MediaStreamTrack; stream: MediaStream };
  trackended: { person: Person; source: Source; kind: "audio" | "video"; track: MediaStreamTrack };
  speaking: { peers: ReadonlySet<string> };
  quality: { person: Person; quality: LinkQuality };
  /** What is asked of the senders changed: `Remote.receiving`. */
  receiving: { person: Person; receiving: boolean };
  /** A new message (`fresh`: just said, or said while the connection was lost), or an older one that came by reading back. */
  chat: { message: Message; fresh: boolean };
  chatchange: { message: Message };
  unsent: { unsent: readonly Unsent[] };
  read: { peer: string; no: number };
  typing: { peer: string; on: boolean };
  hand: { person: Person; raised: boolean };
  reaction: { person: Person; emoji: string };
  /** Somebody was muted by `by`; with `self` the own device has been turned off. */
  muted: { person: Person; source: MediaKind; by: string | null; self: boolean };
  /** A host asks to unmute: only the person can. */
  unmute_asked: { source: MediaKind; by: string };
  rights: { person: Person; by: string | null };
  pins: { pins: { pin: string; spin: string } };
  signal: { from: string; body: unknown };
  broadcast: { from: string; topic: string; body: unknown };
  /** Something asked in the background (a flag, a description) was refused. */
  refused: { what: string; error: ConveneError };
}
