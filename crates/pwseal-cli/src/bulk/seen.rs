//! Which ids and accounts a run has met, and on which lines: no id is to be there twice, and no account may get two passwords.
//!
//! What is held of each is a hash of 64 bits and the number of its line, which take 12 bytes in a table that is 80 to 90 %
//! full. Ids that count the lines, as
//! they tend to, take none. Two that differ have the same hash once in 2^64: in a run of ten million lines the odds are one
//! in a hundred thousand.

use std::hash::{BuildHasher, RandomState};
use std::mem;

/// How many parts the table has. One of them grows at a time, so that hardly anything is there twice meanwhile.
const PARTS: usize = 1 << PART_BITS;
const PART_BITS: u32 = 8;

/// Which ids and accounts were met.
pub(super) struct Seen {
    /// By the first bits of the hash.
    parts: Vec<Part>,
    /// The first ids that are numbers, as long as each is one more than that of the line before.
    counted: Option<Counted>,
}

/// A part of the table. An entry is at the first place that was free from the one on that its hash says.
#[derive(Default)]
struct Part {
    entries: Vec<Entry>,
    count: usize,
}

/// Something that was met. In this form it takes 12 bytes and not 16.
#[derive(Clone, Copy)]
struct Entry {
    hash: [u8; 8],
    /// 0 where nothing is: lines are counted from 1.
    line: [u8; 4],
}

struct Counted {
    id: u64,
    line: u64,
    count: u64,
}

/// Makes the marks of lines, on any core.
#[derive(Clone, Default)]
pub(super) struct Marker(RandomState);

/// What a line must not have in common with an earlier one.
#[derive(Clone, Copy, Default)]
pub(super) struct Marks {
    pub(super) id: Option<Id>,
    /// Only of a line that gives a request.
    pub(super) account: Option<u64>,
}

#[derive(Clone, Copy)]
pub(super) struct Id {
    number: Option<u64>,
    hash: u64,
}

/// What a line has in common with an earlier one, of this number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Repeated {
    Id(u64),
    Account(u64),
}

impl Marker {
    /// Of an id, as JSON. There may be any number of lines without one.
    pub(super) fn id(&self, id: &str) -> Option<Id> {
        (id != "null").then(|| Id {
            number: id.parse().ok(),
            hash: self.0.hash_one(("id", id)),
        })
    }

    /// Of an account, whose id is its source's own.
    pub(super) fn account(&self, source_id: &str, account_id: &str) -> u64 {
        self.0.hash_one(("account", source_id, account_id))
    }
}

impl Seen {
    pub(super) fn new() -> Self {
        Self {
            parts: (0..PARTS).map(|_| Part::default()).collect(),
            counted: None,
        }
    }

    /// Meets a line after all that are before it.
    pub(super) fn meet(&mut self, line: u64, marks: Marks) -> Option<Repeated> {
        let id = marks.id.and_then(|id| self.meet_id(line, id));
        // An account that is refused for its id gets no password.
        id.map(Repeated::Id).or_else(|| {
            let account = marks.account?;
            self.meet_hash(line, account).map(Repeated::Account)
        })
    }

    /// The line that had the same id.
    fn meet_id(&mut self, line: u64, id: Id) -> Option<u64> {
        let Some(number) = id.number else {
            return self.meet_hash(line, id.hash);
        };
        let counted = self.counted.get_or_insert(Counted {
            id: number,
            line,
            count: 0,
        });
        let index = number.wrapping_sub(counted.id);
        if index < counted.count {
            return Some(counted.line + index);
        }
        // After a gap in the lines nothing is counted any more, so that no number has a hash before.
        if index == counted.count && line - counted.line == index {
            counted.count += 1;
            return None;
        }
        self.meet_hash(line, id.hash)
    }

    /// The line that had the same hash.
    fn meet_hash(&mut self, line: u64, hash: u64) -> Option<u64> {
        // More than four billion lines would take 100 GB here, and are not looked after.
        let line = u32::try_from(line).ok()?;
        let part = (hash >> (u64::BITS - PART_BITS)) as usize;
        self.parts[part].meet(Entry {
            hash: hash.to_ne_bytes(),
            line: line.to_ne_bytes(),
        })
    }
}

impl Part {
    /// The line that had the same hash. If there is none, the entry is added.
    fn meet(&mut self, entry: Entry) -> Option<u64> {
        if self.count * 10 >= self.entries.len() * 9 {
            self.grow();
        }
        let place = self.place(entry);
        let there = &mut self.entries[place];
        if !there.is_empty() {
            return Some(u32::from_ne_bytes(there.line).into());
        }
        *there = entry;
        self.count += 1;
        None
    }

