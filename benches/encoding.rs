//! What frames cost: reading them, writing them once, and handing them to the sockets of a room.
use bytes::Bytes;
use convene::actors::outbox::{Class, Limits, Outbox};
use convene::dialect::native::{self, IceServers, decode};
use convene::room::chat::Message;
use convene::room::event::{Answer, Event, Push, Whisper};
use convene::room::ids::{ClientId, Epoch, MessageId, Millis, No, PeerId, SeatId, Seq};
use convene::room::signal::SignalBody;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::io::Read;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

const NOW: Millis = Millis(1_800_000_000_000);
/// Members of a room, and frames that its flush finds gathered.
const ROOMS: [(usize, usize); 4] = [(5, 1), (50, 1), (50, 16), (1_000, 1)];

fn peer(number: u8) -> PeerId {
    PeerId(format!("p_{}", format!("{number:02x}").repeat(16)).into())
}

fn chat_message() -> Push {
    let message = Message {
        id: MessageId(Uuid::from_u128(9)),
        no: No(1_234),
        author: SeatId(Uuid::from_u128(7)),
        from: peer(1),
        name: "Ana".into(),
        client_id: ClientId("c17".into()),
        text: "a line of talk, with a \"quoted\" word and an ä; ".repeat(2).into(),
        to: None,
        reply_to: None,
        at: NOW,
        edited_at: None,
        deleted: false,
        reactions: Vec::new(),
        claim: None,
    };
    Push { epoch: Epoch(77), seq: Seq(4_711), event: Event::ChatMessage(Arc::new(message)) }
}

fn candidate() -> Whisper {
    let candidate = r#"{"candidate":"candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 0.0.0.0 rport 0 generation 0","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"EsAw"}"#;
    let body = SignalBody::Candidate { candidate: candidate.into() };
    Whisper::Signal { from: peer(1), generation: 1, n: 12, body, wire: None }
}

fn reading(c: &mut Criterion) {
    let mut group = c.benchmark_group("decode");
    let to = peer(2);
    let frames = [
        (
            "chat_send",
            format!(r#"{{"id":7,"type":"chat_send","client_id":"c17","text":"{}"}}"#, "talk ".repeat(20)),
        ),
        (
            "candidate",
            format!(
                r#"{{"type":"candidate","to":"{to}","gen":1,"candidate":{{"candidate":"candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"EsAw"}}}}"#
            ),
        ),
    ];
    for (name, frame) in frames {
        assert!(decode(&frame, MessageId(Uuid::nil())).what.is_ok(), "{name} can be read");
        group.bench_function(name, |b| b.iter(|| decode(black_box(&frame), MessageId(Uuid::nil()))));
    }
    group.finish();
}

fn writing(c: &mut Criterion) {
    let mut group = c.benchmark_group("encode");
    let (push, whisper, ice) = (chat_message(), candidate(), IceServers::default());
    let sent =
        Ok(Answer::Said { message: MessageId(Uuid::from_u128(9)), no: No(1_234), seq: Seq(4_711), at: NOW });
    group.bench_function("chat_message", |b| b.iter(|| native::push(black_box(&push))));
    group.bench_function("candidate", |b| b.iter(|| native::whisper(black_box(&whisper))));
    group.bench_function("reply", |b| b.iter(|| native::reply(Some(7), black_box(&sent), &ice)));
    group.finish();
}

/// One frame encoded, then pushed to the outboxes of everybody and written to their sockets, as a room does it.
fn fan_out(c: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    let mut group = c.benchmark_group("fan_out");
    for (people, frames) in ROOMS {
        let outboxes = runtime.block_on(outboxes(people));
        let push = chat_message();
        group.throughput(Throughput::Elements((people * frames) as u64));
        let id = BenchmarkId::from_parameter(format!("{people} people, {frames} gathered"));
        group.bench_function(id, |b| b.iter(|| deliver(&runtime, &outboxes, &push, frames)));
    }
    group.finish();
}

fn deliver(runtime: &Runtime, outboxes: &[Arc<Outbox>], push: &Push, frames: usize) {
    runtime.block_on(async {
        for _ in 0..frames {
            let frame: Bytes = native::push(black_box(push));
            for outbox in outboxes {
                outbox.push(frame.clone(), Class::Must);
            }
        }
        for outbox in outboxes {
            outbox.flush();
        }
        tokio::task::yield_now().await; // what didn't fit goes on
    });
}

/// Outboxes on loopback whose other ends are read by a thread each.
async fn outboxes(people: usize) -> Vec<Arc<Outbox>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("loopback can be bound");
    let address = listener.local_addr().expect("it has an address");
    let mut outboxes = Vec::with_capacity(people);
    for _ in 0..people {
        let (far, near) = tokio::join!(TcpStream::connect(address), listener.accept());
        let far = far.expect("it connects").into_std().expect("it is registered");
        far.set_nonblocking(false).expect("it can block");
        std::thread::Builder::new()
            .stack_size(64 << 10)
            .spawn(move || swallow(far))
            .expect("a thread can be started");
        let near = near.expect("it is accepted").0;
        near.set_nodelay(true).expect("nodelay can be set");
        outboxes.push(Outbox::new(
            Arc::new(near),
            Limits { items: 1 << 20, bytes: 1 << 30, ..Limits::default() },
        ));
    }
    outboxes
}

/// Ends with the socket.
fn swallow(mut far: std::net::TcpStream) {
    let mut buffer = [0; 16 << 10];
    while far.read(&mut buffer).is_ok_and(|read| read > 0) {}
}

criterion_group!(benches, reading, writing, fan_out);
criterion_main!(benches);
