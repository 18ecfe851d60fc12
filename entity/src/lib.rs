//! The tables, one sea-orm entity each.
