//! From a batch of lines to the lines that answer them.

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pwseal::{Password, PublicKey};
use pwseal_api::{KeyCache, PasswordInfo};
use serde::Serialize;
use zeroize::Zeroizing;

use super::csv::{self, Cells, Header};
use super::infos::{Finder, Infos};
use super::input::LINE_LIMIT;
use super::lines::Batch;
use super::order::{self, Order, Wanted, Whose};
use super::problem::Problem;
use super::summary::Summary;
use crate::failure::Failure;
use crate::generate;

/// What the lines of the input are.
#[derive(Clone)]
pub(super) enum Format {
    Json,
    Csv(Header),
}

/// What one core works with.
pub(super) struct Worker {
    format: Format,
    csv: csv::Reader,
    /// Of `--info`.
    infos: Option<Arc<Infos>>,
    finder: Finder,
    keys: KeyCache,
}

/// Ciphertexts, one after the other.
struct Ciphertexts {
    bytes: Vec<u8>,
    /// The length of each.
    size: usize,
}

/// What a batch becomes.
#[derive(Default)]
pub(super) struct Answers {
    /// One line for each.
    pub(super) requests: Vec<u8>,
    /// One line for each password that was generated.
    pub(super) secrets: Zeroizing<Vec<u8>>,
    pub(super) summary: Summary,
}

/// A line of input, all but encrypted.
struct Answer<'b> {
    /// As JSON.
    id: Cow<'b, str>,
    line: u64,
    body: Result<Body<'b>, Problem>,
}

struct Body<'b> {
    ids: BodyIds<'b>,
    /// Where the password is: in which group, and the how many-th.
    place: (usize, usize),
    generated: bool,
}

struct BodyIds<'b> {
    identity_id: Cow<'b, str>,
    source_id: Cow<'b, str>,
    account_id: Cow<'b, str>,
    public_key_id: Cow<'b, str>,
}

/// The passwords for one key.
struct Group {
    key: PublicKey,
    passwords: Vec<Password>,
}

impl Worker {
    pub(super) fn new(format: Format, infos: Option<Arc<Infos>>) -> Self {
        Self {
            format,
            csv: csv::Reader::new(),
            infos,
            finder: Finder::default(),
            keys: KeyCache::new(),
        }
    }

    /// One line for each line of the batch.
    pub(super) fn answer(&mut self, batch: &Batch, answers: &mut Answers) {
        answers.requests.clear();
        answers.summary = Summary::default();
        let mut groups = Vec::new();
        let lines: Vec<Answer<'_>> = batch
            .iter()
            .map(|(line, text)| {
                let (id, order) = self.read(line, text);
                let body = order.and_then(|order| self.body(order, &mut groups, answers));
                Answer { id, line, body }
            })
            .collect();
        answers.secrets = secrets(&lines, &groups);
        let encrypted: Vec<_> = groups.iter().map(Group::encrypt).collect();
        for line in lines {
            answers.push(line, &encrypted);
        }
    }

    /// The id of a line as JSON, and what it orders.
    pub(super) fn read<'l>(
        &mut self,
        number: u64,
        line: Option<&'l [u8]>,
    ) -> (Cow<'l, str>, Result<Order<'l>, Problem>) {
        let nobody = Cow::Borrowed("null");
        let Some(line) = line else {
            return (nobody, Err(Problem::line_too_long(LINE_LIMIT)));
        };
        match &self.format {
            Format::Json => order::from_json(match line.strip_prefix(b"\xef\xbb\xbf") {
                Some(line) if number == 1 => line,
                _ => line,
            }),
            Format::Csv(header) => {
                let cells = match Cells::read(&mut self.csv, line) {
                    Ok(cells) => cells,
                    Err(problem) => return (nobody, Err(problem)),
                };
                match header.row(&cells) {
                    Ok(row) => (row.json_id(), row.order()),
                    Err(problem) => (nobody, Err(problem)),
                }
            }
        }
    }

    /// Finds the account and its key, and puts the password where it will be encrypted.
    fn body<'l>(
        &mut self,
        order: Order<'l>,
        groups: &mut Vec<Group>,
        answers: &mut Answers,
    ) -> Result<Body<'l>, Problem> {
        let info: &PasswordInfo<'l> = match &order.whose {
            Whose::Info(info) => info,
            Whose::Ids(ids) => match &self.infos {
                Some(infos) => self.finder.find(infos, ids)?,
                None => {
                    return Err(Problem::missing(
                        "info, and there is no --info to take one from by its ids",
                    ));
                }
            },
        };
        let account = order.account.as_deref();
        let recipient = info.recipient_cached(account, &mut self.keys)?;
        let (password, report, generated) = match order.password {
            Wanted::Given(password) => {
                let report = recipient.check(&password);
                if report.has_violation() {
                    return Err(pwseal_api::Error::Policy(report.into()).into());
                }
                (password, report, false)
            }
            Wanted::Generated => {
                let check = |password: &Password| recipient.check(password);
                let (password, report) = generate::satisfying(&info.policy(), None, check)?;
                (password, report, true)
            }
        };
        let (len, max) = (password.len(), recipient.key().max_password_len());
        if len > max {
            return Err(pwseal::Error::PasswordTooLong { len, max }.into());
        }
        if !report.all_passed() {
            answers.summary.not_all_checked += 1;
        }
        let id = |id: &Option<Cow<'l, str>>| id.clone().unwrap_or_default();
        Ok(Body {
            ids: BodyIds {
                identity_id: id(&info.identity_id),
                source_id: id(&info.source_id),
                account_id: id(&info.account(account)?.account_id),
                public_key_id: id(&info.public_key_id),
            },
            place: put(groups, recipient.key(), password),
            generated,
        })
    }
}

