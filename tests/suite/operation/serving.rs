//! The running program: it says where it serves, takes an address only once, and ends with code 0 when told to.
use std::{net::TcpListener, process::Stdio};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines},
    process::{Child, ChildStderr, Command},
};

pub(super) struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStderr>>,
    pub(super) address: String,
    _folder: TempDir,
}

fn program(folder: &TempDir, bind: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_convene"));
    command.current_dir(folder.path()).env_clear().kill_on_drop(true);
    command.env("CONVENE__HTTP__BIND", bind).env("CONVENE__LOG__FORMAT", "json");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

impl Running {
    async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With settings, named as in the environment.
    pub(super) async fn start_with(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = program(&folder, "127.0.0.1:0");
        let mut child = command.envs(settings.iter().copied()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        while let Some(line) = lines.next_line().await.unwrap() {
            let said: serde_json::Value = serde_json::from_str(&line).expect("each line is json");
            if said["message"] == "serving" {
                let address = said["http.address"].as_str().unwrap().to_owned();
                return Self { child, lines, address, _folder: folder };
            }
        }
        panic!("it ended before it served");
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    pub(super) fn signal(&self, name: &str) {
        let id = self.id().to_string();
        let sent = std::process::Command::new("kill").args([format!("-{name}"), id]).status().unwrap();
        assert!(sent.success());
    }

    pub(super) async fn exit_code(mut self) -> Option<i32> {
        while self.lines.next_line().await.unwrap().is_some() {}
        self.child.wait().await.unwrap().code()
    }
}

#[tokio::test]
async fn it_serves_on_a_fresh_folder_and_ends_with_code_0_when_told() {
    convene::boot::use_ring();
    for signal in ["TERM", "INT"] {
        let server = Running::start().await;
        let health = reqwest::get(format!("http://{}/healthz", server.address)).await.unwrap();
        assert_eq!(health.status(), 200);
        server.signal(signal);
        assert_eq!(server.exit_code().await, Some(0), "after SIG{signal}");
    }
}

#[tokio::test]
async fn a_taken_address_ends_with_code_2_and_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let mut child = program(&folder, &address).spawn().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).await.unwrap();
    assert_eq!(child.wait().await.unwrap().code(), Some(2));
    let last = said.lines().last().unwrap_or_default();
    assert!(last.starts_with("convene: ") && last.contains(&address), "{said}");
}
