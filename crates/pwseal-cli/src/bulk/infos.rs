//! The password-infos of `--info`: an index in memory, the texts where they are.
//!
//! A tenant has more of them than should be held at once. What is held of each is the place of
//! its text: 28 bytes, and the name of a file that it has for itself.

use std::borrow::Cow;
use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufReader, Read, Seek};
use std::num::TryFromIntError;
use std::path::{Path, PathBuf};

use pwseal_api::{Error, PasswordInfo, json_object};
use serde::Deserialize;

use super::lines::{BATCH_LINES, Lines};
use super::order::Ids;
use super::problem::{Kind, Problem};
use crate::failure::Failure;
use crate::files::{INFO_LIMIT, complain, is_standard, read_info};

/// A file shorter than this, in bytes, is read at once: a folder may have very many of them.
const SMALL: u16 = 32 << 10;

/// The password-infos of a file or folder.
pub(super) struct Infos {
    hasher: RandomState,
    files: Vec<PathBuf>,
    /// Sorted by hash.
    places: Vec<Place>,
    /// Where in `places` the hashes begin that start with the bits of the index: about one each.
    starts: Vec<u32>,
    /// How many files of the folder cannot be read.
    bad: usize,
}

/// Where a password-info is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// Of the ids. Whoever comes by it compares the ids themselves.
    hash: u64,
    offset: u64,
    len: u32,
    file: u32,
}

/// What a password-info is found by.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Found {
    #[serde(alias = "identity_id")]
    identity_id: Option<String>,
    #[serde(alias = "source_id")]
    source_id: Option<String>,
}

impl Found {
    fn read(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json_object(json)?).ok()
    }
}

/// Reads password-infos, and keeps the last file open and the last of them.
#[derive(Default)]
pub(super) struct Finder {
    open: Option<Open>,
    text: Vec<u8>,
    /// Where the text is from.
    place: Option<Place>,
    /// What the text says, once it was wanted twice.
    info: Option<PasswordInfo<'static>>,
}

/// A file that is read from. Neighbours in it tend to be wanted one after the other.
struct Open {
    number: u32,
    reader: BufReader<File>,
    /// How far it was read.
    offset: u64,
}

/// Whether a file has the name of a password-info, which counts in a folder.
pub(super) fn is_info(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("json" | "jsonl"))
}

impl Infos {
    /// Looks through a file with one password-info, a file with one on each line, or all files
    /// of a folder whose names end in `.json` or `.jsonl`.
    /// A file of a folder that cannot be used is named, and costs the lines that need it.
    pub(super) fn index(path: &Path) -> Result<Self, Failure> {
        let mut infos = Self {
            hasher: RandomState::new(),
            files: Vec::new(),
            places: Vec::new(),
            starts: Vec::new(),
            bad: 0,
        };
        let unusable = |problem: String| Failure::Unusable {
            path: path.into(),
            problem,
        };
        if is_standard(path) {
            return Err(Failure::Usage(
                "--info must be a file or a folder, as it is read more than once".into(),
            ));
        }
        if path.is_dir() {
            for file in files_of(path)? {
                infos.add_file_if_good(file);
            }
        } else {
            infos.add_file(path.into())?;
        }
        if infos.places.is_empty() {
            return Err(unusable(match infos.bad {
                0 => "no file in it has a name in .json or .jsonl".into(),
                _ => "no file in it can be used: each is named above".into(),
            }));
        }
        infos.places.sort_unstable();
        infos.starts = starts(&infos.places)
            .map_err(|_| unusable(format!("it has more than {} password-infos", u32::MAX)))?;
        Ok(infos)
    }

    /// Adds a file of a folder, or says why not.
    fn add_file_if_good(&mut self, path: PathBuf) {
        let places = self.places.len();
        if let Err(failure) = self.add_file(path) {
            // Of a file that is bad in one place nobody knows what else is wrong.
            self.places.truncate(places);
            self.bad += 1;
            complain(format_args!(
                "warning: {failure}; the lines that need it give an error"
            ));
        }
    }

