//! The default: every message a file, private and whole, and a log that says where it lies.
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use convene::post::PostId;

use super::sender::{Sender, mail_to, text_to};

fn only_file(folder: &Path) -> (String, String) {
    let mut entries = fs::read_dir(folder).unwrap();
    let path = entries.next().expect("a file").unwrap().path();
    assert!(entries.next().is_none(), "no draft is left");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(folder)), (0o600, 0o700));
    (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
}

async fn sent(sender: &Sender, id: PostId) {
    let row = sender.settles(id).await;
    assert!(row.sent_at.is_some() && row.secret.is_none());
}

#[tokio::test]
async fn a_mail_becomes_one_private_eml_inside_the_data_folder() {
    let sender = Sender::start(&[]).await;
    let id = sender.puts_code(mail_to("ana@example.org")).await;
    sent(&sender, id).await;
    let (name, mail) = only_file(&sender.convene.database().with_file_name("mail"));
    assert_eq!(name, format!("{id}.eml"));
    assert!(mail.contains("To: ana@example.org\r\n") && mail.contains("    135790\r\n"), "{mail}");
    assert!(mail.contains(&sender.convene.url("http", "")), "it leads to where the server listens: {mail}");
    sender.stop().await;
}

#[tokio::test]
async fn a_text_message_becomes_one_private_file_of_number_and_text() {
    let folder = tempfile::tempdir().unwrap();
    let chosen = folder.path().join("deep/texts");
    let sender = Sender::start(&[("SMS__DIR", chosen.to_str().unwrap())]).await;
    let id = sender.puts_code(text_to("+4915112345678")).await;
    sent(&sender, id).await;
    let (name, text) = only_file(&chosen);
    assert_eq!(name, format!("{id}.txt"));
    assert!(text.starts_with("To: +4915112345678\n\n135790 is your code for Convene."), "{text}");
    sender.stop().await;
}

#[tokio::test]
async fn a_folder_that_can_not_be_written_delays_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("mail");
    fs::write(&taken, "in the way").unwrap();
    let sender = Sender::start(&[("MAIL__DIR", taken.to_str().unwrap())]).await;
    let id = sender.puts_code(mail_to("ana@example.org")).await;
    sender.convene.until_so("a try failed", async || sender.row(id).await.error.is_some()).await;
    fs::remove_file(&taken).unwrap();
    sent(&sender, id).await;
    assert_eq!(only_file(&taken).0, format!("{id}.eml"));
    sender.stop().await;
}
