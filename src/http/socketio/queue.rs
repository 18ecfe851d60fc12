//! What a socket has sent and nobody has looked at yet: in order, and bounded.
use super::{EVENT_BYTES, EVENTS};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::watch;

/// The end into which the library puts events, one after the other, in its own turn.
pub(super) struct Inlet<T> {
    sender: Mutex<Option<Open<T>>>,
    bytes: Arc<AtomicUsize>,
}

/// Dropped, both ends know that nothing more comes.
struct Open<T> {
    sender: Sender<Waiting<T>>,
    _open: watch::Sender<()>,
}

/// The end from which one task takes them.
pub(super) struct Outlet<T> {
    receiver: Receiver<Waiting<T>>,
    over: Over,
    bytes: Arc<AtomicUsize>,
}

/// Tells when nothing more comes, though some may still wait.
#[derive(Clone)]
pub struct Over(watch::Receiver<()>);

impl Over {
    /// Waits for that.
    pub async fn wait(&mut self) {
        while self.0.changed().await.is_ok() {}
    }
}

struct Waiting<T> {
    event: T,
    bytes: usize,
}

/// More waits than may.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Overfull;

pub(super) fn queue<T>() -> (Inlet<T>, Outlet<T>) {
    let (sender, receiver) = channel(EVENTS);
    let (open, over) = watch::channel(());
    let bytes = Arc::new(AtomicUsize::new(0));
    let inlet = Inlet { sender: Mutex::new(Some(Open { sender, _open: open })), bytes: bytes.clone() };
    (inlet, Outlet { receiver, over: Over(over), bytes })
}

impl<T> Inlet<T> {
    /// Never waits. After [`Self::shut`] nothing is taken, and that is no error.
    pub(super) fn put(&self, event: T, bytes: usize) -> Result<(), Overfull> {
        let open = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Open { sender, .. }) = &*open else { return Ok(()) };
        if self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes > EVENT_BYTES {
            return Err(Overfull);
        }
        sender.try_send(Waiting { event, bytes }).map_err(|_| Overfull)
    }

    /// Nothing more comes: the outlet ends once it is empty.
    pub(super) fn shut(&self) {
        self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl<T> Outlet<T> {
    pub(super) fn over(&self) -> Over {
        self.over.clone()
    }

    pub(super) async fn take(&mut self) -> Option<T> {
        let Waiting { event, bytes } = self.receiver.recv().await?;
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        Some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn order_is_kept_and_the_end_comes_last() {
        let (inlet, mut outlet) = queue();
        (0..2_000).for_each(|number| inlet.put(number, 100).unwrap());
        inlet.shut();
        inlet.put(2_000, 100).unwrap();
        for number in 0..2_000 {
            assert_eq!(outlet.take().await, Some(number));
        }
        assert_eq!(outlet.take().await, None);
    }

    #[tokio::test]
    async fn neither_too_many_nor_too_much_may_wait() {
        let (inlet, mut outlet) = queue();
        (0..EVENTS).for_each(|_| inlet.put((), 1).unwrap());
        assert_eq!(inlet.put((), 1), Err(Overfull));
        let (large, _kept) = queue();
        assert_eq!(large.put((), EVENT_BYTES + 1), Err(Overfull));
        assert!(outlet.take().await.is_some());
        assert_eq!(inlet.put((), 1), Ok(()), "a place is free again");
    }
}
