//! The settings and PINs of a room: in force, and as they will be once everything pending is committed.
use super::command::SettingsPatch;
use super::ids::No;
use super::pins::Pins;
use super::record::Settings;

pub(super) struct House {
    /// In force.
    pub(super) settings: Settings,
    /// Committed plus pending.
    pub(super) next: Settings,
    /// The `no` of the last change in force.
    pub(super) version: No,
    pub(super) pins: Pins,
    pub(super) next_pins: Pins,
    pub(super) pin_no: No,
    pub(super) spin_no: No,
    written: [No; Field::ALL.len()],
}

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Field {
    Name,
    Capacity,
    MaxVideo,
    Locked,
    Audio,
    Video,
    Screen,
    Chat,
    Spotlight,
}

impl Field {
    pub(super) const ALL: [Self; 9] = [
        Self::Name,
        Self::Capacity,
        Self::MaxVideo,
        Self::Locked,
        Self::Audio,
        Self::Video,
        Self::Screen,
        Self::Chat,
        Self::Spotlight,
    ];

    fn copy(self, from: &Settings, to: &mut Settings) {
        match self {
            Self::Name => to.name = from.name.clone(),
            Self::Capacity => to.capacity = from.capacity,
            Self::MaxVideo => to.max_video = from.max_video,
            Self::Locked => to.locked = from.locked,
            Self::Audio => to.audio = from.audio,
            Self::Video => to.video = from.video,
            Self::Screen => to.screen = from.screen,
            Self::Chat => to.chat = from.chat,
            Self::Spotlight => to.spotlight = from.spotlight.clone(),
        }
    }

    /// Whether going from one to the other takes something away from people: that acts without waiting for a disk.
    fn narrows(self, from: &Settings, to: &Settings) -> bool {
        match self {
            Self::Name | Self::Spotlight => false,
            Self::Capacity => to.capacity < from.capacity,
            Self::MaxVideo => to.max_video < from.max_video,
            Self::Locked => to.locked && !from.locked,
            Self::Audio => from.audio && !to.audio,
            Self::Video => from.video && !to.video,
            Self::Screen => from.screen && !to.screen,
            Self::Chat => from.chat && !to.chat,
        }
    }
}

/// A set of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Fields(u16);

impl Fields {
    /// Those a patch names.
    pub(super) fn of(patch: &SettingsPatch) -> Self {
        Self::from_iter(Field::ALL.into_iter().filter(|field| match field {
            Field::Name => patch.name.is_some(),
            Field::Capacity => patch.capacity.is_some(),
            Field::MaxVideo => patch.max_video.is_some(),
            Field::Locked => patch.locked.is_some(),
            Field::Audio => patch.audio.is_some(),
            Field::Video => patch.video.is_some(),
            Field::Screen => patch.screen.is_some(),
            Field::Chat => patch.chat.is_some(),
            Field::Spotlight => patch.spotlight.is_some(),
        }))
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }
    fn has(self, field: Field) -> bool {
        self.0 & (1 << field as u8) != 0
    }
    fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| self.has(*field))
    }
    /// Whether any is one that `moderate` does not open.
    pub(super) fn need_manage(self) -> bool {
        self.iter().any(|field| !matches!(field, Field::Locked | Field::Spotlight))
    }
    /// Whether any is one that `moderate` opens.
    pub(super) fn need_moderate(self) -> bool {
        self.iter().any(|field| matches!(field, Field::Locked | Field::Spotlight))
    }
}

impl FromIterator<Field> for Fields {
    fn from_iter<T: IntoIterator<Item = Field>>(fields: T) -> Self {
        Self(fields.into_iter().fold(0, |bits, field| bits | 1 << field as u8))
    }
}

impl House {
    pub(super) fn new(settings: Settings, version: No, pins: Pins) -> Self {
        Self {
            next: settings.clone(),
            settings,
            version,
            next_pins: pins.clone(),
            pins,
            pin_no: No(0),
            spin_no: No(0),
            written: [No(0); Field::ALL.len()],
        }
    }

    /// The settings as they will be, with the patch; nothing is changed yet.
    pub(super) fn patched(&self, patch: &SettingsPatch) -> Settings {
        let mut next = self.next.clone();
        let SettingsPatch {
            version: _,
            name,
            capacity,
            max_video,
            locked,
            audio,
            video,
            screen,
            chat,
            spotlight,
        } = patch;
        next.name = name.clone().unwrap_or(next.name);
        next.capacity = capacity.unwrap_or(next.capacity);
        next.max_video = max_video.unwrap_or(next.max_video);
        next.locked = locked.unwrap_or(next.locked);
        next.audio = audio.unwrap_or(next.audio);
        next.video = video.unwrap_or(next.video);
        next.screen = screen.unwrap_or(next.screen);
        next.chat = chat.unwrap_or(next.chat);
        next.spotlight = spotlight.clone().unwrap_or(next.spotlight);
        next
    }

    /// Takes up a change: what narrows is in force from now on. Whether anything is.
    pub(super) fn begin(&mut self, fields: Fields, next: Settings, no: No) -> bool {
        self.next = next;
        let mut acted = false;
        for field in fields.iter() {
            self.written[field as usize] = no;
            if field.narrows(&self.settings, &self.next) {
                field.copy(&self.next, &mut self.settings);
                acted = true;
            }
        }
        if acted {
            self.version = no;
        }
        acted
    }

    /// The change is committed: puts in force what no later one has written. Whether anything changed.
    pub(super) fn commit(&mut self, fields: Fields, settings: &Settings, no: No) -> bool {
        let before = (self.settings.clone(), self.version);
        for field in fields.iter().filter(|field| self.written[*field as usize] <= no) {
            field.copy(settings, &mut self.settings);
        }
        self.version = self.version.max(no);
        before != (self.settings.clone(), self.version)
    }

    /// The change was refused: what it would have widened won't be; what it narrowed stays.
    pub(super) fn refuse(&mut self, fields: Fields, no: No) {
        for field in fields.iter().filter(|field| self.written[*field as usize] == no) {
            field.copy(&self.settings, &mut self.next);
        }
    }
}
