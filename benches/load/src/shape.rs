//! The shapes of work: how many groups of how many people, and who hears what.

/// Groups of people who do the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) groups: usize,
    /// People in each.
    pub(crate) people: usize,
    pub(crate) work: Work,
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Chat, heard by everybody in the room, the sender too.
    Chat(Kept),
    /// A signal from one of a pair to the other.
    Signal,
}

/// What becomes of chat before it is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is in memory only.
    Ephemeral,
    /// It is committed to the database first.
    Durable,
}

pub(crate) const PAIRS: Shape = Shape { groups: 1_000, people: 2, work: Work::Signal };

impl Shape {
    pub(crate) const fn rooms(groups: usize, people: usize, kept: Kept) -> Self {
        Self { groups, people, work: Work::Chat(kept) }
    }

    pub(crate) fn name(self) -> String {
        format!("{}x{}", self.groups, self.people)
    }

    pub(crate) fn sockets(self) -> usize {
        self.groups * self.people
    }

    /// How many hear one message.
    pub(crate) fn listeners(self) -> usize {
        match self.work {
            Work::Chat(_) => self.people,
            Work::Signal => 1,
        }
    }

    /// Who sends message `number` of a group, counted within the group: everybody in turn.
    pub(crate) fn sender(self, number: u32) -> usize {
        number as usize % self.people
    }

    /// Whether a member of the group hears message `number`.
    pub(crate) fn hears(self, member: usize, number: u32) -> bool {
        match self.work {
            Work::Chat(_) => true,
            Work::Signal => self.sender(number) != member,
        }
    }
}
