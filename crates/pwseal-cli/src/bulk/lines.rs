//! Batches of whole lines, in memory that does not grow and is wiped: lines hold passwords.

use std::io::{self, Read};
use std::ops::Range;

use memchr::memchr;

use super::secret::Secret;

/// How much is read at a time, in bytes.
const CHUNK: usize = 128 << 10;

/// The most lines in a batch.
pub(crate) const BATCH_LINES: usize = 1024;

/// Where nothing need be waited for, a batch has a multiple of so many lines: a key encrypts eight
/// passwords in little more time than five.
const EIGHT: usize = 8;

/// A source of lines.
pub(crate) struct Lines<R> {
    input: R,
    /// Whether there is nothing to wait for: what was not read yet is there.
    at_once: bool,
    /// The longest line in bytes.
    limit: usize,
    /// What was read and belongs to the next batch.
    rest: Secret,
    /// The number of the next line, counted from 1.
    next: u64,
    /// Whether lines at the end that say nothing are none.
    without_blank_end: bool,
    /// What a line has as well that says nothing.
    delimiter: Option<u8>,
    /// Whether the start of `rest` is what remains of a line that was too long.
    skipping: bool,
    ended: bool,
    /// How many bytes were read.
    read: u64,
}

/// Some lines that follow one another.
pub(crate) struct Batch {
    bytes: Secret,
    lines: Vec<Line>,
    first: u64,
    /// Where the last line ends in the input, in bytes.
    end: u64,
}

/// A line without its line break.
struct Line {
    /// Where it is in the batch.
    place: Range<usize>,
    /// False if it is too long to be held.
    held: bool,
    /// Whether a line break follows it. The last line may have none.
    whole: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R, limit: usize) -> Self {
        Self {
            input,
            at_once: false,
            limit,
            rest: Secret::with_capacity(limit + CHUNK),
            next: 1,
            without_blank_end: false,
            delimiter: None,
            skipping: false,
            ended: false,
            read: 0,
        }
    }

    /// Of a file: reading it never waits.
    pub(super) fn at_once(self, at_once: bool) -> Self {
        Self { at_once, ..self }
    }

    /// Forgets what was read, where the input is at its beginning again.
    pub(super) fn restart(&mut self) {
        self.rest.clear();
        self.next = 1;
        self.without_blank_end = false;
        self.delimiter = None;
        self.skipping = false;
        self.ended = false;
        self.read = 0;
    }

    /// A batch for these lines, to be used again and again.
    pub(crate) fn batch(&self) -> Batch {
        Batch {
            bytes: Secret::with_capacity(self.limit + CHUNK),
            lines: Vec::with_capacity(BATCH_LINES),
            first: 1,
            end: 0,
        }
    }

    /// Waits for at least one line, and takes up to `most` of those that are there. False at the
    /// end of the input.
    pub(super) fn read(&mut self, batch: &mut Batch, most: usize) -> io::Result<bool> {
        batch.clear();
        batch.first = self.next;
        batch.bytes.extend(self.rest.bytes());
        self.rest.clear();
        // What a file grows by after its end would be read as a line of its own.
        if self.at_once && !self.ended && batch.bytes.len() < CHUNK {
            self.read_into(&mut batch.bytes)?;
        }
        let mut searched = 0;
        loop {
            if self.skipping {
                self.skip_line(&mut batch.bytes);
            }
            let most = most.min(BATCH_LINES);
            batch.find_lines(searched, self.limit, most);
            if self.without_blank_end {
                let says = |line: &Line| !self.is_blank(&batch.bytes.bytes()[line.place.clone()]);
                let solid = batch.lines.iter().rposition(says).map(|last| last + 1);
                let is_full = batch.lines.len() == most;
                // Where there are no others, what follows tells whether they are at the end.
                if let Some(solid) = solid {
                    batch.lines.truncate(solid);
                } else if self.ended && self.is_blank(batch.bytes.bytes()) {
                    batch.clear();
                    break;
                } else if !batch.lines.is_empty()
                    && !is_full
                    && !self.ended
                    && batch.bytes.len() < CHUNK
                {
                    batch.lines.clear();
                    searched = 0;
                    self.read_into(&mut batch.bytes)?;
                    continue;
                }
            }
            if self.at_once && batch.lines.len() > EIGHT {
                batch.lines.truncate(batch.lines.len() / EIGHT * EIGHT);
            }
            if let Some(last) = batch.lines.last() {
                let used = last.place.end + 1;
                self.rest.extend(&batch.bytes.bytes()[used..]);
                batch.bytes.truncate(used);
                break;
            }
            searched = batch.bytes.len();
            if searched > self.limit {
                batch.bytes.clear();
                batch.push(0..0, false, true);
                self.skipping = true;
                break;
            }
            if self.ended {
                if searched > 0 {
                    batch.push(0..searched, true, false);
                }
                break;
            }
            self.read_into(&mut batch.bytes)?;
        }
        batch.end = self.read - self.rest.len() as u64;
        self.next += batch.lines.len() as u64;
        Ok(!batch.lines.is_empty())
    }

    fn read_into(&mut self, bytes: &mut Secret) -> io::Result<()> {
        let read = bytes.read(&mut self.input, CHUNK)?;
        self.ended = read == 0;
        self.read += read as u64;
        Ok(())
    }

    /// Counts from 1 again: the lines so far were a header. From now on, lines at the end in which nothing is, or nothing
    /// but the delimiters of cells, are passed over.
    pub(super) fn begin(&mut self, delimiter: Option<u8>) {
        self.next = 1;
        self.without_blank_end = true;
        self.delimiter = delimiter;
    }

    fn is_blank(&self, bytes: &[u8]) -> bool {
        let blank = |byte: &u8| {
            matches!(byte, b' ' | b'\t' | b'\r' | b'\n') || Some(*byte) == self.delimiter
        };
        bytes.iter().all(blank)
    }

    /// Drops the bytes up to the next line break, or all of them.
    fn skip_line(&mut self, bytes: &mut Secret) {
        match memchr(b'\n', bytes.bytes()) {
            Some(end) => {
                bytes.drop_first(end + 1);
                self.skipping = false;
            }
            None => bytes.clear(),
        }
    }
}

