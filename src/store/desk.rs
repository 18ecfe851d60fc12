//! A thread for work that asks SQLite many small things in a row.
//!
//! Each statement runs on SQLite's own thread, and its answer wakes whoever waits. On the runtime that also serves the
//! sockets that one stands in line behind everything that is ready: under load a group of changes waited there longer
//! than for the disk. Here it goes on at once. Servers over a network answer through the sockets' runtime anyway.
use std::future::Future;
use std::sync::Arc;

use sea_orm::DbBackend;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// Cheap to clone; the thread ends with the last of them.
#[derive(Clone)]
pub(super) struct Desk(Option<Arc<Own>>);

/// Taken out when it is dropped: a runtime must not be waited for within another one.
struct Own(Option<Runtime>);

impl Desk {
    /// With a thread of its own on SQLite only.
    pub(super) fn of(backend: DbBackend) -> std::io::Result<Self> {
        if backend != DbBackend::Sqlite {
            return Ok(Self(None));
        }
        let runtime =
            Builder::new_multi_thread().worker_threads(1).thread_name("journal").enable_all().build()?;
        Ok(Self(Some(Arc::new(Own(Some(runtime))))))
    }

    pub(super) fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        match self.0.as_ref().and_then(|own| own.0.as_ref()) {
            Some(own) => own.spawn(work),
            None => tokio::spawn(work),
        }
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
