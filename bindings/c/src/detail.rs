//! What the message of a failure says in numbers, for programs.

/// A number that tells more of a failure: see `pwseal_last_error_detail`. The numbers keep their
/// meaning for ever; new ones are added at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Detail {
    /// Which element of an array is at fault, counted from 0: a password of many, a policy string, a
    /// header.
    Index = 0,
    /// Where in the input something is wrong, as an offset in bytes; of UTF-16 in code units.
    Position = 1,
    /// The line of a text, counted from 1.
    Line = 2,
    /// The column in bytes, counted from 1.
    Column = 3,
    /// The number that was given or found: a length in bytes, or what the message says. Lengths of
    /// generated passwords and lines are in characters, those of a modulus or exponent in bits.
    Given = 4,
    /// The number that it must have, or may have at most or at least.
    Wanted = 5,
    /// 1 if the same request may succeed later, and 0 if not: of an answer that is no success.
    Retryable = 6,
    /// How many seconds the server wants to be left alone.
    RetryAfter = 7,
    /// The HTTP status of an answer that is no success.
    HttpStatus = 8,
}

/// How many there are.
const COUNT: usize = Detail::HttpStatus as usize + 1;

/// The numbers of one failure; -1 stands for what it does not have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Details([i64; COUNT]);

impl Default for Details {
    fn default() -> Self {
        Self([-1; COUNT])
    }
}

impl Details {
    pub(crate) fn set(&mut self, detail: Detail, number: impl TryInto<i64>) {
        self.0[detail as usize] = number.try_into().unwrap_or(i64::MAX);
    }

    /// By the number of a [`Detail`], or any other.
    pub(crate) fn get(&self, detail: i32) -> i64 {
        let index = usize::try_from(detail).ok();
        let number = index.and_then(|index| self.0.get(index));
        number.copied().unwrap_or(-1)
    }
}
