//! Rights inside session descriptions (RFC 8866): what may not be sent or received is taken out of the directions of its
//! media section. Everything else stays byte for byte; so does a whole description if nothing in it goes too far.
//!
//! A server of signals can't stop packets between two browsers. What this does: an honest receiver is never asked to take,
//! and an honest sender never asked to give, what the rights don't allow.
use super::media::Source;
use super::permissions::{Right, Rights};
use std::borrow::Cow;
use std::sync::Arc;

/// What of a sender's description may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// Of `publish_audio`, `publish_video` and `publish_screen` those that let it send to this receiver.
    pub send: Rights,
    /// Whether it may receive from there.
    pub receive: Receive,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receive {
    Yes,
    No,
}

const PUBLISH: [Right; 3] = [Right::PublishAudio, Right::PublishVideo, Right::PublishScreen];

impl Allowed {
    /// Between a sender and a receiver of a description, by their rights in force.
    pub fn between(sender: Rights, receiver: Rights) -> Self {
        let is_heard = receiver.has(Right::Subscribe);
        let send: Vec<Right> = PUBLISH.into_iter().filter(|right| is_heard && sender.has(*right)).collect();
        let receive = if sender.has(Right::Subscribe) { Receive::Yes } else { Receive::No };
        Self { send: Rights::of(&send), receive }
    }

    /// Whether nothing needs to be looked at.
    pub fn is_all(self) -> bool {
        self.receive == Receive::Yes && PUBLISH.into_iter().all(|right| self.send.has(right))
    }

    fn of(self, right: Right) -> Direction {
        Direction { sends: self.send.has(right), receives: self.receive == Receive::Yes }
    }
}

/// The description as it may go on. `sources` is what its sender says of its sections, by mid: video that isn't declared
/// is a camera, audio a microphone. Never grants more than it was given, and narrowing again changes nothing.
pub fn narrow<'a>(sdp: &'a str, sources: &[(Arc<str>, Source)], allowed: Allowed) -> Cow<'a, str> {
    if allowed.is_all() {
        return Cow::Borrowed(sdp);
    }
    let mut lines = Vec::with_capacity(sdp.len() / 32);
    lines.extend(Lines(sdp));
    let first = lines.iter().position(Line::is_media).unwrap_or(lines.len());
    let (session, media) = lines.split_at(first);
    let inherited = stated(session);
    let mut out = String::with_capacity(sdp.len() + 64);
    out.extend(session.iter().map(|line| line.text));
    for section in media.chunk_by(|_, next| !next.is_media()) {
        match Section::read(section, &inherited, sources).narrowed(allowed) {
            None => out.extend(section.iter().map(|line| line.text)),
            Some(to) => write(&mut out, section, to),
        }
    }
    if out == sdp { Cow::Borrowed(sdp) } else { Cow::Owned(out) }
}

/// Which ways a section's media may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Direction {
    sends: bool,
    receives: bool,
}

impl Direction {
    const BOTH: Self = Self { sends: true, receives: true };

