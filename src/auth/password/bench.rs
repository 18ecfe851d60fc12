//! The threads that hash. A hash takes 19 MiB, which the allocator keeps for the thread that had it: on the runtime's pool,
//! where any of many threads may be next, each would come to hold that much. Here as many do as hash at once.
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

type Work = Box<dyn FnOnce() + Send>;

/// Dropped, its threads end after what they have been given.
pub(super) struct Workers(mpsc::Sender<Work>);

impl Workers {
    pub(super) fn start(count: usize) -> Self {
        let (give, given) = mpsc::channel::<Work>();
        let given = Arc::new(Mutex::new(given));
        for _ in 0..count {
            let given = given.clone();
            let started =
                std::thread::Builder::new().name("password".to_owned()).spawn(move || works(&given));
            if let Err(error) = started {
                tracing::error!(%error, "a thread for passwords could not be started");
            }
        }
        Self(give)
    }

    /// Does it on a thread that is free. Without any it is dropped, and whoever waits for it hears that.
    pub(super) fn take(&self, work: Work) {
        drop(self.0.send(work));
    }
}

fn works(given: &Mutex<mpsc::Receiver<Work>>) {
    loop {
        let next = given.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        // one that panics drops its answer, and the thread goes on
        drop(catch_unwind(AssertUnwindSafe(work)));
    }
}
