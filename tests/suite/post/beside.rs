//! A server in Python beside the test: a real mail server (aiosmtpd) that does as it is told, or a gateway that speaks TLS.
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Beside {
    /// Ends it when the test does.
    _child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    pub(super) port: String,
}

impl Beside {
    /// `arguments` as `server.py` explains them, the plan first.
    pub(super) async fn mail(arguments: &[&str]) -> Self {
        Self::start(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/post/server.py"), arguments).await
    }

    /// With a certificate and its key.
    pub(super) async fn gateway(certificate: &str, key: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/post/gateway.py");
        Self::start(script, &[certificate, key]).await
    }

    async fn start(script: &str, arguments: &[&str]) -> Self {
        let python = std::env::var("CONVENE_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let mut child = Command::new(python)
            .arg(script)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python3 is there: scripts/test installs it");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut server = Self { _child: child, lines, port: String::new() };
        server.port = server.tells("listening").await["port"].to_string();
        server
    }

    /// The next thing that happened there; it must be this one.
    pub(super) async fn tells(&mut self, event: &str) -> Value {
        let line = timeout(PATIENCE, self.lines.next_line()).await;
        let line = line.unwrap_or_else(|_| panic!("the server beside was to tell {event:?}"));
        let line =
            line.unwrap().unwrap_or_else(|| panic!("the server beside ended, it was to tell {event:?}"));
        let told: Value = serde_json::from_str(&line).expect("a JSON object a line");
        assert_eq!(told["event"], event, "{told}");
        told
    }
}
