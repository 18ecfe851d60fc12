//! The one shared tick: pings, deadlines, grace and heartbeats are looked at in slices of a period, without a timer per connection.
use std::time::Duration;

/// Between two ticks, when a server serves.
pub const TICK: Duration = Duration::from_millis(500);
/// Ticks in the period of pings and heartbeats: 20 s.
pub(super) const SLICES: u64 = 40;
/// Ticks that a pong or a hello may take: 10 s.
const PATIENCE: u64 = 20;

/// The number of a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beat(pub(super) u64);

impl Beat {
    /// The slice that is pinged now; also that of those who arrive now.
    pub(super) fn slice(self) -> u64 {
        self.0 % SLICES
    }

    /// The slice whose pongs and hellos are due now.
    pub(super) fn due(self) -> u64 {
        (self.0 + SLICES - PATIENCE) % SLICES
    }

    /// Whether this is every `ticks`th.
    pub(super) fn every(self, ticks: u64) -> bool {
        self.0.is_multiple_of(ticks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slice_is_pinged_once_a_period_and_due_ten_seconds_later() {
        for slice in 0..SLICES {
            let pinged: Vec<_> = (0..2 * SLICES).filter(|n| Beat(*n).slice() == slice).collect();
            assert_eq!(pinged, [slice, slice + SLICES]);
            assert_eq!(Beat(slice + PATIENCE).due(), slice);
        }
        assert_eq!(TICK * PATIENCE as u32, Duration::from_secs(10));
    }
}
