//! All five in one room at once, each by its own key: who hears what of whom is as the table says.
use super::person::{Person, Room, System};
use super::table::{self, Kinds};
use crate::common::Convene;
use std::collections::BTreeSet;

const NAMES: [&str; 5] = ["Nat", "Ani", "Mee", "Hun", "Mes"];

#[tokio::test]
async fn people_of_all_systems_meet_in_one_room_and_hear_of_each_other() {
    let server = Convene::start().await;
    let room = Room::make(&server).await;
    let keys: BTreeSet<_> = System::ALL.map(|system| room.key(system)).into();
    assert_eq!(keys.len(), 4, "Animo's is the native one");
    let mut people = Vec::new();
    for (system, name) in System::ALL.into_iter().zip(NAMES) {
        people.push(Some(Person::comes(&server, &room, system, name).await));
    }
    for place in 0..people.len() {
        let mut one = people[place].take().expect("it is there");
        let system = one.system;
        hear(&mut people, system, None).await; // what was before
        if system.speaks() {
            one.turns_its_microphone_on().await;
            hear(&mut people, system, Some('F')).await;
            one.writes("hello all").await;
            hear(&mut people, system, Some('M')).await;
        }
        one.goes(&server, &room).await;
        hear(&mut people, system, Some('G')).await;
        let again = Person::comes(&server, &room, system, NAMES[place]).await;
        hear(&mut people, system, Some('C')).await;
        people[place] = Some(again);
    }
    for one in people.into_iter().flatten() {
        one.goes(&server, &room).await;
    }
    server.stop().await;
}

/// Each of the others hears this of one of that system, or nothing of this kind, as the table says.
async fn hear(people: &mut [Option<Person>], of: System, kind: Option<char>) {
    for hearer in people.iter_mut().flatten() {
        let promised = kind.filter(|kind| table::heard(hearer.system, of).contains(kind));
        let heard = hearer.hears(promised).await;
        let Some(kind) = kind else { continue };
        let kinds: Kinds = heard.iter().filter_map(|frame| hearer.system.kind(frame)).collect();
        let told = kinds.contains(&kind);
        assert_eq!(told, promised.is_some(), "{} hears {kind} of {of:?}: {heard:?}", hearer.name);
    }
}
