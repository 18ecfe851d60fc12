//! Bytes and texts of no meaning, the same ones in every run.

/// What texts are made of: everything that frames and packets are written with, and no room that there is.
const TOKENS: [&str; 28] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "0",
    "1",
    "2",
    "3",
    "42",
    "43",
    "45",
    "51-",
    "-",
    "null",
    "true",
    "1e999",
    "\\u0000",
    "\\ud800",
    "é",
    "😀",
    "\u{0}",
    "\"room_id\":\"r\"",
    "\"type\":\"offer\"",
    "\"join-call\"",
    "/x,",
];

/// Xorshift (Marsaglia, 2003).
pub(crate) struct Noise(u64);

impl Noise {
    /// `seed` isn't 0.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("it is smaller")
    }

    pub(crate) fn text(&mut self) -> String {
        (0..self.below(24)).map(|_| TOKENS[self.below(TOKENS.len())]).collect()
    }

    pub(crate) fn bytes(&mut self) -> Vec<u8> {
        (0..self.below(40)).map(|_| u8::try_from(self.below(256)).expect("it is a byte")).collect()
    }

    /// The whole text's beginning, and never all of it.
    pub(crate) fn beginning_of(&mut self, whole: &str) -> String {
        let ends: Vec<usize> = whole.char_indices().map(|(at, _)| at).collect();
        whole[..ends[self.below(ends.len())]].to_owned()
    }
}
