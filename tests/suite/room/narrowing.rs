//! Rights inside descriptions: recorded ones of Chromium and Firefox, and any text at all, read once more by other means.
use super::person::offer;
use super::stage::{Person, SPIN, Stage};
use convene::room::command::Command;
use convene::room::event::Whisper;
use convene::room::join::{Face, Join, PinTry};
use convene::room::media::Source;
use convene::room::permissions::{Right, Rights};
use convene::room::pins::Pin;
use convene::room::sdp::{Allowed, narrow};
use convene::room::signal::{Relay, Signal, SignalBody, Sources, To, Wire};
use proptest::prelude::*;
use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const RIGHTS: [Right; 4] = [Right::PublishAudio, Right::PublishVideo, Right::PublishScreen, Right::Subscribe];
const ALL: u8 = 0b1111;
const WATCHES: u8 = 0b1000;

fn rights(bits: u8) -> Rights {
    let held: Vec<Right> = RIGHTS
        .into_iter()
        .enumerate()
        .filter(|(n, _)| bits & (1 << n) != 0)
        .map(|(_, right)| right)
        .collect();
    Rights::of(&held)
}

fn recorded() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sdp");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let descriptions = files.filter(|path| path.extension().is_some_and(|end| end == "sdp"));
    descriptions
        .map(|path| {
            (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// A media section as the plainest reader sees it; every direction line counts, whichever a browser would take.
#[derive(Default)]
struct Seen {
    kind: String,
    mid: Option<String>,
    closed: bool,
    directions: Vec<String>,
}

fn sections(sdp: &str) -> Vec<Seen> {
    let (mut found, mut session): (Vec<Seen>, Vec<String>) = Default::default();
    for line in sdp.split(['\n', '\r']).filter(|line| !line.is_empty()) {
        if let Some(media) = line.strip_prefix("m=") {
            let words: Vec<_> = media.split_ascii_whitespace().collect();
            let kind = words.first().copied().unwrap_or_default().to_owned();
            found.push(Seen { kind, closed: words.get(1) == Some(&"0"), ..Seen::default() });
        }
        let name = line.strip_prefix("a=").and_then(|rest| rest.split([':', ' ', '\t']).next());
        let here = found.last_mut();
        match (name, here) {
            (Some("sendrecv" | "sendonly" | "recvonly" | "inactive"), Some(seen)) => {
                seen.directions.push(name.unwrap().to_owned());
            }
            (Some(word @ ("sendrecv" | "sendonly" | "recvonly" | "inactive")), None) => {
                session.push(word.to_owned())
            }
            (Some("mid"), Some(seen)) => {
                let mid =
                    if seen.mid.is_some() { "told twice" } else { line.strip_prefix("a=mid:").unwrap_or("") };
                seen.mid = Some(mid.to_owned());
            }
            (Some("bundle-only"), Some(seen)) => seen.closed = false,
            _ => {}
        }
    }
    for seen in found.iter_mut().filter(|seen| seen.directions.is_empty()) {
        seen.directions = if session.is_empty() { vec!["sendrecv".to_owned()] } else { session.clone() };
    }
    found
}

fn sends(direction: &str) -> bool {
    direction.starts_with("send")
}

fn receives(direction: &str) -> bool {
    matches!(direction, "sendrecv" | "recvonly")
}

/// That nothing goes beyond the rights or beyond what was given, and that narrowing again changes nothing.
fn holds(sdp: &str, sources: &[(Arc<str>, Source)], from: Rights, to: Rights) {
    let allowed = Allowed::between(from, to);
    let narrowed = narrow(sdp, sources, allowed);
    assert_eq!(narrow(&narrowed, sources, allowed), narrowed, "again");
    let (before, after) = (sections(sdp), sections(&narrowed));
    assert_eq!(before.len(), after.len(), "sections stay");
    for (was, is) in before.iter().zip(&after) {
        if is.kind == "application" || was.closed {
            assert_eq!(was.directions, is.directions, "left alone");
            continue;
        }
        let declared = sources.iter().find(|(mid, _)| Some(&**mid) == was.mid.as_deref());
        let right = match (is.kind.as_str(), declared) {
            (_, Some((_, Source::Screen))) => Right::PublishScreen,
            ("audio", _) => Right::PublishAudio,
            _ => Right::PublishVideo,
        };
        for direction in &is.directions {
            assert!(!sends(direction) || (from.has(right) && to.has(Right::Subscribe)), "{sdp}");
            assert!(!receives(direction) || from.has(Right::Subscribe), "{sdp}");
            assert!(!sends(direction) || was.directions.iter().any(|was| sends(was)), "{sdp}");
            assert!(!receives(direction) || was.directions.iter().any(|was| receives(was)), "{sdp}");
        }
    }
}

#[test]
fn of_recorded_descriptions_nothing_is_left_that_rights_forbid() {
    let screen = |mid: &str| vec![(Arc::from(mid), Source::Screen)];
    let all = recorded();
    assert!(all.len() > 50, "{}", all.len());
    for (_, sdp) in &all {
        for (from, to) in (0..=ALL).flat_map(|from| [ALL, ALL & !WATCHES].map(|to| (from, to))) {
            for sources in [vec![], screen("1"), screen("2")] {
                holds(sdp, &sources, rights(from), rights(to));
            }
        }
    }
}

#[test]
fn who_lacks_nothing_is_not_even_read() {
    for (name, sdp) in recorded() {
        let all = Allowed::between(rights(ALL), rights(ALL));
        assert!(
            matches!(narrow(&sdp, &[], all), Cow::Borrowed(same) if std::ptr::eq(same, sdp.as_str())),
            "{name}"
        );
    }
}

#[test]
fn a_watchers_offer_keeps_all_but_the_ways_out() {
    let (_, sdp) = recorded().into_iter().find(|(name, _)| name == "chromium-simulcast-offer").unwrap();
    let narrowed = narrow(&sdp, &[], Allowed::between(rights(WATCHES), rights(ALL)));
    let gone: Vec<&str> = sdp.lines().filter(|line| !narrowed.lines().any(|left| left == *line)).collect();
    let is_outward = |line: &&str| {
        ["a=sendonly", "a=sendrecv", "a=msid:", "a=rid:", "a=simulcast:", "a=ssrc"]
            .iter()
            .any(|of| line.starts_with(of))
    };
    assert!(gone.len() >= 6 && gone.iter().all(is_outward), "{gone:?}");
    let new: Vec<&str> = narrowed.lines().filter(|line| !sdp.lines().any(|was| was == *line)).collect();
    assert!(matches!(new[..], ["a=inactive" | "a=recvonly"]), "{new:?}");
}

const LINES: [&str; 24] = [
    "v=0\r\n",
    "m=audio 9 X 0\r\n",
    "m=video 9 X 0\n",
    "m=video 0 X 0\r\n",
    "m=application 9 X\r\n",
    "m=text 9 x\r\n",
    "m=",
    "a=mid:1\r\n",
    "a=mid:2\r\n",
    "a=sendrecv\r\n",
    "a=sendonly\r",
    "a=recvonly\n",
    "a=inactive foo\r\n",
    "a=sendrecv:x\r\n",
    "a=bundle-only\r\n",
    "a=msid:a b\r\n",
    "a=ssrc:1 cname:x\r\n",
    "a=rid:q send\r\n",
    "a=rid:h recv\r\n",
    "a=simulcast:send q recv h\r\n",
    "\r\n",
    "\n",
    "a=",
    " a=sendrecv\r\n",
];

proptest! {
    #[test]
    fn any_text_is_narrowed_or_left(sdp in "(\\PC|\r|\n){0,200}", from in 0..=ALL, to in 0..=ALL) {
        holds(&sdp, &[], rights(from), rights(to));
    }

    #[test]
    fn so_is_any_order_of_lines(
        lines in prop::collection::vec(prop::sample::select(LINES.to_vec()), 0..24),
        from in 0..=ALL,
        to in 0..=ALL,
    ) {
        holds(&lines.concat(), &[(Arc::from("2"), Source::Screen)], rights(from), rights(to));
    }
}

const CAMERA: &str = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendrecv\r\na=msid:a b\r\n";

fn sdp_heard(person: &Person) -> Option<(String, Option<Wire>)> {
    person.whispers().into_iter().rev().find_map(|whisper| match whisper {
        Whisper::Signal {
            body: SignalBody::Offer { sdp, .. } | SignalBody::Answer { sdp, .. },
            wire,
            ..
        } => Some((sdp.to_string(), wire)),
        _ => None,
    })
}

fn camera() -> SignalBody {
    let sources: Sources = [].into();
    SignalBody::Offer { sdp: CAMERA.into(), sources }
}

#[test]
fn a_viewer_who_offers_its_camera_offers_to_watch() {
    let stage = Stage::new();
    let (ana, vic) = (stage.joins("Ana"), stage.viewer_joins("Vic"));
    vic.signals(&ana, 1, camera()).unwrap();
    let watching = CAMERA.replace("a=sendrecv", "a=recvonly").replace("a=msid:a b\r\n", "");
    assert_eq!(sdp_heard(&ana).unwrap().0, watching);
    ana.signals(&vic, 2, camera()).unwrap();
    assert_eq!(sdp_heard(&vic).unwrap().0, CAMERA, "she may send; his answer will be narrowed");
}

#[test]
fn a_page_of_another_system_that_may_only_watch_is_held_to_it_by_its_own_kind_too() {
    let stage = Stage::new();
    let ana = stage.tries(Join { face: Face::ANIMO, ..stage.join("Ana") }).unwrap();
    let spin = PinTry::Shown(Pin::parse(SPIN).unwrap());
    let vic = stage.tries(Join { face: Face::ANIMO, pin: spin, ..stage.join("Vic") }).unwrap();
    let relay = |from: &Person, to: &Person| {
        let wire = Wire { word: "animo", frame: "as it came".into() };
        let relay = Relay { to: To::Peer(to.peer.clone()), body: camera(), wire };
        from.asks(Command::Relay(Box::new(relay))).unwrap();
    };
    relay(&vic, &ana);
    let (sdp, wire) = sdp_heard(&ana).unwrap();
    assert!(sdp.contains("a=recvonly") && wire.is_none(), "{sdp}");
    relay(&ana, &vic);
    assert_eq!(sdp_heard(&vic).unwrap().1.unwrap().frame.as_ref(), "as it came");
}

#[test]
fn who_lacks_no_right_passes_the_very_description() {
    let stage = Stage::new();
    let (ana, bob) = (stage.joins("Ana"), stage.joins("Bob"));
    let SignalBody::Offer { sdp, .. } = offer(&[]) else { unreachable!() };
    let body = SignalBody::Offer { sdp: sdp.clone(), sources: [].into() };
    ana.asks(Command::Signal(Box::new(Signal { to: bob.peer.clone(), generation: 1, body }))).unwrap();
    let Some(Whisper::Signal { body: SignalBody::Offer { sdp: heard, .. }, .. }) = bob.whispers().pop()
    else {
        panic!()
    };
    assert!(Arc::ptr_eq(&heard, &sdp), "not copied, not read");
}
