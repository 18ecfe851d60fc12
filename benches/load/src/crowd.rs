//! People of the generator, seated in their rooms.
use crate::Outcome;
use crate::server::Server;
use crate::shape::{Shape, Work};
use crate::socket::{Event, Socket, Stage};
use crate::speech::{Meant, Speech};
use crate::swarm::Swarm;
use std::time::{Duration, Instant};

/// Joins under way at a time: a crowd that comes by its clocks, not a stampede.
const AT_ONCE: usize = 32;
/// For a whole crowd to be seated.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Crowd {
    pub(crate) swarm: Swarm,
    pub(crate) speech: Speech,
    pub(crate) shape: Shape,
    /// The rooms' keys, by group.
    pub(crate) rooms: Vec<String>,
    /// Chat messages said so far: each has an id of its own.
    pub(crate) said: u64,
}

/// What happened on the sockets beside the messages that are measured.
#[derive(Default)]
struct Seen {
    seated: usize,
    linked: usize,
    refused: Option<String>,
    closed: Option<Option<u16>>,
}

impl Crowd {
    /// Connects and seats everyone of `shape`, group by group.
    pub(crate) fn gather(server: &Server, shape: Shape, rooms: Vec<String>) -> Outcome<Self> {
        let mut crowd = Self { swarm: Swarm::new()?, speech: server.speech, shape, rooms, said: 0 };
        let all = shape.sockets();
        let mut opened = 0;
        crowd.until(&format!("{all} people to be seated"), |crowd, seen| {
            while opened < all && opened - seen.seated < AT_ONCE {
                let (group, member) = (opened / shape.people, opened % shape.people);
                crowd.swarm.open(server.address, crowd.speech.path(), group, member)?;
                opened += 1;
            }
            Ok(seen.seated == all)
        })?;
        if shape.work == Work::Signal {
            crowd.link()?;
        }
        Ok(crowd)
    }

    /// Who else is in the pair of a socket.
    pub(crate) fn partner(&self, index: usize) -> usize {
        index ^ 1
    }

    /// Negotiates once in every pair, where the server counts negotiations.
    fn link(&mut self) -> Outcome<()> {
        let offers: Vec<_> = (1..self.swarm.sockets.len())
            .step_by(2)
            .filter_map(|index| {
                let offer = self.speech.offer(&self.swarm.sockets[self.partner(index)].peer)?;
                Some((index, offer))
            })
            .collect();
        let all = offers.len();
        let mut offers = offers.into_iter();
        let mut said = 0;
        self.until(&format!("{all} pairs to negotiate"), |crowd, seen| {
            for (index, offer) in offers.by_ref().take(AT_ONCE.saturating_sub(said - seen.linked)) {
                crowd.swarm.sockets[index].say(&offer);
                said += 1;
            }
            Ok(seen.linked == all)
        })
    }

    /// Turns until `done`, which may go on opening and saying things.
    fn until(&mut self, what: &str, mut done: impl FnMut(&mut Self, &Seen) -> Outcome<bool>) -> Outcome<()> {
        let mut seen = Seen::default();
        let start = Instant::now();
        while !done(self, &seen)? {
            let (speech, rooms) = (self.speech, &self.rooms);
            self.swarm.turn(Duration::from_millis(20), &mut |socket, event| {
                seen.hear(speech, rooms, socket, event);
            })?;
            if let Some(refused) = seen.refused {
                return Err(format!("while waiting for {what}: {refused}").into());
            }
            if let Some(code) = seen.closed {
                let (so_far, seated) = (self.swarm.sockets.len(), seen.seated);
                return Err(format!(
                    "while waiting for {what}: a socket was closed, code {code:?}; {so_far} opened, {seated} seated"
                )
                .into());
            }
            if start.elapsed() > PATIENCE {
                return Err(format!("waited {} s for {what}", PATIENCE.as_secs()).into());
            }
        }
        Ok(())
    }

    /// Waits until nothing has come for a moment: joins are told to everybody.
    pub(crate) fn settle(&mut self) -> Outcome<()> {
        let quiet = Duration::from_millis(300);
        let (start, mut last) = (Instant::now(), Instant::now());
        let (speech, rooms) = (self.speech, &self.rooms);
        let mut seen = Seen::default();
        while last.elapsed() < quiet && start.elapsed() < PATIENCE {
            let came = self.swarm.turn(Duration::from_millis(20), &mut |socket, event| {
                seen.hear(speech, rooms, socket, event);
            })?;
            if came {
                last = Instant::now();
            }
        }
        Ok(())
    }
}

impl Seen {
    fn hear(&mut self, speech: Speech, rooms: &[String], socket: &mut Socket, event: Event<'_>) {
        match event {
            Event::Upgraded => speech.greet(socket),
            Event::Refused(answer) => self.refused = Some(String::from_utf8_lossy(answer).into_owned()),
            Event::Closed(code) => self.closed = Some(code),
            Event::Text(text) => match speech.answer(socket, text, &rooms[socket.group]) {
                Meant::Nothing => {}
                Meant::Seated => self.seated += 1,
                Meant::Linked => self.linked += 1,
                Meant::Refused(words) => self.refused = Some(words),
            },
        }
        debug_assert!(socket.stage != Stage::Seated || !socket.peer.is_empty());
    }
}