    /// Where an entry with this hash is, or may be added.
    fn place(&self, entry: Entry) -> usize {
        let len = self.entries.len();
        // The last bits: the first ones are those of the part.
        let hash = u64::from_ne_bytes(entry.hash) & u64::from(u32::MAX);
        let mut place = ((hash * len as u64) >> u32::BITS) as usize;
        while !self.entries[place].is_empty() && self.entries[place].hash != entry.hash {
            place = if place + 1 == len { 0 } else { place + 1 };
        }
        place
    }

    /// Grows by an eighth, and not to twice as much as usual.
    fn grow(&mut self) {
        let len = self.entries.len();
        let larger = vec![Entry::NONE; len + len / 8 + 8];
        for entry in mem::replace(&mut self.entries, larger) {
            if !entry.is_empty() {
                let place = self.place(entry);
                self.entries[place] = entry;
            }
        }
    }
}

impl Entry {
    const NONE: Self = Self {
        hash: [0; 8],
        line: [0; 4],
    };

    fn is_empty(self) -> bool {
        self.line == [0; 4]
    }
}

#[cfg(test)]
mod tests {
    use super::{Marker, Marks, Repeated, Seen};

    struct Run {
        marker: Marker,
        seen: Seen,
        line: u64,
    }

    impl Run {
        fn new() -> Self {
            Self {
                marker: Marker::default(),
                seen: Seen::new(),
                line: 0,
            }
        }

        fn meet(&mut self, id: &str, account: Option<[&str; 2]>) -> Option<Repeated> {
            self.line += 1;
            let marks = Marks {
                id: self.marker.id(id),
                account: account.map(|[source, account]| self.marker.account(source, account)),
            };
            self.seen.meet(self.line, marks)
        }
    }

    #[test]
    fn an_id_that_was_met_is_told_with_its_line() {
        let mut run = Run::new();
        for id in [
            "7", "8", "9", "x", "10", "null", "\"9\"", "11", "null", "1.0",
        ] {
            assert_eq!(run.meet(id, None), None, "{id}");
        }
        for (id, line) in [
            ("7", 1),
            ("9", 3),
            ("x", 4),
            ("10", 5),
            ("\"9\"", 7),
            ("11", 8),
            ("1.0", 10),
        ] {
            assert_eq!(run.meet(id, None), Some(Repeated::Id(line)), "{id}");
        }
        assert_eq!(run.meet("12", None), None);
        assert_eq!(run.meet("12", None), Some(Repeated::Id(18)));
    }

    #[test]
    fn ids_that_count_take_no_memory_until_they_do_not() {
        let mut run = Run::new();
        let is_empty = |run: &Run| run.seen.parts.iter().all(|part| part.count == 0);
        for id in 5..2000 {
            assert_eq!(run.meet(&id.to_string(), None), None);
        }
        assert!(is_empty(&run));
        // A line without an id, after which they count from a number that is too low.
        run.meet("null", None);
        for id in 2000..3000 {
            assert_eq!(run.meet(&id.to_string(), None), None);
        }
        assert!(!is_empty(&run));
        for (id, line) in [(5, 1), (1999, 1995), (2000, 1997), (2999, 2996)] {
            assert_eq!(
                run.meet(&id.to_string(), None),
                Some(Repeated::Id(line)),
                "{id}"
            );
        }
    }

    #[test]
    fn an_account_is_one_of_its_source() {
        let mut run = Run::new();
        assert_eq!(run.meet("1", Some(["s", "a"])), None);
        assert_eq!(run.meet("2", Some(["t", "a"])), None);
        assert_eq!(run.meet("3", Some(["sa", ""])), None);
        assert_eq!(run.meet("4", None), None);
        assert_eq!(run.meet("5", Some(["t", "a"])), Some(Repeated::Account(2)));
        // One that is refused for its id gets no password, and may come again.
        assert_eq!(run.meet("1", Some(["u", "a"])), Some(Repeated::Id(1)));
        assert_eq!(run.meet("6", Some(["u", "a"])), None);
        assert_eq!(
            run.meet("null", Some(["u", "a"])),
            Some(Repeated::Account(7))
        );
    }

    #[test]
    fn what_is_held_of_each_is_small() {
        let mut run = Run::new();
        let count = 500_000;
        for number in 0..count {
            assert_eq!(run.meet(&format!("\"{number}\""), None), None);
        }
        let parts = run.seen.parts.iter();
        let capacity: usize = parts.map(|part| part.entries.capacity()).sum();
        assert_eq!(size_of::<super::Entry>(), 12);
        assert!(capacity < count * 127 / 100, "{capacity}");
    }
}
