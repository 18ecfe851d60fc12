//! Everything that is secret is used once, by everybody, on the real program at its loudest; then all that it logged, refused,
//! counted and stored is searched for it.
#[path = "secrets/mailbox.rs"]
mod mailbox;
#[path = "secrets/mesibo.rs"]
mod mesibo;
#[path = "secrets/program.rs"]
mod program;
#[path = "secrets/talk.rs"]
mod talk;
#[path = "secrets/vault.rs"]
mod vault;
#[path = "secrets/walk.rs"]
mod walk;

use crate::common::columns;
use program::Program;
use talk::Talk;
use vault::Vault;

#[tokio::test]
async fn no_secret_stands_in_a_log_an_error_a_metric_or_a_table() {
    convene::boot::use_ring();
    let program = Program::start().await;
    let mut talk = Talk::with(&program);
    let mut vault = Vault::default();
    walk::all(&program, &mut talk, &mut vault).await;
    mesibo::all(&program, &mut talk, &mut vault).await;
    let metrics = talk.metrics().await;
    let lost = metrics.lines().any(|line| line == "convene_log_dropped_total 0");
    assert!(lost, "every log line is here to be searched");
    vault.keep("master key", &program.master_key());
    let mailbox = program.mailbox();
    let (log, folder) = program.stop().await;

    let mut found = Vec::new();
    found.extend(vault.hits("the log", log.as_bytes()));
    found.extend(vault.hits("the metrics", metrics.as_bytes()));
    for (asked, answer) in &talk.refusals {
        found.extend(vault.hits(&format!("the refusal of {asked}"), answer.as_bytes()));
    }
    let tables = columns::all(&format!("sqlite://{}", folder.path().join("convene.db").display())).await;
    assert!(tables.iter().any(|(column, _)| column == "user.password_hash"), "somebody has signed up");
    for (column, value) in tables {
        found.extend(vault.stored_hits(&column, &value));
    }
    let raw = std::fs::read(folder.path().join("convene.db")).unwrap();
    found.extend(vault.stored_hits("the database's file, deleted rows too", &raw));
    assert!(found.is_empty(), "{} hits:\n{}", found.len(), found.join("\n"));

    // the search does find: what was mailed stands in the mailbox, and there alone
    let mailed = vault.hits("the mailbox", mailbox.as_bytes());
    assert!(mailed.iter().any(|hit| hit.contains("code")), "{mailed:?}");
    assert!(mailed.iter().any(|hit| hit.contains("reset token")), "{mailed:?}");
    let searched = (vault.len(), log.lines().count(), talk.refusals.len());
    eprintln!("{} secrets, {} log lines, {} refusals: no hit", searched.0, searched.1, searched.2);
    assert!(searched.0 > 20 && searched.1 > 100 && searched.2 > 10, "something was searched: {searched:?}");
}
