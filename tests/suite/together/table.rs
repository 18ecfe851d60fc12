//! The table of docs/COMPATIBILITY.md that says who hears what of whom.
use super::person::System;
use std::collections::BTreeSet;

const COMPATIBILITY: &str = include_str!("../../../docs/COMPATIBILITY.md");

/// What is heard: letters of the table.
pub(super) type Kinds = BTreeSet<char>;

/// What the one hears of the other by the table.
pub(super) fn heard(hearer: System, of: System) -> Kinds {
    let rows = COMPATIBILITY.split("together -->").nth(1).expect("the section").lines();
    let rows: Vec<Vec<&str>> = rows
        .filter(|line| line.starts_with("| "))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let named = |system: System| match system {
        System::Native => "our page or SDK",
        System::Animo => "Animo Meet",
        System::Meet => "Meet",
        System::HundredMs => "100ms backend",
        System::Mesibo => "mesibo",
    };
    let column = rows[0].iter().position(|cell| *cell == named(of)).expect("a column");
    let row = rows.iter().skip(1).find(|row| row[0] == named(hearer)).expect("a row");
    row[column].chars().filter(char::is_ascii_uppercase).collect()
}
