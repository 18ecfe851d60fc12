//! `PHPSESSID`: a session's token, or before one is signed in the sign-up whose code is awaited. No second store: a value
//! that is neither means nothing.
use crate::http::context::Scheme;
use crate::room::ids::FlowId;
use cookie::{Cookie, SameSite, time::Duration};
use warp::http::HeaderMap;
use warp::http::header::{self, HeaderValue};

const NAME: &str = "PHPSESSID";

/// What came along. Of two of that name neither counts.
pub(in crate::http) fn value(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut ours =
        lines.flat_map(Cookie::split_parse).filter_map(Result::ok).filter(|cookie| cookie.name() == NAME);
    let first = ours.next()?;
    if ours.next().is_some() { None } else { Some(first.value().to_owned()) }
}

/// The sign-up that awaits its code, if that is what the cookie names.
pub(super) fn sign_up(headers: &HeaderMap) -> Option<FlowId> {
    value(headers)?.parse().ok()
}

/// An id that names nothing: it doesn't even look like a sign-up's.
pub(super) fn blank() -> String {
    uuid::Uuid::new_v4().simple().to_string().to_uppercase()
}

/// For as long as the browser is open, as PHP's own.
pub(super) fn set(value: &str, scheme: Scheme) -> HeaderValue {
    written(base(value, scheme))
}

/// Makes the browser forget it.
pub(super) fn clear(scheme: Scheme) -> HeaderValue {
    let mut cookie = base("", scheme);
    cookie.set_max_age(Duration::ZERO);
    written(cookie)
}

fn base(value: &str, scheme: Scheme) -> Cookie<'_> {
    Cookie::build((NAME, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(scheme == Scheme::Https)
        .build()
}

fn written(cookie: Cookie<'_>) -> HeaderValue {
    HeaderValue::from_str(&cookie.to_string()).expect("letters, digits and attributes are plain ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(line: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, line.parse().unwrap())])
    }

    #[test]
    fn what_is_set_is_read() {
        assert_eq!(set("abc", Scheme::Https), "PHPSESSID=abc; HttpOnly; SameSite=Lax; Secure; Path=/");
        assert_eq!(set("abc", Scheme::Http), "PHPSESSID=abc; HttpOnly; SameSite=Lax; Path=/");
        assert_eq!(clear(Scheme::Http), "PHPSESSID=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
        assert_eq!(value(&headers("a=b; PHPSESSID=abc")).as_deref(), Some("abc"));
        assert_eq!(value(&headers("PHPSESSID=abc; PHPSESSID=def")), None);
        assert_eq!(value(&headers("phpsessid=abc")), None);
    }

    #[test]
    fn a_sign_up_is_told_from_anything_else() {
        let flow = "0198c5e2a1b27000800000000000000f";
        assert_eq!(sign_up(&headers(&format!("PHPSESSID={flow}"))).unwrap().to_string(), flow);
        for other in ["", "abc", &flow.to_uppercase(), "0198c5e2-a1b2-7000-8000-00000000000f"] {
            assert_eq!(sign_up(&headers(&format!("PHPSESSID={other}"))), None, "{other}");
        }
    }
}
