//! From a batch of lines to the lines that answer them.

use std::borrow::Cow;
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pwseal::{BYTE_ORDER_MARK, Password, PasswordWarnings, PublicKey, SysRng};
use pwseal_api::{KeyCache, PasswordInfo, Recipient};
use sha2::{Digest, Sha256};

use super::csv::Header;
use super::infos::{Finder, Infos};
use super::input::LINE_LIMIT;
use super::order::{self, Account, Order, Wanted, Whose};
use super::problem::Problem;
use super::secret::Secret;
use super::summary::Outcome;

/// What the lines of the input are.
#[derive(Clone)]
pub(super) enum Format {
    Json,
    Csv(Box<Header>),
}

/// What one core works with.
pub(super) struct Worker {
    format: Format,
    /// Of `--info`.
    infos: Option<Arc<Infos>>,
    finder: Finder,
    keys: KeyCache,
    /// Where ciphertexts come to be.
    blocks: Vec<u8>,
}

/// What lines become.
#[derive(Default)]
pub(super) struct Answers {
    /// One line for each.
    pub(super) requests: Vec<u8>,
    /// One line for each password that was generated and encrypted.
    pub(super) secrets: Secret,
    /// Of each line.
    pub(super) outcomes: Vec<Outcome>,
}

/// The passwords for one key, and where their ciphertexts are to be written.
struct Group {
    key: PublicKey,
    passwords: Vec<Password>,
    gaps: Vec<Gap>,
}

/// What is left out of the lines of a request until its password is encrypted.
struct Gap {
    /// Where in the requests the encrypted password belongs.
    encrypted: Range<usize>,
    /// Where in the secrets its digest begins, if the password was generated.
    binding: Option<usize>,
}

/// How many bytes of requests are held before they are written. A batch has less with keys of up to 4096 bits, unless its
/// ids are far longer than any real one.
const ENOUGH: usize = 1 << 20;

/// The most accounts and the most policies of a password-info. In memory they take many times as much as in
/// JSON, and policies are kept with their keys.
const MAX_ENTRIES: usize = 4096;

/// The length of a SHA-256 digest in hexadecimal.
const BINDING_LEN: usize = 64;

impl Worker {
    pub(super) fn new(format: Format, infos: Option<Arc<Infos>>) -> Self {
        Self {
            format,
            infos,
            finder: Finder::default(),
            keys: KeyCache::new(),
            blocks: Vec::new(),
        }
    }

