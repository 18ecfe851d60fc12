//! A room's records as the server tells them, for tests of what the SDK makes of them.

export const MEDIA = { audio: false, video: false, screen: false, audio_available: false, video_available: false };

export function person(peer, more = {}) {
  const standing = { role: 'participant', rights: ['chat', 'publish_audio'], link: 'full', state: 'here' };
  return { peer, name: peer, avatar: null, ...standing, media: MEDIA, hand: null, attributes: {}, joined_at: 't', ...more };
}

export function message(no, more = {}) {
  const text = { text: `text ${no}`, to: null, reply_to: null, edited_at: null, deleted: false, reactions: {} };
  return { message: `m${no}`, no, from: 'ana', name: 'ana', ...text, at: `t${String(no).padStart(5, '0')}`, client_id: `c${no}`, ...more };
}

/** Messages with these numbers. */
export const span = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => message(from + at));

export const ROOM = { id: 'r', code: 'abc', name: 'Weekly', chat: 'durable', max_video: 8, policy: {}, spotlight: null, version: 1 };

export function snapshot({ epoch = 'e1', seq = 10, last_no = 0, people = [person('ana')], chat = [], more = false, room = ROOM, self = person('me') } = {}) {
  return { self, room, rights: self.rights, participants: people, chat: { messages: chat, more }, epoch, seq, last_no };
}

/** Of what is told, the messages: their number, and whether each is news. */
export const news = (told) => told.filter(([type]) => type === 'chat').map(([, { message: { no }, fresh }]) => [no, fresh]);

/** Lets everything go on that waits for nothing. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** The history of a server that has these. */
export const history = (all) => async (_, { before = Infinity, after = null, limit }) => {
  const found = all.filter(({ no }) => no < before && (after === null || no > after));
  return { messages: after === null ? found.slice(-limit) : found.slice(0, limit), more: found.length > limit };
};
