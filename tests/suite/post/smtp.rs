//! Mail through a real server that accepts, refuses for now or for good, stalls, drops the line, or wants TLS and a login.
use convene::post::Notice;
use serde_json::Value;

use super::beside::Beside;
use super::certificate::Certificate;
use super::sender::{Sender, mail_to};

const SENT: &str = "convene_post_total{channel=\"mail\",outcome=\"sent\"} 1";

/// A server on this machine needs no word of how it is to be protected.
fn plain(port: &str) -> [(&str, &str); 5] {
    [
        ("MAIL__MODE", "smtp"),
        ("MAIL__HOST", "127.0.0.1"),
        ("MAIL__PORT", port),
        ("MAIL__TIMEOUT_SECONDS", "2"),
        ("HTTP__PUBLIC_URL", "https://meet.example"),
    ]
}

/// The headers' names, folded lines left out.
fn headers(mail: &Value) -> Vec<String> {
    let data = mail["data"].as_str().unwrap();
    let head = data.split("\r\n\r\n").next().unwrap().split("\r\n");
    let first = head.filter(|line| !line.starts_with([' ', '\t']));
    first.map(|line| line.split_once(':').unwrap().0.to_owned()).collect()
}

#[tokio::test]
#[ignore = "needs python3 with aiosmtpd: run scripts/test"]
async fn a_mail_reaches_its_one_receiver_with_the_expected_headers() {
    let mut server = Beside::mail(&["accept"]).await;
    let sender = Sender::start(&plain(&server.port)).await;
    let id = sender.puts_code(mail_to("ana@example.org")).await;
    let mail = server.tells("mail").await;
    assert_eq!(mail["to"], serde_json::json!(["ana@example.org"]));
    assert_eq!((&mail["sender"], &mail["hello"]), (&"no-reply@meet.example".into(), &"meet.example".into()));
    let expected = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "MIME-Version",
        "Content-Type",
    ];
    assert_eq!(headers(&mail), expected);
    let data = mail["data"].as_str().unwrap();
    assert!(data.contains(&format!("Message-ID: <{id}@meet.example>")), "{data}");
    assert!(data.contains("From: Convene <no-reply@meet.example>") && data.contains("135790"), "{data}");
    let row = sender.settles(id).await;
    assert_eq!((row.tries, row.secret, row.failed_at, row.error), (1, None, None, None));
    assert!(row.sent_at.is_some() && sender.counted(SENT));
    sender.stop().await;
}

#[tokio::test]
#[ignore = "needs python3 with aiosmtpd: run scripts/test"]
async fn a_server_that_refuses_for_now_stalls_or_drops_the_line_delays_and_loses_nothing() {
    for trouble in ["later", "stall", "drop"] {
        let mut server = Beside::mail(&[&format!("{trouble},accept")]).await;
        let sender = Sender::start(&plain(&server.port)).await;
        let id = sender.puts_code(mail_to("ana@example.org")).await;
        server.tells(trouble).await;
        server.tells("mail").await;
        let row = sender.settles(id).await;
        assert_eq!((row.tries, row.failed_at), (2, None), "after {trouble}");
        let error = row.error.expect("the trouble is kept");
        assert!(error.starts_with("smtp: ") && !error.contains("ana"), "after {trouble}: {error}");
        assert!(sender.counted(SENT));
        assert!(sender.counted("convene_post_total{channel=\"mail\",outcome=\"retried\"} 1"));
        sender.stop().await;
    }
}

#[tokio::test]
#[ignore = "needs python3 with aiosmtpd: run scripts/test"]
async fn a_mail_refused_for_good_is_given_up_at_once_and_loudly() {
    let mut server = Beside::mail(&["never"]).await;
    let sender = Sender::start(&plain(&server.port)).await;
    let id = sender.puts_code(mail_to("ana@example.org")).await;
    server.tells("never").await;
    let row = sender.settles(id).await;
    assert_eq!((row.tries, row.secret, row.sent_at), (1, None, None));
    assert_eq!(row.error.as_deref(), Some("smtp: 550"));
    assert!(row.failed_at.is_some());
    assert!(sender.counted("convene_post_total{channel=\"mail\",outcome=\"given_up\"} 1"));
    sender.stop().await;
}

#[tokio::test]
#[ignore = "needs python3 with aiosmtpd: run scripts/test"]
async fn after_a_day_of_tries_a_mail_is_given_up() {
    let mut server = Beside::mail(&["later"]).await;
    let sender = Sender::start(&plain(&server.port)).await;
    let id = sender.puts(mail_to("ana@example.org"), Notice::PasswordChanged, 25).await;
    server.tells("later").await;
    let row = sender.settles(id).await;
    assert_eq!((row.tries, row.error.as_deref()), (1, Some("smtp: 451")));
    assert!(row.failed_at.is_some());
    sender.stop().await;
}

