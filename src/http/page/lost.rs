//! What a browser is shown where there is nothing; tools get the refusal that every other route gives.
use super::{accepts_html, headers, shell, with_vary};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::http::header::{self, HeaderValue};
use warp::http::{HeaderMap, Method, StatusCode};
use warp::reply::Response;

/// For what no other route took. Rejects all but people who went to a page.
pub(in crate::http) fn routes() -> BoxedFilter<(Response,)> {
    warp::method()
        .and(warp::header::headers_cloned())
        .and_then(|method: Method, headers: HeaderMap| async move {
            let is_visit = matches!(method, Method::GET | Method::HEAD) && accepts_html(&headers);
            if is_visit { Ok(page()) } else { Err(warp::reject::not_found()) }
        })
        .boxed()
}

fn page() -> Response {
    let mut response = with_vary(Response::new(shell::lost().into()));
    *response.status_mut() = StatusCode::NOT_FOUND;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers::add_page(headers);
    response
}
