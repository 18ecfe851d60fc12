//! Finding the row for a path: literal segments compare exactly, `{…}` takes one segment, percent-decoded.
use super::route::Route;
use percent_encoding::percent_decode_str;
use warp::http::Method;

/// Bytes of a segment that `{…}` takes at most; no key or id is longer.
const PARAM_BYTES: usize = 128;

/// What the table says about a path.
pub(super) enum Found<'a> {
    Route(&'a Route, Vec<String>),
    /// The path is there for these methods, but not for the one asked.
    OtherMethods(Vec<&'static str>),
    Nothing,
}

/// Looks a request up. `HEAD` is answered as `GET`.
pub(super) fn find<'a>(table: &'a [Route], method: &Method, path: &str) -> Found<'a> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let mut others = Vec::new();
    for route in table {
        let Some(params) = take(route.path, path) else { continue };
        if route.method == *method {
            return Found::Route(route, params);
        }
        others.push(word(&route.method));
    }
    if others.is_empty() { Found::Nothing } else { Found::OtherMethods(others) }
}

/// The names in a template's `{…}`, in order.
pub(super) fn params(template: &'static str) -> impl Iterator<Item = &'static str> {
    template.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET, HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "OPTIONS", // the table has no others
    }
}

fn take(template: &str, path: &str) -> Option<Vec<String>> {
    let (mut wanted, mut came) = (template.split('/'), path.split('/'));
    let mut params = Vec::new();
    loop {
        match (wanted.next(), came.next()) {
            (None, None) => return Some(params),
            (Some(name), Some(segment)) if name.starts_with('{') => params.push(decoded(segment)?),
            (Some(literal), Some(segment)) if literal == segment => {}
            _ => return None,
        }
    }
}

/// A segment as text; `None` if it can't be a key: empty, long, not UTF-8, or with control characters or slashes.
fn decoded(segment: &str) -> Option<String> {
    if segment.is_empty() || segment.len() > PARAM_BYTES {
        return None;
    }
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    (!text.chars().any(|c| c.is_control() || c == '/')).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::take;

    #[test]
    fn templates_take_whole_segments() {
        let one = |path| take("/v1/rooms/{key}/calls", path);
        assert_eq!(one("/v1/rooms/abc/calls"), Some(vec!["abc".to_owned()]));
        assert_eq!(one("/v1/rooms/a%62c/calls"), Some(vec!["abc".to_owned()]));
        let long = format!("/v1/rooms/{}/calls", "a".repeat(5000));
        for path in [
            "/v1/rooms//calls",
            "/v1//rooms/abc/calls",
            "/v1/rooms/abc/calls/",
            "/v1/rooms/abc",
            "/v1/rooms/abc%00/calls",
            "/v1/rooms/a%2fb/calls",
            "/v1/rooms/%ff/calls",
            "/v1/rooms/abc/x/calls",
            &long,
        ] {
            assert_eq!(one(path), None, "{path}");
        }
    }
}
