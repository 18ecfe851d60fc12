//! A stage for dialogues with a room: it does what a host does, on a clock that the test moves.
pub(super) use super::world::{Heard, World};
use convene::fault::Fault;
use convene::room::Room;
use convene::room::command::{Ask, Asker, ChatSend, Command};
use convene::room::effect::ReplyTo;
use convene::room::event::{Answer, Pass, Snapshot};
use convene::room::footing::Footing;
use convene::room::ids::*;
use convene::room::join::{Face, Join, PinTry, Trusted};
use convene::room::media::MediaPatch;
use convene::room::pins::{Pin, Pins};
use convene::room::record::*;
use convene::room::rules::Rules;
use convene::seal::{KeyRing, sha256};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use uuid::Uuid;

/// What the owner of every stage's room knows.
pub(super) const OWNER_SECRET: &[u8] = b"the owner's secret";
pub(super) const PIN: &str = "12345678";
pub(super) const SPIN: &str = "87654321";

#[derive(Clone)]
pub(super) struct Stage(pub(super) Rc<RefCell<World>>);

/// Whether the journal answers by itself.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Commits {
    AtOnce,
    WhenTold,
}

pub(super) fn record(chat: ChatKind) -> RoomRecord {
    RoomRecord {
        id: RoomId(Uuid::from_u128(0xbeef)),
        keys: Keys {
            native: "abc-defg-hij".into(),
            meet: "0123456789abcdef".into(),
            mesibo: 4711,
            hundredms: "0123456789abcdef01234567".into(),
        },
        owner: sha256(OWNER_SECRET).into(),
        cohosts: Vec::new(),
        settings: Settings {
            name: "Weekly".into(),
            capacity: 50,
            max_video: 8,
            locked: false,
            audio: true,
            video: true,
            screen: true,
            chat: true,
            spotlight: None,
        },
        version: No(0),
        chat,
        pins: Pins { pin: Pin::parse(PIN).unwrap(), spin: Pin::parse(SPIN).unwrap() },
        needs_pin: false,
        created_at: Millis(1_000),
        ended_at: None,
    }
}

pub(super) fn loaded(room: RoomRecord) -> Loaded {
    Loaded { room, seats: vec![], messages: vec![], changed: vec![], more: false, last_no: No(0), call: None }
}

impl Stage {
    /// A durable room whose journal commits at once.
    pub(super) fn new() -> Self {
        Self::with(loaded(record(ChatKind::Durable)), Commits::AtOnce)
    }
    /// A durable room whose journal waits for the test.
    pub(super) fn slow() -> Self {
        Self::with(loaded(record(ChatKind::Durable)), Commits::WhenTold)
    }
    pub(super) fn ephemeral() -> Self {
        Self::with(loaded(record(ChatKind::Ephemeral)), Commits::AtOnce)
    }

    pub(super) fn with(loaded: Loaded, commits: Commits) -> Self {
        Self::ruled(loaded, commits, Rules::default(), Arc::new(KeyRing::ephemeral()))
    }

    pub(super) fn ruled(loaded: Loaded, commits: Commits, rules: Rules, ring: Arc<KeyRing>) -> Self {
        let now = Millis(1_800_000_000_000);
        let room = Room::restore(loaded, Epoch(0xe1), now, Arc::new(rules), ring.clone());
        Self(Rc::new(RefCell::new(World::new(room, now, ring, commits))))
    }

    pub(super) fn fresh(&self) -> u64 {
        let mut world = self.0.borrow_mut();
        world.next_id += 1;
        world.next_id
    }

    /// A join as a native client brings it, to be changed by the test.
    pub(super) fn join(&self, name: &str) -> Join {
        let n = self.fresh();
        Join {
            conn: ConnId(n),
            seat: SeatId(Uuid::from_u128(u128::from(n))),
            peer: PeerId(format!("p_{n}").into()),
            call: CallId(Uuid::from_u128(u128::from(n))),
            face: Face::NATIVE,
            name: name.into(),
            handle: None,
            avatar: None,
            media: MediaPatch::default(),
            pin: PinTry::None,
            member: None,
            owner: None,
            footing: Footing::Guest,
            grant: None,
            trusted: Trusted::Yes,
        }
    }

    pub(super) fn tries(&self, join: Join) -> Result<Person, Fault> {
        let (conn, seat, peer) = (join.conn, join.seat, join.peer.clone());
        match self.ask(Asker::Connection(conn), conn, Command::Join(Box::new(join))).answer()? {
            Answer::Joined { pass, snapshot } => {
                Ok(Person { stage: self.clone(), conn, seat, peer, pass, snapshot })
            }
            other => panic!("a join was answered by {other:?}"),
        }
    }

    pub(super) fn joins(&self, name: &str) -> Person {
        self.tries(self.join(name)).unwrap()
    }

    pub(super) fn owner_joins(&self, name: &str) -> Person {
        self.tries(Join { owner: Some(sha256(OWNER_SECRET)), ..self.join(name) }).unwrap()
    }

