//! What an API key may do: words that are stored with it, separated by spaces.

/// One thing a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// See rooms with their keys and PINs, their people, their messages, their calls.
    RoomsRead,
    /// Make rooms, change their settings and PINs, make and end their tokens, end them.
    RoomsWrite,
    /// Change and remove people.
    Moderate,
    /// Hear what happens.
    EventsRead,
}

impl Scope {
    pub const ALL: [Self; 4] = [Self::RoomsRead, Self::RoomsWrite, Self::Moderate, Self::EventsRead];

    pub const fn word(self) -> &'static str {
        match self {
            Self::RoomsRead => "rooms:read",
            Self::RoomsWrite => "rooms:write",
            Self::Moderate => "moderate",
            Self::EventsRead => "events:read",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// Reads what [`Scopes`] writes; words that this version doesn't know open nothing.
    pub fn read(words: &str) -> Self {
        words.split(' ').filter_map(Scope::from_word).collect()
    }

    pub fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope)).map(Scope::word)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | 1 << scope as u8))
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<_> = self.words().collect();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_read_back_and_unknown_words_open_nothing() {
        let all: Scopes = Scope::ALL.into_iter().collect();
        assert_eq!(Scopes::read(&all.to_string()), all);
        let some = Scopes::read("moderate everything rooms:read");
        assert!(some.has(Scope::Moderate) && some.has(Scope::RoomsRead) && !some.has(Scope::RoomsWrite));
        assert!(Scopes::read("").is_empty() && Scopes::read("Moderate").is_empty());
    }
}
