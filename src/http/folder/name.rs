//! From a request's path to a file's name below the folder: no part of it can mean another place.
use percent_encoding::percent_decode_str;
use std::path::PathBuf;

/// Bytes of a path that is looked at.
const MOST_BYTES: usize = 1024;

/// A name below the folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) path: PathBuf,
    /// Whether a folder is meant.
    pub(super) has_slash: bool,
}

impl Name {
    /// Whether it looks like a file's: a missing script must not be answered by a page.
    pub(super) fn ends_with_dotted_part(&self) -> bool {
        self.path.file_name().is_some_and(|last| last.as_encoded_bytes().contains(&b'.'))
    }
}

/// Reads what follows the mount, as it came; the empty path is the folder itself. `None` for every part that is empty,
/// hidden, `.` or `..`, or has a separator, a drive's colon or a control character in it once it is decoded.
pub(super) fn read(path: &str) -> Option<Name> {
    if path.len() > MOST_BYTES {
        return None;
    }
    let (inner, has_slash) = match path.strip_suffix('/') {
        Some(inner) => (inner, true),
        None => (path, path.is_empty()),
    };
    let mut name = PathBuf::new();
    if inner.is_empty() {
        return path.is_empty().then_some(Name { path: name, has_slash });
    }
    for part in inner.split('/') {
        let part = percent_decode_str(part).decode_utf8().ok()?;
        let is_plain = !part.is_empty()
            && !part.starts_with('.')
            && !part.contains(['/', '\\', ':'])
            && !part.chars().any(char::is_control);
        if !is_plain {
            return None;
        }
        name.push(part.as_ref());
    }
    Some(Name { path: name, has_slash })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::{Component, Path};

    #[test]
    fn plain_names_are_read() {
        for (path, file, has_slash) in [
            ("", "", true),
            ("login.php", "login.php", false),
            ("dashboard/", "dashboard", true),
            ("a/b%20c.js", "a/b c.js", false),
            ("%C3%A9.html", "é.html", false),
        ] {
            let read = read(path).unwrap_or_else(|| panic!("{path:?}"));
            assert_eq!((read.path.as_path(), read.has_slash), (Path::new(file), has_slash), "{path:?}");
        }
    }

    #[test]
    fn nothing_leads_elsewhere() {
        for path in [
            "/",
            "//",
            "a//b",
            "../x",
            "a/../b",
            "./x",
            "%2e%2e/x",
            "..%2fx",
            "a%2fb",
            "a%5cb",
            "a\\b",
            "c:x",
            ".env",
            "a/.git/config",
            "a%00.html",
            "a%0a",
            "%ff",
            &"a".repeat(1025),
        ] {
            assert_eq!(read(path), None, "{path:?}");
        }
    }

    proptest! {
        #[test]
        fn any_path_stays_below_the_folder(path in "[a-z./%25cfC\\\\:\\x00-\\x20]{0,40}|\\PC{0,40}") {
            if let Some(name) = read(&path) {
                prop_assert!(name.path.components().all(|part| matches!(part, Component::Normal(_))));
            }
        }
    }
}
