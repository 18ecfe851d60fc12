//! In which of its shapes a client writes: nobody announces a version, so it is learnt from what comes.

/// The shape that a connection is spoken to in. Generations: G0 is `Bare`, G1 `Positional`, G2 and later `Object`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Joins as an object; its chat is not known yet.
    Unknown,
    /// Everything positional, joins too.
    Bare,
    /// Joins as objects, chat positional.
    Positional,
    /// Everything as objects.
    Object,
}

impl Style {
    pub const ALL: [Self; 4] = [Self::Unknown, Self::Bare, Self::Positional, Self::Object];

    /// Its place in tables of one entry per style.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// How its chat is written, if that is known.
    pub(super) fn chat(self) -> Option<Chat> {
        match self {
            Self::Unknown => None,
            Self::Bare | Self::Positional => Some(Chat::Positional),
            Self::Object => Some(Chat::Object),
        }
    }
}

/// The two shapes of a chat message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chat {
    Positional,
    Object,
}

/// What has been learnt of one connection, and how firmly.
#[derive(Debug)]
pub(super) struct Styled {
    style: Style,
    /// The first own chat message decides for good.
    decided: bool,
}

impl Styled {
    pub(super) fn new(hint: Style) -> Self {
        Self { style: hint, decided: false }
    }

    pub(super) fn get(&self) -> Style {
        self.style
    }

    /// It joined in this shape; gives the style if that is news.
    pub(super) fn joined(&mut self, style: Style) -> Option<Style> {
        if self.decided { None } else { self.set(style) }
    }

    /// It said something in this shape; gives the style if that is news.
    pub(super) fn said(&mut self, style: Style) -> Option<Style> {
        if self.decided {
            return None;
        }
        self.decided = true;
        match (self.style, style) {
            (Style::Bare, Style::Positional) => None, // that is how the barest clients write
            (_, style) => self.set(style),
        }
    }

    fn set(&mut self, style: Style) -> Option<Style> {
        if self.style == style {
            return None;
        }
        self.style = style;
        Some(style)
    }
}

/// In which shapes a receiver gets a chat message: its own; else the only one that the room has learnt; else both, the
/// positional one first (each generation skips what has no valid time in its own place, so it reads the message once).
pub(super) fn shapes(receiver: Style, learnt: impl Iterator<Item = Style>) -> Shapes {
    if let Some(own) = receiver.chat() {
        return Shapes::One(own);
    }
    let (mut positional, mut object) = (false, false);
    for chat in learnt.filter_map(Style::chat) {
        match chat {
            Chat::Positional => positional = true,
            Chat::Object => object = true,
        }
    }
    match (positional, object) {
        (true, false) => Shapes::One(Chat::Positional),
        (false, true) => Shapes::One(Chat::Object),
        (true, true) => Shapes::Both,
        (false, false) => Shapes::NothingLearnt,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shapes {
    One(Chat),
    Both,
    NothingLearnt,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_own_message_decides() {
        let mut styled = Styled::new(Style::Object);
        assert_eq!(styled.said(Style::Positional), Some(Style::Positional), "a hint is only a hint");
        assert_eq!((styled.said(Style::Object), styled.joined(Style::Bare)), (None, None));
        let mut bare = Styled::new(Style::Unknown);
        assert_eq!(bare.joined(Style::Bare), Some(Style::Bare));
        assert_eq!((bare.said(Style::Positional), bare.get()), (None, Style::Bare));
    }

    #[test]
    fn a_receiver_is_spoken_to_as_it_speaks_or_as_its_room_does() {
        use Style::{Bare, Object, Positional, Unknown};
        for (receiver, learnt, expected) in [
            (Object, vec![Positional], Shapes::One(Chat::Object)),
            (Bare, vec![Object], Shapes::One(Chat::Positional)),
            (Unknown, vec![Unknown, Object], Shapes::One(Chat::Object)),
            (Unknown, vec![Bare, Positional], Shapes::One(Chat::Positional)),
            (Unknown, vec![Bare, Object], Shapes::Both),
            (Unknown, vec![Unknown], Shapes::NothingLearnt),
        ] {
            assert_eq!(shapes(receiver, learnt.iter().copied()), expected, "{receiver:?} {learnt:?}");
        }
    }
}
