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

impl Chat {
    /// By which a message remembers the shape it came in.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Positional => "positional",
            Self::Object => "object",
        }
    }

    pub(super) fn of_word(word: &str) -> Option<Self> {
        [Self::Positional, Self::Object].into_iter().find(|chat| chat.word() == word)
    }
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

/// What a room has learnt of how its people write chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Learnt {
    positional: bool,
    object: bool,
}

impl Learnt {
    /// Of those who are there.
    pub(super) fn of(styles: impl Iterator<Item = Style>) -> Self {
        styles.filter_map(Style::chat).fold(Self::default(), Self::and)
    }

    pub(super) fn and(mut self, chat: Chat) -> Self {
        match chat {
            Chat::Positional => self.positional = true,
            Chat::Object => self.object = true,
        }
        self
    }
}

/// In which shapes a receiver gets a chat message: its own; else the only one that is known, of those who are there and of
/// whoever sent it; else both, the positional one first (each generation skips what has no valid time in its own place, so
/// it reads the message once).
pub(super) fn shapes(receiver: Style, learnt: Learnt, sent: Option<Chat>) -> Shapes {
    if let Some(own) = receiver.chat() {
        return Shapes::One(own);
    }
    match sent.map_or(learnt, |sent| learnt.and(sent)) {
        Learnt { positional: true, object: false } => Shapes::One(Chat::Positional),
        Learnt { positional: false, object: true } => Shapes::One(Chat::Object),
        Learnt { positional: true, object: true } | Learnt { positional: false, object: false } => {
            Shapes::Both
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shapes {
    One(Chat),
    Both,
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
        let (positional, object) = (Chat::Positional, Chat::Object);
        for (receiver, learnt, sent, expected) in [
            (Object, vec![Positional], Some(positional), Shapes::One(object)),
            (Bare, vec![Object], Some(object), Shapes::One(positional)),
            (Unknown, vec![Unknown, Object], Some(object), Shapes::One(object)),
            (Unknown, vec![Bare, Positional], Some(positional), Shapes::One(positional)),
            (Unknown, vec![Bare, Object], Some(object), Shapes::Both),
            // whoever said it has gone
            (Unknown, vec![Unknown], Some(object), Shapes::One(object)),
            (Unknown, vec![], Some(positional), Shapes::One(positional)),
            (Unknown, vec![Positional], Some(object), Shapes::Both),
            // it was said on another system's page
            (Unknown, vec![Object], None, Shapes::One(object)),
            (Unknown, vec![Unknown], None, Shapes::Both),
        ] {
            let heard = Learnt::of(learnt.iter().copied());
            assert_eq!(shapes(receiver, heard, sent), expected, "{receiver:?} {learnt:?} {sent:?}");
        }
    }

    #[test]
    fn a_shape_is_known_by_its_word() {
        for chat in [Chat::Positional, Chat::Object] {
            assert_eq!(Chat::of_word(chat.word()), Some(chat));
        }
        assert_eq!(Chat::of_word("round"), None);
    }
}
