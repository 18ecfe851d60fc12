//! The faces of the server: HTTP and WebSocket.
pub mod animo;
pub mod context;
mod docs;
pub mod folder;
pub mod health;
pub mod hundredms;
pub mod meet;
pub mod mesibo;
pub mod native;
pub mod origin;
mod page;
mod problem;
pub mod raw;
mod refusal;
pub mod rest;
pub mod serve;
pub mod socketio;
pub mod ws;

use std::io;

use self::health::Watched;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

/// The routes of another system's face.
pub type Face = BoxedFilter<(Response,)>;

/// What the routes are made of; boot gives it.
pub struct Parts {
    /// `/v1/connect`. Rejects what isn't its own.
    pub sockets: BoxedFilter<(Response,)>,
    /// The rest of `/v1`, see [`rest::routes`].
    pub api: BoxedFilter<(Response,)>,
    /// The faces of other systems, asked in order. Each rejects what isn't its own.
    pub faces: Vec<Face>,
    /// Raw WebSockets of other systems: any path that no socket of ours has, see [`raw`].
    pub raw: Option<Face>,
    pub watched: Watched,
}

/// Everything that is served. Answers every request.
pub fn routes(parts: Parts) -> BoxedFilter<(Response,)> {
    let Parts { sockets, api, faces, raw, watched } = parts;
    let own = sockets.or(api).unify().boxed();
    raw.into_iter()
        .chain(faces)
        .fold(own, |before, face| before.or(face).unify().boxed())
        .or(health::routes(watched))
        .unify()
        .or(docs::routes())
        .unify()
        .or(page::routes())
        .unify()
        .or(page::lost::routes())
        .unify()
        .recover(refusal::not_found)
        .unify()
        .boxed()
}

/// What a port of a dialect's own serves: its sockets, and nothing else.
pub fn sockets_alone(raw: Face) -> Face {
    raw.recover(refusal::not_found).unify().boxed()
}

/// Serves the routes on a listener, and before them Socket.IO, if anybody speaks it.
///
/// # Errors
/// When the listener has no local address any more.
pub fn listen(
    listener: TcpListener,
    routes: BoxedFilter<(Response,)>,
    socketio: Option<socketio::Wire>,
    settings: serve::Settings,
) -> io::Result<serve::Serve> {
    let routes = TowerToHyperService::new(warp::service(routes));
    serve::Serve::start(listener, socketio::Around::new(socketio, routes), settings)
}
