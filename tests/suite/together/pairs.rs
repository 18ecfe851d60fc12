//! A dialogue of every pair of systems, each of the two there first once, frame by frame as it is kept in `tests/data/together/`.
use super::dialogue::between;
use super::person::System;
use super::table;
use crate::common::Convene;
use std::path::Path;

/// Both ways through, as kept, and all that is heard as the table says.
async fn is_as_kept(one: System, other: System) {
    let server = Convene::start().await;
    let forth = between(&server, one, other).await;
    let back = between(&server, other, one).await;
    server.stop().await;
    let heard =
        |first: usize, second: usize| forth.heard[first].union(&back.heard[second]).copied().collect();
    let title = |first: System, second: System| format!("# Ana {}, Bo {}\n", first.word(), second.word());
    let text = format!("{}{}\n{}{}", title(one, other), forth.text, title(other, one), back.text);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/together");
    let path = path.join(format!("{}-{}.txt", one.word(), other.word()));
    if std::env::var_os("CONVENE_TEST_WRITE").is_some() {
        std::fs::write(&path, &text).expect("it can be written");
    }
    let kept = std::fs::read_to_string(&path).expect("the kept dialogue");
    for (now, kept) in text.lines().zip(kept.lines()) {
        assert_eq!(now, kept);
    }
    assert_eq!(text.len(), kept.len(), "nothing more is said");
    assert_eq!(table::heard(one, other), heard(0, 1), "{one:?} hears of {other:?}");
    assert_eq!(table::heard(other, one), heard(1, 0), "{other:?} hears of {one:?}");
}

#[tokio::test]
async fn a_native_person_and_an_animo_page() {
    is_as_kept(System::Native, System::Animo).await;
}

#[tokio::test]
async fn a_native_person_and_a_meet_page() {
    is_as_kept(System::Native, System::Meet).await;
}

#[tokio::test]
async fn a_native_person_and_a_100ms_app() {
    is_as_kept(System::Native, System::HundredMs).await;
}

#[tokio::test]
async fn a_native_person_and_a_mesibo_member() {
    is_as_kept(System::Native, System::Mesibo).await;
}

#[tokio::test]
async fn an_animo_page_and_a_meet_page() {
    is_as_kept(System::Animo, System::Meet).await;
}

#[tokio::test]
async fn an_animo_page_and_a_100ms_app() {
    is_as_kept(System::Animo, System::HundredMs).await;
}

#[tokio::test]
async fn an_animo_page_and_a_mesibo_member() {
    is_as_kept(System::Animo, System::Mesibo).await;
}

#[tokio::test]
async fn a_meet_page_and_a_100ms_app() {
    is_as_kept(System::Meet, System::HundredMs).await;
}

#[tokio::test]
async fn a_meet_page_and_a_mesibo_member() {
    is_as_kept(System::Meet, System::Mesibo).await;
}

#[tokio::test]
async fn a_100ms_app_and_a_mesibo_member() {
    is_as_kept(System::HundredMs, System::Mesibo).await;
}

#[tokio::test]
async fn two_of_one_system() {
    let server = Convene::start().await;
    for system in System::ALL {
        let dialogue = between(&server, system, system).await;
        let heard = dialogue.heard[0].union(&dialogue.heard[1]).copied().collect();
        assert_eq!(table::heard(system, system), heard, "{system:?}");
    }
    server.stop().await;
}