    fn named(attribute: &str) -> Option<Self> {
        Some(match attribute {
            "sendrecv" => Self::BOTH,
            "sendonly" => Self { sends: true, receives: false },
            "recvonly" => Self { sends: false, receives: true },
            "inactive" => Self { sends: false, receives: false },
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match (self.sends, self.receives) {
            (true, true) => "sendrecv",
            (true, false) => "sendonly",
            (false, true) => "recvonly",
            (false, false) => "inactive",
        }
    }

    fn and(self, other: Self) -> Self {
        Self { sends: self.sends && other.sends, receives: self.receives && other.receives }
    }

    fn is_within(self, other: Self) -> bool {
        self.and(other) == self
    }
}

/// What a media section says of itself.
struct Section {
    /// The right that sending it takes; none for what carries no media.
    needs: Option<Right>,
    /// Every direction it states or inherits: one, unless somebody plays tricks.
    directions: Vec<Direction>,
}

impl Section {
    fn read(lines: &[Line<'_>], inherited: &[Direction], sources: &[(Arc<str>, Source)]) -> Self {
        let mut words = lines[0].text[2..].split_ascii_whitespace();
        let (kind, port) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let is_closed = port.split('/').next().is_some_and(|port| port.parse() == Ok(0_u32))
            && !lines.iter().any(|line| line.name == "bundle-only");
        let mut mids = lines.iter().filter(|line| line.name == "mid").map(Line::value);
        let mid = mids.next().filter(|_| mids.next().is_none());
        let source = sources.iter().find(|(of, _)| Some(&**of) == mid).map(|(_, source)| *source);
        let needs = match (kind, source) {
            ("application", _) => None,
            _ if is_closed => None,
            (_, Some(Source::Screen)) => Some(Right::PublishScreen),
            ("audio", _) => Some(Right::PublishAudio),
            _ => Some(Right::PublishVideo),
        };
        let mut directions = stated(lines);
        if directions.is_empty() {
            directions = inherited.to_vec();
        }
        if directions.is_empty() {
            directions.push(Direction::BOTH);
        }
        Self { needs, directions }
    }

    /// What it is to become; `None` if it may stand as it is.
    fn narrowed(&self, allowed: Allowed) -> Option<Direction> {
        let allowed = allowed.of(self.needs?);
        if self.directions.iter().all(|direction| direction.is_within(allowed)) {
            return None;
        }
        Some(self.directions.iter().fold(allowed, |narrowed, direction| narrowed.and(*direction)))
    }
}

/// The section with this direction alone, and without what announces the ways it no longer goes.
fn write(out: &mut String, section: &[Line<'_>], to: Direction) {
    let mut is_written = false;
    for line in section {
        if Direction::named(line.name).is_some() {
            if !is_written {
                push_direction(out, to);
            }
            is_written = true;
            continue;
        }
        match line.name {
            "msid" | "ssrc" | "ssrc-group" if !to.sends => {}
            "rid" => match line.text.split_ascii_whitespace().nth(1) {
                Some("send") if !to.sends => {}
                Some("recv") if !to.receives => {}
                _ => out.push_str(line.text),
            },
            "simulcast" => push_simulcast(out, line.value(), to),
            _ => out.push_str(line.text),
        }
    }
    if !is_written {
        if !out.ends_with(['\n', '\r']) {
            out.push_str("\r\n");
        }
        push_direction(out, to);
    }
}

fn push_direction(out: &mut String, to: Direction) {
    out.push_str("a=");
    out.push_str(to.name());
    out.push_str("\r\n");
}

/// `a=simulcast:send q;h;f recv x` (RFC 8853) with the ways that are left.
fn push_simulcast(out: &mut String, value: &str, to: Direction) {
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    let stays = |way: &&[&str]| match way[0] {
        "send" => to.sends,
        "recv" => to.receives,
        _ => false,
    };
    let left: Vec<String> = words.chunks(2).filter(stays).map(|way| way.join(" ")).collect();
    if !left.is_empty() {
        out.push_str("a=simulcast:");
        out.push_str(&left.join(" "));
        out.push_str("\r\n");
    }
}

fn stated(lines: &[Line<'_>]) -> Vec<Direction> {
    lines.iter().filter_map(|line| Direction::named(line.name)).collect()
}

/// A line with its end.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    /// Of an attribute, empty for any other line; browsers end it at a space or a colon.
    name: &'a str,
}

impl<'a> Line<'a> {
    fn new(text: &'a str) -> Self {
        let rest = text.strip_prefix("a=").unwrap_or_default();
        let end = rest.bytes().position(|byte| byte == b':' || byte.is_ascii_whitespace());
        Self { text, name: &rest[..end.unwrap_or(rest.len())] }
    }

    fn is_media(&self) -> bool {
        self.text.starts_with("m=")
    }

    /// Of an attribute: what stands behind its colon.
    fn value(&self) -> &'a str {
        self.text[2 + self.name.len()..].trim_end().strip_prefix(':').unwrap_or_default()
    }
}

/// Lines end in LF or CRLF, or in a CR alone, which some parsers take for an end too.
struct Lines<'a>(&'a str);

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.0.is_empty() {
            return None;
        }
        let mut end = self.0.find('\n').map_or(self.0.len(), |at| at + 1);
        if let Some(at) = self.0[..end].find('\r').filter(|at| at + 2 < end || !self.0[..end].ends_with('\n'))
        {
            end = at + 1;
        }
        let (line, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(Line::new(line))
    }
}
