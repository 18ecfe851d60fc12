//! What one command costs a room, by the number of people in it.
use convene::room::Room;
use convene::room::command::{Ask, Asker, ChatSend, Command};
use convene::room::effect::{Effect, Effects, ReplyTo};
use convene::room::footing::Footing;
use convene::room::ids::*;
use convene::room::join::{Face, Join, PinTry, Resume, Trusted};
use convene::room::media::MediaPatch;
use convene::room::permissions::{Right, Rights};
use convene::room::pins::{Pin, Pins};
use convene::room::record::{ChatKind, Keys, Loaded, Outcome, RoomRecord, Settings};
use convene::room::rules::Rules;
use convene::room::sdp::{Allowed, narrow};
use convene::room::signal::{Signal, SignalBody};
use convene::seal::KeyRing;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::sync::Arc;
use uuid::Uuid;

const PEOPLE: [u64; 3] = [5, 50, 1_000];
const NOW: Millis = Millis(1_800_000_000_000);

struct Hall {
    room: Room,
    effects: Effects,
    next: u128,
}

impl Hall {
    fn of(people: u64, chat: ChatKind) -> Self {
        let settings = Settings {
            name: "Hall".into(),
            capacity: 1_000,
            max_video: 8,
            locked: false,
            audio: true,
            video: true,
            screen: true,
            chat: true,
            spotlight: None,
        };
        let keys =
            Keys { native: "abc-defg-hij".into(), meet: "0".into(), mesibo: 4711, hundredms: "1".into() };
        let pins = Pins { pin: Pin::from_random(1), spin: Pin::from_random(2) };
        let record = RoomRecord {
            id: RoomId(Uuid::from_u128(1)),
            keys,
            owner: [7; 32].into(),
            cohosts: Vec::new(),
            settings,
            version: No(0),
            chat,
            pins,
            needs_pin: false,
            created_at: NOW,
            ended_at: None,
        };
        let loaded = Loaded {
            room: record,
            seats: vec![],
            messages: vec![],
            changed: vec![],
            more: false,
            last_no: No(0),
            call: None,
        };
        let room =
            Room::restore(loaded, Epoch(1), NOW, Arc::new(Rules::default()), Arc::new(KeyRing::ephemeral()));
        let mut hall = Self { room, effects: Vec::new(), next: 1_000_000 };
        (1..=people).for_each(|n| hall.join(n));
        hall
    }

    fn ask(&mut self, conn: u64, command: Command) {
        let conn = ConnId(conn);
        let ask = Ask { from: Asker::Connection(conn), reply: ReplyTo::Frame { conn, id: 1 }, command };
        self.room.apply(NOW, ask, &mut self.effects);
        black_box(&self.effects);
        self.effects.clear();
    }

    fn join(&mut self, n: u64) {
        let join = Join {
            conn: ConnId(n),
            seat: SeatId(Uuid::from_u128(n.into())),
            peer: PeerId(format!("p_{n}").into()),
            call: CallId(Uuid::from_u128(1)),
            face: Face::NATIVE,
            name: "Someone".into(),
            handle: None,
            avatar: None,
            media: MediaPatch::default(),
            pin: PinTry::None,
            member: None,
            owner: (n == 1).then_some([7; 32]),
            footing: Footing::Guest,
            grant: None,
            trusted: Trusted::Yes,
        };
        self.ask(n, Command::Join(Box::new(join)));
    }

    fn message(&mut self) -> Command {
        self.next += 1;
        Command::ChatSend(Box::new(ChatSend {
            id: MessageId(Uuid::from_u128(self.next)),
            client_id: ClientId(self.next.to_string().into()),
            text: "as long as most of what people write".into(),
            to: None,
            claim: None,
            reply_to: None,
        }))
    }

    /// A durable message: asked, kept, shown.
    fn say_and_keep(&mut self, command: Command) {
        let ask = Ask { from: Asker::Connection(ConnId(2)), reply: ReplyTo::Nobody, command };
        self.room.apply(NOW, ask, &mut self.effects);
        let kept = self.effects.drain(..).find_map(|effect| match effect {
            Effect::Persist(entry) => Some((entry.no, Outcome::Committed)),
            _ => None,
        });
        let outcomes = kept.into_iter().collect();
        let command = Command::Settled { epoch: Epoch(1), outcomes };
        let ask = Ask { from: Asker::Host, reply: ReplyTo::Nobody, command };
        self.room.apply(NOW, ask, &mut self.effects);
        black_box(&self.effects);
        self.effects.clear();
    }
}

fn commands(c: &mut Criterion) {
    for people in PEOPLE {
        let mut group = c.benchmark_group("room");
        let id = |name: &str| BenchmarkId::new(name, people);

        let mut hall = Hall::of(people, ChatKind::Ephemeral);
        group.bench_function(id("chat_ephemeral"), |b| {
            b.iter(|| {
                let message = hall.message();
                hall.ask(2, message);
            });
        });
        let mut hall = Hall::of(people, ChatKind::Durable);
        group.bench_function(id("chat_durable"), |b| {
            b.iter(|| {
                let message = hall.message();
                hall.say_and_keep(message);
            });
        });
        group.bench_function(id("hand"), |b| {
            b.iter(|| {
                hall.ask(2, Command::RaiseHand);
                hall.ask(2, Command::LowerHand { peer: None });
            });
        });
        let mut on = false;
        group.bench_function(id("set_media"), |b| {
            b.iter(|| {
                on = !on;
                hall.ask(2, Command::SetMedia(MediaPatch { audio: Some(on), ..MediaPatch::default() }));
            });
        });
        let mut generation = 0;
        let sdp: Arc<str> = "v=0\r\n".repeat(600).into();
        group.bench_function(id("offer"), |b| {
            b.iter(|| {
                generation += 1;
                let body = SignalBody::Offer { sdp: sdp.clone(), sources: [].into() };
                let signal = Signal { to: PeerId("p_3".into()), generation, body };
                hall.ask(2, Command::Signal(Box::new(signal)));
            });
        });
        group.bench_function(id("leave_and_join"), |b| {
            b.iter(|| {
                hall.ask(5, Command::Leave);
                hall.join(5);
            });
        });
        group.bench_function(id("refused_resume"), |b| {
            b.iter(|| {
                let resume = Resume {
                    conn: ConnId(9_999),
                    seat: SeatId(Uuid::from_u128(2)),
                    secret: "1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into(),
                    seen: None,
                    trusted: Trusted::Yes,
                };
                hall.ask(9_999, Command::Resume(Box::new(resume)));
            });
        });
        group.finish();
    }
}

/// Descriptions that must be read: of a watcher, with so many media sections.
fn narrowing(c: &mut Criterion) {
    let recorded = include_str!("../tests/data/sdp/chromium-av-screen-2-offer.sdp");
    let (session, media) = recorded.split_at(recorded.find("m=").expect("it has media sections"));
    let watches = Rights::of(&[Right::Subscribe]);
    let allowed = Allowed::between(watches, watches);
    let mut group = c.benchmark_group("narrow");
    for times in [1, 4] {
        let sdp = format!("{session}{}", media.repeat(times));
        group.throughput(Throughput::Bytes(sdp.len() as u64));
        group.bench_function(format!("{} sections", 3 * times), |b| {
            b.iter(|| black_box(narrow(black_box(&sdp), &[], allowed).len()));
        });
    }
    group.finish();
}

criterion_group!(benches, commands, narrowing);
criterion_main!(benches);