    fn add_file(&mut self, path: PathBuf) -> Result<(), Failure> {
        let failure = |error| Failure::File {
            path: path.clone(),
            error,
        };
        // Before it is opened: that would wait for whoever writes to a pipe.
        let metadata = fs::metadata(&path).map_err(failure)?;
        if !metadata.is_file() {
            return Err(Failure::Unusable {
                path,
                problem: "a password-info must be in a file, as it is read more than once".into(),
            });
        }
        let mut file = File::open(&path).map_err(failure)?;
        if metadata.len() < SMALL.into() {
            let mut json = Vec::with_capacity(SMALL.into());
            // Some files are longer than they say, or grow.
            let mut start = (&mut file).take(SMALL.into());
            start.read_to_end(&mut json).map_err(failure)?;
            if let Some(found) = Found::read(&json) {
                self.add(found, 0, &json, &path, 1)?;
                self.files.push(path);
                return Ok(());
            }
            file.rewind().map_err(failure)?;
        }
        let mut lines = Lines::new(file, INFO_LIMIT);
        let mut batch = lines.batch();
        let mut offset = 0;
        while lines.read(&mut batch, BATCH_LINES).map_err(failure)? {
            for (number, line) in batch.iter() {
                let Some(line) = line else {
                    return self.add_whole(path, number, None);
                };
                let start = offset;
                offset += line.len() as u64 + 1;
                if line.trim_ascii().is_empty() {
                    continue;
                }
                match Found::read(line) {
                    Some(found) => self.add(found, start, line, &path, number)?,
                    // Not one on each line: then it must be one on all lines.
                    None => return self.add_whole(path, number, Some(line)),
                }
            }
        }
        if !self.file_has_one() {
            // What a download leaves that was cut off.
            return Err(Failure::Unusable {
                path,
                problem: "it is empty, and has no password-info: get it again, or remove it".into(),
            });
        }
        self.files.push(path);
        Ok(())
    }

    /// Adds a file that is one password-info. What is wrong with it is told of its whole.
    fn add_whole(&mut self, path: PathBuf, line: u64, text: Option<&[u8]>) -> Result<(), Failure> {
        if self.file_has_one() {
            let is = match text.map(PasswordInfo::from_json) {
                Some(Err(Error::Json(error))) => format!(", but {}", error.problem),
                _ => String::new(),
            };
            return Err(Failure::Unusable {
                path,
                problem: format!("line {line} is no password-info, as those before it are{is}"),
            });
        }
        let info = read_info(&path).map_err(|failure| match failure {
            Failure::FileTooLong { path, limit } => Failure::Unusable {
                path,
                problem: format!(
                    "line {line} is no password-info, and the whole is longer than one may be, \
                     which is {limit} bytes"
                ),
            },
            failure => failure,
        })?;
        let found = Found {
            identity_id: info.identity_id.map(Cow::into_owned),
            source_id: info.source_id.map(Cow::into_owned),
        };
        self.add_place(found, 0, INFO_LIMIT, &path, 1)?;
        self.files.push(path);
        Ok(())
    }

    /// Whether a password-info was found in the file that is being read.
    fn file_has_one(&self) -> bool {
        let last = self.places.last();
        last.is_some_and(|place| place.file as usize == self.files.len())
    }

    fn add(
        &mut self,
        found: Found,
        offset: u64,
        json: &[u8],
        path: &Path,
        line: u64,
    ) -> Result<(), Failure> {
        if (found.identity_id.is_none() || found.source_id.is_none())
            && let Err(error) = PasswordInfo::from_json(json)
        {
            return Err(Failure::Unusable {
                path: path.into(),
                problem: format!("line {line}: {error}"),
            });
        }
        self.add_place(found, offset, json.len(), path, line)
    }

    fn add_place(
        &mut self,
        found: Found,
        offset: u64,
        len: usize,
        path: &Path,
        line: u64,
    ) -> Result<(), Failure> {
        let (Some(identity_id), Some(source_id)) = (found.identity_id, found.source_id) else {
            return Err(Failure::Unusable {
                path: path.into(),
                problem: format!(
                    "line {line} has no identityId or no sourceId: is it the whole answer to \
                     query-password-info?"
                ),
            });
        };
        let too_many = || Failure::Unusable {
            path: path.into(),
            problem: "there are too many files".into(),
        };
        self.places.push(Place {
            hash: self.hasher.hash_one(Ids {
                identity_id: identity_id.into(),
                source_id: source_id.into(),
            }),
            offset,
            len: u32::try_from(len).map_err(|_| too_many())?,
            file: u32::try_from(self.files.len()).map_err(|_| too_many())?,
        });
        Ok(())
    }

    /// Those whose ids have the same hash, which is the one that is meant and hardly ever another.
    fn places(&self, ids: &Ids<'_>) -> &[Place] {
        let hash = self.hasher.hash_one(ids);
        let bucket = bucket(hash, self.starts.len() - 1);
        let bucket = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
        let mut same = self.places[bucket].chunk_by(|a, b| a.hash == b.hash);
        same.find(|places| places[0].hash == hash)
            .unwrap_or_default()
    }
}

