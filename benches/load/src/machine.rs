//! What the machine says of processes: CPU time, memory, what else ran, what it is.
use crate::Outcome;
use std::fs;
use std::process::Command;

/// CPU times at one moment, in ticks of 10 ms (USER_HZ is 100 on every Linux we build for).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    server: u64,
    own: u64,
    all: u64,
}

const TICK_US: u64 = 10_000;

impl Times {
    pub(crate) fn now(server: u32) -> Outcome<Self> {
        Ok(Self { server: ticks(&server.to_string())?, own: ticks("self")?, all: busy()? })
    }

    /// µs of CPU that the server used since `before`.
    pub(crate) fn server_us(self, before: Self) -> u64 {
        self.server.saturating_sub(before.server) * TICK_US
    }

    /// µs of CPU that neither the server nor this process used since `before`.
    pub(crate) fn foreign_us(self, before: Self) -> u64 {
        let ours = (self.server - before.server) + (self.own - before.own);
        (self.all - before.all).saturating_sub(ours) * TICK_US
    }
}

/// Ticks in user and kernel mode of one process, all of its threads (proc_pid_stat(5), fields 14 and 15).
fn ticks(process: &str) -> Outcome<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let after_name = stat.rsplit_once(')').ok_or("a stat line without a name")?.1;
    let mut fields = after_name.split_whitespace().skip(11);
    let mut next = || fields.next().and_then(|field| field.parse::<u64>().ok()).ok_or("a short stat line");
    Ok(next()? + next()?)
}

/// Ticks in which any CPU was busy (proc_stat(5)): all but idle, iowait and what guests double.
fn busy() -> Outcome<u64> {
    let stat = fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().ok_or("an empty /proc/stat")?;
    let fields: Vec<u64> = line.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    Ok(fields.iter().enumerate().filter(|(at, _)| ![3, 4, 8, 9].contains(at)).map(|(_, ticks)| ticks).sum())
}

/// Resident memory in KiB.
pub(crate) fn rss_kib(process: u32) -> Outcome<u64> {
    kib(process, "VmRSS:")
}

/// The most it ever was, in KiB.
pub(crate) fn rss_most_kib(process: u32) -> Outcome<u64> {
    kib(process, "VmHWM:")
}

fn kib(process: u32, name: &str) -> Outcome<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("a status without memory")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

/// Pins this process to the second CPU; servers are started on the first.
pub(crate) fn pin_generator() -> Outcome<()> {
    let own = std::process::id().to_string();
    let done = Command::new("taskset").args(["-cp", "1", &own]).output()?;
    if done.status.success() { Ok(()) } else { Err("two CPUs and `taskset` are needed".into()) }
}

/// The machine in one line.
pub(crate) fn describe() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown CPU", |model| model.trim_start_matches([' ', '\t', ':']));
    let count = cpu.lines().filter(|line| line.starts_with("processor")).count();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{count} × {model}, Linux {}", kernel.trim())
}
