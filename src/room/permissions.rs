//! Roles, rights and what a policy leaves of them: the vocabulary of "may I".

/// What a participant may do, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights(u16);

/// One right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Right {
    PublishAudio = 1,
    PublishVideo = 1 << 1,
    PublishScreen = 1 << 2,
    Subscribe = 1 << 3,
    Chat = 1 << 4,
    ChatPrivate = 1 << 5,
    RaiseHand = 1 << 6,
    Admit = 1 << 7,
    Moderate = 1 << 8,
    Manage = 1 << 9,
}

impl Right {
    pub const ALL: [Self; 10] = [
        Self::PublishAudio,
        Self::PublishVideo,
        Self::PublishScreen,
        Self::Subscribe,
        Self::Chat,
        Self::ChatPrivate,
        Self::RaiseHand,
        Self::Admit,
        Self::Moderate,
        Self::Manage,
    ];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::PublishAudio => "publish_audio",
            Self::PublishVideo => "publish_video",
            Self::PublishScreen => "publish_screen",
            Self::Subscribe => "subscribe",
            Self::Chat => "chat",
            Self::ChatPrivate => "chat_private",
            Self::RaiseHand => "raise_hand",
            Self::Admit => "admit",
            Self::Moderate => "moderate",
            Self::Manage => "manage",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.word() == word)
    }
}

impl Rights {
    pub const NONE: Self = Self(0);
    pub const ALL: Self = Self(0x3ff);

    pub fn of(rights: &[Right]) -> Self {
        rights.iter().fold(Self::NONE, |sum, right| sum.with(*right))
    }
    /// From stored bits; unknown ones are dropped.
    pub fn from_bits(bits: u16) -> Self {
        Self(bits & Self::ALL.0)
    }
    pub fn bits(self) -> u16 {
        self.0
    }
    pub fn has(self, right: Right) -> bool {
        self.0 & right as u16 != 0
    }
    pub fn with(self, right: Right) -> Self {
        Self(self.0 | right as u16)
    }
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
    pub fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    pub fn iter(self) -> impl Iterator<Item = Right> {
        Right::ALL.into_iter().filter(move |right| self.has(*right))
    }
}

/// A named set of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Owner,
    Cohost,
    Participant,
    Viewer,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Owner, Self::Cohost, Self::Participant, Self::Viewer];

    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Cohost => "cohost",
            Self::Participant => "participant",
            Self::Viewer => "viewer",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// The rights a role brings before grants and policy.
    pub fn rights(self) -> Rights {
        match self {
            Self::Owner | Self::Cohost => Rights::ALL,
            Self::Participant => Rights::of(&[
                Right::PublishAudio,
                Right::PublishVideo,
                Right::PublishScreen,
                Right::Subscribe,
                Right::Chat,
                Right::ChatPrivate,
                Right::RaiseHand,
            ]),
            Self::Viewer => Rights::of(&[Right::Subscribe, Right::Chat, Right::RaiseHand]),
        }
    }
}
