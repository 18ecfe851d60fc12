//! Pictures that people give: read and written anew, so that nothing of the file that came is kept; under random names.
use crate::fault::Fault;
use crate::seal::random_bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use std::fs;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Pixels of a side at most, of what is read; and of what is kept.
const MOST_READ: u32 = 8_192;
const MOST_KEPT: u32 = 2_048;
/// Bytes that a picture may take while it is read: 8,192 by 8,192 pixels would take four times that.
const MOST_BYTES_OPEN: u64 = 64 << 20;
/// Pixels of a side of the small one.
const THUMBNAIL: u32 = 64;
const QUALITY: u8 = 85;
/// Pictures read at once; more wait a little.
const AT_ONCE: usize = 1;
const PATIENCE: Duration = Duration::from_secs(5);
/// Pictures kept of one account: a further one takes the place of the oldest.
const PER_ACCOUNT: usize = 50;
/// Hex digits of the tag that a name begins with, and of its random part.
const TAG_DIGITS: usize = 16;
const RANDOM_DIGITS: usize = 32;

/// The folder of all pictures. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Pictures {
    root: Arc<Path>,
    turns: Arc<Semaphore>,
}

/// A picture as it is sent.
pub struct Picture {
    pub bytes: Vec<u8>,
    pub content_type: &'static str,
}

impl Pictures {
    /// Kept below this folder, which is made at the first need.
    pub fn new(root: PathBuf) -> Self {
        Self { root: root.into(), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Whether a name is one that a picture may have.
    pub fn is_name(text: &str) -> bool {
        let Some((stem, end)) = text.split_once('.') else { return false };
        matches!(end, "jpg" | "png")
            && stem.len() == TAG_DIGITS + RANDOM_DIGITS
            && stem.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }

    /// Keeps a picture of whoever has this tag; gives the name of its file, and a small JPEG in base64.
    ///
    /// # Errors
    /// [`Fault::UnsupportedMedia`] if it is no JPEG or PNG, or too large; [`Fault::Busy`], [`Fault::StorageUnavailable`].
    pub(super) async fn keep(&self, tag: &str, bytes: Vec<u8>) -> Result<(String, String), Fault> {
        let turn = timeout(PATIENCE, self.turns.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(Fault::Busy) };
        let (root, tag) = (self.root.clone(), tag.to_owned());
        let work = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let written = write_anew(&bytes).ok_or(Fault::UnsupportedMedia)?;
            let random: String = random_bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
            let name = format!("{tag}{random}.{}", written.end);
            put(&root, &tag, &name, &written.bytes).map_err(|error| {
                tracing::warn!(%error, "a picture could not be kept");
                Fault::StorageUnavailable
            })?;
            Ok((name, written.thumbnail))
        });
        work.await.unwrap_or(Err(Fault::Internal))
    }

    /// Whether a picture of that name lies there.
    pub async fn find(&self, name: &str) -> Option<Picture> {
        let path = self.path(name)?;
        let content_type = if name.ends_with(".png") { "image/png" } else { "image/jpeg" };
        let bytes = tokio::task::spawn_blocking(move || fs::read(path)).await.ok()?.ok()?;
        Some(Picture { bytes, content_type })
    }

    pub(super) async fn remove(&self, name: String) {
        let Some(path) = self.path(&name) else { return };
        // an error leaves a file that nobody is told of
        drop(tokio::task::spawn_blocking(move || fs::remove_file(path)).await);
    }

    /// Everything of whoever has this tag.
    pub(super) async fn remove_all(&self, tag: &str) -> io::Result<()> {
        let folder = self.root.join(tag);
        let work = tokio::task::spawn_blocking(move || match fs::remove_dir_all(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        });
        work.await.unwrap_or_else(|error| Err(io::Error::other(error)))
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        Self::is_name(name).then(|| self.root.join(&name[..TAG_DIGITS]).join(name))
    }
}

struct Written {
    bytes: Vec<u8>,
    end: &'static str,
    thumbnail: String,
}

