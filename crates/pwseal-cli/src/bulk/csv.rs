//! Lines of CSV, by the columns that the first line names.

use memchr::{memchr, memchr2};
use pwseal::BYTE_ORDER_MARK;
use zeroize::Zeroizing;

use super::names::{COLUMNS, INFO, USER_COLUMNS, may_mean, may_mean_of_user};
use super::problem::{Kind, Problem};

/// The most columns of a file.
const MAX_COLUMNS: usize = 256;

/// What may separate cells. Which of them does is known from the first line.
const DELIMITERS: [u8; 4] = *b",;\t|";

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
                    Kind::Csv,
                    "a line sep= names none of the separators that are read: comma, semicolon, tab and |",
                )),
            },
            _ => Ok(None),
        }
    }
}

/// What the columns of a file may be.
pub(crate) struct Columns<const N: usize> {
    names: [&'static str; N],
    /// One column of each of these there must be.
    needed: &'static [&'static [&'static str]],
    /// What a name may mean that is none of these.
    may_mean: fn(&str) -> Option<&'static str>,
}

/// Of orders.
pub(super) static ORDERS: Columns<{ COLUMNS.len() }> = Columns {
    names: COLUMNS,
    needed: &[&["identityId"], &["sourceId"], &["password", "generate"]],
    may_mean: |name| may_mean(name).filter(|meant| *meant != INFO),
};

/// Of users, for whose password-infos is asked.
pub(crate) static USERS: Columns<{ USER_COLUMNS.len() }> = Columns {
    names: USER_COLUMNS,
    needed: &[&["userName"], &["sourceName"]],
    may_mean: may_mean_of_user,
};

/// Which column holds what.
#[derive(Clone)]
pub(crate) struct Header<const N: usize> {
    delimiter: u8,
    /// How many columns there are.
    count: usize,
    /// The place of each of those that are known.
    places: [Option<usize>; N],
    /// The names of columns that are not known, and skipped.
    skipped: Vec<String>,
}

/// The cells of a line, taken out of their quotes.
pub(crate) struct Cells {
    text: Zeroizing<String>,
    ends: Vec<usize>,
}

/// Why a line cannot be taken apart.
pub(crate) enum Fault {
    /// It costs this line.
    Line(Problem),
    /// The next line may belong to a cell of this one, for this reason. What a stranger can write into such a cell, a name
    /// with a line break in it, must not be taken for a line.
    Open(&'static str),
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Line(problem) => problem,
            Fault::Open(what) => Self::new(Kind::Csv, format_args!("the line {what}")),
        }
    }
}

impl<const N: usize> Header<N> {
    /// Reads the line that names the columns. Those that are not known are skipped.
    pub(super) fn read(
        line: &[u8],
        columns: &Columns<N>,
        delimiter: Option<u8>,
    ) -> Result<Self, Problem> {
        let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        let parts = |delimiter: &u8| {
            Cells::read(line, *delimiter).is_ok_and(|cells| {
                let has = |name: &&str| cells.iter().any(|cell| cell == *name);
                columns.needed.iter().all(|names| names.iter().any(has))
            })
        };
        let delimiter = delimiter.or_else(|| DELIMITERS.into_iter().find(parts));
        let delimiter = delimiter.unwrap_or(DELIMITERS[0]);
        let cells = Cells::read(line, delimiter)?;
        let mut header = Self {
            delimiter,
            count: cells.ends.len(),
            places: [None; N],
            skipped: Vec::new(),
        };
        for (index, name) in cells.iter().enumerate() {
            let Some(column) = columns.names.iter().position(|column| *column == name) else {
                // Skipped without a word, it would be missed too late.
                if let Some(meant) = (columns.may_mean)(name) {
                    let message = format!(
                        "the first line has a column, number {}, whose name may mean {meant}: give it this name, or \
                         another one if it is to be skipped",
                        index + 1
                    );
                    return Err(Problem::new(Kind::Csv, message));
                }
                header.skipped.push(name.into());
                continue;
            };
            if header.places[column].replace(index).is_some() {
                let message = format!("the first line names the column {name} twice");
                return Err(Problem::new(Kind::Csv, message));
            }
        }
        let named = columns.names.iter().zip(header.places);
        let named: Vec<_> = named.filter(|(_, place)| place.is_some()).collect();
        for needed in columns.needed {
            if !named.iter().any(|(name, _)| needed.contains(name)) {
                return Err(Problem::new(
                    Kind::Csv,
                    format_args!(
                        "the first line names no column {}: it must name the columns, \
                         separated by commas or what --delimiter says, of {}",
                        needed.join(" or "),
                        columns.names.join(", ")
                    ),
                ));
            }
        }
        Ok(header)
    }

    /// What separates the cells.
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The names of columns that are not known, and skipped.
    pub(crate) fn skipped(&self) -> &[String] {
        &self.skipped
    }

    /// The cells of a line.
    pub(crate) fn cells(&self, line: &[u8]) -> Result<Cells, Fault> {
        Cells::read(line, self.delimiter)
    }

    /// The cells of a line under the names of columns that are known. An empty one is none.
    pub(crate) fn row<'c>(&self, cells: &'c Cells) -> Result<[Option<&'c str>; N], Problem> {
        let count = cells.ends.len();
        if count != self.count {
            let s = if count == 1 { "" } else { "s" };
            let expected = self.count;
            let message =
                format!("the line has {count} cell{s}, and the first line has {expected}");
            return Err(Problem::new(Kind::Csv, message));
        }
        let cell = |place: Option<usize>| place.map(|index| cells.get(index));
        Ok(self
            .places
            .map(|place| cell(place).filter(|text| !text.is_empty())))
    }
}

