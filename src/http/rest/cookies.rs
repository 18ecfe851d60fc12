//! Our session cookie: how it is read, set and cleared. No page's script can read it, and no other site's form sends it.
use crate::http::context::Scheme;
use cookie::{Cookie, SameSite, time::Duration};
use warp::http::HeaderMap;
use warp::http::header::{self, HeaderValue};

/// Over TLS: the prefix makes browsers refuse it from other hosts, without Secure, or for a part of the site only.
pub(in crate::http) const ON_TLS: &str = "__Host-convene";
/// Over plain HTTP, where browsers keep no cookie of that prefix.
pub(in crate::http) const ON_HTTP: &str = "convene";

fn name(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Https => ON_TLS,
        Scheme::Http => ON_HTTP,
    }
}

/// The session's token, if a cookie of ours came along. Of two of that name neither counts.
pub(in crate::http) fn token(headers: &HeaderMap, scheme: Scheme) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut ours = lines
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .filter(|cookie| cookie.name() == name(scheme));
    let first = ours.next()?;
    if ours.next().is_some() { None } else { Some(first.value().to_owned()) }
}

/// Whether a cookie of ours came along, good or bad.
pub(super) fn came(headers: &HeaderMap, scheme: Scheme) -> bool {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(Cookie::split_parse).filter_map(Result::ok).any(|cookie| cookie.name() == name(scheme))
}

/// Sets the cookie for as long as the session may live.
pub(in crate::http) fn set(token: &str, scheme: Scheme, seconds: i64) -> HeaderValue {
    write(token, scheme, seconds, SameSite::Lax)
}

/// The same for the page of an allowed origin on another site: its requests carry the cookie too. Browsers keep such a
/// one over TLS only; that a change comes from an allowed origin is proved with each.
pub(in crate::http) fn set_for_other_sites(token: &str, seconds: i64) -> HeaderValue {
    write(token, Scheme::Https, seconds, SameSite::None)
}

/// Makes the browser forget it.
pub(super) fn clear(scheme: Scheme) -> HeaderValue {
    write("", scheme, 0, SameSite::Lax)
}

fn write(token: &str, scheme: Scheme, seconds: i64, to: SameSite) -> HeaderValue {
    let cookie = Cookie::build((name(scheme), token))
        .path("/")
        .http_only(true)
        .same_site(to)
        .secure(scheme == Scheme::Https)
        .max_age(Duration::seconds(seconds));
    HeaderValue::from_str(&cookie.to_string()).expect("names, base64url and attributes are plain ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str, scheme: Scheme) -> Option<String> {
        token(&HeaderMap::from_iter([(header::COOKIE, line.parse().unwrap())]), scheme)
    }

    #[test]
    fn what_is_set_is_read_under_its_scheme_only() {
        let set = set("cvs_abc", Scheme::Https, 60);
        assert_eq!(
            set.to_str().unwrap(),
            "__Host-convene=cvs_abc; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60"
        );
        assert_eq!(read("a=b; __Host-convene=cvs_abc", Scheme::Https).as_deref(), Some("cvs_abc"));
        assert_eq!(read("__Host-convene=cvs_abc", Scheme::Http), None);
        assert_eq!(read("convene=cvs_abc; x=y", Scheme::Http).as_deref(), Some("cvs_abc"));
        assert_eq!(read("convene=cvs_abc", Scheme::Https), None, "not to be planted over plain HTTP");
        let everywhere = set_for_other_sites("abc", 60);
        let attributes = "__Host-convene=abc; HttpOnly; SameSite=None; Secure; Path=/; Max-Age=60";
        assert_eq!(everywhere.to_str().unwrap(), attributes);
        assert!(!clear(Scheme::Http).to_str().unwrap().contains("Secure"));
    }

    #[test]
    fn of_two_none_counts() {
        assert_eq!(read("convene=one; convene=two", Scheme::Http), None);
        let headers = HeaderMap::from_iter([(header::COOKIE, "convene=one; convene=two".parse().unwrap())]);
        assert!(came(&headers, Scheme::Http));
    }
}
