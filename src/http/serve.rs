//! The accept loop: HTTP/1.1 on a listener of the caller's, with limits and deadlines that hold before any route is asked.
//!
//! Not `warp::serve`: it installs no timer (so its header deadline is inert), speaks HTTP/2 on a clear port, and
//! loses sight of upgraded sockets when it drains.
mod admission;
mod arriving;
mod rim;
mod socket;

use std::{convert::Infallible, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use hyper::{
    Request, Response,
    body::{Body, Bytes},
    server::conn::http1::{self, UpgradeableConnection},
    service::Service,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::{Instant, sleep, timeout},
};

pub use admission::{Admission, Admitted, Full};
pub use arriving::{Arriving, BodyError};
pub use socket::{Deadlines, Socket};

use super::context::Proxies;
use rim::{Answer, Rim};
use socket::Turn;

/// Pause of accepting when the process has no file descriptor left.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(100);
/// Refusals with an answer that may be under way; beyond, sockets are just closed.
const POLITE_REFUSALS: usize = 64;
const REFUSAL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// How the server listens.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Sockets in all, upgraded ones included.
    pub connections: usize,
    /// Sockets of one client address.
    pub connections_per_address: usize,
    /// Addresses that may have any number of sockets (`limits.trusted_sources`).
    pub uncounted: Vec<IpNet>,
    pub deadlines: Deadlines,
    /// A request's body, from its head to its last byte.
    pub body_within: Duration,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// Header lines of a request.
    pub headers: usize,
    /// Proxies whose forwarding headers are believed. Their sockets aren't counted per address.
    pub proxies: Proxies,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connections: 16_000,
            connections_per_address: 500,
            uncounted: Vec::new(),
            deadlines: Deadlines {
                head: Duration::from_secs(10),
                idle: Duration::from_secs(60),
                stalled_write: Duration::from_secs(15),
            },
            body_within: Duration::from_secs(15),
            head_bytes: 16 << 10,
            headers: 100,
            proxies: Proxies::default(),
        }
    }
}

/// A server that accepts until it is drained or dropped.
pub struct Serve {
    address: SocketAddr,
    admission: Arc<Admission>,
    phase: watch::Sender<Phase>,
}

/// What a drain left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Connections cut because their request was not answered by the deadline.
    pub requests: usize,
    /// Upgraded sockets still open: their owners close them.
    pub sockets: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Running,
    Draining,
    Stopped,
}

impl Serve {
    /// Accepts on `listener` and answers by `routes`, for example `TowerToHyperService::new(warp::service(filter))`.
    ///
    /// # Errors
    /// When the listener has no local address any more.
    pub fn start<S, B>(listener: TcpListener, routes: S, settings: Settings) -> io::Result<Self>
    where
        S: Service<Request<Arriving>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send + 'static,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let address = listener.local_addr()?;
        let admission =
            Admission::new(settings.connections, settings.connections_per_address, settings.uncounted);
        let (phase, follow) = watch::channel(Phase::Running);
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(settings.deadlines.idle) // it counts from the last answer; a begun head has the socket's own
            .max_headers(settings.headers)
            .max_header_size(settings.head_bytes)
            .max_buf_size(settings.head_bytes.max(8 << 10));
        let accepting = Accepting {
            http,
            routes,
            admission: admission.clone(),
            deadlines: settings.deadlines,
            body_within: settings.body_within,
            proxies: Arc::new(settings.proxies),
            refusals: Arc::new(Semaphore::new(POLITE_REFUSALS)),
        };
        tokio::spawn(accepting.run(listener, follow));
        Ok(Self { address, admission, phase })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The count of open sockets.
    #[must_use]
    pub fn admission(&self) -> &Arc<Admission> {
        &self.admission
    }

