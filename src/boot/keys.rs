//! The server's root keys: from the configuration, or generated at the first start and kept under `data/keys`, one file per key.
use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::seal::{KeyRing, RootKey, random_bytes};

/// What the files are called: `<id>.key`, 64 hex digits in each.
const ENDING: &str = "key";

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("auth.secret is not 32 bytes in hex or base64")]
    Secret,
    #[error("the key file {} can't be used: {why}", path.display())]
    File { path: PathBuf, why: io::Error },
    #[error("the key file {} does not hold 64 hex digits; restore it from the backup", path.display())]
    Damaged { path: PathBuf },
}

/// The ring of this installation: `auth.secret` signs if it is set; generated keys verify, and sign without it.
pub(super) fn ring(config: &Config) -> Result<KeyRing, KeyError> {
    let folder = config.data.dir.join("keys");
    let mut keys = read_all(&folder)?;
    if !config.auth.secret.is_empty() {
        let key = config.auth.secret.master_key().ok_or(KeyError::Secret)?;
        keys.insert(0, RootKey { id: 0, bytes: *key.expose() });
    } else if keys.is_empty() {
        keys.push(generate(&folder)?);
    }
    KeyRing::new(keys).ok_or(KeyError::Secret)
}

/// All keys of the folder, the newest first; none if there is no folder.
fn read_all(folder: &Path) -> Result<Vec<RootKey>, KeyError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |why| KeyError::File { path, why }
    };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(at(folder))?,
    };
    let mut keys = Vec::new();
    for entry in entries {
        let path = entry.map_err(at(folder))?.path();
        let id = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse::<u8>().ok());
        let Some(id) = id.filter(|id| *id > 0 && path.extension().is_some_and(|end| end == ENDING)) else {
            continue; // not a key of ours
        };
        let text = fs::read_to_string(&path).map_err(at(&path))?;
        let bytes = from_hex(text.trim()).ok_or(KeyError::Damaged { path })?;
        keys.push(RootKey { id, bytes });
    }
    keys.sort_by_key(|key| std::cmp::Reverse(key.id));
    Ok(keys)
}

/// The first key. Two servers that start at once agree on one: the link is made whole or not at all.
fn generate(folder: &Path) -> Result<RootKey, KeyError> {
    let path = folder.join(format!("1.{ENDING}"));
    let fail = |why| KeyError::File { path: path.clone(), why };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(fail)?;
    fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(fail)?;
    let draft = folder.join(format!("draft-{}", std::process::id()));
    let hex: String = random_bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft).map_err(fail)?;
    file.write_all(format!("{hex}\n").as_bytes()).and_then(|()| file.sync_all()).map_err(fail)?;
    let linked = fs::hard_link(&draft, &path);
    fs::remove_file(&draft).map_err(fail)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(fail(error)),
        _ => {} // ours, or the other server's
    }
    let keys = read_all(folder)?;
    keys.into_iter().next().ok_or_else(|| fail(ErrorKind::NotFound.into()))
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let bytes: &[u8; 64] = text.as_bytes().try_into().ok()?;
    let mut key = [0; 32];
    for (byte, digits) in key.iter_mut().zip(bytes.chunks(2)) {
        let digit = |at: usize| char::from(digits[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::Purpose;

    fn config(folder: &Path) -> Config {
        let dir = ("CONVENE__DATA__DIR".into(), folder.into());
        Config::load(None, [dir]).unwrap()
    }

    #[test]
    fn a_generated_key_is_private_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let first = ring(&config).unwrap();
        let again = ring(&config).unwrap();
        let mac = first.derive(Purpose::SeatAccess, &[b"seat"]);
        assert!(again.is_derived(Purpose::SeatAccess, &[b"seat"], &mac));
        let file = fs::metadata(folder.path().join("keys/1.key")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_folder_that_is_made_is_for_its_own_user_only() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("state/data");
        ring(&config(&data)).unwrap();
        assert_eq!(fs::metadata(data).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_damaged_key_is_not_replaced_in_silence() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        ring(&config).unwrap();
        fs::write(folder.path().join("keys/1.key"), "gone").unwrap();
        let refused = ring(&config).unwrap_err().to_string();
        assert!(refused.contains("1.key") && refused.contains("backup"), "{refused}");
    }

    #[test]
    fn the_newest_key_signs_and_older_ones_still_verify() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let old = ring(&config).unwrap().derive(Purpose::SeatAccess, &[b"seat"]);
        fs::write(folder.path().join("keys/2.key"), "ab".repeat(32)).unwrap();
        let both = ring(&config).unwrap();
        assert_ne!(both.derive(Purpose::SeatAccess, &[b"seat"]), old);
        assert!(both.is_derived(Purpose::SeatAccess, &[b"seat"], &old));
    }
}
