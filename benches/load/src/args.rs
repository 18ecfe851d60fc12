//! The command line of the load generator.
use crate::Outcome;
use lexopt::prelude::*;
use std::path::PathBuf;

const HELP: &str = "convene-load: what Convene carries beside a Socket.IO server (docs/BENCHMARKS.md)

  convene-load [all | quick | fan-out | signals | joins | sign-ins] [options]

  all        every measurement but sign-ins, a table in Markdown on standard output (the default)
  quick      seconds, Convene only: ends with code 1 unless everything arrived exactly once
  fan-out    the three shapes of chat, ephemeral and durable
  signals    1,000 pairs that negotiate
  joins      joins a second, and what 2,000 idle sockets cost in memory
  sign-ins   chat and signals alone, and beside 64 people who sign in at once, on all CPUs

  --shape 20x50|400x5|1x1000   only this shape of fan-out
  --only convene|node          only this server
  --server PATH                the convene binary (default: CONVENE_BIN, else the one beside this program)
  --peer DIR                   the folder of the Socket.IO server (default: benches/load/peer)
  --seconds N                  how long a step is measured, 1 to 30 (default 2)
  --rate N                     only one step, at this many deliveries a second: for profiling
";

/// Which part is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    All,
    Quick,
    FanOut,
    Signals,
    Joins,
    SignIns,
}

pub(crate) struct Wish {
    pub(crate) part: Part,
    /// As in `20x50`; every shape without it.
    pub(crate) shape: Option<String>,
    /// `convene` or `node`; both without it.
    pub(crate) only: Option<String>,
    pub(crate) server: PathBuf,
    pub(crate) peer: PathBuf,
    /// Seconds.
    pub(crate) measured: u64,
    /// Deliveries a second of the only step; a climb without it.
    pub(crate) rate: Option<f64>,
}

impl Wish {
    pub(crate) fn wants(&self, server: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == server)
    }
}

/// Reads the command line; `--help` prints and ends the program.
pub(crate) fn read() -> Outcome<Wish> {
    let mut wish = Wish {
        part: Part::All,
        shape: None,
        only: None,
        server: beside()?,
        peer: PathBuf::from("benches/load/peer"),
        measured: 2,
        rate: None,
    };
    let mut given = lexopt::Parser::from_env();
    while let Some(argument) = given.next()? {
        match argument {
            Value(word) => wish.part = part(&word.string()?)?,
            Long("shape") => wish.shape = Some(given.value()?.string()?),
            Long("only") => wish.only = Some(server(given.value()?.string()?)?),
            Long("server") => wish.server = given.value()?.into(),
            Long("peer") => wish.peer = given.value()?.into(),
            Long("seconds") => wish.measured = seconds(given.value()?.parse()?)?,
            Long("rate") => wish.rate = Some(given.value()?.parse::<u32>()?.max(1).into()),
            Long("help") | Short('h') => {
                crate::report::print(HELP);
                std::process::exit(0);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(wish)
}

fn beside() -> Outcome<PathBuf> {
    if let Some(given) = std::env::var_os("CONVENE_BIN") {
        return Ok(given.into());
    }
    Ok(std::env::current_exe()?.with_file_name("convene"))
}

fn part(word: &str) -> Outcome<Part> {
    Ok(match word {
        "all" => Part::All,
        "quick" => Part::Quick,
        "fan-out" => Part::FanOut,
        "signals" => Part::Signals,
        "joins" => Part::Joins,
        "sign-ins" => Part::SignIns,
        _ => return Err(format!("no part named '{word}', see --help").into()),
    })
}

fn server(word: String) -> Outcome<String> {
    match word.as_str() {
        "convene" | "node" => Ok(word),
        _ => Err(format!("--only takes convene or node, not '{word}'").into()),
    }
}

fn seconds(given: u64) -> Outcome<u64> {
    if (1..=30).contains(&given) { Ok(given) } else { Err("--seconds takes 1 to 30".into()) }
}
