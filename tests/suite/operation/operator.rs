//! The operator's orders over a database that a server may have open: users and keys made, shown, shut, revoked.
use std::io::Write;
use std::process::{Output, Stdio};

use convene::room::ids::Millis;
use convene::store::control::{News, Reader};
use convene::store::{Store, keys, sessions, users};
use serde_json::Value;

use super::command_line::{Place, text};
use crate::common::db::open;

/// Runs with `--json` into exit code 0.
fn ordered(here: &Place, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--json"]].concat();
    let output = here.run(&arguments, &[]);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs into exit code 1 and returns the one line on standard error.
fn refused(here: &Place, arguments: &[&str]) -> String {
    of_refusal(&here.run(arguments, &[]))
}

fn of_refusal(output: &Output) -> String {
    let said = text(&output.stderr).to_owned();
    assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{said}");
    assert!(output.stdout.is_empty() && said.starts_with("convene: "), "{said}");
    said
}

fn with_input(here: &Place, arguments: &[&str], input: &str) -> Output {
    let mut command = here.command(arguments, &[]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// A folder with a current database.
fn place() -> Place {
    let here = Place::new();
    assert_eq!(here.run(&["migrate"], &[]).status.code(), Some(0));
    here
}

async fn store(here: &Place) -> Store {
    open(&format!("sqlite://{}", here.path().join("data/convene.db").display())).await
}

fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}

fn words<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} is no text in {value}"))
}

#[test]
fn without_a_database_or_its_schema_an_order_says_what_to_do() {
    let here = Place::new();
    let line = here.unusable(&["user", "list"], &[]);
    assert!(line.contains("convene migrate"), "{line}");
    assert!(!here.path().join("data").exists(), "nothing was made");
}

#[test]
fn a_user_is_made_found_by_each_way_in_and_listed() {
    let here = place();
    let made = ordered(
        &here,
        &[
            "user",
            "create",
            "--name",
            "Ana",
            "--username",
            "Ana",
            "--email",
            "Ana@example.org",
            "--phone",
            "+49 30 123456",
        ],
    );
    assert_eq!((words(&made, "name"), words(&made, "phone")), ("Ana", "+4930123456"));
    assert_eq!((made["has_password"].as_bool(), made.get("password")), (Some(false), None));
    let id = words(&made, "id");
    for about in [id, "ana", "ANA", "ana@EXAMPLE.org", "+4930123456"] {
        assert_eq!(words(&ordered(&here, &["user", "show", about]), "id"), id, "{about}");
    }
    assert!(refused(&here, &["user", "show", "bob"]).contains("there is no user bob"));
    let line = refused(&here, &["user", "create", "--name", "Eve", "--username", "ANA"]);
    assert!(line.contains("somebody has that name"), "{line}");
    let list = ordered(&here, &["user", "list"]);
    assert_eq!(list["users"].as_array().unwrap().len(), 1);
    let plain = here.run(&["user", "list"], &[]);
    assert_eq!(text(&plain.stdout), format!("{id} active Ana (Ana, Ana@example.org, +4930123456)\n"));
    let admin = ordered(&here, &["user", "make-admin", "ana"]);
    assert_eq!(admin["is_admin"], true);
}

#[test]
fn a_user_without_an_address_gets_a_password_that_is_shown_once() {
    let here = place();
    let made = ordered(&here, &["user", "create", "--name", "Bob", "--username", "bob"]);
    assert_eq!(words(&made, "password").len(), 20);
    let shown = ordered(&here, &["user", "show", "bob"]);
    assert_eq!((shown.get("password"), shown["has_password"].as_bool()), (None, Some(true)));
    assert!(refused(&here, &["user", "create", "--name", "Eve"]).contains("nobody could sign in"));
}

#[test]
fn a_password_comes_from_standard_input_and_must_be_a_good_one() {
    let here = place();
    let create = ["user", "create", "--name", "Ana", "--username", "ana", "--password-stdin", "--json"];
    let line = of_refusal(&with_input(&here, &create, "1234567890\n"));
    assert!(!line.contains("1234567890"), "{line}");
    of_refusal(&with_input(&here, &create, ""));
    let made = with_input(&here, &create, "correct horse battery staple\n");
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    assert!(!text(&made.stdout).contains("horse"), "{}", text(&made.stdout));
    let line = here.unusable(&["user", "create", "--name", "x", "--password", "secret"], &[]);
    assert!(line.contains("takes no --password"), "{line}");
}

