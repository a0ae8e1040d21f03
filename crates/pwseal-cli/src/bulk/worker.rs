//! From a batch of lines to the lines that answer them.

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pwseal::{Password, PublicKey};
use pwseal_api::{KeyCache, PasswordInfo};
use serde::Serialize;
use sha2::{Digest, Sha256};
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

/// Ciphertexts in base64, one after the other.
struct Ciphertexts {
    text: Vec<u8>,
    /// The length of each.
    len: usize,
}

/// What a batch becomes.
#[derive(Default)]
pub(super) struct Answers {
    /// One line for each.
    pub(super) requests: Vec<u8>,
    /// One line for each password that was generated and encrypted.
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
        let encrypted: Vec<_> = groups.iter().map(Group::encrypt).collect();
        answers.secrets = secrets(&lines, &groups, &encrypted);
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
        let info = info(&order.whose, self.infos.as_deref(), &mut self.finder)?;
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

    /// Whether the account that a line names has this id. One that names none may have any.
    pub(super) fn names_account(&mut self, order: &Order<'_>, id: &str) -> bool {
        let Some(named) = order.account.as_deref() else {
            return true;
        };
        named == id
            || info(&order.whose, self.infos.as_deref(), &mut self.finder)
                .ok()
                .and_then(|info| info.account(Some(named)).ok())
                .is_some_and(|account| account.account_id.as_deref() == Some(id))
    }
}

/// The password-info of a line: its own, or one of `--info`.
fn info<'s, 'l>(
    whose: &'s Whose<'l>,
    infos: Option<&Infos>,
    finder: &'s mut Finder,
) -> Result<&'s PasswordInfo<'l>, Problem> {
    match (whose, infos) {
        (Whose::Info(info), _) => Ok(info),
        (Whose::Ids(ids), Some(infos)) => finder.find(infos, ids),
        (Whose::Ids(_), None) => Err(Problem::missing(
            "info, and there is no --info to take one from by its ids",
        )),
    }
}

impl Group {
    fn encrypt(&self) -> Result<Ciphertexts, pwseal::Error> {
        let size = self.key.size();
        let mut bytes = vec![0; size * self.passwords.len()];
        self.key.encrypt_many_into(&self.passwords, &mut bytes)?;
        let len = size.div_ceil(3) * 4;
        let mut text = vec![0; len * self.passwords.len()];
        for (bytes, text) in bytes.chunks_exact(size).zip(text.chunks_exact_mut(len)) {
            let written = STANDARD.encode_slice(bytes, text);
            debug_assert_eq!(written, Ok(len));
        }
        Ok(Ciphertexts { text, len })
    }
}

impl Ciphertexts {
    fn get(&self, index: usize) -> &[u8] {
        &self.text[index * self.len..][..self.len]
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

/// What binds a generated password to its request: the SHA-256 of the text of `encryptedPassword`.
pub(super) fn binding(encrypted_password: &[u8]) -> String {
    let digest = Sha256::digest(encrypted_password);
    digest
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The lines of the generated passwords, in a buffer that need not grow.
fn secrets(
    lines: &[Answer<'_>],
    groups: &[Group],
    encrypted: &[Result<Ciphertexts, pwseal::Error>],
) -> Zeroizing<Vec<u8>> {
    let generated = || {
        lines.iter().filter_map(|line| {
            let body = line.body.as_ref().ok().filter(|body| body.generated)?;
            let (group, index) = body.place;
            let ciphertext = encrypted[group].as_ref().ok()?.get(index);
            let password = &groups[group].passwords[index];
            Some((line, &body.ids, ciphertext, password))
        })
    };
    // Six characters for one are the most that JSON ever takes.
    let len = |(line, ids, _, password): (&Answer<'_>, &BodyIds<'_>, &[u8], &Password)| {
        let ids = ids.identity_id.len() + ids.source_id.len() + ids.account_id.len();
        256 + line.id.len() + 6 * (ids + password.len())
    };
    let mut text = Zeroizing::new(Vec::with_capacity(generated().map(len).sum()));
    for (line, ids, ciphertext, password) in generated() {
        let password = std::str::from_utf8(password.expose()).expect("it is generated as ASCII");
        id(&mut text, &line.id);
        field(&mut text, ",\"line\":", &line.line);
        field(&mut text, ",\"identityId\":", &ids.identity_id);
        field(&mut text, ",\"sourceId\":", &ids.source_id);
        field(&mut text, ",\"accountId\":", &ids.account_id);
        let binding = binding(ciphertext);
        field(&mut text, ",\"encryptedPasswordSha256\":", &binding);
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
                Ok(ciphertexts) => Ok((body.ids, body.generated, ciphertexts.get(index))),
                Err(error) => Err(error.clone().into()),
            }
        });
        let text = &mut self.requests;
        id(text, &line.id);
        match sealed {
            Ok((ids, generated, ciphertext)) => {
                self.summary.add_request(generated);
                // The fields have the order that `pwseal request` gives them.
                field(text, ",\"request\":{\"identityId\":", &ids.identity_id);
                // Base64 needs no escapes.
                text.extend_from_slice(b",\"encryptedPassword\":\"");
                text.extend_from_slice(ciphertext);
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