/// Reads the pixels and writes them anew; nothing else of the file is looked at.
fn write_anew(bytes: &[u8]) -> Option<Written> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let format = reader.format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_READ);
    limits.max_image_height = Some(MOST_READ);
    limits.max_alloc = Some(MOST_BYTES_OPEN);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    let picture = if picture.width().max(picture.height()) > MOST_KEPT {
        picture.thumbnail(MOST_KEPT, MOST_KEPT)
    } else {
        picture
    };
    let thumbnail = STANDARD.encode(jpeg(&picture.thumbnail(THUMBNAIL, THUMBNAIL))?);
    match format {
        ImageFormat::Png => {
            let mut bytes = Vec::new();
            let plain = DynamicImage::ImageRgba8(picture.to_rgba8());
            plain.write_with_encoder(PngEncoder::new(&mut bytes)).ok()?;
            Some(Written { bytes, end: "png", thumbnail })
        }
        ImageFormat::Jpeg => Some(Written { bytes: jpeg(&picture)?, end: "jpg", thumbnail }),
        _ => None, // no other is built in
    }
}

fn jpeg(picture: &DynamicImage) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let plain = DynamicImage::ImageRgb8(picture.to_rgb8());
    plain.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)).ok()?;
    Some(bytes)
}

/// Writes the file whole or not at all, and removes the oldest of this account if there are too many.
fn put(root: &Path, tag: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    let folder = root.join(tag);
    fs::create_dir_all(&folder)?;
    let mut others = fs::read_dir(&folder)?
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect::<Vec<_>>();
    others.sort();
    let over = (others.len() + 1).saturating_sub(PER_ACCOUNT);
    for (_, oldest) in &others[..over] {
        fs::remove_file(oldest)?;
    }
    let unfinished = folder.join(format!("{name}.part"));
    fs::write(&unfinished, bytes)?;
    fs::rename(&unfinished, folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(side: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        DynamicImage::new_rgba8(side, side).write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
        bytes
    }

    #[tokio::test]
    async fn what_is_kept_is_a_picture_and_nothing_of_the_file_that_came() {
        let folder = tempfile::tempdir().unwrap();
        let pictures = Pictures::new(folder.path().join("pictures"));
        let mut came = png(3);
        came.extend_from_slice(b"<script>alert(1)</script>");
        let tag = "0123456789abcdef";
        let (name, thumbnail) = pictures.keep(tag, came).await.unwrap();
        assert!(Pictures::is_name(&name) && name.ends_with(".png") && !thumbnail.is_empty());
        let kept = pictures.find(&name).await.unwrap();
        assert_eq!(kept.content_type, "image/png");
        assert!(!kept.bytes.windows(7).any(|part| part == b"<script"));
        pictures.remove(name.clone()).await;
        assert!(pictures.find(&name).await.is_none());
        let (other, _) = pictures.keep(tag, png(3)).await.unwrap();
        pictures.remove_all("fedcba9876543210").await.unwrap();
        assert!(pictures.find(&other).await.is_some());
        pictures.remove_all(tag).await.unwrap();
        assert!(pictures.find(&other).await.is_none());
    }

    #[tokio::test]
    async fn what_is_no_picture_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let pictures = Pictures::new(folder.path().to_owned());
        for bytes in [&b""[..], b"GIF89a", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"] {
            let refused = pictures.keep("0123456789abcdef", bytes.to_vec()).await;
            assert_eq!(refused, Err(Fault::UnsupportedMedia), "{bytes:?}");
        }
    }

    #[test]
    fn names_lead_nowhere_else() {
        let good = format!("{}.jpg", "0".repeat(48));
        assert!(Pictures::is_name(&good));
        for bad in ["", "../convene.db", "a.jpg", &good.replace(".jpg", ".php"), &good.replacen('0', "/", 1)]
        {
            assert!(!Pictures::is_name(bad), "{bad}");
        }
    }
}
