//! Flags and commands, and which configuration file they lead to.
mod order;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use lexopt::{Arg, Parser};

pub use order::{Deed, Order};

/// The file that is read when it exists and no other is named.
const FILE_HERE: &str = "convene.toml";

const HELP: &str = "\
Convene: a self-hosted, actor-based real-time engine for conferencing

Usage: convene [COMMAND] [--config FILE]

Commands:
  serve       Run the server until SIGTERM or SIGINT (this is what happens without a command)
  check       Print the effective configuration, secrets hidden, and say whether the database and its schema are ready
  migrate     Bring the database's schema up to date, then end
  user create --name NAME [--username NAME] [--email ADDRESS] [--phone NUMBER] [--locale TAG] [--admin] [--password-stdin]
  user list | show USER | disable USER | enable USER | make-admin USER
  user reset-password USER [--password-stdin]
  user delete USER [--now]
              What an operator does to accounts. USER is an id, username, e-mail address or phone number
  key create --name NAME --scopes SCOPE,... [--owner USER] [--days N]
  key list [--owner USER] | revoke KEY
              API keys for servers; without an owner a key reaches all rooms

Options:
  --json           Print JSON (user, key)
  --config FILE    Read this configuration file (else $CONVENE_CONFIG, else ./convene.toml if there is one)
  -h, --help       Print this
  -V, --version    Print the version

Every key, with its default: config/default.toml. CONVENE__SECTION__KEY in the environment wins over the file.
Exit codes: 0 well, 1 failed while running, 2 wrong command line or configuration, or an address, folder or database that can't be used.
";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Serve,
    Check,
    Migrate,
    /// `user …` and `key …`.
    Operate(Order),
}

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    Run {
        command: Command,
        config: Option<PathBuf>,
    },
    /// To print on standard output and end.
    Print(String),
}

/// A command line that means nothing, in one line.
#[derive(Debug, thiserror::Error)]
#[error("{0}; try convene --help")]
pub struct Misuse(String);

/// Reads the arguments, the program's own name not among them.
///
/// # Errors
/// An unknown command or flag, a flag without its value, or one given twice.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, Misuse> {
    let mut parser = Parser::from_args(arguments);
    let (mut command, mut config) = (None, None);
    while let Some(argument) = parser.next().map_err(misuse)? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Asked::Print(HELP.to_owned())),
            Arg::Short('V') | Arg::Long("version") => return Ok(Asked::Print(version())),
            Arg::Long("config") if config.is_none() => config = Some(parser.value().map_err(misuse)?.into()),
            Arg::Long("config") => return Err(Misuse("--config is given twice".to_owned())),
            Arg::Value(name) if command.is_none() => {
                command = Some(match name.to_str() {
                    Some(noun) if order::begins(noun) => {
                        Command::Operate(order::parse(noun, &mut parser, &mut config)?)
                    }
                    _ => named(&name)?,
                });
            }
            other => return Err(misuse(other.unexpected())),
        }
    }
    Ok(Asked::Run { command: command.unwrap_or(Command::Serve), config })
}

fn misuse(error: lexopt::Error) -> Misuse {
    Misuse(error.to_string())
}

fn named(name: &OsString) -> Result<Command, Misuse> {
    match name.to_str() {
        Some("serve") => Ok(Command::Serve),
        Some("check") => Ok(Command::Check),
        Some("migrate") => Ok(Command::Migrate),
        _ => Err(Misuse(format!("there is no command {}", name.display()))),
    }
}

fn version() -> String {
    format!("convene {}\n", env!("CARGO_PKG_VERSION"))
}

/// The configuration file to read: the one given by flag, else the one the variable names, else `convene.toml` in
/// `folder` if there is one.
#[must_use]
pub fn config_file(flag: Option<PathBuf>, variable: Option<OsString>, folder: &Path) -> Option<PathBuf> {
    let named = flag.or_else(|| variable.filter(|path| !path.is_empty()).map(PathBuf::from));
    named.or_else(|| Some(folder.join(FILE_HERE)).filter(|path| path.exists()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Result<Asked, String> {
        parse(line.split_whitespace().map(OsString::from)).map_err(|misuse| misuse.to_string())
    }

    fn run(command: Command, config: Option<&str>) -> Result<Asked, String> {
        Ok(Asked::Run { command, config: config.map(PathBuf::from) })
    }

    #[test]
    fn commands_and_the_file_stand_in_any_order() {
        assert_eq!(asked(""), run(Command::Serve, None));
        assert_eq!(asked("serve --config a.toml"), run(Command::Serve, Some("a.toml")));
        assert_eq!(asked("--config=a.toml check"), run(Command::Check, Some("a.toml")));
        assert_eq!(asked("migrate"), run(Command::Migrate, None));
    }

    #[test]
    fn what_means_nothing_is_named() {
        for (line, reason) in [
            ("dance", "there is no command dance"),
            ("check check", "\"check\""),
            ("--loud", "--loud"),
            ("--config", "--config"),
            ("--config a --config b", "given twice"),
        ] {
            let misuse = asked(line).expect_err(line);
            assert!(misuse.contains(reason) && misuse.ends_with("try convene --help"), "{line}: {misuse}");
        }
    }

    #[test]
    fn the_flag_beats_the_variable_which_beats_the_file_here() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(config_file(None, None, folder.path()), None);
        let here = folder.path().join(FILE_HERE);
        std::fs::write(&here, "").unwrap();
        assert_eq!(config_file(None, None, folder.path()), Some(here.clone()));
        assert_eq!(config_file(None, Some("".into()), folder.path()), Some(here));
        assert_eq!(config_file(None, Some("v.toml".into()), folder.path()), Some("v.toml".into()));
        assert_eq!(
            config_file(Some("f.toml".into()), Some("v.toml".into()), folder.path()),
            Some("f.toml".into())
        );
    }
}
