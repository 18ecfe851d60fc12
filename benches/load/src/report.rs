//! What the run says: its progress on standard error, its tables in Markdown on standard output.
use crate::args::Wish;
use crate::joins::{self, Joins};
use crate::load::{Step, TEXT};
use crate::machine;
use crate::ramp::{FIRST, LIMIT_MS, Peak, is_disturbed};
use crate::shape::Shape;
use crate::sign_ins::{AT_ONCE, Beside};
use std::io::Write;
use std::process::Command;

/// One line of a table of peaks.
pub(crate) struct Row {
    pub(crate) shape: Shape,
    pub(crate) server: &'static str,
    pub(crate) peak: Peak,
}

/// A person at a terminal that has gone away needs no word.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

pub(crate) fn print(text: &str) {
    let _ = write!(std::io::stdout(), "{text}");
}

pub(crate) fn heading(wish: &Wish) {
    let version = |program: &str, argument: &str| {
        Command::new(program)
            .arg(argument)
            .output()
            .ok()
            .and_then(|output| String::from_utf8(output.stdout).ok())
            .map_or_else(|| "unknown".to_owned(), |said| said.trim().to_owned())
    };
    print(&format!(
        "{}; {}, {}, Node {} with socket.io 4.8.4. Server on CPU 0, generator on CPU 1, loopback; messages with {TEXT} \
         bytes of text; steps of {} s after 0.5 s of warm-up.\n\n",
        machine::describe(),
        version(&wish.server.to_string_lossy(), "--version"),
        version("rustc", "--version"),
        version("node", "--version"),
        wish.measured,
    ));
}

pub(crate) fn step(shape: Shape, step: &Step) {
    let tally = &step.tally;
    say(&format!(
        "  {} {:>9.0}/s: {:>9.0}/s, p50 {:.1} p99 {:.1} ms, {:.2} us each, server {:.0} % generator {:.0} % foreign {:.0} %, \
         {} of {} heard, {} twice, {} stray, {} closed, {} refused",
        shape.name(),
        step.offered,
        step.delivered,
        step.p50,
        step.p99,
        step.us_per_delivery,
        step.server_busy * 100.0,
        step.generator_busy * 100.0,
        step.foreign * 100.0,
        tally.heard,
        tally.expected,
        tally.twice,
        tally.stray,
        tally.closed,
        tally.refused,
    ));
}

pub(crate) fn joins(joins: &Joins, foreign: f64) {
    say(&format!(
        "{:.0} joins/s, {:.0} us each, {:.1} KiB a person over {} KiB, foreign {:.0} %",
        joins.per_second,
        joins.us_per_join,
        joins.kib_per_person,
        joins.rss_before,
        foreign * 100.0
    ));
}

/// The table of a shape's rows; the first row of each shape is what the others are compared with.
pub(crate) fn peaks(what: &str, rows: &[Row]) {
    print(&format!(
        "| shape | server | {what}/s at p99 ≤ {LIMIT_MS} ms | × the first | p50, p99 ms | CPU µs each, there | at {FIRST}/s | \
         bytes each | generator busy |\n|---|---|---:|---:|---:|---:|---:|---:|---:|\n"
    ));
    for row in rows {
        let first = rows.iter().find(|other| other.shape.name() == row.shape.name());
        print(&line(row, first.and_then(|first| first.peak.best.as_ref())));
    }
    print("\n");
}

fn line(row: &Row, first: Option<&Step>) -> String {
    let at_first = format!("{:.1}", row.peak.first.us_per_delivery);
    let (shape, server) = (row.shape.name(), row.server);
    let Some(best) = &row.peak.best else {
        return format!("| {shape} | {server} | none held | | | | {at_first} | | |\n");
    };
    let times = first.map_or_else(String::new, |first| format!("{:.1}", best.delivered / first.delivered));
    let mark = if is_disturbed(best) { " †" } else { "" };
    format!(
        "| {shape} | {server} | {}{mark} | {times} | {:.1}, {:.1} | {:.2} | {at_first} | {:.0} | {:.0} % |\n",
        thousands(best.delivered),
        best.p50,
        best.p99,
        best.us_per_delivery,
        best.tally.bytes as f64 / best.tally.heard.max(1) as f64,
        best.generator_busy * 100.0,
    )
}

pub(crate) fn joins_table(rows: &[(&str, Joins)]) {
    let (groups, people) = (joins::SHAPE.groups, joins::SHAPE.people);
    print(&format!(
        "| {groups} rooms × {people}, 32 joins at a time | joins/s | CPU µs each | RSS before, MiB | KiB RSS per idle person |\n\
         |---|---:|---:|---:|---:|\n"
    ));
    for (server, joins) in rows {
        print(&format!(
            "| {server} | {} | {:.0} | {:.1} | {:.1} |\n",
            thousands(joins.per_second),
            joins.us_per_join,
            joins.rss_before as f64 / 1024.0,
            joins.kib_per_person
        ));
    }
    print("\n");
}

pub(crate) fn sign_ins_table(rows: &[Beside]) {
    print(&format!(
        "| beside | deliveries/s | p50, p99 ms alone | p50, p99 ms beside {AT_ONCE} sign-ins at once | sign-ins/s | busy | longest, s | RSS alone, most, MiB |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|\n"
    ));
    let times = |step: &Step| {
        format!("{:.1}, {:.1}{}", step.p50, step.p99, if step.tally.is_exact() { "" } else { " ‡" })
    };
    let mib = |kib: u64| kib as f64 / 1024.0;
    for row in rows {
        let signed_in = &row.signed_in;
        print(&format!(
            "| {} {:?} | {} | {} | {} | {:.1} | {} | {:.1} | {:.1}, {:.1} |\n",
            row.shape.name(),
            row.shape.work,
            thousands(row.beside.delivered),
            times(&row.alone),
            times(&row.beside),
            signed_in.per_second,
            signed_in.busy,
            signed_in.longest.as_secs_f64(),
            mib(row.rss_alone),
            mib(row.rss_most),
        ));
    }
    print("\n");
}

/// Three significant digits, with commas.
fn thousands(value: f64) -> String {
    let unit = 10f64.powi((value.max(1.0).log10().floor() as i32 - 2).max(0));
    let digits = format!("{:.0}", (value / unit).round() * unit);
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits_and_commas() {
        assert_eq!(thousands(1_234_567.0), "1,230,000");
        assert_eq!(thousands(51_249.0), "51,200");
        assert_eq!(thousands(999.6), "1,000");
        assert_eq!(thousands(7.0), "7");
    }
}
