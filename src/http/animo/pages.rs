//! The old client's own page out of a folder, `dialects.animo.static_dir`: a single page that reads its address itself.
use crate::http::folder::Folder;
use std::sync::Arc;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::http::{HeaderMap, Method};
use warp::path::FullPath;
use warp::reply::Response;

/// What belongs to this server itself whatever lies in the folder: its API, sockets, health, and its own page's
/// meetings, files and account.
const OURS: [&str; 12] =
    ["v1", "api", "backend", "socket.io", "server", "docs", "sdk", "m", "_", "healthz", "readyz", "metrics"];

/// The folder at `/`. Rejects what is the server's own; everything else that isn't a file is the page.
pub fn routes(folder: Folder) -> BoxedFilter<(Response,)> {
    let folder = Arc::new(folder);
    warp::path::full()
        .and(warp::method())
        .and(warp::header::headers_cloned())
        .and_then(move |path: FullPath, method: Method, headers: HeaderMap| {
            let folder = folder.clone();
            async move {
                answer(&folder, path.as_str(), &method, &headers).await.ok_or_else(warp::reject::not_found)
            }
        })
        .boxed()
}

async fn answer(folder: &Folder, path: &str, method: &Method, headers: &HeaderMap) -> Option<Response> {
    let rest = path.strip_prefix('/')?;
    let first = rest.split('/').next().unwrap_or_default();
    if !matches!(*method, Method::GET | Method::HEAD) || OURS.contains(&first) {
        return None;
    }
    if rest.is_empty() && !crate::http::page::accepts_html(headers) {
        return None; // `I am home`
    }
    folder.answer(rest, headers).await
}
