//! The meeting page and the browser SDK, out of the binary: `/`, `/m/<code>`, `/account` …, `/assets/…`, `/sdk/…`.
mod files;
pub(super) mod headers;
pub(super) mod lost;
mod shell;
mod views;

use self::files::{Found, Keep};
use self::views::View;
use bytes::Bytes;
use warp::http::header::{self, HeaderValue};
use warp::http::{HeaderMap, Method, StatusCode};
use warp::reply::Response;
use warp::{Filter, filters::BoxedFilter};

/// Everything of the page. Rejects what isn't its own, so that other routes can follow.
pub(super) fn routes() -> BoxedFilter<(Response,)> {
    warp::method()
        .and(warp::path::full())
        .and(warp::header::headers_cloned())
        .and_then(|method: Method, path: warp::path::FullPath, headers: HeaderMap| async move {
            answer(&method, path.as_str(), &headers).ok_or_else(warp::reject::not_found)
        })
        .boxed()
}

/// The library for pages made for mesibo's, `/mesibo/….js`. Rejects what isn't its own.
pub(super) fn mesibo_library() -> BoxedFilter<(Response,)> {
    warp::method()
        .and(warp::path::full())
        .and(warp::header::headers_cloned())
        .and_then(|method: Method, path: warp::path::FullPath, headers: HeaderMap| async move {
            let path = path.as_str();
            let found = (is_read(&method) && files::is_mesibo(path)).then(|| files::find(path)).flatten();
            let response = found.map(|found| for_any_page(file(&found, &headers)));
            response.ok_or_else(warp::reject::not_found)
        })
        .boxed()
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn answer(method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
    if !is_read(method) || files::is_mesibo(path) {
        return None;
    }
    if path == "/" && !accepts_html(headers) {
        return Some(i_am_home());
    }
    if let Some(view) = View::at(path) {
        return Some(page(view, headers));
    }
    if path.strip_prefix('/').is_some_and(is_native_code) {
        return Some(moved(&format!("/m{path}")));
    }
    files::find(path).map(|found| match files::is_sdk(path) {
        true => for_any_page(file(&found, headers)),
        false => file(&found, headers),
    })
}

/// A module is loaded from another site only if that is allowed; whether its page may then connect is `http.allowed_origins`' matter.
fn for_any_page(mut response: Response) -> Response {
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn page(view: View, asked: &HeaderMap) -> Response {
    let Some(found) = shell::page(view) else { return StatusCode::NOT_FOUND.into_response_empty() };
    let mut response = with_vary(file(&found, asked));
    if view == View::Reset {
        response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    response
}

/// What health checks of meeting front ends expect at `/`.
fn i_am_home() -> Response {
    let mut response = Response::new(Bytes::from_static(b"I am home").into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers::add_common(headers);
    with_vary(response)
}

/// `/` says two things, so caches must ask which is wanted.
fn with_vary(mut response: Response) -> Response {
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    response
}

fn file(found: &Found, asked: &HeaderMap) -> Response {
    let is_current = asked
        .get(header::IF_NONE_MATCH)
        .and_then(|tags| tags.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == found.etag));
    let mut response = if is_current {
        StatusCode::NOT_MODIFIED.into_response_empty()
    } else {
        Response::new(found.bytes.clone().into())
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(found.content_type));
    headers.insert(
        header::ETAG,
        HeaderValue::from_str(&found.etag).expect("quoted hex digits are a header value"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching(found.keep)));
    headers::add_page(headers);
    response
}

fn caching(keep: Keep) -> &'static str {
    match keep {
        Keep::Ask => "no-cache",
        Keep::Forever => "public, max-age=31536000, immutable",
    }
}

fn moved(to: &str) -> Response {
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response_empty();
    let headers = response.headers_mut();
    headers
        .insert(header::LOCATION, HeaderValue::from_str(to).expect("letters and hyphens are a header value"));
    headers::add_common(headers);
    response
}

/// Browsers name `text/html` when they go to a page; tools send `*/*` or nothing.
pub(super) fn accepts_html(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default();
        let is_refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        media.eq_ignore_ascii_case("text/html") && !is_refused
    })
}

/// `abc-defg-hij`: three, four and three lowercase letters.
fn is_native_code(text: &str) -> bool {
    let is_letters =
        |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let parts: Vec<_> = text.split('-').collect();
    matches!(parts[..], [a, b, c] if is_letters(a, 3) && is_letters(b, 4) && is_letters(c, 3))
}

trait EmptyResponse {
    fn into_response_empty(self) -> Response;
}

impl EmptyResponse for StatusCode {
    fn into_response_empty(self) -> Response {
        let mut response = Response::new(Bytes::new().into());
        *response.status_mut() = self;
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_native_code_is_known_by_its_shape() {
        assert!(is_native_code("abc-defg-hij"));
        for other in
            ["abc-defg-hi", "ABC-defg-hij", "abcdefghij", "abc-defg-hij-", "ab1-defg-hij", "assets", ""]
        {
            assert!(!is_native_code(other), "{other}");
        }
    }

    #[test]
    fn browsers_are_told_from_tools() {
        for (accept, html) in [
            ("text/html,application/xhtml+xml,*/*;q=0.8", true),
            ("application/json, text/html;q=0.5", true),
            ("*/*", false),
            ("text/html;q=0", false),
            ("application/json", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, accept.parse().unwrap())]);
            assert_eq!(accepts_html(&headers), html, "{accept}");
        }
        assert!(!accepts_html(&HeaderMap::new()));
    }
}
