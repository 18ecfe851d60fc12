//! A folder of the operator's, served as it lies there: pages of an older client find their server under the same address.
mod name;
mod php;

use super::page::headers::add_common;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use warp::http::header::{self, HeaderValue};
use warp::http::{HeaderMap, StatusCode};
use warp::reply::Response;

/// A file that is larger is not served: it is read whole, since pages and their parts are small.
pub const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// What a folder's own address answers with, in this order.
const INDEXES: [&str; 2] = ["index.html", "index.php"];

/// What is answered for a path that no file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// Nothing: whoever asked goes on to the next route.
    Nothing,
    /// `index.html` of the folder, unless the path's last part has a dot in it: the page itself reads the address.
    Index,
}

/// The folder. Cheap enough to clone once per mount.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    unknown: Unknown,
}

/// What lies at a path.
enum Found {
    File {
        bytes: Vec<u8>,
        content_type: &'static str,
    },
    /// A folder, asked for without the slash that its page's relative links need.
    FolderWithoutSlash,
    Nothing,
}

impl Folder {
    /// # Errors
    /// When there is no such folder.
    pub fn open(root: &Path, unknown: Unknown) -> io::Result<Self> {
        let root = root.canonicalize()?;
        if !root.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, "not a folder"));
        }
        Ok(Self { root, unknown })
    }

    /// The answer to a GET or HEAD of `path`, which is what follows the mount in the request's own spelling, without a
    /// slash before it. `None` if nothing is there: no path leads out of the folder, to a hidden file or to one whose
    /// type isn't known. Changed files are seen at once; what a browser has is told to be current while it is.
    pub async fn answer(&self, path: &str, asked: &HeaderMap) -> Option<Response> {
        let (folder, wanted) = (self.clone(), path.to_owned());
        let found = tokio::task::spawn_blocking(move || folder.find(&wanted)).await.ok()?;
        match found {
            Found::File { bytes, content_type } => Some(file(bytes, content_type, asked)),
            Found::FolderWithoutSlash => Some(with_slash(path)),
            Found::Nothing => None,
        }
    }

    fn find(&self, path: &str) -> Found {
        let Some(name) = name::read(path) else { return Found::Nothing };
        match self.look(&name) {
            Found::Nothing if self.unknown == Unknown::Index && !name.ends_with_dotted_part() => {
                self.file(Path::new(INDEXES[0]))
            }
            found => found,
        }
    }

    fn look(&self, name: &name::Name) -> Found {
        let at = self.root.join(&name.path);
        if !at.is_dir() {
            return if name.has_slash { Found::Nothing } else { self.file(&name.path) };
        }
        if !name.has_slash {
            return Found::FolderWithoutSlash;
        }
        let files = INDEXES.iter().map(|index| self.file(&name.path.join(index)));
        files.into_iter().find(|found| matches!(found, Found::File { .. })).unwrap_or(Found::Nothing)
    }

    /// A file by its path below the root. A link that leads out of the folder is not followed.
    fn file(&self, path: &Path) -> Found {
        let Some(end) = path.extension().and_then(|end| end.to_str()) else { return Found::Nothing };
        let Some(content_type) = content_type(end) else { return Found::Nothing };
        let Ok(real) = self.root.join(path).canonicalize() else { return Found::Nothing };
        if !real.starts_with(&self.root) {
            tracing::warn!("a link in a folder of pages leads out of it, and is not followed");
            return Found::Nothing;
        }
        let Ok(bytes) = read(&real) else { return Found::Nothing };
        let bytes = if end == "php" { php::cut(&bytes) } else { bytes };
        Found::File { bytes, content_type }
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        tracing::warn!(bytes = about.len(), "a file in a folder of pages is too large to be served");
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

fn file(bytes: Vec<u8>, content_type: &'static str, asked: &HeaderMap) -> Response {
    let hash = Sha256::digest(&bytes);
    let tag: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let mut response = if is_current(asked, &tag) {
        let mut response = Response::new(Bytes::new().into());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        Response::new(Bytes::from(bytes).into())
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("quoted hex digits are a header value"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    add_common(headers);
    // such pages have scripts and styles inline and from elsewhere; nobody else may put them into a frame
    let policy = HeaderValue::from_static("frame-ancestors 'self'");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

fn is_current(asked: &HeaderMap, tag: &str) -> bool {
    let tags = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    tags.flat_map(|line| line.split(',')).any(|one| one.trim().trim_start_matches("W/") == tag)
}

/// Relative, so that it holds under every mount and behind every proxy.
fn with_slash(path: &str) -> Response {
    let last = path.rsplit('/').next().unwrap_or_default();
    let mut response = Response::new(Bytes::new().into());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    let headers = response.headers_mut();
    if let Ok(to) = HeaderValue::from_str(&format!("./{last}/")) {
        headers.insert(header::LOCATION, to);
    }
    add_common(headers);
    response
}

/// By the name's end; what has none of these isn't served.
fn content_type(end: &str) -> Option<&'static str> {
    Some(match end {
        "html" | "htm" | "php" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "pdf" => "application/pdf",
        _ => return None, // sources, settings, backups and whatever else lies around
    })
}

#[cfg(test)]
mod tests;
