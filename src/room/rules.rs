//! The figures a room is run by: rates, sizes and queues.

/// What the configuration decides; everything else is a constant of this file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    pub rates: RateSettings,
    /// The highest capacity a room may be given, 1 and up.
    pub capacity_max: u32,
    /// How long a seat that was loaded after a restart waits for its holder, in ms.
    pub restore_grace_ms: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { rates: RateSettings::default(), capacity_max: 1_000, restore_grace_ms: 120_000 }
    }
}

/// Token buckets. Signals have their own, that grow with the people in the room: a newcomer to a mesh offers to everyone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateSettings {
    pub frames: Rate,
    pub chat: Rate,
    /// Times the number of people in the room.
    pub signals_per_person: Rate,
    /// Signals of one pair, both directions together.
    pub pair: Rate,
}

/// So many at once after a rest, and so many more a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub burst: u32,
    pub per_minute: u32,
}

impl Rate {
    pub const fn per_second(count: u32, burst: u32) -> Self {
        Self { burst, per_minute: count.saturating_mul(60) }
    }
}

impl Default for RateSettings {
    fn default() -> Self {
        Self {
            frames: Rate::per_second(20, 60),
            chat: Rate::per_second(5, 10),
            signals_per_person: Rate::per_second(10, 40),
            pair: Rate { burst: 200, per_minute: 200 },
        }
    }
}

/// Bytes of a chat message's text.
pub const CHAT_BYTES: usize = 4_096;
/// Bytes of a session description.
pub const SDP_BYTES: usize = 48 * 1_024;
/// Of a frame that passes between clients of one dialect as it came.
pub const WIRE_BYTES: usize = 64 * 1_024;
/// Bytes of an ICE candidate.
pub const CANDIDATE_BYTES: usize = 2_048;
/// Bytes of a data message or broadcast.
pub const DATA_BYTES: usize = 16 * 1_024;
/// Bytes of all attributes of a participant together, keys and values.
pub const ATTRIBUTE_BYTES: usize = 4_096;
/// Characters of a participant's or room's name.
pub const NAME_CHARS: usize = 64;
/// Characters of a client's own id of a message.
pub const CLIENT_ID_CHARS: usize = 64;
/// Characters of a broadcast's topic.
pub const TOPIC_CHARS: usize = 64;
/// Bytes of an avatar's address.
pub const AVATAR_BYTES: usize = 2_048;
/// Bytes of an emoji, with all its joiners and modifiers.
pub const EMOJI_BYTES: usize = 64;
/// Reactions that one message holds.
pub const REACTIONS: usize = 512;
/// Media sections that one description may declare.
pub const SOURCES: usize = 64;
/// Messages kept in memory.
pub const BUFFERED_MESSAGES: usize = 200;
/// Messages in a newcomer's snapshot.
pub const JOIN_MESSAGES: usize = 50;
/// Messages in the snapshot of one who comes back.
pub const RESUME_MESSAGES: usize = 100;
/// The longest page of history.
pub const HISTORY_MESSAGES: u32 = 100;
/// Events in the live log.
pub const LOG_EVENTS: usize = 512;
/// Bytes of the live log, estimated.
pub const LOG_BYTES: usize = 1 << 20;
/// A delta that is larger becomes a snapshot.
pub const DELTA_BYTES: usize = 256 * 1_024;
/// Frames that wait for a seat without connection.
pub const QUEUED_SIGNALS: usize = 64;
/// Bytes that wait for a seat without connection.
pub const QUEUED_BYTES: usize = 256 * 1_024;
/// Entries of one asker that wait for their commit.
pub const PENDING_PER_ASKER: usize = 16;
/// Entries of a room that wait for their commit.
pub const PENDING_PER_ROOM: usize = 256;
/// How long someone waits to hear of a commit, in ms.
pub const COMMIT_WAIT_MS: i64 = 5_000;
/// The least time that a restored seat waits whose dialect knows no grace, in ms: a surviving connection needs it to take its seat again.
pub const REATTACH_MS: i64 = 5_000;
/// The highest generation and counter a client can write exactly, 2^53 − 1.
pub const EXACT_MAX: u64 = (1 << 53) - 1;
