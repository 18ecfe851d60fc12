//! What the roles of an app's template mean here.
use crate::room::permissions::Role;

/// The operator's words, `dialects.hundredms.*_role*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles {
    /// They run a room: cohosts here.
    pub host: Vec<String>,
    /// They only watch.
    pub viewer: Vec<String>,
    /// What is given to whoever asks for none, or for more than theirs.
    pub guest: String,
}

impl Roles {
    /// Everyone else takes part.
    pub fn role_of(&self, word: Option<&str>) -> Role {
        let word = word.unwrap_or(&self.guest);
        if self.run_rooms(word) {
            Role::Cohost
        } else if is_one_of(&self.viewer, word) {
            Role::Viewer
        } else {
            Role::Participant
        }
    }

    /// Whether such a role runs a room.
    pub fn run_rooms(&self, word: &str) -> bool {
        is_one_of(&self.host, word)
    }
}

/// Whatever the case: `Host` must be no way around `host`.
fn is_one_of(words: &[String], word: &str) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_has_its_rights_however_it_is_spelt() {
        let roles = Roles {
            host: vec!["host".to_owned(), "teacher".to_owned()],
            viewer: vec!["viewer".to_owned()],
            guest: "guest".to_owned(),
        };
        for (word, role) in [
            (Some("host"), Role::Cohost),
            (Some("Teacher"), Role::Cohost),
            (Some("VIEWER"), Role::Viewer),
            (Some("student"), Role::Participant),
            (None, Role::Participant),
        ] {
            assert_eq!(roles.role_of(word), role, "{word:?}");
        }
    }
}
