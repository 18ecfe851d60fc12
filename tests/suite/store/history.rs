//! History: pages, what is private, and literal search.
use super::fixture::{but, commit_all, entry, message, room, said, seat, texts, to};
use crate::common::db::on_each_database;
use convene::room::command::HistoryQuery;
use convene::room::ids::{No, RoomId};
use convene::room::record::Change;
use convene::store::Store;
use convene::store::messages::{Page, Reader, history};

const ALL: HistoryQuery = HistoryQuery { before: None, after: None, limit: 100, search: None };

async fn page(store: &Store, room: RoomId, query: HistoryQuery) -> Page {
    history(store, room, Reader::Public, &query).await.unwrap()
}

async fn found(store: &Store, room: RoomId, search: &str) -> Vec<String> {
    let page = page(store, room, HistoryQuery { search: Some(search.into()), ..ALL }).await;
    texts(&page.messages).into_iter().map(str::to_owned).collect()
}

on_each_database! {
    async fn pages_lead_backwards_and_forwards_through_all_of_it(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        let entries: Vec<_> = (1..=7).map(|no| said(room, no, &no.to_string())).collect();
        commit_all(&store, &entries).await;
        let numbers = |page: Page| (texts(&page.messages).join(""), page.more);
        let three = HistoryQuery { limit: 3, ..ALL };
        let before = |no| HistoryQuery { before: Some(No(no)), ..three.clone() };
        let after = |no| HistoryQuery { after: Some(No(no)), ..three.clone() };
        assert_eq!(numbers(page(&store, room, three.clone()).await), ("567".into(), true));
        assert_eq!(numbers(page(&store, room, before(5)).await), ("234".into(), true));
        assert_eq!(numbers(page(&store, room, before(4)).await), ("123".into(), false));
        assert_eq!(numbers(page(&store, room, before(1)).await), (String::new(), false));
        assert_eq!(numbers(page(&store, room, after(0)).await), ("123".into(), true));
        assert_eq!(numbers(page(&store, room, after(4)).await), ("567".into(), false));
        assert_eq!(numbers(page(&store, room, after(7)).await), (String::new(), false));
        let between = HistoryQuery { before: Some(No(6)), after: Some(No(2)), ..ALL };
        assert_eq!(numbers(page(&store, room, between).await), ("345".into(), false));
    }

    async fn a_private_message_is_for_two(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        let secret = but(said(room, 2, "for Ben only"), |it| it.to = to(2));
        commit_all(&store, &[said(room, 1, "for all"), secret]).await;
        for (reader, expected) in [
            (Reader::Seat(seat(1)), vec!["for all", "for Ben only"]),
            (Reader::Seat(seat(2)), vec!["for all", "for Ben only"]),
            (Reader::Seat(seat(3)), vec!["for all"]),
            (Reader::Public, vec!["for all"]),
        ] {
            let page = history(&store, room, reader, &ALL).await.unwrap();
            assert_eq!(texts(&page.messages), expected, "{reader:?}");
            let sought = HistoryQuery { search: Some("ben only".into()), ..ALL };
            let page = history(&store, room, reader, &sought).await.unwrap();
            assert_eq!(page.messages.len(), expected.len() - 1, "{reader:?}");
        }
    }

    async fn search_is_literal(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        let said_texts = [
            "100% sure", "100 sure", "snake_case", "snakeXcase", r"C:\temp\new", "C:/temp", "it's \"quoted\"",
            "wow! really", "[a-z]* (x|y)", "plain",
        ];
        let entries: Vec<_> = (1..).zip(said_texts).map(|(no, text)| said(room, no, text)).collect();
        commit_all(&store, &entries).await;
        for (search, expected) in [
            ("100%", vec!["100% sure"]),
            ("%", vec!["100% sure"]),
            ("_", vec!["snake_case"]),
            ("e_c", vec!["snake_case"]),
            (r"\", vec![r"C:\temp\new"]),
            (r"\t", vec![r"C:\temp\new"]),
            (r"\\", vec![]),
            ("'", vec!["it's \"quoted\""]),
            ("\"quoted\"", vec!["it's \"quoted\""]),
            ("!", vec!["wow! really"]),
            ("!!", vec![]),
            ("[a-z]", vec!["[a-z]* (x|y)"]),
            ("'; DROP TABLE message; --", vec![]),
        ] {
            assert_eq!(found(&store, room, search).await, expected, "{search}");
        }
    }

    async fn search_is_blind_to_case_in_every_script_but_not_to_accents(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        let entries = [said(room, 1, "CAFÉ Noir"), said(room, 2, "cafe noir"), said(room, 3, "ПРИВЕТ мир 👋")];
        commit_all(&store, &entries).await;
        assert_eq!(found(&store, room, "café").await, ["CAFÉ Noir"]);
        assert_eq!(found(&store, room, "CAFE").await, ["cafe noir"]);
        assert_eq!(found(&store, room, "NOIR").await, ["CAFÉ Noir", "cafe noir"]);
        assert_eq!(found(&store, room, "привет МИР").await, ["ПРИВЕТ мир 👋"]);
        assert_eq!(found(&store, room, "👋").await, ["ПРИВЕТ мир 👋"]);
    }

    async fn what_was_deleted_or_edited_away_is_not_found(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        let id = |no| message(&said(room, no, "")).id;
        commit_all(&store, &[
            said(room, 1, "Needle one"),
            said(room, 2, "Needle two"),
            entry(room, 3, Change::Deleted { message: id(1) }),
            entry(room, 4, Change::Edited { message: id(2), text: "HAY".into(), at: convene::room::ids::Millis(9) }),
        ])
        .await;
        assert_eq!(found(&store, room, "needle").await, Vec::<String>::new());
        assert_eq!(found(&store, room, "hay").await, ["HAY"]);
        assert_eq!(found(&store, room, "").await, ["HAY"], "a deleted one never matches");
        let all = page(&store, room, ALL).await;
        assert_eq!(texts(&all.messages), ["", "HAY"], "but it keeps its place");
    }
}
