//! Chat: said, changed, reacted to; private or for all; kept or not.
use super::person::{busy_stage, delta, said, texts};
use super::stage::*;
use convene::fault::Fault;
use convene::room::command::{Asker, ChatSend, Command, HistoryQuery, On, SettingsPatch};
use convene::room::event::{Answer, Event};
use convene::room::ids::*;
use convene::room::join::{Join, Trusted};
use convene::room::permissions::{Right, Rights};
use convene::room::record::{Change, ChatKind};
use convene::room::rules::REACTIONS;
use uuid::Uuid;

fn edit(message: MessageId, text: &str) -> Command {
    Command::ChatEdit { message, text: text.into() }
}
fn react(message: MessageId, on: On) -> Command {
    Command::ChatReact { message, emoji: "👍".into(), on }
}

#[test]
fn a_message_is_heard_by_all_with_its_place() {
    let (_stage, people) = busy_stage(&["Ana", "Bob"]);
    let (id, no) = said(people[0].says("hi").answer());
    for person in &people {
        let [Event::ChatMessage(message)] = &person.events()[..] else { panic!() };
        assert_eq!((message.id, message.no, &*message.text, &*message.name), (id, no, "hi", "Ana"));
    }
}

#[test]
fn a_private_message_has_two_readers_on_every_path() {
    let (stage, mut people) = busy_stage(&["Ana", "Bob", "Cid"]);
    let (ana, cid) = (people[0].position(), people[2].position());
    people[2].drops();
    let (id, _) = said(people[0].whispers_to(&people[1], "psst").answer());
    assert_eq!((people[0].texts(), people[1].texts()), (vec!["psst".into()], vec!["psst".into()]));
    assert!(texts(&delta(people[2].resumes(cid).unwrap())).is_empty());
    assert_eq!(texts(&delta(people[0].resumes(ana).unwrap())), ["psst"]);
    assert!(stage.joins("Dan").snapshot.messages.is_empty());
    assert_eq!(people[2].asks(react(id, On::On)), Err(Fault::NoSuchTarget), "it looks like none");
    assert_eq!(people[2].asks(Command::ChatDelete { message: id }), Err(Fault::NoSuchTarget));
    let reply = ChatSend { reply_to: Some(id), ..chat(&stage, "to what?") };
    assert_eq!(people[2].asks(Command::ChatSend(Box::new(reply))), Err(Fault::NoSuchTarget));
    people[1].asks(react(id, On::On)).unwrap();
    assert!(matches!(people[0].events().last(), Some(Event::ChatReaction { .. })));
    assert!(!people[2].events().iter().any(|event| matches!(event, Event::ChatReaction { .. })));
    assert_eq!(stage.by_owner(Command::ChatDelete { message: id }).answer(), Err(Fault::NoSuchTarget));
}

#[test]
fn messages_are_edited_by_their_author_and_deleted_by_author_or_moderator() {
    let stage = Stage::new();
    let (owner, ana, bob) = (stage.owner_joins("Olga"), stage.joins("Ana"), stage.joins("Bob"));
    let (id, _) = said(ana.says("helo").answer());
    assert_eq!(bob.asks(edit(id, "x")), Err(Fault::NoSuchTarget));
    assert_eq!(owner.asks(edit(id, "x")), Err(Fault::NoSuchTarget));
    ana.asks(edit(id, "hello")).unwrap();
    assert!(matches!(bob.events().last(), Some(Event::ChatEdited { text, .. }) if &**text == "hello"));
    assert_eq!(bob.asks(Command::ChatDelete { message: id }), Err(Fault::Forbidden { right: "moderate" }));
    bob.asks(react(id, On::On)).unwrap();
    let seen = &stage.joins("Cid").snapshot.messages[0];
    assert_eq!((&*seen.text, seen.edited_at.is_some(), seen.reactions.len()), ("hello", true, 1));
    owner.asks(Command::ChatDelete { message: id }).unwrap();
    let seen = &stage.joins("Dan").snapshot.messages[0];
    assert_eq!((&*seen.text, seen.deleted, seen.reactions.len()), ("", true, 0));
    assert_eq!(ana.asks(edit(id, "again")), Err(Fault::NoSuchTarget));
}

#[test]
fn one_emoji_counts_once_per_person() {
    let (stage, people) = busy_stage(&["Ana", "Bob"]);
    let (id, _) = said(people[0].says("vote").answer());
    for on in [On::On, On::On] {
        people[1].asks(react(id, on)).unwrap();
    }
    people[0].asks(react(id, On::On)).unwrap();
    assert_eq!(stage.joins("C").snapshot.messages[0].reactions.len(), 2);
    people[1].asks(react(id, On::Off)).unwrap();
    let left = &stage.joins("D").snapshot.messages[0].reactions;
    assert_eq!((left.len(), &left[0].peer), (1, &people[0].peer));
}