    /// One line for each line, until there are none or there is enough to be written. Returns why a line cannot be
    /// answered, and none after it.
    pub(super) fn answer<'l>(
        &mut self,
        lines: &mut (impl ExactSizeIterator<Item = (u64, Option<&'l [u8]>)> + Clone),
        answers: &mut Answers,
    ) -> Option<String> {
        answers.clear();
        let mut groups = Vec::new();
        let mut last = None;
        let all = lines.clone();
        for (number, line) in &mut *lines {
            last = self.why_last(number, line);
            if last.is_some() {
                break;
            }
            let (id, order) = self.read(number, line);
            let requested =
                order.and_then(|order| self.request(number, &id, order, &mut groups, answers));
            if let Err(problem) = requested {
                answers.refuse(number, &id, &problem);
            }
            if answers.requests.len() > ENOUGH {
                break;
            }
        }
        let mut encrypted = groups.iter().map(|group| self.encrypt(group, answers));
        if let Err(error) = encrypted.try_for_each(|encrypted| encrypted) {
            let taken = answers.outcomes.len();
            self.refuse(all.take(taken), &error, answers);
        }
        last
    }

    /// Why it is not known where the next line begins, if it is not.
    pub(super) fn why_last(&self, number: u64, line: Option<&[u8]>) -> Option<String> {
        let what = match (&self.format, line) {
            (Format::Json, _) => return None,
            (Format::Csv(_), None) => "is too long to be read",
            (Format::Csv(header), Some(line)) => header.left_open(line)?,
        };
        Some(format!(
            "line {number} {what}: what follows could be the rest of a cell, and is not read"
        ))
    }

    /// Without random numbers there is no request.
    fn refuse<'l>(
        &mut self,
        lines: impl Iterator<Item = (u64, Option<&'l [u8]>)>,
        error: &pwseal::Error,
        answers: &mut Answers,
    ) {
        answers.clear();
        for (number, line) in lines {
            let (id, order) = self.read(number, line);
            let problem = order.err().unwrap_or_else(|| error.clone().into());
            answers.refuse(number, &id, &problem);
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
        match &mut self.format {
            Format::Json => order::from_json(match line.strip_prefix(BYTE_ORDER_MARK) {
                Some(line) if number == 1 => line,
                _ => line,
            }),
            Format::Csv(header) => {
                let cells = match header.cells(line) {
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

    /// Finds the account and its key, puts the password where it will be encrypted, and writes all
    /// the rest.
    fn request(
        &mut self,
        line: u64,
        id: &str,
        order: Order<'_>,
        groups: &mut Vec<Group>,
        answers: &mut Answers,
    ) -> Result<(), Problem> {
        let info = info(&order.whose, self.infos.as_deref(), &mut self.finder)?;
        let policies = info.policies.as_ref().map_or(0, Vec::len);
        if info.accounts.len().max(policies) > MAX_ENTRIES {
            return Err(Problem::new(
                "password-info",
                format_args!("the password-info has more than {MAX_ENTRIES} accounts or policies"),
            ));
        }
        let account = order.account.id_in(&info)?;
        let recipient = info.recipient_cached(account, &mut self.keys)?;
        let generated = order.is_generated();
        let (password, report, warnings) = match order.password {
            Wanted::Given(password) => {
                let judged = password.into_judged()?;
                let report = recipient.check(judged.password());
                if report.has_violation() {
                    return Err(pwseal_api::Error::Policy(report.into()).into());
                }
                let warnings = judged.warnings();
                (judged.into_password(), report, warnings)
            }
            Wanted::Generated => {
                let (password, report) = recipient.generate(&mut SysRng, None)?;
                (password, report, PasswordWarnings::NONE)
            }
        };
        let (len, max) = (password.len(), recipient.key().max_password_len());
        if len > max {
            return Err(pwseal::Error::PasswordTooLong { len, max }.into());
        }
        answers.outcomes.push(Outcome::Request {
            generated,
            warned: !warnings.is_empty(),
            all_checked: report.all_passed(),
        });
        let gap = Gap {
            encrypted: answers.add_request(id, &recipient, warnings),
            binding: generated.then(|| answers.add_secret(line, id, &recipient, &password)),
        };
        put(groups, recipient.key(), password, gap);
        Ok(())
    }

    fn encrypt(&mut self, group: &Group, answers: &mut Answers) -> Result<(), pwseal::Error> {
        let size = group.key.size();
        let len = size * group.passwords.len();
        if self.blocks.len() < len {
            self.blocks.resize(len, 0);
        }
        let blocks = &mut self.blocks[..len];
        group.key.encrypt_many_into(&group.passwords, blocks)?;
        for (block, gap) in blocks.chunks_exact(size).zip(&group.gaps) {
            answers.fill(gap, block);
        }
        Ok(())
    }

    /// Whether the account that a line names has this id. One that names none may have any.
    pub(super) fn names_account(&mut self, order: &Order<'_>, id: &str) -> bool {
        let is = |info: &PasswordInfo<'_>| {
            let account = order.account.id_in(info);
            account.is_ok_and(|account| account == Some(id))
        };
        match &order.account {
            Account::Only => true,
            Account::Named(named) if *named == id => true,
            _ => info(&order.whose, self.infos.as_deref(), &mut self.finder)
                .is_ok_and(|info| is(&info)),
        }
    }
}

/// The password-info of a line: its own, or one of `--info`.
fn info<'s>(
    whose: &'s Whose<'_>,
    infos: Option<&Infos>,
    finder: &'s mut Finder,
) -> Result<Cow<'s, PasswordInfo<'s>>, Problem> {
    match (whose, infos) {
        (Whose::Info(info), _) => Ok(Cow::Borrowed(info)),
        (Whose::Ids(ids), Some(infos)) => finder.find(infos, ids),
        (Whose::Ids(_), None) => Err(Problem::missing(
            "info, and there is no --info to take one from by its ids",
        )),
    }
}

/// Puts a password beside the others for the same key.
fn put(groups: &mut Vec<Group>, key: &PublicKey, password: Password, gap: Gap) {
    let group = groups.iter().position(|group| group.key == *key);
    let group = group.unwrap_or_else(|| {
        groups.push(Group {
            key: key.clone(),
            passwords: Vec::new(),
            gaps: Vec::new(),
        });
        groups.len() - 1
    });
    groups[group].passwords.push(password);
    groups[group].gaps.push(gap);
}

/// What binds a generated password to its request: the SHA-256 of the text of `encryptedPassword`.
pub(super) fn binding(encrypted_password: &[u8]) -> [u8; BINDING_LEN] {
    let digest: [u8; BINDING_LEN / 2] = Sha256::digest(encrypted_password).into();
    let digit = |index: usize| {
        let byte = digest[index / 2];
        let half = if index.is_multiple_of(2) {
            byte >> 4
        } else {
            byte & 15
        };
        b"0123456789abcdef"[usize::from(half)]
    };
    std::array::from_fn(digit)
}

impl Answers {
    fn clear(&mut self) {
        self.requests.clear();
        self.secrets.clear();
        self.outcomes.clear();
    }

    /// Adds a request, and returns where its encrypted password belongs.
    fn add_request(
        &mut self,
        id: &str,
        recipient: &Recipient<'_>,
        warnings: PasswordWarnings,
    ) -> Range<usize> {
        let text = &mut self.requests;
        begin(text, id);
        push(text, b",\"request\":");
        let encrypted = recipient.write_body(text);
        let mut before = ",\"warnings\":[{\"kind\":";
        for warning in warnings.iter() {
            field(text, before, warning.name());
            field(text, ",\"message\":", &warning.to_string());
            before = "},{\"kind\":";
        }
        if !warnings.is_empty() {
            push(text, b"}]");
        }
        push(text, b"}\n");
        encrypted
    }

    /// Adds a generated password, and returns where the digest of its request belongs.
    fn add_secret(
        &mut self,
        line: u64,
        id: &str,
        recipient: &Recipient<'_>,
        password: &Password,
    ) -> usize {
        let password = std::str::from_utf8(password.expose()).expect("it is generated as ASCII");
        let text = &mut self.secrets;
        begin(text, id);
        push(text, format!(",\"line\":{line}").as_bytes());
        field(text, ",\"identityId\":", recipient.identity_id());
        field(text, ",\"sourceId\":", recipient.source_id());
        field(text, ",\"accountId\":", recipient.account_id());
        push(text, b",\"encryptedPasswordSha256\":\"");
        let binding = text.len();
        push(text, &[0; BINDING_LEN]);
        field(text, "\",\"password\":", password);
        push(text, b"}\n");
        binding
    }

    /// Writes a ciphertext where it belongs. Base64 needs no escapes.
    fn fill(&mut self, gap: &Gap, block: &[u8]) {
        let text = &mut self.requests[gap.encrypted.clone()];
        let written = STANDARD.encode_slice(block, text);
        debug_assert_eq!(written, Ok(text.len()));
        if let Some(start) = gap.binding {
            self.secrets.write_at(start, &binding(text));
        }
    }

    /// Adds the line of one that gives no request.
    fn refuse(&mut self, line: u64, id: &str, problem: &Problem) {
        self.outcomes.push(Outcome::Error(problem.kind));
        let text = &mut self.requests;
        begin(text, id);
        push(text, format!(",\"line\":{line}").as_bytes());
        field(text, ",\"error\":{\"kind\":", problem.kind);
        field(text, ",\"message\":", &problem.message);
        push(text, b"}}\n");
    }
}

fn begin(text: &mut impl Write, id: &str) {
    push(text, b"{\"id\":");
    push(text, id.as_bytes());
}

fn field(text: &mut impl Write, name: &str, value: &str) {
    push(text, name.as_bytes());
    serde_json::to_writer(text, value).expect("strings are always serialised");
}

fn push(text: &mut impl Write, bytes: &[u8]) {
    text.write_all(bytes).expect("memory takes all");
}

#[cfg(test)]
mod tests {
    use pwseal::Error;
    use serde_json::{Value, json};

    use super::{Answers, Format, Outcome, Worker};
    use crate::bulk::lines::Lines;

    #[test]
    fn without_random_numbers_every_line_is_refused() {
        let info: Value =
            serde_json::from_slice(include_bytes!("../../../../examples/password-info.json"))
                .expect("the example");
        let input = format!(
            "{}\n{}\n",
            json!({"id": "a\"b", "info": info, "generate": true}),
            json!({"id": 2, "info": info}),
        );
        let mut lines = Lines::new(input.as_bytes(), 4096);
        let mut batch = lines.batch();
        assert!(lines.read(&mut batch, 8).expect("it is read"));

        let (mut worker, mut answers) = (Worker::new(Format::Json, None), Answers::default());
        worker.answer(&mut batch.iter(), &mut answers);
        let generated = Outcome::Request {
            generated: true,
            warned: false,
            all_checked: true,
        };
        let missing = Outcome::Error("missing-field");
        assert_eq!(answers.outcomes, [generated, missing]);
        assert!(!answers.secrets.bytes().is_empty());

        worker.refuse(batch.iter(), &Error::RandomSource, &mut answers);
        assert_eq!(answers.outcomes, [Outcome::Error("random-source"), missing]);
        assert!(answers.secrets.bytes().is_empty());
        let answers: Vec<Value> = serde_json::Deserializer::from_slice(&answers.requests)
            .into_iter()
            .map(|answer| answer.expect("a line"))
            .collect();
        let found: Vec<_> = answers
            .iter()
            .map(|answer| (&answer["id"], &answer["line"], &answer["error"]["kind"]))
            .collect();
        let [a, two] = [json!("a\"b"), json!(2)];
        let [random, missing] = [json!("random-source"), json!("missing-field")];
        assert_eq!(
            found,
            [(&a, &json!(1), &random), (&two, &json!(2), &missing)]
        );
    }
}
