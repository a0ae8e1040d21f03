//! What the rules ask of a password's characters, counted in one pass.

/// The four character types, where there is one item for each.
pub(super) const UPPER: usize = 0;
pub(super) const LOWER: usize = 1;
pub(super) const DIGIT: usize = 2;
pub(super) const SPECIAL: usize = 3;

/// Counts of a password. It holds no character.
#[derive(Default)]
pub(super) struct Census {
    /// Code points.
    pub(super) characters: u64,
    /// UTF-16 code units, which is what Java's `String.length` counts.
    pub(super) utf16_units: u64,
    /// A-Z.
    pub(super) upper: u64,
    /// a-z.
    pub(super) lower: u64,
    /// 0-9.
    pub(super) digits: u64,
    /// The space, and ASCII punctuation other than the colon.
    pub(super) special: u64,
    /// The colon and control characters.
    pub(super) other_ascii: u64,
    /// Code points outside ASCII.
    pub(super) non_ascii: u64,
    /// The longest run of one code point.
    pub(super) longest_run: u64,
    /// Characters that are the same as the one before them.
    pub(super) repeats: u64,
    /// Runs of two or more of one character.
    pub(super) runs: u64,
}

/// How many there are of something. Where the documentation does not say what counts, such as to
/// which class a character belongs that the platform does not take, this is a range.
#[derive(Clone, Copy)]
pub(super) struct Count {
    pub(super) least: u64,
    pub(super) most: u64,
}

impl Census {
    /// Counts without a branch on what a character is: comparisons are added up.
    pub(super) fn of(text: impl Iterator<Item = char>) -> Self {
        let mut census = Self::default();
        let (mut printable, mut colons) = (0, 0);
        let (mut previous, mut run) = (None, 0);
        for c in text {
            census.characters += 1;
            printable += u64::from(matches!(c, ' '..='~'));
            colons += u64::from(c == ':');
            census.utf16_units += c.len_utf16() as u64;
            census.upper += u64::from(c.is_ascii_uppercase());
            census.lower += u64::from(c.is_ascii_lowercase());
            census.digits += u64::from(c.is_ascii_digit());
            census.non_ascii += u64::from(!c.is_ascii());
            run = if previous == Some(c) { run + 1 } else { 1 };
            census.repeats += u64::from(run > 1);
            census.runs += u64::from(run == 2);
            census.longest_run = census.longest_run.max(run);
            previous = Some(c);
        }
        census.special = printable - colons - census.upper - census.lower - census.digits;
        census.other_ascii = census.characters - printable + colons - census.non_ascii;
        census
    }

    /// Its length, in whichever unit.
    pub(super) fn length(&self) -> Count {
        Count {
            least: self.characters,
            most: self.utf16_units,
        }
    }

    /// How many characters are repeated in all: a run of three is one repeated character, or two
    /// repeats of it.
    pub(super) fn repeated(&self) -> Count {
        Count {
            least: self.runs,
            most: self.repeats,
        }
    }

    pub(super) fn letters(&self) -> Count {
        self.count(self.upper + self.lower, self.non_ascii)
    }

    /// The four character types.
    pub(super) fn types(&self) -> [Count; 4] {
        [
            self.count(self.upper, self.non_ascii),
            self.count(self.lower, self.non_ascii),
            self.count(self.digits, self.non_ascii),
            self.count(self.special, self.other_ascii + self.non_ascii),
        ]
    }

    fn count(&self, least: u64, doubtful: u64) -> Count {
        Count {
            least,
            most: least + doubtful,
        }
    }
}
