//! A folder that messages are put into as files, instead of sent: whole or not at all, for the server's own user only.
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use tokio::task::spawn_blocking;

use super::Failure;

/// Writes a file of this name, replacing one that is there already (a second try of the same message), and gives its place.
///
/// # Errors
/// Whatever keeps a file from being written: it may be written later.
pub async fn drop_into(folder: PathBuf, name: String, content: Vec<u8>) -> Result<PathBuf, Failure> {
    match spawn_blocking(move || write(&folder, &name, &content)).await {
        Ok(Ok(path)) => Ok(path),
        Ok(Err(error)) => Err(Failure::Later(format!("file: {}", error.kind()))),
        Err(_) => Err(Failure::Later("file: cut".to_owned())),
    }
}

fn write(folder: &Path, name: &str, content: &[u8]) -> io::Result<PathBuf> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let (draft, path) = (folder.join(format!(".{name}.draft")), folder.join(name));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&draft, &path)?;
    File::open(folder)?.sync_all()?;
    Ok(path)
}
