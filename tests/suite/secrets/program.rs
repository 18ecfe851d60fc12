//! The real program, logging all it can, on a folder of its own.
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::vault::CONFIGURED;

pub(super) struct Program {
    child: Child,
    folder: TempDir,
    log: JoinHandle<String>,
    pub(super) address: String,
}

impl Program {
    pub(super) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_convene"));
        command.current_dir(folder.path()).env_clear().kill_on_drop(true);
        command.env("CONVENE__HTTP__BIND", "127.0.0.1:0").env("CONVENE__DATA__DIR", folder.path());
        command.env("CONVENE__LOG__FORMAT", "json").env("CONVENE__LOG__LEVEL", "trace");
        command.env("CONVENE__ICE__TURN_URLS", "turn:127.0.0.1:9").envs(CONFIGURED);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (tell, told) = oneshot::channel();
        let log = tokio::spawn(async move {
            let (mut log, mut tell) = (String::new(), Some(tell));
            while let Some(line) = lines.next_line().await.unwrap() {
                if line.contains("\"serving\"")
                    && let Some(tell) = tell.take()
                {
                    let line: Value = serde_json::from_str(&line).expect("each line is JSON");
                    tell.send(line["http.address"].as_str().unwrap().to_owned()).unwrap();
                }
                log.push_str(&line);
                log.push('\n');
            }
            log
        });
        let address = timeout(Duration::from_secs(30), told).await.expect("in time").expect("it serves");
        Self { child, folder, log, address }
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The generated key, as its file holds it.
    pub(super) fn master_key(&self) -> String {
        let path = self.folder().join("keys/1.key");
        std::fs::read_to_string(path).unwrap().trim().to_owned()
    }

    /// All that was written to people.
    pub(super) fn mailbox(&self) -> String {
        let files = |name: &str| std::fs::read_dir(self.folder().join(name)).unwrap();
        let paths = files("mail").chain(files("sms")).map(|entry| entry.unwrap().path());
        paths.map(|path: PathBuf| std::fs::read_to_string(path).unwrap()).collect()
    }

    /// Ends it in order; answers its log and its folder.
    pub(super) async fn stop(mut self) -> (String, TempDir) {
        let id = self.child.id().expect("it runs").to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let ended = timeout(Duration::from_secs(30), self.child.wait()).await.expect("in time").unwrap();
        assert_eq!(ended.code(), Some(0));
        (self.log.await.unwrap(), self.folder)
    }
}
