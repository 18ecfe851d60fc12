//! The operator's orders, `convene user …` and `convene key …`: their words, flags, and what each takes.
use std::{collections::BTreeMap, path::PathBuf};

use lexopt::{Arg, Parser, ValueExt};

use super::Misuse;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    CreateUser,
    ListUsers,
    ShowUser,
    DisableUser,
    EnableUser,
    ResetPassword,
    DeleteUser,
    MakeAdmin,
    CreateKey,
    ListKeys,
    RevokeKey,
}

/// An order as it was typed; its texts are read by whoever carries it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub deed: Deed,
    /// Whom or what it is about; empty where it is about nobody.
    pub about: String,
    flags: BTreeMap<&'static str, String>,
}

impl Order {
    /// The value of a flag, if it was given.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&str> {
        self.flags.get(name).map(String::as_str)
    }

    /// Whether a switch was given.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.flags.contains_key(name)
    }
}

struct Row {
    words: (&'static str, &'static str),
    deed: Deed,
    /// What it is about, as the help calls it; empty: nothing.
    about: &'static str,
    /// Flags with a value.
    values: &'static [&'static str],
    /// Flags without.
    switches: &'static [&'static str],
}

const fn row(
    words: (&'static str, &'static str),
    deed: Deed,
    about: &'static str,
    values: &'static [&'static str],
    switches: &'static [&'static str],
) -> Row {
    Row { words, deed, about, values, switches }
}

const TABLE: &[Row] = &[
    row(
        ("user", "create"),
        Deed::CreateUser,
        "",
        &["name", "username", "email", "phone", "locale"],
        &["admin", "password-stdin", "json"],
    ),
    row(("user", "list"), Deed::ListUsers, "", &[], &["json"]),
    row(("user", "show"), Deed::ShowUser, "USER", &[], &["json"]),
    row(("user", "disable"), Deed::DisableUser, "USER", &[], &["json"]),
    row(("user", "enable"), Deed::EnableUser, "USER", &[], &["json"]),
    row(("user", "reset-password"), Deed::ResetPassword, "USER", &[], &["password-stdin", "json"]),
    row(("user", "delete"), Deed::DeleteUser, "USER", &[], &["now", "json"]),
    row(("user", "make-admin"), Deed::MakeAdmin, "USER", &[], &["json"]),
    row(("key", "create"), Deed::CreateKey, "", &["name", "scopes", "owner", "days"], &["json"]),
    row(("key", "list"), Deed::ListKeys, "", &["owner"], &["json"]),
    row(("key", "revoke"), Deed::RevokeKey, "KEY", &[], &["json"]),
];

/// Whether the word begins an order.
pub(super) fn begins(noun: &str) -> bool {
    TABLE.iter().any(|row| row.words.0 == noun)
}

/// Reads the rest of the line behind `user` or `key`. `--config` may stand here too.
pub(super) fn parse(noun: &str, parser: &mut Parser, config: &mut Option<PathBuf>) -> Result<Order, Misuse> {
    let misuse = |error: lexopt::Error| Misuse(error.to_string());
    let verb = match parser.next().map_err(misuse)? {
        Some(Arg::Value(verb)) => verb.string().map_err(misuse)?,
        Some(other) => return Err(misuse(other.unexpected())),
        None => return Err(Misuse(format!("{noun} needs one of {}", verbs(noun)))),
    };
    let row = TABLE
        .iter()
        .find(|row| row.words == (noun, verb.as_str()))
        .ok_or_else(|| Misuse(format!("there is no command {noun} {verb}, but {}", verbs(noun))))?;
    let mut order = Order { deed: row.deed, about: String::new(), flags: BTreeMap::new() };
    while let Some(argument) = parser.next().map_err(misuse)? {
        match argument {
            Arg::Long("config") if config.is_none() => *config = Some(parser.value().map_err(misuse)?.into()),
            Arg::Long(name) => {
                let (name, takes_value) = known(row, name)?;
                let value = if takes_value {
                    parser.value().map_err(misuse)?.string().map_err(misuse)?
                } else {
                    String::new()
                };
                if order.flags.insert(name, value).is_some() {
                    return Err(Misuse(format!("--{name} is given twice")));
                }
            }
            Arg::Value(about) if order.about.is_empty() && !row.about.is_empty() => {
                order.about = about.string().map_err(misuse)?;
            }
            other => return Err(misuse(other.unexpected())),
        }
    }
    if order.about.is_empty() && !row.about.is_empty() {
        return Err(Misuse(format!("{noun} {verb} needs {}", row.about)));
    }
    Ok(order)
}

fn known(row: &Row, name: &str) -> Result<(&'static str, bool), Misuse> {
    let find = |flags: &'static [&'static str]| flags.iter().find(|flag| **flag == name).copied();
    match (find(row.values), find(row.switches)) {
        (Some(flag), _) => Ok((flag, true)),
        (None, Some(flag)) => Ok((flag, false)),
        (None, None) => Err(Misuse(format!("{} {} takes no --{name}", row.words.0, row.words.1))),
    }
}

fn verbs(noun: &str) -> String {
    let verbs: Vec<_> = TABLE.iter().filter(|row| row.words.0 == noun).map(|row| row.words.1).collect();
    verbs.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::{Asked, Command, parse};
    use super::*;
    use std::ffi::OsString;

    fn order(line: &str) -> Result<Order, String> {
        match parse(line.split_whitespace().map(OsString::from)) {
            Ok(Asked::Run { command: Command::Operate(order), .. }) => Ok(order),
            Ok(other) => panic!("{line}: {other:?}"),
            Err(misuse) => Err(misuse.to_string()),
        }
    }

    #[test]
    fn an_order_has_its_words_its_flags_and_whom_it_is_about() {
        let create = order("user create --name Ana --email ana@example.org --admin --json").unwrap();
        assert_eq!(create.deed, Deed::CreateUser);
        assert_eq!((create.flag("name"), create.flag("phone")), (Some("Ana"), None));
        assert!(create.has("admin") && create.has("json") && !create.has("password-stdin"));
        let disable = order("--config a.toml user disable ana").unwrap();
        assert_eq!((disable.deed, disable.about.as_str()), (Deed::DisableUser, "ana"));
        assert_eq!(order("key revoke 0123 --config a.toml").unwrap().deed, Deed::RevokeKey);
    }

    #[test]
    fn each_mistake_in_an_order_is_named() {
        for (line, reason) in [
            ("user", "user needs one of create, list, show"),
            ("user dance", "there is no command user dance, but create, list"),
            ("key show", "there is no command key show, but create, list, revoke"),
            ("user disable", "user disable needs USER"),
            ("user disable ana bob", "bob"),
            ("user list --name x", "user list takes no --name"),
            ("user create --password secret", "user create takes no --password"),
            ("user create --name", "--name"),
            ("user create --name a --name b", "--name is given twice"),
            ("user --json list", "--json"),
        ] {
            let misuse = order(line).expect_err(line);
            assert!(misuse.contains(reason) && misuse.ends_with("try convene --help"), "{line}: {misuse}");
        }
    }
}
