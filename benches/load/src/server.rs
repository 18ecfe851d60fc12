//! The servers under load, as child processes on the first CPU: started, awaited, ended with the value that holds them.
use crate::Outcome;
use crate::args::Wish;
use crate::rooms;
use crate::speech::Speech;
use std::fs::{self, File};
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const START: Duration = Duration::from_secs(30);

/// Where the server runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Core {
    /// On CPU 0, the generator has CPU 1.
    First,
    /// Anywhere: for runs that measure nothing.
    Any,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) speech: Speech,
    child: Child,
    /// What was started, without the programs that place it.
    program: PathBuf,
    /// Its data and its log, gone with it.
    folder: PathBuf,
}

impl Server {
    /// Convene with an empty SQLite database, its rates lifted for loopback: they are per person, and all people are one address.
    pub(crate) fn convene(wish: &Wish, core: Core) -> Outcome<Self> {
        let binary = fs::canonicalize(&wish.server).map_err(|error| {
            format!("{}: {error}; build it by `cargo build --release`", wish.server.display())
        })?;
        let (address, folder) = (free_address()?, folder("convene")?);
        let mut command = on(core, &binary);
        command
            .current_dir(&folder)
            .env("CONVENE__HTTP__BIND", address.to_string())
            .env("CONVENE__DATA__DIR", folder.join("data"))
            .env("CONVENE__LIMITS__TRUSTED_SOURCES", "127.0.0.0/8")
            .env("CONVENE__LIMITS__CONNECTIONS", "20000")
            .env("CONVENE__LIMITS__CONNECTIONS_PER_ADDRESS", "20000")
            .env("CONVENE__LOG__LEVEL", "warn");
        Self::start(command, &binary, address, (Speech::Native, "/readyz"), folder)
    }

    /// The Socket.IO server of `benches/load/peer`.
    pub(crate) fn node(wish: &Wish, core: Core) -> Outcome<Self> {
        let script = wish.peer.join("server.mjs");
        if !wish.peer.join("node_modules").is_dir() {
            return Err(format!("run `npm ci` in {} first", wish.peer.display()).into());
        }
        let (address, folder) = (free_address()?, folder("node")?);
        let mut command = on(core, Path::new("node"));
        command.arg(fs::canonicalize(script)?).arg(address.port().to_string()).env("NODE_ENV", "production");
        Self::start(command, Path::new("node"), address, (Speech::SocketIo, "/healthz"), folder)
    }

    fn start(
        mut command: Command,
        program: &Path,
        address: SocketAddr,
        (speech, ready): (Speech, &str),
        folder: PathBuf,
    ) -> Outcome<Self> {
        let log = folder.join("log");
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log)?).spawn()?;
        let mut server = Self { address, speech, child, program: program.to_owned(), folder };
        let start = Instant::now();
        while !rooms::is_ready(address, ready) {
            if server.child.try_wait()?.is_some() || start.elapsed() > START {
                let said = fs::read_to_string(&log).unwrap_or_default();
                return Err(format!("the server did not come up:\n{said}").into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    /// Makes an account by the program's own command, beside the running server.
    pub(crate) fn make_account(&self, username: &str, password: &str) -> Outcome<()> {
        let mut child = Command::new(&self.program)
            .args(["user", "create", "--name", username, "--username", username, "--password-stdin"])
            .env("CONVENE__DATA__DIR", self.folder.join("data"))
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        child.stdin.take().ok_or("no standard input")?.write_all(password.as_bytes())?;
        let done = child.wait_with_output()?;
        if done.status.success() {
            return Ok(());
        }
        Err(format!("no account was made: {}", String::from_utf8_lossy(&done.stderr)).into())
    }

    /// Its process, for CPU and memory.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to its log.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only for a process that has ended already; the folder is a temporary one.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// `setpriv` and `taskset` become the program, so the child's id is the server's; it ends with this process, however that ends.
fn on(core: Core, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if core == Core::First {
        command.args(["taskset", "-c", "0"]);
    }
    command.arg(program);
    command
}

fn free_address() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

fn folder(name: &str) -> Outcome<PathBuf> {
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_nanos();
    let folder = std::env::temp_dir().join(format!("convene-load-{name}-{}-{nanos}", std::process::id()));
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