#[tokio::test]
async fn what_concerns_live_sockets_is_left_as_news_for_the_server() {
    let here = place();
    let store = store(&here).await;
    let made = ordered(&here, &["user", "create", "--name", "Bob", "--username", "bob"]);
    let id = words(&made, "id").parse().unwrap();
    let mut news = Reader::start(&store, now()).await.unwrap();
    let before = users::find(&store, id).await.unwrap().unwrap();

    let reset = ordered(&here, &["user", "reset-password", "bob"]);
    assert_ne!(words(&reset, "password"), words(&made, "password"));
    assert_eq!(news.next(&store, now()).await.unwrap(), [News::SessionsEnded(id)]);
    let after = users::find(&store, id).await.unwrap().unwrap();
    assert_ne!(after.password_hash, before.password_hash);

    assert_eq!(words(&ordered(&here, &["user", "disable", "bob"]), "status"), "disabled");
    assert_eq!(news.next(&store, now()).await.unwrap(), [News::UserDisabled(id)]);
    assert_eq!(words(&ordered(&here, &["user", "enable", "bob"]), "status"), "active");

    let key =
        ordered(&here, &["key", "create", "--name", "Backup", "--owner", "bob", "--scopes", "rooms:read"]);
    let key_id = words(&key, "id").parse().unwrap();
    ordered(&here, &["key", "revoke", words(&key, "id")]);
    assert_eq!(news.next(&store, now()).await.unwrap(), [News::KeyRevoked(key_id)]);
    assert!(refused(&here, &["key", "revoke", words(&key, "id")]).contains("there is no key"));
}

#[tokio::test]
async fn a_deleted_user_is_due_after_the_grace_or_at_once_and_cannot_come_back_then() {
    let here = place();
    let store = store(&here).await;
    ordered(&here, &["user", "create", "--name", "Bob", "--username", "bob"]);
    let marked = ordered(&here, &["user", "delete", "bob"]);
    let due: jiff::Timestamp = words(&marked, "delete_after").parse().unwrap();
    let days = (due.as_millisecond() - now().0) as f64 / 86_400_000.0;
    assert!((6.9..=7.0).contains(&days), "{days}");
    assert_eq!(users::due(&store, now(), 9).await.unwrap(), []);
    let gone = ordered(&here, &["user", "delete", "bob", "--now"]);
    assert_eq!(words(&gone, "status"), "disabled");
    let id = words(&gone, "id").parse().unwrap();
    assert_eq!(users::due(&store, now(), 9).await.unwrap(), [id]);
    let good = sessions::Good { now: now(), idle_ms: 1 };
    assert_eq!(sessions::list(&store, id, good).await.unwrap(), []);
}

#[tokio::test]
async fn a_key_is_shown_once_and_its_scopes_are_those_there_are() {
    let here = place();
    let store = store(&here).await;
    let made = ordered(
        &here,
        &["key", "create", "--name", "Backup", "--scopes", "rooms:read,moderate", "--days", "30"],
    );
    let secret = words(&made, "secret");
    assert!(secret.starts_with("cvk_") && secret.starts_with(words(&made, "prefix")), "{made}");
    let hash: String =
        convene::seal::sha256(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let found = keys::find(&store, &hash, now()).await.unwrap().unwrap();
    assert_eq!((found.owner, found.scopes.as_str()), (None, "rooms:read moderate"));
    let list = here.run(&["key", "list"], &[]);
    assert!(!text(&list.stdout).contains(secret), "{}", text(&list.stdout));
    assert!(text(&list.stdout).contains("good"), "{}", text(&list.stdout));
    for wrong in ["", "everything", "rooms:read rooms:write"] {
        let line = refused(&here, &["key", "create", "--name", "x", "--scopes", wrong]);
        assert!(line.contains("--scopes"), "{line}");
    }
    assert!(
        refused(&here, &["key", "create", "--name", "x", "--scopes", "moderate", "--days", "0"])
            .contains("--days")
    );
}
