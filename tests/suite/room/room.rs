//! Dialogues with a room: one module per part of its promise.
mod chatting;
mod entering;
mod moderating;
mod negotiating;
mod person;
mod resuming;
mod settling;
mod stage;
mod world;