#[tokio::test]
#[ignore = "needs python3 with aiosmtpd: run scripts/test"]
async fn a_code_that_has_run_out_is_not_sent() {
    let mut server = Beside::mail(&["accept"]).await;
    let sender = Sender::start(&plain(&server.port)).await;
    let stale = convene::post::CodeFor::SignIn;
    let notice = Notice::Code { opens: stale, code: convene::post::Hidden::new("1"), minutes: 5 };
    let old = sender.puts(mail_to("ana@example.org"), notice, 1).await;
    let row = sender.settles(old).await;
    assert_eq!((row.sent_at, row.error.as_deref()), (None, Some("what it holds has run out")));
    let fresh = sender.puts_code(mail_to("bob@example.org")).await;
    assert_eq!(server.tells("mail").await["to"][0], "bob@example.org", "and only that one came");
    sender.settles(fresh).await;
    sender.stop().await;
}

#[tokio::test]
#[ignore = "needs python3 with aiosmtpd: run scripts/test"]
async fn a_mail_taken_by_a_server_that_then_drops_the_line_comes_again_under_the_same_id() {
    let mut server = Beside::mail(&["lost,accept"]).await;
    let sender = Sender::start(&plain(&server.port)).await;
    let id = sender.puts_code(mail_to("ana@example.org")).await;
    for _ in 0..2 {
        let mail = server.tells("mail").await;
        assert!(mail["data"].as_str().unwrap().contains(&format!("<{id}@meet.example>")));
    }
    assert_eq!(sender.settles(id).await.tries, 2);
    sender.stop().await;
}

#[tokio::test]
#[ignore = "needs python3 with aiosmtpd: run scripts/test"]
async fn forty_mails_at_once_come_once_each_over_few_connections() {
    let mut server = Beside::mail(&["accept"]).await;
    let sender = Sender::start(&plain(&server.port)).await;
    let mut waiting = Vec::new();
    for user in 0..40 {
        waiting.push(sender.puts_code(mail_to(&format!("user{user}@example.org"))).await);
    }
    let mut came = Vec::new();
    for _ in 0..40 {
        came.push(server.tells("mail").await["to"][0].as_str().unwrap().to_owned());
    }
    for id in waiting {
        sender.settles(id).await;
    }
    came.sort_unstable();
    came.dedup();
    assert_eq!(came.len(), 40);
    sender.stop().await;
}

#[tokio::test]
#[ignore = "needs python3 with aiosmtpd, openssl: run scripts/test"]
async fn a_server_with_a_certificate_of_our_own_is_trusted_by_the_file_and_only_so() {
    let certificate = Certificate::make();
    let (cert, key, ca) =
        (certificate.file("server.pem"), certificate.file("server.key"), certificate.file("ca.pem"));
    for (security, tls) in [("starttls", None), ("tls", Some("--tls"))] {
        let mut arguments = vec!["accept", "--cert", &*cert, "--key", &*key, "--login", "ana:secret words"];
        arguments.extend(tls);
        let mut server = Beside::mail(&arguments).await;
        let mut changes = plain(&server.port).to_vec();
        changes.extend([
            ("MAIL__SECURITY", security),
            ("MAIL__USER", "ana"),
            ("MAIL__PASSWORD", "secret words"),
        ]);

        let stranger = Sender::start(&changes).await;
        let id = stranger.puts_code(mail_to("ana@example.org")).await;
        let tried = async || stranger.row(id).await.error.is_some();
        stranger.convene.until_so("a try failed", tried).await;
        let error = stranger.row(id).await.error.expect("it failed");
        assert!(error.contains("certificate"), "{security}: {error}");
        stranger.stop().await;

        changes.push(("MAIL__CA_FILE", &*ca));
        let sender = Sender::start(&changes).await;
        let id = sender.puts_code(mail_to("ana@example.org")).await;
        let mail = server.tells("mail").await;
        assert_eq!((&mail["tls"], &mail["user"]), (&true.into(), &"ana".into()), "{security}");
        assert_eq!(sender.settles(id).await.tries, 1);
        sender.stop().await;
    }
}

#[tokio::test]
#[ignore = "needs python3 with aiosmtpd, openssl: run scripts/test"]
async fn a_refused_login_loses_nothing() {
    let certificate = Certificate::make();
    let (cert, key, ca) =
        (certificate.file("server.pem"), certificate.file("server.key"), certificate.file("ca.pem"));
    let arguments = ["accept", "--cert", &*cert, "--key", &*key, "--login", "ana:right"];
    let mut server = Beside::mail(&arguments).await;
    let mut changes = plain(&server.port).to_vec();
    changes.extend([("MAIL__SECURITY", "starttls"), ("MAIL__USER", "ana"), ("MAIL__PASSWORD", "wrong")]);
    changes.push(("MAIL__CA_FILE", &*ca));
    let sender = Sender::start(&changes).await;
    let id = sender.puts_code(mail_to("ana@example.org")).await;
    server.tells("wrong login").await;
    sender.convene.until_so("it is noted", async || sender.row(id).await.error.is_some()).await;
    let row = sender.row(id).await;
    assert_eq!((row.error.as_deref(), row.failed_at), (Some("smtp: 535"), None));
    assert!(row.secret.is_some(), "it waits for the operator");
    sender.stop().await;
}
