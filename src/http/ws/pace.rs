//! How fast a peer may send control frames, and how long it may leave a message unfinished.
use std::time::Duration;

use tokio::time::Instant;

use super::decode::Limits;
use crate::dialect::close::Close;

/// Counts over windows of one second, without a timer.
pub(super) struct Pace {
    controls: u32,
    window: Option<Instant>,
    unfinished: Option<(u64, Instant)>,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { controls: 0, window: None, unfinished: None }
    }

    /// Counts a control frame.
    pub(super) fn control(&mut self, limits: &Limits, now: Instant) -> Result<(), Close> {
        let fresh = self.window.is_none_or(|began| now.duration_since(began) >= Duration::from_secs(1));
        if fresh {
            self.window = Some(now);
            self.controls = 0;
        }
        self.controls += 1;
        if self.controls > limits.controls { Err(Close::Rate) } else { Ok(()) }
    }

    /// When the message under way, by its number, must be complete.
    pub(super) fn deadline(
        &mut self,
        under_way: Option<u64>,
        limits: &Limits,
        now: Instant,
    ) -> Option<Instant> {
        let number = match under_way {
            Some(number) => number,
            None => {
                self.unfinished = None;
                return None;
            }
        };
        let since = match self.unfinished {
            Some((known, since)) if known == number => since,
            _ => now, // another message than at the last look
        };
        self.unfinished = Some((number, since));
        Some(since + limits.unfinished)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_frames_are_counted_by_the_second() {
        let limits = Limits { controls: 3, ..Limits::default() };
        let mut pace = Pace::new();
        let start = Instant::now();
        assert!((0..3).all(|_| pace.control(&limits, start).is_ok()));
        assert_eq!(pace.control(&limits, start + Duration::from_millis(999)), Err(Close::Rate));
        assert_eq!(pace.control(&limits, start + Duration::from_secs(1)), Ok(()));
    }

    #[test]
    fn only_the_same_message_keeps_its_deadline() {
        let limits = Limits::default();
        let mut pace = Pace::new();
        let start = Instant::now();
        let later = start + Duration::from_secs(4);
        let first = pace.deadline(Some(7), &limits, start);
        assert_eq!(first, Some(start + limits.unfinished));
        assert_eq!(pace.deadline(Some(7), &limits, later), first, "trickling on doesn't help");
        assert_eq!(pace.deadline(Some(8), &limits, later), Some(later + limits.unfinished));
        assert_eq!(pace.deadline(None, &limits, later), None);
    }
}
