//! A participant's place in a room: who it is, what it may do, and what waits for it while it is away.
use super::event::Whisper;
use super::footing::Footing;
use super::ids::{ConnId, Millis, No, PeerId, RoomId, SeatId, Seq, Slot};
use super::join::{Face, Trusted};
use super::links::Yields;
use super::media::Media;
use super::permissions::{Right, Rights, Role};
use super::rate::Bucket;
use super::record::{Behind, SeatRecord};
use super::rules::{QUEUED_BYTES, QUEUED_SIGNALS};
use crate::fault::Fault;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

pub(super) struct Seat {
    pub(super) id: SeatId,
    pub(super) peer: PeerId,
    pub(super) face: Face,
    /// Rises with each seat taken in this epoch: who of two came later yields in a glare.
    pub(super) order: u64,
    pub(super) line: Line,
    pub(super) name: Arc<str>,
    /// Lives in memory only: who comes back after a restart is known by its name.
    pub(super) handle: Option<Arc<str>>,
    pub(super) avatar: Option<Arc<str>>,
    pub(super) media: Media,
    pub(super) attributes: BTreeMap<Arc<str>, Arc<str>>,
    pub(super) standing: Standing,
    pub(super) footing: Footing,
    pub(super) joined_at: Millis,
    /// The position at which it joined: no delta reaches further back.
    pub(super) joined_seq: Seq,
    /// The lowest resume number that is still good.
    pub(super) resume_n: u64,
    /// The highest that was issued.
    pub(super) issued_n: u64,
    pub(super) budget: Budget,
    /// The last position sent to this seat alone; what goes to all is kept once for the room.
    pub(super) told: Seq,
    /// Of a seat with room for one link: with whom.
    pub(super) partner: Option<Slot>,
}

/// Whether a connection is there.
pub(super) enum Line {
    Here(ConnId),
    Away { until: Millis, waiting: Mailbag },
}

pub(super) struct Budget {
    pub(super) trusted: Trusted,
    pub(super) frames: Bucket,
    pub(super) chat: Bucket,
    pub(super) signals: Bucket,
}

impl Budget {
    pub(super) fn new(trusted: Trusted, now: Millis) -> Self {
        let bucket = Bucket::new(now);
        Self { trusted, frames: bucket, chat: bucket, signals: bucket }
    }
}

/// Role and rights: what is in force, what they will be once everything pending is committed, and who wrote what last.
#[derive(Clone)]
pub(super) struct Standing {
    pub(super) role: Role,
    /// Before the room's policy.
    pub(super) rights: Rights,
    pub(super) next_role: Role,
    pub(super) next_rights: Rights,
    pub(super) role_no: No,
    right_nos: [No; Right::ALL.len()],
}

impl Standing {
    pub(super) fn new(role: Role, rights: Rights) -> Self {
        Self {
            role,
            rights,
            next_role: role,
            next_rights: rights,
            role_no: No(0),
            right_nos: [No(0); Right::ALL.len()],
        }
    }

    /// Notes that `no` wrote these rights last.
    pub(super) fn wrote(&mut self, rights: Rights, no: No) {
        for (right, written) in Right::ALL.into_iter().zip(&mut self.right_nos) {
            if rights.has(right) {
                *written = no;
            }
        }
    }

    /// Those of `rights` that nothing later than `no` has written.
    pub(super) fn still_of(&self, rights: Rights, no: No) -> Rights {
        let later = Right::ALL.into_iter().zip(self.right_nos).filter(|(_, written)| *written > no);
        later.fold(rights, |left, (right, _)| left.without(Rights::of(&[right])))
    }
}

impl Seat {
    pub(super) fn conn(&self) -> Option<ConnId> {
        match self.line {
            Line::Here(conn) => Some(conn),
            Line::Away { .. } => None,
        }
    }

    /// Whether it yields to that other one in a glare: the later one does, and who doesn't number to who does.
    pub(super) fn yields_to(&self, other: &Self) -> Yields {
        let yields = match (self.face.numbers(), other.face.numbers()) {
            (true, false) => false,
            (false, true) => true,
            (true, true) | (false, false) => self.order > other.order,
        };
        if yields { Yields::Yes } else { Yields::No }
    }

    pub(super) fn record(&self, released_at: Option<Millis>) -> SeatRecord {
        SeatRecord {
            seat: self.id,
            peer: self.peer.clone(),
            face: Arc::from(self.face.word),
            name: self.name.clone(),
            avatar: self.avatar.clone(),
            role: self.standing.role,
            rights: self.standing.rights,
            media: self.media,
            resume_n: self.resume_n,
            joined_at: self.joined_at,
            released_at,
            footing: self.footing.clone(),
        }
    }

    pub(super) fn behind(&self, room: RoomId, released_at: Option<Millis>) -> Behind {
        Behind::Seat { room, seat: self.record(released_at) }
    }
}

/// What waits for a seat without connection, in order.
#[derive(Default)]
pub(super) struct Mailbag {
    letters: VecDeque<Letter>,
    bytes: usize,
}

struct Letter {
    from: Slot,
    bytes: usize,
    whisper: Whisper,
}

impl Mailbag {
    /// Whether one more of that size goes in; else `busy`.
    pub(super) fn fits(&self, bytes: usize) -> Result<(), Fault> {
        let full = self.letters.len() >= QUEUED_SIGNALS || self.bytes + bytes > QUEUED_BYTES;
        if full { Err(Fault::Busy) } else { Ok(()) }
    }

    pub(super) fn put(&mut self, from: Slot, bytes: usize, whisper: Whisper) -> Result<(), Fault> {
        self.fits(bytes)?;
        self.bytes += bytes;
        self.letters.push_back(Letter { from, bytes, whisper });
        Ok(())
    }

    /// Drops what a newer negotiation of that sender has made worthless.
    pub(super) fn forget_before(&mut self, sender: Slot, newest: u64) {
        self.keep(|letter| {
            let stale =
                matches!(&letter.whisper, Whisper::Signal { generation, .. } if *generation < newest && *generation > 0);
            letter.from != sender || !stale
        });
    }

    /// Drops everything of a sender that is gone.
    pub(super) fn forget(&mut self, sender: Slot) {
        self.keep(|letter| letter.from != sender);
    }

    pub(super) fn into_whispers(self) -> impl Iterator<Item = Whisper> {
        self.letters.into_iter().map(|letter| letter.whisper)
    }

    fn keep(&mut self, keep: impl Fn(&Letter) -> bool) {
        self.letters.retain(keep);
        self.bytes = self.letters.iter().map(|letter| letter.bytes).sum();
    }
}
