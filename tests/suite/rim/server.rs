//! A rim with an echo behind it, whose sockets the test can see and write to.
use std::{sync::Arc, time::Duration};

use convene::actors::outbox::{self, Outbox};
use convene::dialect::frame;
use convene::http::{
    context::client_addr,
    origin::{Origins, Ports},
    serve::{Arriving, Left, Serve, Settings},
    ws::{self, Accept, Door, Foreign, Gone, Limits, Opening, Receive},
};
use hyper::Request;
use hyper_util::service::TowerToHyperService;
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc},
    time::timeout,
};
use warp::Filter;

/// No test waits longer than this for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A running rim. `/ws` refuses foreign pages, `/raw` judges them later, `/who` tells the client's address,
/// `/echo` answers its body, `/slow` answers once a permit is added to `slow`.
pub(crate) struct Rim {
    pub(crate) serve: Serve,
    pub(crate) slow: Arc<Semaphore>,
    /// Permits for messages; the echo takes one before each.
    pub(crate) permits: Arc<Semaphore>,
    opened: mpsc::UnboundedReceiver<(Opening, Arc<Outbox>)>,
    gone: mpsc::UnboundedReceiver<Gone>,
}

/// What differs from the defaults.
#[derive(Default)]
pub(crate) struct Change {
    pub(crate) settings: Settings,
    pub(crate) limits: Limits,
    pub(crate) outbox: outbox::Limits,
}

#[derive(Clone)]
struct Echo {
    opened: mpsc::UnboundedSender<(Opening, Arc<Outbox>)>,
    gone: mpsc::UnboundedSender<Gone>,
    permits: Arc<Semaphore>,
}

struct EchoSink {
    outbox: Arc<Outbox>,
    gone: mpsc::UnboundedSender<Gone>,
    permits: Arc<Semaphore>,
}

impl Accept for Echo {
    type Sink = EchoSink;

    async fn accept(&self, opening: Opening, outbox: Arc<Outbox>) -> EchoSink {
        self.opened.send((opening, outbox.clone())).ok();
        EchoSink { outbox, gone: self.gone.clone(), permits: self.permits.clone() }
    }
}

impl Receive for EchoSink {
    async fn text(&mut self, text: String) {
        assert_ne!(text, "panic", "as the test wishes");
        self.permits.acquire().await.expect("never closed").forget();
        self.outbox.send(frame::text(text.as_bytes()));
    }

    fn pong(&mut self) {}

    fn gone(self, why: Gone) {
        self.gone.send(why).ok();
    }
}

impl Rim {
    pub(crate) async fn start() -> Self {
        Self::start_with(Change::default()).await
    }

    pub(crate) async fn start_with(change: Change) -> Self {
        let (opened_here, opened) = mpsc::unbounded_channel();
        let (gone_here, gone) = mpsc::unbounded_channel();
        let slow = Arc::new(Semaphore::new(0));
        let permits = Arc::new(Semaphore::new(Semaphore::MAX_PERMITS));
        let accept = Echo { opened: opened_here, gone: gone_here, permits: permits.clone() };
        let strict = Door {
            accept,
            origins: Arc::new(Origins::parse(["https://ok.example"]).unwrap()),
            ports: Ports::Same,
            foreign: Foreign::Refused,
            limits: change.limits,
            outbox: change.outbox,
        };
        let lenient =
            Door { foreign: Foreign::JudgedLater { cookies: &["__Host-session"] }, ..strict.clone() };
        let waits = slow.clone();
        let routes = (warp::path!("ws").and(ws::upgrade(strict)))
            .or(warp::path!("raw").and(ws::asked()).and(ws::upgrade(lenient)))
            .unify()
            .or(warp::path!("who").and(client_addr()).map(|client| format!("{client:?}")))
            .or(warp::path!("echo").and(warp::body::bytes()).map(|body: bytes::Bytes| body.to_vec()))
            .or(warp::path!("slow").and_then(move || {
                let waits = waits.clone();
                async move {
                    waits.acquire().await.expect("never closed").forget();
                    Ok::<_, warp::Rejection>("at last")
                }
            }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let serve = Serve::start(listener, service(routes), change.settings).unwrap();
        Self { serve, slow, permits, opened, gone }
    }

    /// The next socket that was opened.
    pub(crate) async fn opened(&mut self) -> (Opening, Arc<Outbox>) {
        timeout(PATIENCE, self.opened.recv()).await.expect("a socket opens").unwrap()
    }

    /// Why the next socket ended.
    pub(crate) async fn gone(&mut self) -> Gone {
        timeout(PATIENCE, self.gone.recv()).await.expect("a socket ends").unwrap()
    }

    /// Waits until exactly `count` sockets are open.
    pub(crate) async fn has_open(&self, count: usize) {
        let reached = async {
            while self.serve.admission().open() != count {
                tokio::time::sleep(Duration::from_millis(1)).await; // polled: the count has no listener
            }
        };
        let open = || self.serve.admission().open();
        timeout(PATIENCE, reached).await.unwrap_or_else(|_| panic!("{} are open, not {count}", open()));
    }

    /// Drains and asserts that nothing is left running.
    pub(crate) async fn ends_clean(self) {
        self.has_open(0).await;
        assert_eq!(self.serve.drain(PATIENCE).await, Left { requests: 0, sockets: 0 });
    }
}

fn service<F, R>(
    routes: F,
) -> impl hyper::service::Service<
    Request<Arriving>,
    Response = warp::reply::Response,
    Error = std::convert::Infallible,
    Future: Send,
> + Clone
+ Send
where
    F: Filter<Extract = (R,), Error = warp::Rejection> + Clone + Send + Sync + 'static,
    R: warp::Reply + 'static,
{
    TowerToHyperService::new(warp::service(routes.map(warp::Reply::into_response).boxed()))
}