#[test]
fn a_retry_acts_once() {
    let stage = Stage::slow();
    let (ana, bob) = (stage.joins("Ana"), stage.joins("Bob"));
    let message = chat(&stage, "once");
    let send = || ana.sends(Command::ChatSend(Box::new(message.clone())));
    let (first, second) = (send(), send());
    assert!(first.is_waiting() && second.is_waiting());
    stage.commits();
    let third = send();
    assert_eq!(said(first.answer()), said(second.answer()));
    assert_eq!(first.answer(), third.answer());
    assert_eq!(bob.texts(), ["once"]);
    let other =
        bob.sends(Command::ChatSend(Box::new(ChatSend { id: MessageId(Uuid::nil()), ..message.clone() })));
    stage.commits();
    assert_ne!(
        said(other.answer()).0,
        said(first.answer()).0,
        "another author's client id is another message"
    );
}

#[test]
fn bad_messages_are_refused() {
    let (stage, people) = busy_stage(&["Ana"]);
    let ana = &people[0];
    let code = |message: ChatSend| ana.asks(Command::ChatSend(Box::new(message))).unwrap_err();
    assert_eq!(code(chat(&stage, "")).code(), "invalid_field");
    assert_eq!(code(chat(&stage, &"x".repeat(4_097))), Fault::TooLarge { limit: 4_096 });
    let nameless = ChatSend { client_id: ClientId("".into()), ..chat(&stage, "x") };
    assert_eq!(code(nameless).code(), "invalid_field");
    let nobody = ChatSend { to: Some(PeerId("p_0".into())), ..chat(&stage, "x") };
    assert_eq!(code(nobody), Fault::NoSuchTarget);
    let nothing = ChatSend { reply_to: Some(MessageId(Uuid::max())), ..chat(&stage, "x") };
    assert_eq!(code(nothing), Fault::NoSuchTarget);
    said(ana.says(&"x".repeat(4_096)).answer());
}

#[test]
fn chat_needs_its_rights_and_the_rooms_policy() {
    let stage = Stage::new();
    let (owner, ana, vic) = (stage.owner_joins("Olga"), stage.joins("Ana"), stage.viewer_joins("Vic"));
    assert_eq!(vic.whispers_to(&ana, "x").answer(), Err(Fault::Forbidden { right: "chat_private" }));
    said(vic.says("viewers may").answer());
    let chat_off = SettingsPatch { chat: Some(false), ..Default::default() };
    owner.asks(Command::Update(chat_off)).unwrap();
    assert_eq!(ana.says("x").answer(), Err(Fault::Forbidden { right: "chat" }));
    said(owner.says("owners stand above").answer());
    let (id, _) = said(owner.says("y").answer());
    assert_eq!(ana.asks(react(id, On::On)), Err(Fault::Forbidden { right: "chat" }));
}

#[test]
fn chat_has_a_rate_of_its_own() {
    let stage = Stage::new();
    let ana = stage.tries(Join { trusted: Trusted::No, ..stage.join("Ana") }).unwrap();
    for n in 0..10 {
        said(ana.says(&n.to_string()).answer());
    }
    assert_eq!(ana.says("eleven").answer(), Err(Fault::RateLimited { retry_after_ms: 200 }));
    stage.passes(200);
    said(ana.says("eleven").answer());
}

