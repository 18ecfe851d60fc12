//! How many commands may be on their way to a room, and the moment after which none may: both in one atomic.
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Commands on their way to one room; a mailbox has no bound of its own.
const MOST: usize = 1_024;
/// The room is gone for good; its successor has an admission of its own.
const RETIRED: usize = usize::MAX;

/// The door of one room.
#[derive(Debug, Default)]
pub(super) struct Admission(AtomicUsize);

/// Why a command may not go to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Barred {
    Full,
    Retired,
}

/// One command's place. Freed at apply.
#[derive(Debug)]
pub(super) struct Passage(Arc<Admission>);

impl Admission {
    pub(super) fn enter(self: &Arc<Self>) -> Result<Passage, Barred> {
        let step = |inside| (inside < MOST).then(|| inside + 1);
        match self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, step) {
            Ok(_) => Ok(Passage(self.clone())),
            Err(RETIRED) => Err(Barred::Retired),
            Err(_) => Err(Barred::Full),
        }
    }

    /// Closes the door if nobody is on the way; answers whether it is closed now.
    pub(super) fn retire(&self) -> bool {
        self.0.compare_exchange(0, RETIRED, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    pub(super) fn is_retired(&self) -> bool {
        self.0.load(Ordering::Acquire) == RETIRED
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_full_at_its_limit_and_takes_again_after_an_apply() {
        let door = Arc::new(Admission::default());
        let mut inside: Vec<_> = (0..MOST).map(|_| door.enter().unwrap()).collect();
        assert_eq!(door.enter().unwrap_err(), Barred::Full);
        inside.pop();
        assert!(door.enter().is_ok());
    }

    #[test]
    fn a_room_retires_only_with_nobody_on_the_way() {
        let door = Arc::new(Admission::default());
        let inside = door.enter().unwrap();
        assert!(!door.retire());
        drop(inside);
        assert!(door.retire() && door.is_retired());
        assert_eq!(door.enter().unwrap_err(), Barred::Retired);
    }
}