impl Batch {
    /// The lines with their numbers; `None` for one that was too long.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (u64, Option<&[u8]>)> + Clone {
        let lines = self.lines.iter().enumerate();
        lines.map(|(index, line)| {
            let text = || &self.bytes.bytes()[line.place.clone()];
            let text = line.held.then(text);
            (self.first + index as u64, text)
        })
    }

    /// Whether a line break follows each line. The last line of the input may have none, and is a
    /// batch of its own.
    pub(super) fn is_whole(&self) -> bool {
        self.lines.iter().all(|line| line.whole)
    }

    /// Where the last line ends in the input, in bytes.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Adds the lines that end with a line break, the first of them at `from` or later.
    fn find_lines(&mut self, from: usize, limit: usize, most: usize) {
        let (mut start, mut searched) = (0, from);
        while self.lines.len() < most {
            let Some(len) = memchr(b'\n', &self.bytes.bytes()[searched..]) else {
                break;
            };
            let end = searched + len;
            self.push(start..end, end - start <= limit, true);
            (start, searched) = (end + 1, end + 1);
        }
    }

    fn push(&mut self, place: Range<usize>, held: bool, whole: bool) {
        self.lines.push(Line { place, held, whole });
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.lines.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::Lines;

    /// Gives a few bytes at a time.
    struct Dribble<'a>(&'a [u8], usize);

    impl Read for Dribble<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let len = self.1.min(buffer.len()).min(self.0.len());
            buffer[..len].copy_from_slice(&self.0[..len]);
            self.0 = &self.0[len..];
            Ok(len)
        }
    }

    fn read(text: &[u8], step: usize, most: usize) -> Vec<(u64, Option<String>)> {
        let all = read_lines(Lines::new(Dribble(text, step), 5), most);
        let lines = Lines::new(Dribble(text, step), 5).at_once(true);
        assert_eq!(read_lines(lines, most), all, "{step} {most}");
        all
    }

    fn read_lines(mut lines: Lines<impl Read>, most: usize) -> Vec<(u64, Option<String>)> {
        let mut batch = lines.batch();
        let mut all = Vec::new();
        while lines.read(&mut batch, most).expect("it is read") {
            let text = |line: &[u8]| String::from_utf8(line.to_vec()).expect("text");
            all.extend(batch.iter().map(|(number, line)| (number, line.map(text))));
        }
        all
    }

    #[test]
    fn lines_come_whole_and_numbered_however_they_are_read() {
        let text = b"a\n\n12345\n123456\nb\n1234567890123\n\nlast";
        let lines = [
            Some("a"),
            Some(""),
            Some("12345"),
            None,
            Some("b"),
            None,
            Some(""),
            Some("last"),
        ];
        let expected: Vec<_> = (1..)
            .zip(lines.map(|line| line.map(String::from)))
            .collect();
        for step in [1, 2, 3, 5, 6, 7, 100] {
            for most in [1, 2, 100] {
                assert_eq!(read(text, step, most), expected, "{step} {most}");
            }
        }
    }

    #[test]
    fn of_a_file_come_whole_eights_and_of_a_pipe_what_is_there() {
        let text = b"12345\n".repeat(27);
        let counts = |at_once| {
            let mut lines = Lines::new(Dribble(&text, 60), 5).at_once(at_once);
            let mut batch = lines.batch();
            let mut counts = Vec::new();
            while lines.read(&mut batch, 100).expect("it is read") {
                counts.push(batch.iter().len());
            }
            counts
        };
        assert_eq!(counts(true), [8, 8, 8, 3]);
        assert_eq!(counts(false), [10, 10, 7]);
    }

    #[test]
    fn what_a_file_grows_by_after_its_end_is_not_read() {
        /// Ends after each piece.
        struct Growing(&'static [&'static [u8]]);

        impl Read for Growing {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                let Some((piece, rest)) = self.0.split_first() else {
                    return Ok(0);
                };
                self.0 = rest;
                buffer[..piece.len()].copy_from_slice(piece);
                Ok(piece.len())
            }
        }

        for at_once in [true, false] {
            let input = Growing(&[b"12\n34", b"", b"5\n67\n"]);
            let lines = read_lines(Lines::new(input, 5).at_once(at_once), 9);
            assert_eq!(lines, [(1, Some("12".into())), (2, Some("34".into()))]);
        }
    }

    #[test]
    fn blank_lines_at_the_end_are_none() {
        for (text, expected) in [
            ("a\n\n", &["a"][..]),
            ("a\n ;\r\n;\t;", &["a"]),
            ("\n\n;", &[]),
            ("", &[]),
            ("a\n\nb\n\n\n", &["a", "", "b"]),
            ("\n\n\nb", &["", "", "", "b"]),
            ("a\n\n\n\n\n\nb\n", &["a", "", "", "", "", "", "b"]),
        ] {
            for step in [1, 2, 100] {
                for most in [3, 4, 100] {
                    for at_once in [true, false] {
                        let lines = Lines::new(Dribble(text.as_bytes(), step), 5);
                        let mut lines = lines.at_once(at_once);
                        lines.begin(Some(b';'));
                        let found = read_lines(lines, most);
                        let expected = expected.iter().map(|line| Some(String::from(*line)));
                        let expected: Vec<_> = (1..).zip(expected).collect();
                        assert_eq!(found, expected, "{text:?} {step} {most}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_end_is_no_line() {
        assert_eq!(read(b"", 1, 9), []);
        assert_eq!(read(b"a\n", 1, 9), [(1, Some("a".into()))]);
        assert_eq!(read(b"123456", 1, 9), [(1, None)]);
        assert_eq!(read(b"123456\n", 9, 9), [(1, None)]);
        assert_eq!(
            read(b"123456789\n\n", 9, 9),
            [(1, None), (2, Some(String::new()))]
        );
    }
}
