//! What a seat stands on, as its row says it: `login <id>` beside the user, or `token <jti> <key or -> <subject>`.
use crate::room::footing::Footing;

/// The words for a row; none for a guest.
pub(super) fn words(footing: &Footing) -> Option<String> {
    match footing {
        Footing::Guest => None,
        Footing::Account { login, .. } => Some(format!("login {login}")),
        Footing::Token { token, subject, key } => {
            let key = key.map_or_else(|| "-".to_owned(), |key| key.to_string());
            Some(format!("token {token} {key} {subject}"))
        }
    }
}

/// What the words say. Words this version doesn't know leave a guest: the seat's own secret still holds it.
pub(super) fn read(user: Option<&str>, words: Option<&str>) -> Footing {
    read_known(user, words).unwrap_or_default()
}

fn read_known(user: Option<&str>, words: Option<&str>) -> Option<Footing> {
    let (kind, rest) = words?.split_once(' ')?;
    match kind {
        "login" => Some(Footing::Account { user: user?.parse().ok()?, login: rest.parse().ok()? }),
        "token" => {
            let (token, rest) = rest.split_once(' ')?;
            let (key, subject) = rest.split_once(' ')?;
            let key = if key == "-" { None } else { Some(key.parse().ok()?) };
            Some(Footing::Token { token: token.parse().ok()?, subject: subject.into(), key })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::ids::{KeyId, LoginId, TokenId, UserId};
    use uuid::Uuid;

    #[test]
    fn what_is_written_is_read_again() {
        let id = Uuid::from_u128;
        let token = |key| Footing::Token { token: TokenId(id(3)), subject: "class 7 – Ada".into(), key };
        for footing in [
            Footing::Guest,
            Footing::Account { user: UserId(id(1)), login: LoginId(id(2)) },
            token(None),
            token(Some(KeyId(id(4)))),
        ] {
            let user = footing.user().map(|user| user.to_string());
            assert_eq!(read(user.as_deref(), words(&footing).as_deref()), footing);
        }
        assert_eq!(read(None, Some("login 00000000000000000000000000000002")), Footing::Guest);
        assert_eq!(read(None, Some("badge 7")), Footing::Guest);
    }
}
