//! Changes by cookie have to come from our own pages: a browser sends cookies along with what other sites make it send.
use crate::fault::Fault;
use crate::http::context::ClientAddr;
use crate::http::origin::{Origins, Ports, Verdict};
use warp::http::{HeaderMap, Method};

/// Whether a method changes nothing, so that no proof is needed.
fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Judges a request that came with our cookie: `Sec-Fetch-Site` (no page can set it) says same-origin or none, or
/// `Origin`, or where that is missing `Referer`, is one of ours.
///
/// # Errors
/// [`Fault::Csrf`]
pub(in crate::http) fn prove(
    origins: &Origins,
    method: &Method,
    headers: &HeaderMap,
    client: ClientAddr,
) -> Result<(), Fault> {
    let site = headers.get("sec-fetch-site").map(|site| site.as_bytes());
    if is_safe(method) || matches!(site, Some(b"same-origin" | b"none")) {
        return Ok(());
    }
    let is_ours = match origins.judge(headers, client, Ports::Same) {
        Verdict::Own => true,
        Verdict::Foreign => false,
        Verdict::Absent => site.is_none() && origins.judge_referer(headers, client) == Verdict::Own,
    };
    if is_ours { Ok(()) } else { Err(Fault::Csrf) }
}

/// Judges a request that asks for our cookie: nobody may be signed in, as somebody else, by another site's page.
///
/// # Errors
/// [`Fault::Csrf`]
pub(in crate::http) fn may_set_cookie(
    origins: &Origins,
    headers: &HeaderMap,
    client: ClientAddr,
) -> Result<(), Fault> {
    let is_foreign = origins.judge(headers, client, Ports::Same) == Verdict::Foreign;
    let is_cross_site = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    if is_foreign || is_cross_site { Err(Fault::Csrf) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::context::Scheme;

    fn judged(method: Method, lines: &[(&'static str, &str)]) -> bool {
        let origins = Origins::parse(["https://ok.example"]).unwrap();
        let peer = "192.0.2.1:9".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("host", "inner:8080".parse().unwrap());
        for (name, value) in lines {
            headers.insert(*name, value.parse().unwrap());
        }
        prove(&origins, &method, &headers, ClientAddr { peer, ip: peer.ip(), scheme: Scheme::Http }).is_ok()
    }

    #[test]
    fn our_own_pages_are_let_through() {
        for lines in [
            &[("sec-fetch-site", "same-origin")][..],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            &[("sec-fetch-site", "same-site"), ("origin", "https://ok.example")],
            &[("origin", "http://inner:8080")],
            &[("origin", "https://ok.example")],
            &[("referer", "https://ok.example/m/abc-defg-hij?x")],
        ] {
            assert!(judged(Method::POST, lines), "{lines:?}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        for lines in [
            &[][..],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("origin", "https://ok.example.evil"), ("referer", "https://ok.example/")],
            &[("referer", "https://evil.example/https://ok.example/")],
            &[("referer", "https://ok.example@evil.example/")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("referer", "https://ok.example/")],
        ] {
            assert!(!judged(Method::POST, lines), "{lines:?}");
            assert!(judged(Method::GET, lines), "{lines:?}");
        }
    }
}
