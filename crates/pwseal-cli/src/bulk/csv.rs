//! Lines of CSV, by the columns that the first line names.

use csv_core::{ReadRecordResult, ReaderBuilder};
use memchr::{memchr, memchr2};
use pwseal::BYTE_ORDER_MARK;
use zeroize::Zeroizing;

use super::names::{COLUMNS, INFO, may_mean};
use super::order::Row;
use super::problem::Problem;

/// The most columns of a file.
const MAX_COLUMNS: usize = 256;

/// What may separate cells. Which of them does is known from the first line.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// Takes lines apart.
struct Reader {
    delimiter: u8,
    core: csv_core::Reader,
}

impl Reader {
    fn new(delimiter: u8) -> Self {
        let core = ReaderBuilder::new().delimiter(delimiter).build();
        Self { delimiter, core }
    }
}

impl Clone for Reader {
    /// A new one: that of csv-core reads nothing once it is cloned.
    fn clone(&self) -> Self {
        Self::new(self.delimiter)
    }
}

/// What may be before the line that names the columns.
pub(super) enum Preamble {
    /// `sep=;`, which is for Excel.
    Delimiter(u8),
    /// `#TYPE ...`, which `Export-Csv` of PowerShell 5 writes.
    Type,
}

impl Preamble {
    pub(super) fn read(line: &[u8]) -> Result<Option<Self>, Problem> {
        let line = line
            .strip_prefix(BYTE_ORDER_MARK)
            .unwrap_or(line)
            .trim_ascii_end();
        let line = line.strip_prefix(b"\"").unwrap_or(line);
        let line = line.strip_suffix(b"\"").unwrap_or(line);
        if line.starts_with(b"#TYPE") {
            return Ok(Some(Self::Type));
        }
        match line.split_at_checked(4) {
            Some((name, delimiter)) if name.eq_ignore_ascii_case(b"sep=") => match delimiter {
                // Its end was cut off as white space.
                [] => Ok(Some(Self::Delimiter(b'\t'))),
                [delimiter] if DELIMITERS.contains(delimiter) => {
                    Ok(Some(Self::Delimiter(*delimiter)))
                }
                _ => Err(Problem::new(
                    "csv",
                    "a line sep= names none of the separators that are read: comma, semicolon, tab and |",
                )),
            },
            _ => Ok(None),
        }
    }
}

/// Which column holds what.
#[derive(Clone)]
pub(super) struct Header {
    reader: Reader,
    /// How many columns there are.
    count: usize,
    /// The place of each of [`COLUMNS`].
    places: [Option<usize>; COLUMNS.len()],
}

/// The cells of a line, taken out of their quotes.
pub(super) struct Cells {
    text: Zeroizing<String>,
    ends: Vec<usize>,
}

impl Header {
    /// Reads the line that names the columns. Those that are not known are skipped.
    pub(super) fn read(line: &[u8], delimiter: Option<u8>) -> Result<Self, Problem> {
        let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        let names_both = |delimiter: &u8| {
            let cells = Cells::read(&mut Reader::new(*delimiter), line);
            cells.is_ok_and(|cells| {
                let has = |name| cells.iter().any(|cell| cell == name);
                has("identityId") && has("sourceId")
            })
        };
        let delimiter = delimiter.or_else(|| DELIMITERS.into_iter().find(names_both));
        let delimiter = delimiter.unwrap_or(DELIMITERS[0]);
        let cells = Cells::read(&mut Reader::new(delimiter), line)?;
        let mut places = [None; COLUMNS.len()];
        for (index, name) in cells.iter().enumerate() {
            let Some(column) = COLUMNS.iter().position(|column| *column == name) else {
                // Skipped without a word, it would be missed too late.
                if let Some(meant) = may_mean(name).filter(|meant| *meant != INFO) {
                    let message = format!(
                        "the first line has a column, number {}, whose name may mean {meant}: give it this name, or \
                         another one if it is to be skipped",
                        index + 1
                    );
                    return Err(Problem::new("csv", message));
                }
                continue;
            };
            if places[column].replace(index).is_some() {
                let message = format!("the first line names the column {name} twice");
                return Err(Problem::new("csv", message));
            }
        }
        let header = Self {
            reader: Reader::new(delimiter),
            count: cells.ends.len(),
            places,
        };
        for needed in ["identityId", "sourceId"] {
            if !header.has(needed) {
                return Err(Problem::new(
                    "csv",
                    format_args!(
                        "the first line names no column {needed}: it must name the columns, \
                         separated by commas, of {}",
                        COLUMNS.join(", ")
                    ),
                ));
            }
        }
        if !header.has("password") && !header.has("generate") {
            return Err(Problem::new(
                "csv",
                "the first line names neither a column password nor a column generate",
            ));
        }
        Ok(header)
    }