impl Cells {
    /// Takes a line apart, as strictly as RFC 4180 (section 2, rules 5 to 7) has it: what programs read in different ways
    /// would make another password than was meant. A quote that is not closed ends with its line, and a carriage return
    /// ends a line for other programs.
    fn read(line: &[u8], delimiter: u8) -> Result<Self, Fault> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let start = match line.starts_with(BYTE_ORDER_MARK) {
            true => BYTE_ORDER_MARK.len(),
            false => 0,
        };
        let mut text = Zeroizing::new(Vec::with_capacity(line.len()));
        let mut ends = Vec::new();
        // The line is read to its end all the same: it may be left open there.
        let mut wrong = None;
        let mut at = start;
        loop {
            let is_quoted = line.get(at) == Some(&b'"');
            if is_quoted {
                at += 1;
                loop {
                    let Some(len) = memchr(b'"', &line[at..]) else {
                        return Err(Fault::Open("has a quote that is not closed"));
                    };
                    text.extend_from_slice(&line[at..at + len]);
                    at += len + 1;
                    if line.get(at) != Some(&b'"') {
                        break;
                    }
                    text.push(b'"');
                    at += 1;
                }
            }
            let end = memchr2(delimiter, b'\r', &line[at..]).map_or(line.len(), |len| at + len);
            let plain = &line[at..end];
            if is_quoted && !plain.is_empty() {
                wrong = wrong.or(Some((
                    "text between a quote and the end of its cell",
                    at + 1,
                )));
            } else if let Some(len) = memchr(b'"', plain) {
                let what = "a quote in a cell that does not begin with one";
                wrong = wrong.or(Some((what, at + len + 1)));
            }
            text.extend_from_slice(plain);
            ends.push(text.len());
            match line.get(end) {
                None => break,
                Some(b'\r') => {
                    return Err(Fault::Open("has a carriage return that is not in quotes"));
                }
                Some(_) => at = end + 1,
            }
        }
        let refuse = |message: String| Err(Fault::Line(Problem::new(Kind::Csv, message)));
        if let Err(error) = std::str::from_utf8(line) {
            return Err(Fault::Line(Problem::not_utf8(error.valid_up_to() + 1)));
        }
        if line.is_empty() {
            return refuse("the line is empty".into());
        }
        if let Some((what, at)) = wrong {
            return refuse(format!("the line has {what}, at byte {at}"));
        }
        if ends.len() > MAX_COLUMNS {
            return refuse(format!("the line has more than {MAX_COLUMNS} cells"));
        }
        // It is made of whole cells, each of them in UTF-8.
        let text = String::from_utf8(std::mem::take(&mut *text)).map_err(|error| {
            drop(Zeroizing::new(error.into_bytes()));
            Fault::Line(Problem::not_utf8(1))
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
    use csv_core::ReadRecordResult;

    use super::{BYTE_ORDER_MARK, Cells, Fault, Header, ORDERS, Preamble, Problem};
    use crate::bulk::order::Row;

    fn left_open(line: &[u8]) -> Option<&'static str> {
        match Cells::read(line, b',') {
            Err(Fault::Open(what)) => Some(what),
            _ => None,
        }
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
    fn another_reader_sees_the_same_cells() {
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
            let (mut cells, mut ends, mut written, mut count) = ([0; 64], [0; 64], 0, 0);
            let mut read = |text: &[u8]| {
                let (result, bytes, chars, more) =
                    reader.read_record(text, &mut cells[written..], &mut ends[count..]);
                (written, count) = (written + chars, count + more);
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
            if let Ok(ours) = Cells::read(&line, b',') {
                assert_eq!(ours.ends, ends[..count], "{}", line.escape_ascii());
                assert_eq!(
                    ours.text.as_bytes(),
                    &cells[..written],
                    "{}",
                    line.escape_ascii()
                );
            }
        }
    }

    fn cells(line: &str) -> Result<Vec<String>, String> {
        let cells =
            Cells::read(line.as_bytes(), b',').map_err(|fault| Problem::from(fault).message)?;
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
        let header = Header::read(
            b"\xef\xbb\xbfpassword,mail,sourceId,identityId\r",
            &ORDERS,
            None,
        );
        let header = header.expect("a header");
        let cells = header.cells(b"hunter2,x,s,i").ok().expect("a line");
        let row = Row::from(header.row(&cells).expect("four cells"));
        assert_eq!(
            (row.id, row.identity_id, row.source_id, row.account),
            (None, Some("i"), Some("s"), None)
        );
        assert_eq!((row.password, row.generate), (Some("hunter2"), None));
        assert_eq!(header.skipped(), ["mail"]);
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
            assert!(
                Header::read(line.as_bytes(), &ORDERS, None).is_err(),
                "{line}"
            );
        }
    }

    #[test]
    fn the_separator_is_that_of_the_header() {
        for delimiter in [",", ";", "\t", "|"] {
            let header = ["identityId", "sourceId", "password"].join(delimiter);
            let header = Header::read(header.as_bytes(), &ORDERS, None).expect("a header");
            let line = ["i", "\"s\"", "\",;\t|\""].join(delimiter);
            let cells = header.cells(line.as_bytes()).ok().expect("a line");
            let row = Row::from(header.row(&cells).expect("three cells"));
            assert_eq!(
                (row.identity_id, row.source_id, row.password),
                (Some("i"), Some("s"), Some(",;\t|"))
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
