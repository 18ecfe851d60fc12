//! A request's body on its way: it must be complete in time, however slowly it drips.
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use thiserror::Error;
use tokio::time::{Sleep, sleep};

/// Whether a body came too late; shared with whoever answers the request.
#[derive(Clone, Debug, Default)]
pub(super) struct Lateness(Arc<AtomicBool>);

impl Lateness {
    pub(super) fn is_late(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The body of a request with a deadline on the whole of it.
#[derive(Debug)]
pub struct Arriving {
    body: Incoming,
    deadline: Option<(Pin<Box<Sleep>>, Lateness)>,
}

/// Why a body could not be read.
#[derive(Debug, Error)]
pub enum BodyError {
    #[error("request body did not arrive in time")]
    Late,
    #[error("request body broke off: {0}")]
    Broken(#[from] hyper::Error),
}

impl Arriving {
    /// Wraps `body`; one that is empty needs no deadline.
    pub(super) fn new(body: Incoming, within: Duration) -> (Self, Option<Lateness>) {
        if body.is_end_stream() {
            return (Self { body, deadline: None }, None);
        }
        let lateness = Lateness::default();
        let deadline = Some((Box::pin(sleep(within)), lateness.clone()));
        (Self { body, deadline }, Some(lateness))
    }
}

impl Body for Arriving {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Some((deadline, lateness)) = &mut self.deadline
            && deadline.as_mut().poll(cx).is_ready()
        {
            lateness.0.store(true, Ordering::Relaxed);
            return Poll::Ready(Some(Err(BodyError::Late)));
        }
        Pin::new(&mut self.body).poll_frame(cx).map_err(BodyError::from)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
