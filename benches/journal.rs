//! What keeping a chat message costs on SQLite, by the size of the group it is committed with: with the disk's share and without.
//!
//! `cargo bench --bench journal`
use convene::room::chat::Message;
use convene::room::ids::{ClientId, Epoch, MessageId, Millis, No, PeerId, RoomId, SeatId};
use convene::room::pins::{Pin, Pins};
use convene::room::record::{Change, ChatKind, Entry, Keys, Outcome, Settings, System};
use convene::seal::KeyRing;
use convene::store::rooms::{self, Expiry, NewRoom};
use convene::store::{self, Store, journal};
use sea_orm::ConnectionTrait;
use std::error::Error;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Rooms that share the groups.
const ROOMS: usize = 20;

/// How long each size is measured.
const MEASURED: Duration = Duration::from_secs(3);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout();
    writeln!(out, "journal::commit on SQLite, {ROOMS} rooms, messages of 60 bytes")?;
    for (name, synchronous) in [("without the disk", "OFF"), ("with the disk", "FULL")] {
        for size in [1, 64, 512] {
            let (groups, elapsed) = measure(synchronous, size).await?;
            let each = elapsed.as_secs_f64() * 1e6 / (groups * size) as f64;
            let group = elapsed.as_secs_f64() * 1e6 / groups as f64;
            writeln!(
                out,
                "{name:>16}, groups of {size:>3}: {each:>8.2} µs per message, {group:>8.0} µs per group"
            )?;
        }
    }
    Ok(())
}

/// How many groups were committed, and how long that took.
async fn measure(synchronous: &str, size: usize) -> Result<(usize, Duration), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}", folder.path().join("convene.db").display());
    let store = Store::connect(store::Settings::new(url), Arc::new(KeyRing::ephemeral())).await?;
    convene_migration::migrate(store.connection()).await?;
    store.connection().execute_unprepared(&format!("PRAGMA synchronous = {synchronous}")).await?;
    for n in 0..ROOMS {
        rooms::create(&store, &room(n), None).await?;
    }
    let (mut next, mut groups, mut elapsed) = (0, 0, Duration::ZERO);
    while elapsed < MEASURED {
        let group: Vec<Entry> = (next..next + size).map(said).collect();
        next += size;
        let start = Instant::now();
        let outcomes = journal::commit(&store, &group).await;
        elapsed += start.elapsed();
        groups += 1;
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Committed), "{outcomes:?}");
    }
    store.close().await?;
    Ok((groups, elapsed))
}

fn room(n: usize) -> NewRoom {
    let pin = Pin::from_random(n as u64);
    NewRoom {
        id: room_id(n),
        keys: Keys {
            native: format!("abc-defg-{n:03}").into(),
            meet: format!("{n:016x}").into(),
            mesibo: 1000 + n as u32,
            hundredms: format!("{n:024x}").into(),
        },
        owner: [1; 32].into(),
        settings: Settings {
            name: "Measured".into(),
            capacity: 50,
            max_video: 8,
            locked: false,
            audio: true,
            video: true,
            screen: true,
            chat: true,
            spotlight: None,
        },
        chat: ChatKind::Durable,
        pins: Pins { pin: pin.clone(), spin: pin },
        needs_pin: false,
        system: System::Native,
        expiry: Expiry::Never,
        created_at: Millis(1),
    }
}

fn room_id(n: usize) -> RoomId {
    RoomId(Uuid::from_u128(n as u128 + 1))
}

/// The `n`th message, of one of 50 people in one of the rooms. Its id rises with time, as the engine's do.
fn said(n: usize) -> Entry {
    let room = room_id(n % ROOMS);
    let no = No((n / ROOMS) as i64 + 1);
    let author = (n / ROOMS % 50) as u128;
    let message = Message {
        id: MessageId(Uuid::from_u128((1 << 120) + n as u128)),
        no,
        author: SeatId(Uuid::from_u128(room.0.as_u128() << 64 | author)),
        from: PeerId(format!("p_{author:022}").into()),
        name: "Ana Example".into(),
        client_id: ClientId(format!("c-{n:010}").into()),
        text: "Good morning everybody, shall we begin with the first point?".into(),
        to: None,
        reply_to: None,
        at: Millis(1_795_262_400_000 + n as i64),
        edited_at: None,
        deleted: false,
        reactions: Vec::new(),
        claim: None,
    };
    let by = Some(message.author);
    Entry { room, epoch: Epoch(1), no, at: message.at, by, change: Change::Said(Arc::new(message)) }
}
