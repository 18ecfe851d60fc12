//! The client's own pages under `/client/`, from the operator's folder, and the paths that lead to them.
use crate::http::folder::Folder;
use crate::http::page::headers::add_common;
use bytes::Bytes;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::http::header::{self, HeaderValue};
use warp::http::{HeaderMap, Method, StatusCode};
use warp::path::FullPath;
use warp::reply::Response;

/// Where the pages lie.
const MOUNT: &str = "/client/";
/// The page that sets a new password: the client's, or ours, which reads the token behind the `#`.
const RESET_PAGE: &str = "/client/verify/forgot.php";
const OWN_RESET_PAGE: &str = "/reset";

pub(super) fn routes(pages: Option<Folder>) -> BoxedFilter<(Response,)> {
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    warp::method()
        .and(warp::path::full())
        .and(query)
        .and(warp::header::headers_cloned())
        .and_then(move |method: Method, path: FullPath, query: String, headers: HeaderMap| {
            let pages = pages.clone();
            async move {
                let answer = answer(pages.as_ref(), &method, path.as_str(), &query, &headers).await;
                answer.ok_or_else(warp::reject::not_found)
            }
        })
        .boxed()
}

async fn answer(
    pages: Option<&Folder>,
    method: &Method,
    path: &str,
    query: &str,
    headers: &HeaderMap,
) -> Option<Response> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    if matches!(path, "/reset.php" | "/client/reset.php") || (pages.is_none() && path == RESET_PAGE) {
        return Some(to_reset_page(pages, query));
    }
    let pages = pages?;
    match path {
        "/client" => return Some(moved(MOUNT, "")),
        "/client/dashboard/dashboard.php" => return Some(moved("/client/dashboard/", query)),
        // what one page names, and what there is
        "/client/login.html" | "/client/verify/login.html" => return Some(moved("/client/login.php", query)),
        "/client/verify/tailwind.js" | "/tailwind.js" => return Some(moved("/client/tailwind.js", query)),
        _ => {}
    }
    pages.answer(path.strip_prefix(MOUNT)?, headers).await
}

fn to_reset_page(pages: Option<&Folder>, query: &str) -> Response {
    if pages.is_some() {
        return moved(RESET_PAGE, query);
    }
    let token = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "token");
    let is_plain =
        |token: &str| token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    match token.filter(|(_, token)| is_plain(token)) {
        Some((_, token)) => moved(&format!("{OWN_RESET_PAGE}#token={token}"), ""),
        None => moved(OWN_RESET_PAGE, ""),
    }
}

/// Not kept by anybody, since an operator may mount other pages tomorrow.
fn moved(to: &str, query: &str) -> Response {
    let to = if query.is_empty() { to.to_owned() } else { format!("{to}?{query}") };
    let mut response = Response::new(Bytes::new().into());
    *response.status_mut() = StatusCode::FOUND;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(to) = HeaderValue::from_str(&to) {
        headers.insert(header::LOCATION, to);
    }
    add_common(headers);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
