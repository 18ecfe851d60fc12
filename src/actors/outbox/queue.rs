//! What an outbox has still to write: frames in order, how far the first one is written, and when that is too much.
use std::{
    collections::{HashSet, VecDeque},
    io::IoSlice,
};

use bytes::Bytes;

use super::{Class, Limits};

/// Frames beyond this many keep their buffer only while they wait: an idle outbox holds none.
const KEPT_CAPACITY: usize = 4;

#[derive(Default)]
pub(super) struct Queue {
    items: VecDeque<Item>,
    /// Bytes of the first item that are written already.
    begun: usize,
    /// Bytes still to be written.
    bytes: usize,
}

struct Item {
    frame: Bytes,
    class: Class,
}

impl Queue {
    pub(super) fn push(&mut self, frame: Bytes, class: Class) {
        self.bytes += frame.len();
        self.items.push_back(Item { frame, class });
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Takes the next frame whole. None of them is partly written.
    pub(super) fn pop(&mut self) -> Option<Bytes> {
        let item = self.items.pop_front()?;
        self.bytes -= item.frame.len();
        Some(item.frame)
    }

    /// Points `slices` at what comes next; answers how many of them are in use.
    pub(super) fn gather<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let mut used = 0;
        for (slice, item) in slices.iter_mut().zip(&self.items) {
            let from = if used == 0 { self.begun } else { 0 };
            *slice = IoSlice::new(&item.frame[from..]);
            used += 1;
        }
        used
    }

    /// Takes away what was written.
    pub(super) fn advance(&mut self, written: usize) {
        self.bytes -= written;
        self.begun += written;
        while let Some(first) = self.items.front() {
            if self.begun < first.frame.len() {
                break;
            }
            self.begun -= first.frame.len();
            self.items.pop_front();
        }
    }

    /// Whether more waits than `limits` allow. The first snapshot among it isn't counted.
    pub(super) fn exceeds(&self, limits: &Limits) -> bool {
        let snapshot =
            self.items.iter().find(|item| item.class == Class::Snapshot).map(|item| item.frame.len());
        self.items.len() > limits.items || self.bytes.saturating_sub(snapshot.unwrap_or(0)) > limits.bytes
    }

    /// Keeps of each stale key only the newest frame. A frame that is partly written stays.
    pub(super) fn collapse(&mut self) {
        let mut newer = HashSet::new();
        let begun = self.begun > 0;
        let mut kept = VecDeque::with_capacity(self.items.len());
        for (place, item) in self.items.drain(..).enumerate().rev() {
            let outdated = match item.class {
                Class::Stale(key) => !newer.insert(key),
                Class::Must | Class::Snapshot => false,
            };
            if outdated && !(begun && place == 0) {
                self.bytes -= item.frame.len();
            } else {
                kept.push_front(item);
            }
        }
        self.items = kept;
    }

    /// Drops everything but a frame that is partly written: without its rest the stream could not be read.
    pub(super) fn keep_begun(&mut self) {
        self.items.truncate(usize::from(self.begun > 0));
        self.bytes = self.items.front().map_or(0, |first| first.frame.len() - self.begun);
    }

    /// Drops everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Gives back the buffer of an emptied queue.
    pub(super) fn shrink(&mut self) {
        if self.items.is_empty() && self.items.capacity() > KEPT_CAPACITY {
            self.items = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { items: 4, bytes: 100, stall: std::time::Duration::from_secs(5) };

    fn queue(items: &[(&'static str, Class)]) -> Queue {
        let mut queue = Queue::default();
        for (frame, class) in items {
            queue.push(Bytes::from_static(frame.as_bytes()), *class);
        }
        queue
    }

    fn waiting(queue: &Queue) -> Vec<String> {
        let mut slices = [IoSlice::new(&[]); 16];
        let used = queue.gather(&mut slices);
        slices[..used].iter().map(|slice| String::from_utf8(slice.to_vec()).unwrap()).collect()
    }

    #[test]
    fn writing_takes_away_whole_and_begun_frames() {
        let mut queue = queue(&[("abc", Class::Must), ("", Class::Must), ("defg", Class::Must)]);
        queue.advance(2);
        assert_eq!(waiting(&queue), ["c", "", "defg"]);
        queue.advance(3);
        assert_eq!((waiting(&queue), queue.bytes()), (vec!["fg".to_owned()], 2));
        queue.advance(2);
        assert!(queue.is_empty());
    }

    #[test]
    fn collapsing_keeps_the_newest_of_each_key_and_the_order() {
        let mut queue = queue(&[
            ("one", Class::Stale(1)),
            ("two", Class::Stale(2)),
            ("chat", Class::Must),
            ("ONE", Class::Stale(1)),
            ("One!", Class::Stale(1)),
        ]);
        queue.collapse();
        assert_eq!(waiting(&queue), ["two", "chat", "One!"]);
        assert_eq!(queue.bytes(), 11);
    }

    #[test]
    fn a_frame_that_is_partly_written_is_never_dropped() {
        let mut queue =
            queue(&[("older", Class::Stale(1)), ("newer", Class::Stale(1)), ("chat", Class::Must)]);
        queue.advance(1);
        queue.collapse();
        assert_eq!(waiting(&queue), ["lder", "newer", "chat"]);
        queue.keep_begun();
        assert_eq!((waiting(&queue), queue.bytes()), (vec!["lder".to_owned()], 4));
        queue.advance(4);
        queue.push(Bytes::from_static(b"bye"), Class::Must);
        queue.keep_begun();
        assert_eq!((queue.len(), queue.bytes()), (0, 0), "nothing was begun");
    }

    #[test]
    fn one_snapshot_may_exceed_the_bytes_but_not_a_second() {
        let mut queue = Queue::default();
        queue.push(Bytes::from(vec![0; 1000]), Class::Snapshot);
        queue.push(Bytes::from(vec![0; 100]), Class::Must);
        assert!(!queue.exceeds(&LIMITS));
        queue.push(Bytes::from(vec![0; 1000]), Class::Snapshot);
        assert!(queue.exceeds(&LIMITS));
    }

    #[test]
    fn the_number_of_items_is_limited_too() {
        let mut queue = queue(&[("a", Class::Must); 4]);
        assert!(!queue.exceeds(&LIMITS));
        queue.push(Bytes::from_static(b"a"), Class::Must);
        assert!(queue.exceeds(&LIMITS));
    }

    #[test]
    fn an_emptied_queue_gives_its_buffer_back() {
        let mut queue = queue(&[("a", Class::Must); 40]);
        queue.advance(40);
        queue.shrink();
        assert_eq!(queue.items.capacity(), 0);
    }
}