    fn has(&self, column: &str) -> bool {
        let mut columns = COLUMNS.iter().zip(self.places);
        columns.any(|(name, place)| *name == column && place.is_some())
    }

    /// What separates the cells.
    pub(super) fn delimiter(&self) -> u8 {
        self.reader.delimiter
    }

    /// The cells of a line.
    pub(super) fn cells(&mut self, line: &[u8]) -> Result<Cells, Problem> {
        Cells::read(&mut self.reader, line)
    }

    /// Why the next line may belong to a cell of this one. What a stranger can write into such a cell, a name with a
    /// line break in it, must not be taken for a line.
    pub(super) fn left_open(&self, line: &[u8]) -> Option<&'static str> {
        Shape::of(line, self.reader.delimiter).open
    }

    /// The cells of a line under their names.
    pub(super) fn row<'c>(&self, cells: &'c Cells) -> Result<Row<'c>, Problem> {
        let count = cells.ends.len();
        if count != self.count {
            let s = if count == 1 { "" } else { "s" };
            let expected = self.count;
            let message =
                format!("the line has {count} cell{s}, and the first line has {expected}");
            return Err(Problem::new("csv", message));
        }
        let cell = |place: Option<usize>| place.map(|index| cells.get(index));
        let [
            id,
            identity_id,
            source_id,
            account,
            account_id,
            account_name,
            password,
            raw,
            generate,
        ] = self
            .places
            .map(|place| cell(place).filter(|text| !text.is_empty()));
        Ok(Row {
            id,
            identity_id,
            source_id,
            account,
            account_id,
            account_name,
            password,
            raw,
            generate,
        })
    }
}