    pub(super) fn viewer_joins(&self, name: &str) -> Person {
        self.tries(Join { pin: PinTry::Shown(Pin::parse(SPIN).unwrap()), ..self.join(name) }).unwrap()
    }

    /// Sends a command; the ticket finds its answer.
    pub(super) fn ask(&self, from: Asker, conn: ConnId, command: Command) -> Ticket {
        let id = self.fresh();
        self.apply(Ask { from, reply: ReplyTo::Frame { conn, id }, command });
        Ticket { stage: self.clone(), conn, id }
    }

    /// Asks by REST.
    pub(super) fn rest(&self, from: Asker, command: Command) -> Ticket {
        self.ask(from, ConnId(0), command)
    }

    pub(super) fn by_owner(&self, command: Command) -> Ticket {
        self.rest(Asker::OwnerSecret(sha256(OWNER_SECRET)), command)
    }

    pub(super) fn host(&self, command: Command) {
        self.apply(Ask { from: Asker::Host, reply: ReplyTo::Nobody, command });
    }

    fn apply(&self, ask: Ask) {
        let mut world = self.0.borrow_mut();
        let (now, mut effects) = (world.now, std::mem::take(&mut world.effects));
        world.room.apply(now, ask, &mut effects);
        for effect in effects.drain(..) {
            world.perform(effect);
        }
        world.effects = effects;
        let commits_now = world.commits == Commits::AtOnce && !world.journal.is_empty();
        drop(world);
        if commits_now {
            self.commits();
        }
    }

    /// The journal commits everything it has.
    pub(super) fn commits(&self) {
        self.settles(|_| Outcome::Committed);
    }
    /// The journal commits the oldest entry it has, and no other yet.
    pub(super) fn commits_one(&self) {
        let (epoch, entry) = {
            let mut world = self.0.borrow_mut();
            (world.room.epoch(), world.journal.pop_front().expect("something waits"))
        };
        self.host(Command::Settled { epoch, outcomes: vec![(entry.no, Outcome::Committed)] });
    }
    /// The journal lost its database.
    pub(super) fn refuses(&self) {
        self.settles(|_| Outcome::Refused(Fault::StorageUnavailable));
    }
    pub(super) fn settles(&self, outcome: impl Fn(&Entry) -> Outcome) {
        let (epoch, entries): (_, Vec<Entry>) = {
            let mut world = self.0.borrow_mut();
            (world.room.epoch(), world.journal.drain(..).collect())
        };
        let outcomes = entries.iter().map(|entry| (entry.no, outcome(entry))).collect();
        self.host(Command::Settled { epoch, outcomes });
    }

    /// Time goes by; the host's tick comes when the room asked for it.
    pub(super) fn passes(&self, ms: i64) {
        let end = self.0.borrow().now.plus(ms);
        loop {
            let wake = self.0.borrow().room.wake_at().filter(|at| *at <= end);
            let Some(at) = wake else { break };
            let mut world = self.0.borrow_mut();
            world.now = world.now.max(at);
            drop(world);
            self.host(Command::Tick);
        }
        self.0.borrow_mut().now = end;
    }

    /// Everyone forgets what they heard so far.
    pub(super) fn hush(&self) {
        self.0.borrow_mut().heard.values_mut().for_each(Vec::clear);
    }
    pub(super) fn people(&self) -> usize {
        self.0.borrow().room.people()
    }
}

pub(super) struct Ticket {
    stage: Stage,
    conn: ConnId,
    id: u64,
}

impl Ticket {
    /// The answer, if it came. Never more than one.
    pub(super) fn came(&self) -> Option<Result<Answer, Fault>> {
        let world = self.stage.0.borrow();
        let mut answers = world.heard.get(&self.conn).into_iter().flatten().filter_map(|heard| match heard {
            Heard::Reply(id, result) if *id == self.id => Some(result.clone()),
            _ => None,
        });
        let first = answers.next();
        assert!(answers.next().is_none(), "one command, two answers");
        first
    }

    pub(super) fn answer(&self) -> Result<Answer, Fault> {
        self.came().expect("the command is answered by now")
    }
    pub(super) fn is_waiting(&self) -> bool {
        self.came().is_none()
    }
}

/// Someone seated, with what its join answered.
pub(super) struct Person {
    pub(super) stage: Stage,
    pub(super) conn: ConnId,
    pub(super) seat: SeatId,
    pub(super) peer: PeerId,
    pub(super) pass: Pass,
    pub(super) snapshot: Box<Snapshot>,
}

/// A chat message as a client sends it.
pub(super) fn chat(stage: &Stage, text: &str) -> ChatSend {
    let n = stage.fresh();
    ChatSend {
        id: MessageId(Uuid::from_u128(u128::from(n))),
        client_id: ClientId(format!("c{n}").into()),
        text: text.into(),
        to: None,
        claim: None,
        reply_to: None,
    }
}
