//! The program as an operator meets it: commands, one clear line for each mistake, exit codes, signals.
use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// A folder in which the program runs with nothing but the given variables.
pub(super) struct Place(TempDir);

impl Place {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn command(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_convene"));
        command.args(arguments).current_dir(self.path()).env_clear().envs(variables.iter().copied());
        command.stdin(Stdio::null());
        command
    }

    pub(super) fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        self.command(arguments, variables).output().unwrap()
    }

    /// Runs into exit code 2 and returns the one line on standard error.
    pub(super) fn unusable(&self, arguments: &[&str], variables: &[(&str, &str)]) -> String {
        let output = self.run(arguments, variables);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {variables:?}: {said}");
        assert_eq!(said.lines().count(), 1, "one line: {said}");
        assert!(said.starts_with("convene: "), "{said}");
        said
    }
}

pub(super) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn help_and_version_are_printed() {
    let here = Place::new();
    let help = here.run(&["--help"], &[]);
    assert!(help.status.success());
    for named in ["serve", "check", "migrate", "--config", "CONVENE_CONFIG", "Exit codes"] {
        assert!(text(&help.stdout).contains(named), "the help names {named}");
    }
    let version = here.run(&["--version"], &[]);
    assert_eq!(text(&version.stdout), format!("convene {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_wrong_command_line_ends_with_code_2() {
    let here = Place::new();
    assert!(here.unusable(&["dance"], &[]).contains("there is no command dance"));
    assert!(here.unusable(&["--conifg", "x"], &[]).contains("--conifg"));
}

#[test]
fn unknown_keys_end_every_command_with_code_2_and_the_nearest_name() {
    let here = Place::new();
    fs::write(here.path().join("wrong.toml"), "[rooms]\ncapactiy = 5\n").unwrap();
    for command in ["serve", "check", "migrate"] {
        let line = here.unusable(&[command, "--config", "wrong.toml"], &[]);
        assert!(
            line.contains("wrong.toml: there is no key rooms.capactiy; the nearest is rooms.capacity"),
            "{line}"
        );
        let line = here.unusable(&[command], &[("CONVENE__HTTP__BNID", "127.0.0.1:0")]);
        assert!(
            line.contains("no variable CONVENE__HTTP__BNID; the nearest is CONVENE__HTTP__BIND"),
            "{line}"
        );
    }
}

#[test]
fn the_variable_and_the_folder_lead_to_the_file() {
    let here = Place::new();
    fs::write(here.path().join("named.toml"), "[rooms]\nnamed = 1\n").unwrap();
    fs::write(here.path().join("convene.toml"), "[rooms]\nhere = 1\n").unwrap();
    assert!(here.unusable(&[], &[]).contains("rooms.here"));
    assert!(here.unusable(&[], &[("CONVENE_CONFIG", "named.toml")]).contains("rooms.named"));
    assert!(here.unusable(&[], &[("CONVENE_CONFIG", "gone.toml")]).contains("gone.toml"));
}

#[test]
fn a_bad_database_url_ends_with_code_2_and_shows_no_password() {
    let here = Place::new();
    let line = here.unusable(&["serve"], &[("CONVENE__DATABASE__URL", "orcale://ana:hunter2@host/name")]);
    assert!(line.contains("database.url") && !line.contains("hunter2"), "{line}");
}

#[test]
fn check_shows_what_is_in_force_but_no_secret() {
    let here = Place::new();
    let secret = "c0ffee00".repeat(8);
    let output =
        here.run(&["check"], &[("CONVENE__AUTH__SECRET", &secret), ("CONVENE__ROOMS__CAPACITY", "12")]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(said.contains("capacity = 12\n") && said.contains("secret = \"(redacted)\""), "{said}");
    assert!(!said.contains(&secret));
    assert!(said.contains("sqlite://data/convene.db"), "{said}");
    assert!(!here.path().join("data").exists(), "a check leaves nothing behind");
}

#[test]
fn migrate_makes_the_schema_and_check_finds_it() {
    let here = Place::new();
    for _twice in 0..2 {
        let migrated = here.run(&["migrate"], &[]);
        assert_eq!(migrated.status.code(), Some(0), "{}", text(&migrated.stderr));
    }
    assert!(here.path().join("data/convene.db").exists());
    let checked = here.run(&["check"], &[]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stderr));
    assert!(text(&checked.stdout).ends_with("the schema is current\n"), "{}", text(&checked.stdout));
}

#[test]
fn a_database_that_cannot_be_reached_ends_check_and_migrate_with_code_2() {
    let here = Place::new();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://ana:hunter2@{closed}/convene");
    let variables =
        [("CONVENE__DATABASE__URL", url.as_str()), ("CONVENE__DATABASE__CONNECT_TIMEOUT_SECONDS", "1")];
    let line = here.unusable(&["migrate"], &variables);
    assert!(line.contains("database") && !line.contains("hunter2"), "{line}");
    here.unusable(&["check"], &variables);
}
