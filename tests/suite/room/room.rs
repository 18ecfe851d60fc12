//! Dialogues with a room: one module per part of its promise.
mod anything;
mod chatting;
mod entering;
mod footing;
mod mirror;
mod moderating;
mod narrowing;
mod negotiating;
mod person;
mod relaying;
mod resuming;
mod settling;
mod stage;
mod world;
