// The records of the public API: people, rooms, messages, errors. Part of v1.d.ts.

export type Role = "owner" | "cohost" | "participant" | "viewer";
export type Right =
  | "publish_audio" | "publish_video" | "publish_screen" | "subscribe" | "chat" | "chat_private"
  | "raise_hand" | "admit" | "moderate" | "manage";
/** What a person sends. In `set_media`, `mute` and rights the first two are called audio and video. */
export type Source = "mic" | "camera" | "screen";
export type MediaKind = "audio" | "video" | "screen";
/** connecting: before the first seat. reconnecting: the seat is kept, media flows on. ended: for good, see `Meeting.ending`. */
export type State = "connecting" | "connected" | "reconnecting" | "ended";
export type Quality = "good" | "fair" | "poor" | "lost" | "unknown";

/** Every failure of the SDK. `code` is the server's stable word, or one of: disconnected, not_joined, denied, absent, taken, insecure,
 *  cancelled, unsupported, unreachable. The server's extras (right, retry_after_ms, version, field, …) are own properties. */
export class ConveneError extends Error {
  readonly code: string;
  readonly right?: Right;
  readonly retry_after_ms?: number;
  readonly version?: number;
  readonly client_id?: string;
  readonly [extra: string]: unknown;
}

export interface MediaFlags { audio: boolean; video: boolean; screen: boolean; audio_available: boolean; video_available: boolean }
export interface Hand { rank: number; since: string }
/** A person in the room; a live object of the mirror: read it, don't change it. */
export interface Person {
  readonly peer: string;
  readonly name: string;
  readonly avatar: string | null;
  readonly role: Role;
  readonly rights: readonly Right[];
  readonly link: "full" | "one" | "none";
  /** away: its connection is lost, its seat is kept, its media may flow on. */
  readonly state: "here" | "away";
  readonly media: Readonly<MediaFlags>;
  /** Rank from 1, kept up to date when hands before it go down. */
  readonly hand: Readonly<Hand> | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly joined_at: string;
}
export interface Room {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly locked: boolean;
  readonly capacity: number;
  readonly max_video: number;
  readonly chat: "durable" | "ephemeral";
  readonly policy: { readonly audio: boolean; readonly video: boolean; readonly screen: boolean; readonly chat: boolean };
  readonly spotlight: string | null;
  readonly version: number;
  readonly created_at: string;
  /** Owner and cohosts only. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Owner only. */
  readonly pins?: Readonly<{ pin: string; spin: string }>;
  readonly needs_pin: boolean;
}
export interface Message {
  readonly message: string;
  readonly no: number | null;
  readonly from: string;
  readonly name: string;
  readonly text: string;
  readonly to: string | null;
  readonly reply_to: string | null;
  readonly at: string;
  readonly edited_at: string | null;
  readonly deleted: boolean;
  readonly reactions: Readonly<Record<string, readonly string[]>>;
  readonly client_id: string | null;
}
/** A message not yet acknowledged; it is sent again by itself after a reconnect, and acts once. */
export interface Unsent { readonly client_id: string; readonly text: string; readonly to: string | null; readonly reply_to: string | null }
