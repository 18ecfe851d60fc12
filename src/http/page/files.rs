//! The files of `web/`, embedded; found by exact name, so that no path leads out.
use bytes::Bytes;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt::Write;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "web/"]
struct Web;

/// Where the files are found under their version: there they never change, so browsers keep them.
const LASTING: &str = "/_/";

/// 48 bits over all files: another page has another.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Web::iter().collect();
    names.sort_unstable();
    let mut all = Sha256::new();
    for name in names {
        all.update(name.as_bytes());
        all.update(Web::get(&name).map_or([0; 32], |file| file.metadata.sha256_hash()));
    }
    hex(&all.finalize()[..6])
});

/// A file to be served.
pub(super) struct Found {
    pub(super) bytes: Bytes,
    pub(super) content_type: &'static str,
    /// With its quotes: the first half of the content's SHA-256.
    pub(super) etag: String,
    pub(super) keep: Keep,
}

/// How long a browser may go on with its copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Asks each time, and is answered by 304 while nothing changed.
    Ask,
    /// Never asks again: the address holds the version.
    Forever,
}

/// The file for a request's path, with or without a version before it. What an older page asks for by its own version
/// is today's file, which it then doesn't keep.
pub(super) fn find(path: &str) -> Option<Found> {
    let Some(versioned) = path.strip_prefix(LASTING) else { return named(path, Keep::Ask) };
    let (version, _) = versioned.split_once('/')?;
    let keep = if version == VERSION.as_str() { Keep::Forever } else { Keep::Ask };
    named(&versioned[version.len()..], keep)
}

/// Whether the path is one of the browser SDK's, which pages of other sites load too.
pub(super) fn is_sdk(path: &str) -> bool {
    is_below("sdk/", path)
}

/// Whether the path is one of the library for mesibo's pages, which is served with their face only.
pub(super) fn is_mesibo(path: &str) -> bool {
    is_below("mesibo/", path)
}

fn is_below(folder: &str, path: &str) -> bool {
    let plain =
        path.strip_prefix(LASTING).and_then(|versioned| versioned.split_once('/')).map(|(_, rest)| rest);
    plain.or_else(|| path.strip_prefix('/')).is_some_and(|path| path.starts_with(folder))
}

/// The address under which `path` (such as `/assets/js/app.js`) never changes.
pub(super) fn lasting(path: &str) -> String {
    format!("{LASTING}{}{path}", *VERSION)
}

/// The text of a file, by its path below `web/`.
pub(super) fn text(name: &str) -> Option<String> {
    String::from_utf8(Web::get(name)?.data.into_owned()).ok()
}

/// With its quotes, as `Found::etag`.
pub(super) fn etag(content: &[u8]) -> String {
    quoted(&Sha256::digest(content))
}

fn named(path: &str, keep: Keep) -> Option<Found> {
    let name = match path {
        "/favicon.ico" | "/favicon.svg" => "assets/img/favicon.svg",
        "/manifest.webmanifest" => "assets/manifest.webmanifest",
        path => path.strip_prefix('/')?,
    };
    let content_type = content_type(name)?;
    let file = Web::get(name)?;
    let etag = quoted(&file.metadata.sha256_hash());
    let bytes = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    Some(Found { bytes, content_type, etag, keep })
}

fn quoted(hash: &[u8]) -> String {
    format!("\"{}\"", hex(&hash[..16]))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
        text
    })
}

/// By the name's end; what has none of these isn't served.
fn content_type(name: &str) -> Option<&'static str> {
    let (_, end) = name.rsplit_once('.')?;
    Some(match end {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "txt" | "ts" => "text/plain; charset=utf-8",
        _ => return None, // notes for authors and the like
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_page_has_a_type() {
        let untyped: Vec<_> =
            Web::iter().filter(|name| content_type(name).is_none() && !name.ends_with(".md")).collect();
        assert!(untyped.is_empty(), "{untyped:?}");
        assert!(Web::iter().count() > 20, "the page is embedded");
    }

    #[test]
    fn no_path_leads_out() {
        for path in [
            "/../Cargo.toml",
            "/assets/../../src/main.rs",
            "//etc/passwd",
            "/assets/",
            "",
            "/assets",
            "/README.md",
            "/_/",
            "/_/x",
            "/_/x/../Cargo.toml",
            "/_//etc/passwd",
        ] {
            assert!(find(path).is_none(), "{path}");
        }
    }

    #[test]
    fn only_this_version_is_kept() {
        let kept = |path: &str| find(path).unwrap().keep;
        assert_eq!(kept(&lasting("/assets/js/app.js")), Keep::Forever);
        assert_eq!(kept("/_/000000000000/assets/js/app.js"), Keep::Ask);
        assert_eq!(kept("/assets/js/app.js"), Keep::Ask);
    }
}
