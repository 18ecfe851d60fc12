//! People of all systems in one room, each by its own key: what each hears of each, and a dialogue of every pair.
//!
//! What is heard stands in the table of docs/COMPATIBILITY.md ("One room") and, frame by frame, in `tests/data/together/`.
//! After a change of a wire: `CONVENE_TEST_WRITE=1 cargo nextest run together::` writes the dialogues anew, to be read.
#[path = "together/dialogue.rs"]
mod dialogue;
#[path = "together/pairs.rs"]
mod pairs;
#[path = "together/person.rs"]
mod person;
#[path = "together/room.rs"]
mod room;
#[path = "together/table.rs"]
mod table;
#[path = "together/wire.rs"]
mod wire;
