//! Convene's browser SDK, version 1: a call in ten lines (docs/PROTOCOL.md beneath, types in v1.d.ts).

import { ConveneError } from "./v1/error.js";
import { LocalMedia, openMedia } from "./v1/media.js";
import { Meeting } from "./v1/meeting.js";
import { createRoom, getRoom } from "./v1/rest.js";
import { dropOwner, readOwner, readOwners, readSeat } from "./v1/store.js";

/** @param {string} room */
function keptSeat(room) {
  const seat = readSeat(room);
  return seat && { name: seat.name, avatar: seat.avatar ?? null, audio: seat.audio, video: seat.video };
}

export const Convene = { create: createRoom, getRoom, join: Meeting.join, keptSeat, ownerSecret: readOwner, ownerSecrets: readOwners, forgetOwnerSecret: dropOwner, openMedia };
export { ConveneError, LocalMedia, Meeting };
export default Convene;
