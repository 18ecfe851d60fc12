//! A gateway for text messages beside the test: it answers as it is told, and keeps what it was sent.
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::HeaderMap;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How it answers one message.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    Status(u16),
    /// A body without end behind a good status.
    Endless,
    /// None, ever.
    Silence,
    /// The line is cut.
    Cut,
}

pub(super) struct Posted {
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

pub(super) struct Gateway {
    pub(super) url: String,
    posted: mpsc::UnboundedReceiver<Posted>,
    serving: JoinHandle<()>,
}

impl Gateway {
    /// An answer for each message, the last one for all further ones.
    pub(super) async fn start(plan: &[Answer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/send?key=hidden", listener.local_addr().unwrap());
        let (tell, posted) = mpsc::unbounded_channel();
        let plan = Arc::new(Mutex::new(plan.to_vec()));
        let serving = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let (tell, plan) = (tell.clone(), plan.clone());
                tokio::spawn(async move {
                    let answer = service_fn(|request| answer(request, tell.clone(), plan.clone()));
                    // a client that hangs up is part of the test
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(socket), answer).await;
                });
            }
        });
        Self { url, posted, serving }
    }

    pub(super) async fn gets(&mut self) -> Posted {
        let posted = timeout(Duration::from_secs(20), self.posted.recv()).await;
        posted.expect("a message comes in time").expect("the gateway runs")
    }

    pub(super) fn stop(self) {
        self.serving.abort();
    }
}

type Body = http_body_util::combinators::BoxBody<Bytes, std::io::Error>;

async fn answer(
    request: Request<Incoming>,
    tell: mpsc::UnboundedSender<Posted>,
    plan: Arc<Mutex<Vec<Answer>>>,
) -> Result<Response<Body>, std::io::Error> {
    let headers = request.headers().clone();
    let body = request.into_body().collect().await.map_err(std::io::Error::other)?.to_bytes();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let answer = {
        let mut plan = plan.lock().await;
        if plan.len() > 1 { plan.remove(0) } else { plan[0] }
    };
    tell.send(Posted { headers, body }).unwrap();
    let never = |never: Infallible| match never {};
    match answer {
        Answer::Status(status) => {
            let whole = Full::new(Bytes::from_static(b"{}")).map_err(never).boxed();
            let redirect = Response::builder().status(status).header("location", "http://127.0.0.1:9/else");
            Ok(redirect.body(whole).unwrap())
        }
        Answer::Endless => {
            let part = || Ok(hyper::body::Frame::data(Bytes::from_static(&[b'x'; 16_384])));
            let endless = futures_util::stream::repeat_with(part);
            Ok(Response::new(BodyExt::boxed(http_body_util::StreamBody::new(endless))))
        }
        Answer::Silence => std::future::pending().await,
        Answer::Cut => Err(std::io::Error::other("cut")),
    }
}
