//! Frames on their way to outboxes: encoded once per dialect, gathered until a flush.
use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

use crate::dialect::Dialect;

use super::line::Line;
use super::outbox::Class;

/// Gathered frames and bytes after which a flush doesn't wait for its turn.
const FRAMES: usize = 64;
const BYTES: usize = 64 << 10;

/// What has come together since the last flush.
#[derive(Default)]
pub(super) struct Gather {
    /// In the order in which they are written to.
    dirty: VecDeque<Arc<Line>>,
    frames: usize,
    bytes: usize,
    flush: Flush,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Flush {
    #[default]
    Idle,
    UnderWay,
}

/// When to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// Nothing waits, or a flush is under way already.
    No,
    /// Wait for your turn.
    Soon,
    /// Enough has come together.
    Now,
}

impl Gather {
    pub(super) fn push(&mut self, line: &Arc<Line>, frame: Bytes, class: Class) {
        line.push(frame, class);
        self.mark(line);
    }

    /// As [`Self::push`], if the line's dialect has words for it.
    pub(super) fn tell(
        &mut self,
        line: &Arc<Line>,
        say: impl FnOnce(Dialect) -> Option<Bytes>,
        class: Class,
    ) {
        if let Some(frame) = say(line.dialect()) {
            self.push(line, frame, class);
        }
    }

    /// Something was written into the outbox of this line.
    pub(super) fn mark(&mut self, line: &Arc<Line>) {
        if line.gather() {
            self.dirty.push_back(line.clone());
        }
    }

    /// Counts one frame that was shown, however many heard it.
    pub(super) fn count(&mut self, bytes: usize) {
        self.frames += 1;
        self.bytes += bytes;
    }

    /// Asked after each apply: `Soon` is answered once per flush.
    pub(super) fn due(&mut self) -> Due {
        if self.frames >= FRAMES || self.bytes >= BYTES {
            return Due::Now;
        }
        if self.dirty.is_empty() || self.flush == Flush::UnderWay {
            return Due::No;
        }
        self.flush = Flush::UnderWay;
        Due::Soon
    }

    /// The flush's turn has come: one non-blocking write for each of the lines that have waited longest. Answers how
    /// many that were; if lines are left, ask for another flush.
    pub(super) fn arrived(&mut self, most: usize) -> usize {
        self.flush = Flush::Idle;
        self.write(most)
    }

    /// As [`Gather::arrived`], out of turn.
    pub(super) fn write(&mut self, most: usize) -> usize {
        (self.frames, self.bytes) = (0, 0);
        let lines = self.dirty.len().min(most);
        for line in self.dirty.drain(..lines) {
            line.flush();
        }
        lines
    }
}

/// One frame in every dialect that is heard; some have no words for it.
#[derive(Default)]
pub(super) struct Encoded([Option<Option<Bytes>>; Dialect::ALL.len()]);

impl Encoded {
    pub(super) fn of(
        &mut self,
        dialect: Dialect,
        encode: impl FnOnce(Dialect) -> Option<Bytes>,
    ) -> Option<Bytes> {
        self.0[dialect.index()].get_or_insert_with(|| encode(dialect)).clone()
    }
}