/// What can be wrong with how a line is put together.
#[derive(Default)]
struct Shape {
    /// What the quotes of a cell do not allow (RFC 4180, section 2, rules 5 to 7), and where, counted from 1. The reader
    /// would take it for a part of the cell, and a password would be another one than was meant.
    misquoted: Option<(&'static str, usize)>,
    /// Why the next line may belong to a cell of this one.
    open: Option<&'static str>,
}

impl Shape {
    fn of(line: &[u8], delimiter: u8) -> Self {
        let text = line.strip_suffix(b"\r").unwrap_or(line);
        // The reader skips it at the start of every line.
        let mut at = if text.starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        let mut shape = Self::default();
        while at < text.len() {
            if text[at] == b'"' {
                at += 1;
                loop {
                    let Some(len) = memchr(b'"', &text[at..]) else {
                        shape.open = Some("has a quote that is not closed");
                        return shape;
                    };
                    at += len + 1;
                    match text.get(at) {
                        Some(b'"') => at += 1,
                        None | Some(b'\r') => break,
                        Some(byte) if *byte == delimiter => break,
                        Some(_) => {
                            let what = "text between a quote and the end of its cell";
                            shape.misquoted.get_or_insert((what, at + 1));
                            break;
                        }
                    }
                }
            }
            let end = memchr2(delimiter, b'\r', &text[at..]).map_or(text.len(), |len| at + len);
            if let Some(len) = memchr(b'"', &text[at..end]) {
                let what = "a quote in a cell that does not begin with one";
                shape.misquoted.get_or_insert((what, at + len + 1));
            }
            if text.get(end) == Some(&b'\r') {
                // It ends a line for other programs, and what follows it begins one.
                shape.open = Some("has a carriage return that is not in quotes");
                return shape;
            }
            at = end + 1;
        }
        shape
    }
}

impl Cells {
    /// Takes a line apart. A quote that is not closed ends with its line, and is an error:
    /// otherwise it would swallow the lines after it.
    fn read(reader: &mut Reader, line: &[u8]) -> Result<Self, Problem> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Err(error) = std::str::from_utf8(line) {
            return Err(Problem::not_utf8(error.valid_up_to() + 1));
        }
        if line.is_empty() {
            return Err(Problem::new("csv", "the line is empty"));
        }
        if let Some((what, at)) = Shape::of(line, reader.delimiter).misquoted {
            let message = format!("the line has {what}, at byte {at}");
            return Err(Problem::new("csv", message));
        }
        // One byte more than it can take: csv-core stops where there is no room left.
        let mut text = Zeroizing::new(vec![0; line.len() + 1]);
        let mut ends = vec![0; MAX_COLUMNS];
        let reader = &mut reader.core;
        reader.reset();
        let (mut read, mut written, mut cells) = (0, 0, 0);
        for input in [line, b"\n"] {
            let (result, bytes, chars, more) =
                reader.read_record(input, &mut text[written..], &mut ends[cells..]);
            (read, written, cells) = (read + bytes, written + chars, cells + more);
            match result {
                ReadRecordResult::InputEmpty if input == line => {}
                ReadRecordResult::Record if input != line => {}
                ReadRecordResult::InputEmpty => {
                    return Err(Problem::new(
                        "csv",
                        "the line has a quote that is not closed; a line break within quotes is \
                         not read",
                    ));
                }
                ReadRecordResult::OutputEndsFull => {
                    let message = format!("the line has more than {MAX_COLUMNS} cells");
                    return Err(Problem::new("csv", message));
                }
                _ => {
                    let message = format!("the line has a carriage return, at byte {read}");
                    return Err(Problem::new("csv", message));
                }
            }
        }
        text.truncate(written);
        ends.truncate(cells);
        let text = String::from_utf8(std::mem::take(&mut *text));
        let text = text.map_err(|error| {
            drop(Zeroizing::new(error.into_bytes()));
            Problem::not_utf8(1)
        })?;
        Ok(Self {
            text: Zeroizing::new(text),
            ends,
        })
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|index| self.get(index))
    }

    fn get(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[index]]
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTE_ORDER_MARK, Cells, Header, Preamble, ReadRecordResult, Reader, Shape};

    fn left_open(line: &[u8]) -> Option<&'static str> {
        Shape::of(line, b',').open
    }

    #[test]
    fn what_quotes_do_not_allow_is_refused() {
        let (after, inside) = (
            "text between a quote and the end of its cell",
            "a quote in a cell that does not begin with one",
        );
        for (line, what, at) in [
            (r#""pass7"word"#, after, 8),
            (r#"a,"b" ,c"#, after, 6),
            (r#""a""b"c,d"#, after, 7),
            (r#""a"b"c"#, after, 4),
            ("\u{feff}\"a\"b", after, 7),
            (r#"a, "b c""#, inside, 4),
            (r#"pa"ss,"a""#, inside, 3),
            (r#"a,b""#, inside, 4),
            ("\u{feff} \"a\"", inside, 5),
        ] {
            let message = format!("the line has {what}, at byte {at}");
            assert_eq!(cells(line), Err(message), "{line}");
        }
        let open = cells(r##"pass,"a,""b"""##).expect_err("a quote is open");
        assert!(open.contains("not closed"), "{open}");
        assert_eq!(
            cells(r#"pass,"a,""b""",c, d "#).unwrap(),
            ["pass", "a,\"b\"", "c", " d "]
        );
    }

    #[test]
    fn a_cell_that_is_left_open_is_seen_whatever_else_is_wrong() {
        for line in [
            &b"a,\"b"[..],
            b"\"",
            b"a,\"b\"\"",
            b"\"x\"y,\"b",
            b"\xff,\"\xff",
            b"\"a\"\r,\"",
            b"\"a\"\r\"",
            b"a,b\r\"c",
            b"a\rb",
            b"\r\r",
            b"\xef\xbb\xbf\"a",
        ] {
            assert!(left_open(line).is_some(), "{}", line.escape_ascii());
        }
        for line in [
            &b""[..],
            b"\"\"",
            b"a\"b",
            b"\"a\"\"\"",
            b"\"x\"y,b",
            b"\"a\"b\"c,d\"",
            b"\"a\"\r",
            b"\"a\rb\"",
            b"\xef\xbb\xbf\"a\",b",
        ] {
            assert_eq!(left_open(line), None, "{}", line.escape_ascii());
        }
    }

    #[test]
    fn the_reader_sees_the_same_cells_open() {
        // All lines of up to six of these.
        let mut lines = vec![Vec::new()];
        let mut longest = lines.clone();
        for _ in 0..6 {
            let longer = |line: &Vec<u8>| {
                [&b"\""[..], b",", b"\r", b"a", BYTE_ORDER_MARK]
                    .map(|piece| [&line[..], piece].concat())
            };
            longest = longest.iter().flat_map(longer).collect();
            lines.extend_from_slice(&longest);
        }
        let text = |line: &[u8]| line.strip_suffix(b"\r").unwrap_or(line).to_vec();
        lines.retain(|line| !matches!(&text(line)[..], b"" | BYTE_ORDER_MARK));
        for line in lines {
            let mut reader = csv_core::Reader::new();
            let mut read = |text: &[u8]| {
                let (result, bytes, ..) = reader.read_record(text, &mut [0; 64], &mut [0; 64]);
                (result, bytes == text.len())
            };
            let is_one_record = read(&text(&line)) == (ReadRecordResult::InputEmpty, true)
                && read(b"\n").0 == ReadRecordResult::Record;
            // It skips carriage returns before the first cell.
            let is_skipped = matches!(
                line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&line),
                [b'\r', ..]
            );
            assert_eq!(
                left_open(&line).is_none(),
                is_one_record && !is_skipped,
                "{}",
                line.escape_ascii()
            );
        }
    }

    fn cells(line: &str) -> Result<Vec<String>, String> {
        let cells = Cells::read(&mut Reader::new(b','), line.as_bytes())
            .map_err(|problem| problem.message)?;
        Ok((0..cells.ends.len())
            .map(|index| cells.get(index).to_owned())
            .collect())
    }

    #[test]
    fn cells_come_out_of_their_quotes() {
        for (line, expected) in [
            ("a", vec!["a"]),
            ("a,b,c", vec!["a", "b", "c"]),
            ("a,,c\r", vec!["a", "", "c"]),
            (",", vec!["", ""]),
            (r#""a,""b""", c "#, vec![r#"a,"b""#, " c "]),
            (r#""pa""ss","#, vec![r#"pa"ss"#, ""]),
            ("ä,€", vec!["ä", "€"]),
        ] {
            let expected: Vec<String> = expected.into_iter().map(String::from).collect();
            assert_eq!(cells(line), Ok(expected), "{line}");
        }
    }

    #[test]
    fn what_would_run_into_the_next_line_is_refused() {
        for line in ["a,\"b", "\"", "a,\"b\"\"", "", "\r", "a\rb", "a,b\r\r"] {
            assert!(cells(line).is_err(), "{line:?}");
        }
        assert!(cells(&",".repeat(256)).is_err());
        assert_eq!(cells(&",".repeat(255)).expect("256 cells").len(), 256);
    }

    #[test]
    fn a_header_names_what_there_is() {
        let header = Header::read(b"\xef\xbb\xbfpassword,mail,sourceId,identityId\r", None);
        let mut header = header.expect("a header");
        let cells = header.cells(b"hunter2,x,s,i").expect("a line");
        let row = header.row(&cells).expect("four cells");
        assert_eq!(
            (row.id, row.identity_id, row.source_id, row.account),
            (None, Some("i"), Some("s"), None)
        );
        assert_eq!((row.password, row.generate), (Some("hunter2"), None));
        for line in [
            "",
            "identityId,sourceId",
            "identityId,password",
            "identityId:sourceId:password",
            "identityId;sourceId,password",
            "identityId,sourceId,password,password",
            "identityId,sourceId,password,nativeIdentity",
            "identityId,sourceId,password,Account ID",
            "identityId,sourceId,password,Account",
            "identityId,sourceId,password, account",
            "identityId,sourceId,password,generate,Password",
        ] {
            assert!(Header::read(line.as_bytes(), None).is_err(), "{line}");
        }
    }

    #[test]
    fn a_clone_reads_as_well() {
        let header = Header::read(b"identityId,sourceId,password", None).expect("a header");
        assert_eq!(
            header.clone().cells(b"i,s,p").expect("a line").ends,
            [1, 2, 3]
        );
    }

    #[test]
    fn the_separator_is_that_of_the_header() {
        for delimiter in [",", ";", "\t", "|"] {
            let header = ["identityId", "sourceId", "password"].join(delimiter);
            let mut header = Header::read(header.as_bytes(), None).expect("a header");
            let line = ["i", "\"s\"", "\",;\t|\""].join(delimiter);
            let cells = header.cells(line.as_bytes()).expect("a line");
            let row = header.row(&cells).expect("three cells");
            assert_eq!(
                (row.identity_id, row.source_id, row.password),
                (Some("i"), Some("s"), Some(",;\t|"))
            );
            assert_eq!(
                Shape::of(line.as_bytes(), header.delimiter()).misquoted,
                None
            );
        }
    }

    #[test]
    fn what_stands_before_the_header_is_known() {
        for (line, delimiter) in [
            ("sep=;\r", Some(b';')),
            ("\u{feff}SEP=,", Some(b',')),
            ("\"sep=|\"", Some(b'|')),
            ("sep=\t", Some(b'\t')),
            ("#TYPE System.Object\r", None),
            ("#TYPE", None),
        ] {
            let found = match Preamble::read(line.as_bytes()) {
                Ok(Some(Preamble::Delimiter(delimiter))) => Some(delimiter),
                Ok(Some(Preamble::Type)) => None,
                _ => panic!("{line}"),
            };
            assert_eq!(found, delimiter, "{line}");
        }
        for line in ["", "sep", "sepia;id", "id;sep=;", "# a comment"] {
            assert!(
                matches!(Preamble::read(line.as_bytes()), Ok(None)),
                "{line}"
            );
        }
        for line in ["sep=:", "sep=;;", "sep=ab"] {
            assert!(Preamble::read(line.as_bytes()).is_err(), "{line}");
        }
    }
}