    /// Stops accepting, lets requests under way finish within `within`, cuts the rest, and tells what is left.
    pub async fn drain(self, within: Duration) -> Left {
        self.phase.send_replace(Phase::Draining);
        let requests = match timeout(within, self.phase.closed()).await {
            Ok(()) => 0,
            Err(_) => self.phase.receiver_count(),
        };
        self.phase.send_replace(Phase::Stopped);
        self.phase.closed().await;
        Left { requests, sockets: self.admission.open() }
    }
}

struct Accepting<S> {
    http: http1::Builder,
    routes: S,
    admission: Arc<Admission>,
    deadlines: Deadlines,
    body_within: Duration,
    proxies: Arc<Proxies>,
    refusals: Arc<Semaphore>,
}

impl<S, B> Accepting<S>
where
    S: Service<Request<Arriving>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    async fn run(self, listener: TcpListener, mut phase: watch::Receiver<Phase>) {
        let mut last_logged = None;
        loop {
            let accepted = tokio::select! {
                biased;
                _ = phase.changed() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => self.admit(stream, peer, phase.clone()),
                Err(error) => pause_if_exhausted(&error, &mut last_logged).await,
            }
        }
    }

    fn admit(&self, stream: TcpStream, peer: SocketAddr, phase: watch::Receiver<Phase>) {
        let through_proxy = self.proxies.trust(peer.ip());
        match self.admission.enter((!through_proxy).then_some(peer.ip())) {
            Ok(admitted) => self.serve(stream, peer, admitted, phase),
            Err(Full::Address) => {} // closed at once: it is one client's own doing
            Err(Full::Server) => self.refuse(stream),
        }
    }

    fn serve(&self, stream: TcpStream, peer: SocketAddr, admitted: Admitted, phase: watch::Receiver<Phase>) {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "socket was closed before it was served");
            return;
        }
        let turn = Arc::new(Turn::default());
        let socket = Socket::new(stream, admitted, turn.clone(), self.deadlines);
        let rim = Rim {
            routes: self.routes.clone(),
            peer,
            proxies: self.proxies.clone(),
            body_within: self.body_within,
            turn: turn.clone(),
        };
        let connection = self.http.serve_connection(TokioIo::new(socket), rim).with_upgrades();
        tokio::spawn(answer_requests(connection, turn, phase));
    }

    /// Says 503 to whom there is no room for, without holding a place for it.
    fn refuse(&self, mut stream: TcpStream) {
        let Ok(permit) = self.refusals.clone().try_acquire_owned() else { return };
        tokio::spawn(async move {
            let told = async {
                stream.write_all(REFUSAL).await?;
                stream.shutdown().await?;
                stream.readable().await
            };
            if !matches!(timeout(Duration::from_secs(1), told).await, Ok(Ok(()))) {
                tracing::trace!("a refused client did not hear why");
            }
            drop(permit);
        });
    }
}

async fn answer_requests<S, B>(
    connection: UpgradeableConnection<TokioIo<Socket>, Rim<S>>,
    turn: Arc<Turn>,
    mut phase: watch::Receiver<Phase>,
) where
    Rim<S>: Service<Request<hyper::body::Incoming>, Response = Answer<B>, Error = Infallible>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut connection = pin!(connection);
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "connection ended");
                }
                return;
            }
            changed = phase.changed() => {
                let now = if changed.is_ok() { *phase.borrow() } else { Phase::Stopped };
                match now {
                    Phase::Running => {}
                    Phase::Draining if !turn.is_touched() => return, // hyper would wait for its first request
                    Phase::Draining => connection.as_mut().graceful_shutdown(),
                    Phase::Stopped => return,
                }
            }
        }
    }
}

/// Waits when no descriptor or memory is left, and says so once a second; a client that is gone again is no reason to wait.
async fn pause_if_exhausted(error: &io::Error, last_logged: &mut Option<Instant>) {
    let of_one_client = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    );
    if of_one_client {
        return;
    }
    if last_logged.is_none_or(|logged| logged.elapsed() >= Duration::from_secs(1)) {
        *last_logged = Some(Instant::now());
        tracing::warn!(%error, "accepting pauses");
    }
    sleep(EXHAUSTED_PAUSE).await;
}