/// The files of a folder with password-infos, in the order of their names.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let files = || -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if is_info(&path) {
                files.push(path);
            }
        }
        files.sort_unstable();
        Ok(files)
    };
    files().map_err(|error| Failure::File {
        path: folder.into(),
        error,
    })
}

/// Where each bucket begins, and at the end where the last one ends.
fn starts(places: &[Place]) -> Result<Vec<u32>, TryFromIntError> {
    let mut starts = Vec::with_capacity(places.len() + 1);
    let mut start = 0;
    for number in 0..=places.len() {
        let before = |place: &&Place| bucket(place.hash, places.len()) < number;
        start += places[start..].iter().take_while(before).count();
        starts.push(u32::try_from(start)?);
    }
    Ok(starts)
}

/// Which of `count` equal parts of all hashes a hash is in.
fn bucket(hash: u64, count: usize) -> usize {
    let bucket = (u128::from(hash) * count as u128) >> u64::BITS;
    usize::try_from(bucket).expect("it is below the count")
}

impl Finder {
    /// The password-info with these ids.
    pub(super) fn find(
        &mut self,
        infos: &Infos,
        ids: &Ids<'_>,
    ) -> Result<Cow<'_, PasswordInfo<'_>>, Problem> {
        let place = match infos.places(ids) {
            [] => None,
            [place] => Some(place),
            places => self.choose(infos, places, ids)?,
        };
        if let Some(place) = place {
            let info = self.read(infos, place)?;
            if is_of(&info, ids) {
                return Ok(info);
            }
        }
        // Ids are in lowercase, and spreadsheets keep the blanks that were pasted.
        let plain = |id: &str| id.trim().to_lowercase().into();
        let plain = Ids {
            identity_id: plain(&ids.identity_id),
            source_id: plain(&ids.source_id),
        };
        let hint = match infos.places(&plain) {
            [] => String::new(),
            _ => format!(
                ", but one with {:?} and {:?}, which differ in case or blanks",
                plain.identity_id, plain.source_id
            ),
        };
        let bad = match infos.bad {
            0 => String::new(),
            count => format!("; it may be in one of its files that cannot be used ({count})"),
        };
        Err(Problem::new(
            Kind::IdentityNotFound,
            format_args!(
                "--info has no password-info with this identityId and sourceId{hint}{bad}"
            ),
        ))
    }

    /// The place of the only one with these ids.
    fn choose<'p>(
        &mut self,
        infos: &Infos,
        places: &'p [Place],
        ids: &Ids<'_>,
    ) -> Result<Option<&'p Place>, Problem> {
        let mut chosen = None;
        for place in places {
            let info = self.read(infos, place)?;
            if is_of(&info, ids) && chosen.replace(place).is_some() {
                return Err(Problem::new(
                    Kind::Ambiguous,
                    "--info has several password-infos with this identityId and sourceId",
                ));
            }
        }
        Ok(chosen)
    }

    fn read(&mut self, infos: &Infos, place: &Place) -> Result<Cow<'_, PasswordInfo<'_>>, Problem> {
        if self.place.as_ref() == Some(place) {
            if self.info.is_none() {
                self.info = Some(PasswordInfo::from_json(&self.text)?.into_owned());
            }
        } else {
            (self.place, self.info) = (None, None);
            let path = &infos.files[place.file as usize];
            self.read_text(path, place).map_err(|error| {
                let path = path.clone();
                Problem::new(Kind::PasswordInfo, Failure::File { path, error })
            })?;
            self.place = Some(*place);
        }
        match &self.info {
            Some(info) => Ok(Cow::Borrowed(info)),
            None => Ok(Cow::Owned(PasswordInfo::from_json(&self.text)?)),
        }
    }

    fn read_text(&mut self, path: &Path, place: &Place) -> io::Result<()> {
        self.text.clear();
        self.text.shrink_to(SMALL.into());
        let mut open = match self.open.take() {
            Some(open) if open.number == place.file => open,
            _ => Open {
                number: place.file,
                reader: BufReader::new(File::open(path)?),
                offset: 0,
            },
        };
        let distance = place.offset.wrapping_sub(open.offset).cast_signed();
        open.reader.seek_relative(distance)?;
        let read = (&mut open.reader)
            .take(place.len.into())
            .read_to_end(&mut self.text)?;
        open.offset = place.offset + read as u64;
        self.open = Some(open);
        Ok(())
    }
}

fn is_of(info: &PasswordInfo<'_>, ids: &Ids<'_>) -> bool {
    info.identity_id.as_ref() == Some(&ids.identity_id)
        && info.source_id.as_ref() == Some(&ids.source_id)
}
