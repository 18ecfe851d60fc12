//! Who may try how often: rates and guessing budgets, in memory and bounded.
pub mod guesses;
pub mod limiter;