impl Group {
    fn encrypt(&self) -> Result<Ciphertexts, pwseal::Error> {
        let size = self.key.size();
        let mut bytes = vec![0; size * self.passwords.len()];
        self.key.encrypt_many_into(&self.passwords, &mut bytes)?;
        Ok(Ciphertexts { bytes, size })
    }
}

/// Puts a password beside the others for the same key.
fn put(groups: &mut Vec<Group>, key: &PublicKey, password: Password) -> (usize, usize) {
    let group = groups.iter().position(|group| group.key == *key);
    let group = group.unwrap_or_else(|| {
        groups.push(Group {
            key: key.clone(),
            passwords: Vec::new(),
        });
        groups.len() - 1
    });
    let passwords = &mut groups[group].passwords;
    passwords.push(password);
    (group, passwords.len() - 1)
}

/// The lines of the generated passwords, in a buffer that need not grow.
fn secrets(lines: &[Answer<'_>], groups: &[Group]) -> Zeroizing<Vec<u8>> {
    let generated = || {
        lines.iter().filter_map(|line| {
            let body = line.body.as_ref().ok().filter(|body| body.generated)?;
            let (group, index) = body.place;
            Some((line, &body.ids, &groups[group].passwords[index]))
        })
    };
    // Six characters for one are the most that JSON ever takes.
    let len = |(line, ids, password): (&Answer<'_>, &BodyIds<'_>, &Password)| {
        let ids = ids.identity_id.len() + ids.source_id.len() + ids.account_id.len();
        128 + line.id.len() + 6 * (ids + password.len())
    };
    let mut text = Zeroizing::new(Vec::with_capacity(generated().map(len).sum()));
    for (line, ids, password) in generated() {
        let password = std::str::from_utf8(password.expose()).expect("it is generated as ASCII");
        id(&mut text, &line.id);
        field(&mut text, ",\"line\":", &line.line);
        field(&mut text, ",\"identityId\":", &ids.identity_id);
        field(&mut text, ",\"sourceId\":", &ids.source_id);
        field(&mut text, ",\"accountId\":", &ids.account_id);
        field(&mut text, ",\"password\":", password);
        text.extend_from_slice(b"}\n");
    }
    text
}

impl Answers {
    fn push(&mut self, line: Answer<'_>, encrypted: &[Result<Ciphertexts, pwseal::Error>]) {
        let sealed = line.body.and_then(|body| {
            let (group, index) = body.place;
            match &encrypted[group] {
                Ok(Ciphertexts { bytes, size }) => Ok((body.ids, &bytes[index * size..][..*size])),
                Err(error) => Err(error.clone().into()),
            }
        });
        let text = &mut self.requests;
        id(text, &line.id);
        match sealed {
            Ok((ids, ciphertext)) => {
                self.summary.requests += 1;
                // The fields have the order that `pwseal request` gives them.
                field(text, ",\"request\":{\"identityId\":", &ids.identity_id);
                text.extend_from_slice(b",\"encryptedPassword\":\"");
                push_base64(text, ciphertext);
                field(text, "\",\"publicKeyId\":", &ids.public_key_id);
                field(text, ",\"accountId\":", &ids.account_id);
                field(text, ",\"sourceId\":", &ids.source_id);
            }
            Err(Problem { kind, message }) => {
                self.summary.add_error(kind);
                field(text, ",\"line\":", &line.line);
                field(text, ",\"error\":{\"kind\":", kind);
                field(text, ",\"message\":", &message);
            }
        }
        text.extend_from_slice(b"}}\n");
    }
}

/// Base64 needs no escapes.
fn push_base64(text: &mut Vec<u8>, bytes: &[u8]) {
    let start = text.len();
    text.resize(start + bytes.len().div_ceil(3) * 4, 0);
    let written = STANDARD.encode_slice(bytes, &mut text[start..]);
    debug_assert_eq!(written, Ok(text.len() - start));
}

fn id(text: &mut Vec<u8>, id: &str) {
    text.extend_from_slice(b"{\"id\":");
    text.extend_from_slice(id.as_bytes());
}

fn field(text: &mut Vec<u8>, name: &str, value: &(impl Serialize + ?Sized)) {
    text.extend_from_slice(name.as_bytes());
    serde_json::to_writer(text, value).expect("strings and numbers are always serialised");
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Generate(error) => error.into(),
            failure => Self::new("not-generated", failure),
        }
    }
}
