//! Sixty-four people sign in at once, again and again, while others chat or negotiate: what that does to latency and memory.
use crate::Outcome;
use crate::args::Wish;
use crate::crowd::Crowd;
use crate::load::{self, Idle, Step};
use crate::machine::{rss_kib, rss_most_kib};
use crate::report;
use crate::rooms;
use crate::server::{Core, Server};
use crate::shape::{Kept, PAIRS, Shape};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Sign-ins under way at a time: as many as may wait for a hash.
pub(crate) const AT_ONCE: usize = 64;

/// What goes on meanwhile, and how many deliveries a second of it: a part of what one core carries.
const BESIDE: [(Shape, f64); 3] = [
    (Shape::rooms(20, 50, Kept::Ephemeral), 20_000.0),
    (Shape::rooms(20, 50, Kept::Durable), 20_000.0),
    (PAIRS, 4_000.0),
];

/// One load, alone and beside the sign-ins.
pub(crate) struct Beside {
    pub(crate) shape: Shape,
    pub(crate) alone: Step,
    pub(crate) beside: Step,
    pub(crate) signed_in: Tried,
    /// Of the server, KiB: after the load alone, and the most it ever was.
    pub(crate) rss_alone: u64,
    pub(crate) rss_most: u64,
}

/// What became of the sign-ins.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tried {
    pub(crate) per_second: f64,
    pub(crate) ok: u64,
    /// 503: too many wait.
    pub(crate) busy: u64,
    /// The longest took so long.
    pub(crate) longest: Duration,
}

pub(crate) fn run(wish: &Wish) -> Outcome<()> {
    let measured = BESIDE.iter().map(|(shape, rate)| measure(wish, *shape, *rate));
    let rows: Vec<Beside> = measured.collect::<Outcome<_>>()?;
    report::sign_ins_table(&rows);
    Ok(())
}

/// Server and generator share all CPUs here: hashing has a thread of its own, which is to stay out of the others' way.
fn measure(wish: &Wish, shape: Shape, rate: f64) -> Outcome<Beside> {
    let server = Server::convene(wish, Core::Any)?;
    for number in 0..AT_ONCE {
        server.make_account(&format!("person{number}"), &password(number))?;
    }
    let rooms = rooms::make(&server, shape)?;
    let mut crowd = Crowd::gather(&server, shape, rooms)?;
    crowd.settle()?;
    let length = Duration::from_secs(wish.measured);
    let mut step = || load::run(&mut crowd, server.process(), rate, length, Idle::Sleeps);
    let alone = step()?;
    report::step(shape, &alone);
    let rss_alone = rss_kib(server.process())?;
    let (beside, signed_in) = beside(server.address, &mut step)?;
    report::step(shape, &beside);
    Ok(Beside { shape, alone, beside, signed_in, rss_alone, rss_most: rss_most_kib(server.process())? })
}

/// Takes a step while all sign in, each anew as soon as it was answered.
fn beside(to: SocketAddr, step: &mut impl FnMut() -> Outcome<Step>) -> Outcome<(Step, Tried)> {
    let (is_over, start) = (AtomicBool::new(false), Instant::now());
    thread::scope(|scope| {
        let is_over = &is_over;
        let people: Vec<_> =
            (0..AT_ONCE).map(|number| scope.spawn(move || signs_in(to, number, is_over))).collect();
        let step = step();
        is_over.store(true, Ordering::Relaxed);
        let took = start.elapsed();
        let mut all = Tried::default();
        for person in people {
            let tried = person.join().map_err(|_| "a person of the generator panicked")?;
            let tried = tried.map_err(|words| format!("a sign-in failed: {words}"))?;
            all.ok += tried.ok;
            all.busy += tried.busy;
            all.longest = all.longest.max(tried.longest);
        }
        all.per_second = all.ok as f64 / took.as_secs_f64();
        Ok((step?, all))
    })
}

/// The error is only its words, so that it may leave its thread.
fn signs_in(to: SocketAddr, number: usize, is_over: &AtomicBool) -> Result<Tried, String> {
    let body = format!(r#"{{"login":"person{number}","password":"{}"}}"#, password(number));
    let mut tried = Tried::default();
    while !is_over.load(Ordering::Relaxed) {
        let start = Instant::now();
        let (status, answer) =
            rooms::http(to, "POST", "/v1/login", &body).map_err(|error| error.to_string())?;
        match status {
            200 | 201 => tried.ok += 1,
            503 => tried.busy += 1,
            _ => return Err(format!("{status} {}", String::from_utf8_lossy(&answer))),
        }
        tried.longest = tried.longest.max(start.elapsed());
    }
    Ok(tried)
}

fn password(number: usize) -> String {
    format!("seven quiet llamas {number}")
}