#[test]
fn an_ephemeral_room_keeps_the_last_two_hundred_and_nothing_else() {
    let stage = Stage::ephemeral();
    let (ana, bob) = (stage.joins("Ana"), stage.joins("Bob"));
    let mut first = None;
    for n in 0..201 {
        let (id, _) = said(ana.says(&format!("m{n}")).answer());
        first.get_or_insert(id);
    }
    assert_eq!(bob.texts().len(), 201);
    assert!(stage.0.borrow().journal.is_empty());
    let cid = stage.joins("Cid");
    assert_eq!((cid.snapshot.messages.len(), &*cid.snapshot.messages[0].text), (200, "m1"));
    assert_eq!(ana.asks(edit(first.unwrap(), "x")), Err(Fault::NoSuchTarget));
    let ask = |before, after, search: Option<&str>| {
        let query = HistoryQuery { before, after, limit: 2, search: search.map(Into::into) };
        match cid.asks(Command::ChatHistory(query)) {
            Ok(Answer::History { messages, more }) => {
                (messages.iter().map(|message| message.text.to_string()).collect::<Vec<_>>(), more)
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(ask(None, None, None), (vec!["m199".into(), "m200".into()], true));
    assert_eq!(ask(None, Some(No(2)), None), (vec!["m2".into(), "m3".into()], true));
    assert_eq!(ask(None, None, Some("M150")), (vec!["m150".into()], false));
    let (id, _) = said(ana.says("typo").answer());
    ana.asks(edit(id, "fixed")).unwrap();
    assert!(matches!(bob.events().last(), Some(Event::ChatEdited { .. })));
}

#[test]
fn history_of_a_durable_room_is_read_from_the_store_for_its_reader() {
    let (stage, people) = busy_stage(&["Ana"]);
    let query = HistoryQuery { before: None, after: None, limit: 50, search: None };
    assert!(people[0].sends(Command::ChatHistory(query.clone())).is_waiting());
    assert!(stage.by_owner(Command::ChatHistory(query.clone())).is_waiting());
    assert_eq!(stage.0.borrow().histories, [people[0].seat, SeatId(Uuid::nil())]);
    let strangers = stage.rest(Asker::Anyone, Command::ChatHistory(query.clone()));
    assert_eq!(strangers.answer(), Err(Fault::NotFound));
    let greedy = HistoryQuery { limit: 101, ..query };
    assert_eq!(people[0].asks(Command::ChatHistory(greedy)).unwrap_err().code(), "invalid_field");
}

#[test]
fn what_is_no_longer_in_memory_is_recalled_once() {
    let mut waking = loaded(record(ChatKind::Durable));
    waking.more = true;
    let stage = Stage::with(waking, Commits::AtOnce);
    let ana = stage.joins("Ana");
    let old = MessageId(Uuid::from_u128(99));
    let ticket = ana.sends(edit(old, "better"));
    assert!(ticket.is_waiting());
    let (asked, ask) = stage.0.borrow_mut().recalls.pop().unwrap();
    assert_eq!(asked, old);
    stage.host(Command::Recalled { message: None, ask: Box::new(ask) });
    assert_eq!(ticket.answer(), Err(Fault::NoSuchTarget));

    let (_, no) = said(ana.says("template").answer());
    let template = (*stage.joins("B").snapshot.messages[0]).clone();
    let stored = convene::room::chat::Message { id: old, no: No(0), ..template };
    assert!(no > No(0));
    let ticket = ana.sends(edit(old, "better"));
    let (_, ask) = stage.0.borrow_mut().recalls.pop().unwrap();
    stage.host(Command::Recalled { message: Some(Box::new(stored)), ask: Box::new(ask) });
    assert!(matches!(ticket.answer(), Ok(Answer::Shown { .. })));
    assert!(matches!(ana.events().last(), Some(Event::ChatEdited { message, .. }) if *message == old));
}

#[test]
fn a_pending_message_can_be_changed_and_falls_with_it() {
    let stage = Stage::slow();
    let (ana, bob) = (stage.joins("Ana"), stage.joins("Bob"));
    let message = chat(&stage, "v1");
    let id = message.id;
    let saying = ana.sends(Command::ChatSend(Box::new(message.clone())));
    let editing = ana.sends(edit(id, "v2"));
    assert_eq!(bob.sends(edit(id, "mine")).answer(), Err(Fault::NoSuchTarget));
    assert!(bob.events().is_empty());
    stage.commits();
    assert!(saying.answer().is_ok() && editing.answer().is_ok());
    let events = bob.events();
    assert!(matches!(&events[..], [Event::ChatMessage(_), Event::ChatEdited { .. }]), "{events:?}");

    let second = ChatSend { ..chat(&stage, "w1") };
    let id = second.id;
    let saying = ana.sends(Command::ChatSend(Box::new(second)));
    let editing = ana.sends(edit(id, "w2"));
    stage.settles(|entry| match entry.change {
        Change::Said(_) => convene::room::record::Outcome::Refused(Fault::StorageUnavailable),
        _ => convene::room::record::Outcome::Committed,
    });
    assert_eq!(saying.answer(), Err(Fault::StorageUnavailable));
    assert_eq!(editing.answer(), Err(Fault::NoSuchTarget));
    assert_eq!(bob.events().len(), 2, "nothing of it is shown");
}

#[test]
fn rights_taken_away_do_not_unsay_what_waits() {
    let stage = Stage::slow();
    let (owner, ana) = (stage.owner_joins("Olga"), stage.joins("Ana"));
    let waiting = ana.says("still said");
    owner.sends(Command::Revoke { peer: ana.peer.clone(), rights: Rights::of(&[Right::Chat]) });
    assert_eq!(ana.says("no more").answer(), Err(Fault::Forbidden { right: "chat" }));
    ana.asks(Command::Leave).unwrap();
    stage.commits();
    assert_eq!(owner.texts(), ["still said"]);
    assert!(waiting.answer().is_ok());
}

#[test]
fn a_message_bears_so_many_reactions_and_taking_one_back_makes_room() {
    let (_stage, people) = busy_stage(&["Ana", "Bob"]);
    let (id, _) = said(people[0].says("vote!").answer());
    let react = |n: usize, on| Command::ChatReact { message: id, emoji: format!("option {n}").into(), on };
    for n in 0..REACTIONS {
        people[n % 2].asks(react(n, On::On)).unwrap();
    }
    assert_eq!(people[0].asks(react(REACTIONS, On::On)), Err(Fault::Quota));
    people[1].asks(react(1, On::Off)).unwrap();
    people[0].asks(react(REACTIONS, On::On)).unwrap();
}
