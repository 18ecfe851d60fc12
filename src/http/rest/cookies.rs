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

/// What a Meet page holds: one account has one session on every face.
const OF_MEET: &str = "PHPSESSID";

/// The session's token, if a cookie of ours came along. Of two of that name neither counts.
pub(in crate::http) fn token(headers: &HeaderMap, scheme: Scheme) -> Option<String> {
    let mut values = ours(headers, name(scheme));
    let Some(first) = values.next() else { return of_meet(headers) };
    if values.next().is_some() { None } else { Some(first) }
}

/// Whether a cookie of ours came along, good or bad.
pub(super) fn came(headers: &HeaderMap, scheme: Scheme) -> bool {
    ours(headers, name(scheme)).next().is_some() || of_meet(headers).is_some()
}

fn ours<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = String> + 'a {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let cookies = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.filter(move |cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

/// Any PHP program on this host has a cookie of that name, and one that awaits a code is no session: only what is spelt as
/// our sessions counts.
fn of_meet(headers: &HeaderMap) -> Option<String> {
    let mut values = ours(headers, OF_MEET);
    let first = values.next().filter(|value| {
        let is_alnum = value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_alnum && value.bytes().any(|byte| byte.is_ascii_uppercase())
    })?;
    if values.next().is_some() { None } else { Some(first) }
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
    fn a_meet_pages_session_counts_where_there_is_none_of_ours() {
        let meet = "PHPSESSID=abcdefghijklmnopqrstuvwxyz01234A";
        assert_eq!(read(meet, Scheme::Https).as_deref(), Some("abcdefghijklmnopqrstuvwxyz01234A"));
        assert_eq!(read(&format!("{meet}; convene=cvs_abc"), Scheme::Http).as_deref(), Some("cvs_abc"));
        for other in [
            "PHPSESSID=abc".to_owned(),
            "PHPSESSID=0198c5e2a1b27000800000000000000f".to_owned(),
            "PHPSESSID=abcdefghijklmnopqrstuvwxyz-1234A".to_owned(),
            format!("{meet}; {meet}"),
        ] {
            assert_eq!(read(&other, Scheme::Http), None, "{other}");
            let headers = HeaderMap::from_iter([(header::COOKIE, other.parse().unwrap())]);
            assert!(!came(&headers, Scheme::Http), "{other}");
        }
    }

    #[test]
    fn of_two_none_counts() {
        assert_eq!(read("convene=one; convene=two", Scheme::Http), None);
        let headers = HeaderMap::from_iter([(header::COOKIE, "convene=one; convene=two".parse().unwrap())]);
        assert!(came(&headers, Scheme::Http));
    }
}
