//! Groups of durable changes: kept together, answered one by one, read back as they were.
use super::fixture::{
    NOON, but, commit_all, entry, load, message, message_id, new_room, peer, room, said, seat, settings,
    taken_seat, texts, to, write_seat,
};
use crate::common::db::on_each_database;
use convene::fault::Fault;
use convene::room::ids::{Millis, No, RoomId};
use convene::room::media::Source;
use convene::room::permissions::{Right, Rights, Role};
use convene::room::pins::{Pin, Pins};
use convene::room::record::{Change, Outcome};
use convene::store::{journal, messages};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use std::sync::Arc;
use uuid::Uuid;

on_each_database! {
    async fn many_messages_of_many_rooms_come_back_in_order(db: Migrated) {
        let store = db.store().await;
        let rooms = [room(&store, 1).await, room(&store, 2).await, room(&store, 3).await];
        let mut entries = Vec::new();
        for no in 1..=231 {
            entries.extend(rooms.map(|room| said(room, no, &format!("Wort {no} 😀"))));
        }
        commit_all(&store, &entries).await;
        for room in rooms {
            let loaded = load(&store, room).await;
            assert_eq!((loaded.last_no, loaded.messages.len(), loaded.more), (No(231), 200, true));
            let expected: Vec<_> = (32..=231).map(|no| message(&said(room, no, &format!("Wort {no} 😀")))).collect();
            assert_eq!(loaded.messages, expected);
        }
    }

    async fn a_message_keeps_everything_it_had(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        let first = said(room, 1, "İ ß 'quoted' \"twice\" \\ \n \u{7f} 👩‍👩‍👧 end ");
        let reply = but(said(room, 2, "only for you"), |it| {
            it.to = to(2);
            it.reply_to = Some(message(&first).id);
            it.name = "Ana\u{200d}\u{301}".into();
        });
        commit_all(&store, &[first.clone(), reply.clone()]).await;
        assert_eq!(load(&store, room).await.messages, [message(&first), message(&reply)]);
    }

    async fn a_repetition_in_the_middle_of_a_group_is_told_apart(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        commit_all(&store, &[said(room, 1, "once")]).await;
        let again = but(said(room, 3, "once"), |it| it.client_id = message(&said(room, 1, "")).client_id);
        let twin = but(said(room, 5, "twin"), |it| it.client_id = message(&said(room, 4, "")).client_id);
        let group = [said(room, 2, "before"), again, said(room, 4, "after"), twin, said(room, 6, "last")];
        let outcomes = journal::commit(&store, &group).await;
        let duplicate_of = |no: i64| {
            let stands = message(&said(room, no, ""));
            Outcome::Duplicate { message: stands.id, no: stands.no, at: stands.at }
        };
        assert_eq!(
            outcomes,
            [Outcome::Committed, duplicate_of(1), Outcome::Committed, duplicate_of(4), Outcome::Committed]
        );
        assert_eq!(texts(&load(&store, room).await.messages), ["once", "before", "after", "last"]);
    }

    async fn another_author_may_use_the_same_client_id(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        let mine = said(room, 1, "mine");
        let theirs = but(said(room, 2, "theirs"), |it| {
            it.author = seat(2);
            it.client_id = message(&mine).client_id;
        });
        let shouted = but(said(room, 3, "shouted"), |it| it.client_id.0 = "C1".into());
        commit_all(&store, &[mine, theirs, shouted]).await;
    }

    async fn one_that_cannot_be_kept_takes_none_of_the_others_with_it(db: Migrated) {
        let store = db.store().await;
        let here = room(&store, 1).await;
        let gone = RoomId(Uuid::from_u128(99));
        let taken = but(said(here, 1, "another's place"), |it| {
            it.id = message_id(5000);
            it.client_id.0 = "new".into();
        });
        let group = [
            said(here, 1, "first"),
            said(gone, 1, "nowhere"),
            said(here, 2, "a NUL \0 inside"),
            taken,
            entry(here, 4, Change::Deleted { message: message(&said(here, 1, "")).id }),
        ];
        let outcomes = journal::commit(&store, &group).await;
        assert_eq!(outcomes[0], Outcome::Committed);
        assert_eq!(outcomes[1], Outcome::Refused(Fault::NoSuchRoom));
        assert!(matches!(&outcomes[2], Outcome::Refused(Fault::InvalidField { .. })), "{outcomes:?}");
        assert_eq!(outcomes[3], Outcome::Refused(Fault::Internal));
        assert_eq!(outcomes[4], Outcome::Committed);
        let loaded = load(&store, here).await;
        assert_eq!((texts(&loaded.messages), loaded.messages[0].deleted), (vec![""], true));
    }

    async fn a_group_that_is_in_already_is_found_committed(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        let group =
            [said(room, 1, "a"), entry(room, 2, Change::Settings(settings("Renamed"))), said(room, 3, "b")];
        commit_all(&store, &group).await;
        commit_all(&store, &group).await;
        let loaded = load(&store, room).await;
        assert_eq!((texts(&loaded.messages), loaded.last_no), (vec!["a", "b"], No(3)));
    }

    async fn edits_deletions_and_reactions_change_their_message(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        let id = |no: i64| message(&said(room, no, "")).id;
        let react = |no, of, emoji: &str, n| {
            let change =
                Change::Reacted { message: id(of), emoji: emoji.into(), seat: seat(n), peer: peer(n) };
            entry(room, no, change)
        };
        let take_back = Change::Unreacted { message: id(1), emoji: "👍".into(), seat: seat(1) };
        commit_all(&store, &[
            said(room, 1, "one"),
            said(room, 2, "two"),
            entry(room, 3, Change::Edited { message: id(1), text: "ONE".into(), at: Millis(5) }),
            react(4, 1, "👍", 1),
            react(5, 1, "👍🏽", 1),
            react(6, 1, "👍", 2),
            entry(room, 7, take_back),
            react(8, 1, "👍", 2),
            react(9, 2, "👍", 2),
            entry(room, 10, Change::Deleted { message: id(2) }),
            entry(room, 11, Change::Edited { message: id(2), text: "back".into(), at: Millis(6) }),
        ])
        .await;
        let loaded = load(&store, room).await;
        let [one, two] = &loaded.messages[..] else { panic!("{:?}", loaded.messages) };
        assert_eq!((&*one.text, one.edited_at), ("ONE", Some(Millis(5))));
        let reactions: Vec<_> = one.reactions.iter().map(|it| (&*it.emoji, it.seat)).collect();
        assert_eq!(reactions, [("👍🏽", seat(1)), ("👍", seat(2))]);
        assert_eq!((&*two.text, two.deleted, &two.reactions[..]), ("", true, &[][..]));
        assert_eq!(loaded.last_no, No(11));
        let changed: Vec<_> = loaded.changed.iter().map(|(message, no)| (*message, no.0)).collect();
        assert_eq!(changed[..3], [(id(2), 11), (id(2), 10), (id(2), 9)]);
        assert_eq!(changed.len(), 9, "all that happened to the two");
        assert_eq!(messages::find(&store, room, id(1)).await.unwrap().as_ref(), Some(one));
    }

    async fn every_kind_of_change_leaves_its_state_and_its_event(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        for n in 1..=3 {
            write_seat(&store, room, taken_seat(n)).await;
        }
        let changed = convene::room::record::Settings { locked: true, spotlight: Some(peer(2)), ..settings("New") };
        let pins = Pins { pin: Pin::parse("11112222").unwrap(), spin: Pin::parse("33334444").unwrap() };
        let cohost = Change::Standing { seat: seat(2), role: Role::Cohost, rights: Rights::of(&[Right::Chat]) };
        commit_all(&store, &[
            entry(room, 1, Change::Settings(changed.clone())),
            entry(room, 2, cohost),
            entry(room, 3, Change::Muted { seats: vec![seat(1), seat(2)], source: Source::Mic }),
            entry(room, 4, Change::Kicked { seat: seat(3) }),
            entry(room, 5, Change::Pins(pins.clone())),
        ])
        .await;
        let loaded = load(&store, room).await;
        assert_eq!((loaded.room.settings, loaded.room.version), (changed, No(1)));
        assert_eq!(loaded.room.pins, pins);
        let standing: Vec<_> = loaded.seats.iter().map(|it| (it.seat, it.role, it.rights)).collect();
        let ordinary = Role::Participant.rights();
        assert_eq!(standing, [
            (seat(1), Role::Participant, ordinary),
            (seat(2), Role::Cohost, Rights::of(&[Right::Chat])),
        ]);

        commit_all(&store, &[entry(room, 6, Change::Ended)]).await;
        let loaded = load(&store, room).await;
        assert_eq!((loaded.room.ended_at, loaded.seats.len()), (Some(NOON.plus(6)), 0));
        assert_eq!(loaded.last_no, No(6));

        let connection = db.connection().await;
        let events = convene_entity::event::Entity::find().order_by_asc(convene_entity::event::Column::No);
        let events = events.all(&connection).await.unwrap();
        let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["settings", "standing", "muted", "kicked", "pins", "ended"]);
        assert!(events.iter().all(|event| !event.body.contains("1111")), "no event holds a PIN");
        let row = convene_entity::room::Entity::find().one(&connection).await.unwrap().unwrap();
        assert!(!String::from_utf8_lossy(&row.pins).contains("1111"), "PINs are sealed");
    }

    async fn a_change_waits_for_no_seat_to_be_written(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        let viewer = Change::Standing { seat: seat(1), role: Role::Viewer, rights: Rights::NONE };
        commit_all(&store, &[entry(room, 1, viewer), entry(room, 2, Change::Kicked { seat: seat(2) })]).await;
        assert!(load(&store, room).await.seats.is_empty(), "a standing alone seats nobody");
        write_seat(&store, room, taken_seat(1)).await;
        write_seat(&store, room, taken_seat(2)).await;
        let seats = load(&store, room).await.seats;
        assert_eq!(seats.len(), 1, "the kicked one stays out");
        assert_eq!((seats[0].seat, seats[0].role, seats[0].rights), (seat(1), Role::Viewer, Rights::NONE));
        assert_eq!(seats[0].name, taken_seat(1).name);
    }

    async fn an_older_settings_change_never_overwrites_a_newer(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        commit_all(&store, &[entry(room, 7, Change::Settings(settings("newer")))]).await;
        commit_all(&store, &[entry(room, 6, Change::Settings(settings("older")))]).await;
        let loaded = load(&store, room).await;
        assert_eq!((&*loaded.room.settings.name, loaded.room.version), ("newer", No(7)));
    }

    async fn a_row_of_one_room_is_out_of_anothers_reach(db: Migrated) {
        let store = db.store().await;
        let (mine, other) = (room(&store, 1).await, room(&store, 2).await);
        let hello = said(mine, 1, "hello");
        let id = message(&hello).id;
        commit_all(&store, &[hello, entry(other, 1, Change::Deleted { message: id })]).await;
        assert_eq!(texts(&load(&store, mine).await.messages), ["hello"]);
        assert_eq!(messages::find(&store, other, id).await.unwrap(), None);
    }

    async fn what_the_server_keys_do_not_open_is_not_shown(db: Migrated) {
        let store = db.store().await;
        let new = new_room(1);
        room(&store, 1).await;
        let connection = db.connection().await;
        connection.execute_unprepared("UPDATE room SET pins = 'nonsense'").await.unwrap();
        let refused = convene::store::rooms::record(&store, new.id).await;
        assert!(refused.is_err_and(|error| error.fault() == Fault::Internal));
    }
}

/// A group is split by statements of 128 rows and fewer: sizes around that come through whole.
#[tokio::test]
async fn groups_of_every_size_are_kept_whole() {
    let db = crate::common::db::TestDb::sqlite().await;
    let store = db.store().await;
    for size in [1, 2, 3, 127, 128, 129, 255, 300] {
        let room = room(&store, u128::try_from(size).unwrap()).await;
        let entries: Vec<_> = (1..=size).map(|no| said(room, no, "x")).collect();
        commit_all(&store, &entries).await;
        assert_eq!(load(&store, room).await.last_no, No(size));
    }
    let nothing: Vec<Arc<str>> = Vec::new();
    assert_eq!(journal::commit(&store, &[]).await.len(), nothing.len());
}
