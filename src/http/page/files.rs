//! The files of `web/`, embedded; found by exact name, so that no path leads out.
use bytes::Bytes;
use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::fmt::Write;

#[derive(RustEmbed)]
#[folder = "web/"]
struct Web;

/// A file to be served.
pub(super) struct Found {
    pub(super) bytes: Bytes,
    pub(super) content_type: &'static str,
    /// With its quotes: the first half of the content's SHA-256.
    pub(super) etag: String,
}

/// The file for a request's path.
pub(super) fn find(path: &str) -> Option<Found> {
    let name = match path {
        "/favicon.ico" | "/favicon.svg" => "assets/img/favicon.svg",
        "/manifest.webmanifest" => "assets/manifest.webmanifest",
        path => path.strip_prefix('/')?,
    };
    let content_type = content_type(name)?;
    let file = Web::get(name)?;
    let etag = etag(&file.metadata.sha256_hash());
    let bytes = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    Some(Found { bytes, content_type, etag })
}

fn etag(hash: &[u8]) -> String {
    let mut text = String::from("\"");
    for byte in &hash[..16] {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
    }
    text + "\""
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
        ] {
            assert!(find(path).is_none(), "{path}");
        }
    }
}
