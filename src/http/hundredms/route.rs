//! Which paths are this face's: `/rooms` and `/rooms/<id>/token`, at the root and below a prefix.
use percent_encoding::percent_decode_str;
use warp::http::Method;

/// Bytes of a room's key as it may stand in a path.
const KEY_BYTES: usize = 128;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Endpoint {
    Rooms,
    Token { room: String },
}

impl Endpoint {
    pub(super) fn takes(&self, method: &Method) -> bool {
        match self {
            Self::Rooms => matches!(*method, Method::GET | Method::HEAD | Method::POST),
            Self::Token { .. } => *method == Method::POST,
        }
    }

    /// What is said when something of ours goes wrong.
    pub(super) fn failure(&self, method: &Method) -> &'static str {
        match self {
            Self::Rooms if *method == Method::POST => super::rooms::NO_ROOM,
            Self::Rooms => super::rooms::NO_LIST,
            Self::Token { .. } => super::rooms::NO_TOKEN,
        }
    }
}

/// `None` is not ours. As the original's router, it looks at no letter's case and takes a slash at the end.
pub(super) fn find(path: &str, prefix: &str) -> Option<Endpoint> {
    let below = || path.strip_prefix(prefix).filter(|rest| !prefix.is_empty() && rest.starts_with('/'));
    at_root(path).or_else(|| at_root(below()?))
}

fn at_root(path: &str) -> Option<Endpoint> {
    let path = path.strip_prefix('/')?;
    let parts: Vec<&str> = path.strip_suffix('/').unwrap_or(path).split('/').collect();
    match parts[..] {
        [rooms] if rooms.eq_ignore_ascii_case("rooms") => Some(Endpoint::Rooms),
        [rooms, room, token]
            if rooms.eq_ignore_ascii_case("rooms")
                && token.eq_ignore_ascii_case("token")
                && !room.is_empty() =>
        {
            // an unreadable part is a room that isn't there
            let room = percent_decode_str(room).decode_utf8().unwrap_or_default();
            let is_key = room.len() <= KEY_BYTES && !room.chars().any(char::is_control);
            Some(Endpoint::Token { room: if is_key { room.into_owned() } else { String::new() } })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_paths_are_ours_with_and_without_a_prefix() {
        let token = |room: &str| Some(Endpoint::Token { room: room.to_owned() });
        for (path, found) in [
            ("/rooms", Some(Endpoint::Rooms)),
            ("/rooms/", Some(Endpoint::Rooms)),
            ("/Rooms", Some(Endpoint::Rooms)),
            ("/rooms/abc/token", token("abc")),
            ("/rooms/a%20b/TOKEN/", token("a b")),
            ("/rooms/%ff/token", token("")),
            ("/api/rooms", Some(Endpoint::Rooms)),
            ("/api/rooms/abc/token", token("abc")),
            ("/rooms/abc", None),
            ("/rooms//token", None),
            ("/rooms/abc/token/x", None),
            ("/roomsy", None),
            ("/apirooms", None),
            ("/v1/rooms", None),
            ("/", None),
            ("rooms", None),
        ] {
            assert_eq!(find(path, "/api"), found, "{path}");
        }
        assert_eq!(find("/api/rooms", ""), None);
        assert_eq!(find("/rooms", ""), Some(Endpoint::Rooms));
    }
}
