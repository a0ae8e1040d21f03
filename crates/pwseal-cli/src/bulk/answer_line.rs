//! A line out, and a line of generated passwords: how they are written, and how `--resume` reads them.

use std::borrow::Cow;
use std::io::Write;
use std::mem;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use memchr::memchr_iter;
use pwseal::policy::{Outcome as Checked, Report};
use pwseal::{Password, PasswordWarnings};
use pwseal_api::{PasswordChangeRequest, Recipient};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::problem::{Kind, Problem};
use super::secret::Secret;
use super::seen::{Marks, Repeated};

/// How each line begins. Its id follows.
const BEGINNING: &str = "{\"id\":";

/// The length of a SHA-256 digest in hexadecimal.
const BINDING_LEN: usize = 64;

/// What lines become.
#[derive(Default)]
pub(super) struct Answers {
    /// One line for each.
    pub(super) requests: Vec<u8>,
    /// One line for each password that was generated and encrypted.
    pub(super) secrets: Secret,
    /// Of each line.
    pub(super) lines: Vec<Answered>,
    /// The number of the first line.
    pub(super) first: u64,
    /// Names of fields that were skipped, and not before.
    pub(super) skipped: Vec<String>,
}

/// What became of a line, and what it must not have in common with an earlier one.
#[derive(Clone, Copy)]
pub(super) struct Answered {
    pub(super) outcome: Outcome,
    pub(super) marks: Marks,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outcome {
    Request {
        generated: bool,
        /// Whether the line has warnings.
        warned: bool,
        /// Whether the password was checked against every rule of its policies.
        all_checked: bool,
    },
    Error(Kind),
}

/// What is left out of the lines of a request until its password is encrypted.
pub(super) struct Gap {
    /// Where in the requests the encrypted password belongs.
    encrypted: Range<usize>,
    /// Where in the secrets its digest begins, if the password was generated.
    binding: Option<usize>,
}

impl Answers {
    pub(super) fn clear(&mut self) {
        self.requests.clear();
        self.secrets.clear();
        self.lines.clear();
        self.skipped.clear();
    }

    /// Adds a request for a password, and with the number of its line and the password itself one that was generated.
    pub(super) fn add_request(
        &mut self,
        id: &str,
        recipient: &Recipient<'_>,
        warnings: PasswordWarnings,
        report: &Report,
        generated: Option<(u64, &Password)>,
        marks: Marks,
    ) -> Gap {
        self.lines.push(Answered {
            outcome: Outcome::Request {
                generated: generated.is_some(),
                warned: !warnings.is_empty(),
                all_checked: report.all_passed(),
            },
            marks,
        });
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
        if !report.all_passed() {
            add_not_checked(text, report);
        }
        push(text, b"}\n");
        let secret = |(line, password)| self.add_secret(line, id, recipient, password);
        Gap {
            encrypted,
            binding: generated.map(secret),
        }
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
    pub(super) fn fill(&mut self, gap: &Gap, block: &[u8]) {
        let text = &mut self.requests[gap.encrypted.clone()];
        let written = STANDARD.encode_slice(block, text);
        debug_assert_eq!(written, Ok(text.len()));
        if let Some(start) = gap.binding {
            self.secrets.write_at(start, &binding(text));
        }
    }

    /// Adds the line of one that gives no request.
    pub(super) fn refuse(&mut self, line: u64, id: &str, problem: &Problem, marks: Marks) {
        let outcome = Outcome::Error(problem.kind);
        self.lines.push(Answered { outcome, marks });
        write_error(&mut self.requests, line, id, problem);
    }

    /// Takes back the requests of lines that have something in common with earlier ones, by their indices, and their
    /// passwords.
    pub(super) fn take_back(&mut self, repeated: &[(usize, Repeated)]) {
        let requests = mem::take(&mut self.requests);
        let secrets = mem::take(&mut self.secrets);
        let mut passwords = whole_lines(secrets.bytes());
        let mut repeated = repeated.iter().peekable();
        for (index, request) in whole_lines(&requests).enumerate() {
            let Answered { outcome, .. } = &mut self.lines[index];
            let generated = matches!(
                outcome,
                Outcome::Request {
                    generated: true,
                    ..
                }
            );
            let password = generated.then(|| passwords.next()).flatten();
            match repeated.next_if(|(repeated, _)| *repeated == index) {
                Some((_, what)) => {
                    let problem = Problem::repeated(*what);
                    *outcome = Outcome::Error(problem.kind);
                    let line = self.first + index as u64;
                    write_error(&mut self.requests, line, id(request), &problem);
                }
                None => {
                    push(&mut self.requests, request);
                    push(&mut self.secrets, password.unwrap_or_default());
                }
            }
        }
    }
}

/// Adds the rules that a password was not checked against.
fn add_not_checked(text: &mut Vec<u8>, report: &Report) {
    let mut before = ",\"notChecked\":[{\"rule\":";
    for finding in report.findings() {
        if let Checked::NotChecked(reason) = finding.outcome() {
            field(text, before, finding.rule().text());
            field(text, ",\"reason\":", reason.name());
            field(text, ",\"message\":", &finding.to_string());
            before = "},{\"rule\":";
        }
    }
    push(text, b"}]");
}

fn write_error(text: &mut Vec<u8>, line: u64, id: &str, problem: &Problem) {
    begin(text, id);
    push(text, format!(",\"line\":{line}").as_bytes());
    field(text, ",\"error\":{\"kind\":", problem.kind.name());
    field(text, ",\"message\":", &problem.message);
    push(text, b"}}\n");
}

fn begin(text: &mut impl Write, id: &str) {
    push(text, BEGINNING.as_bytes());
    push(text, id.as_bytes());
}

fn field(text: &mut impl Write, name: &str, value: &str) {
    push(text, name.as_bytes());
    serde_json::to_writer(text, value).expect("strings are always serialised");
}

fn push(text: &mut impl Write, bytes: &[u8]) {
    text.write_all(bytes).expect("memory takes all");
}

/// Lines with the line feeds that end them. There are none within: JSON escapes them.
fn whole_lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    memchr_iter(b'\n', text).map(move |end| &text[mem::replace(&mut start, end + 1)..=end])
}

/// The id of a line that was written here.
fn id(line: &[u8]) -> &str {
    let rest = &line[BEGINNING.len()..];
    let mut ids = serde_json::Deserializer::from_slice(rest).into_iter::<&RawValue>();
    ids.next()
        .and_then(Result::ok)
        .map_or("null", RawValue::get)
}

/// What binds a generated password to its request: the SHA-256 of the text of `encryptedPassword`.
fn binding(encrypted_password: &[u8]) -> [u8; BINDING_LEN] {
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

/// A line of output.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Answer<'l> {
    #[serde(borrow)]
    id: &'l RawValue,
    #[serde(borrow)]
    pub(super) request: Option<Request<'l>>,
    #[serde(default)]
    warnings: Vec<Warning>,
    #[serde(default)]
    not_checked: Vec<NotChecked>,
    pub(super) line: Option<u64>,
    #[serde(borrow)]
    pub(super) error: Option<Refusal<'l>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request<'l> {
    #[serde(borrow)]
    pub(super) identity_id: Cow<'l, str>,
    #[serde(borrow)]
    encrypted_password: Cow<'l, str>,
    #[serde(rename = "publicKeyId")]
    _public_key_id: IgnoredAny,
    #[serde(borrow)]
    pub(super) account_id: Cow<'l, str>,
    #[serde(borrow)]
    pub(super) source_id: Cow<'l, str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Refusal<'l> {
    #[serde(borrow)]
    kind: Cow<'l, str>,
    #[serde(rename = "message")]
    _message: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Warning {
    #[serde(rename = "kind")]
    _kind: IgnoredAny,
    #[serde(rename = "message")]
    _message: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotChecked {
    #[serde(rename = "rule")]
    _rule: IgnoredAny,
    #[serde(rename = "reason")]
    _reason: IgnoredAny,
    #[serde(rename = "message")]
    _message: IgnoredAny,
}

/// A line of generated passwords, without the password.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SecretLine {
    id: Box<RawValue>,
    pub(super) line: u64,
    identity_id: String,
    source_id: String,
    account_id: String,
    pub(super) encrypted_password_sha256: String,
    #[serde(rename = "password")]
    _password: IgnoredAny,
}

impl<'l> Answer<'l> {
    /// `None` if it is no line that was written here.
    pub(super) fn read(line: &'l [u8]) -> Option<Self> {
        let answer: Self = from_object(line)?;
        let is_request = answer.request.is_some();
        let is_one = is_request == answer.error.is_none()
            && is_request == answer.line.is_none()
            && (is_request || answer.warnings.is_empty() && answer.not_checked.is_empty());
        is_one.then_some(answer)
    }

    /// The id as JSON.
    pub(super) fn id(&self) -> &'l str {
        self.id.get()
    }

    /// What became of the line, whose password was generated or not. `None` if it is an error of a kind that is not known
    /// here.
    pub(super) fn outcome(&self, generated: bool) -> Option<Outcome> {
        Some(match &self.error {
            Some(error) => Outcome::Error(Kind::named(&error.kind)?),
            None => Outcome::Request {
                generated,
                warned: !self.warnings.is_empty(),
                all_checked: self.not_checked.is_empty(),
            },
        })
    }
}

impl SecretLine {
    /// `None` if it is no line that was written here.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        from_object(line)
    }

    /// Whether its password is that of a request.
    pub(super) fn is_for(&self, number: u64, answer: &Answer<'_>) -> bool {
        self.line == number
            && self.id.get() == answer.id()
            && answer.request.as_ref().is_some_and(|request| {
                self.identity_id == request.identity_id
                    && self.source_id == request.source_id
                    && self.account_id == request.account_id
                    && self.encrypted_password_sha256.as_bytes()
                        == binding(request.encrypted_password.as_bytes())
            })
    }
}

/// Reads a line that begins as ours do: serde also takes an array for a struct.
fn from_object<'l, T: Deserialize<'l>>(line: &'l [u8]) -> Option<T> {
    let line = std::str::from_utf8(line).ok()?;
    line.starts_with(BEGINNING)
        .then(|| serde_json::from_str(line).ok())?
}

/// Whether a line is the beginning of the answer to this line of input.
pub(super) fn begins_answer(line: &[u8], number: u64) -> bool {
    let error = format!(",\"line\":{number},\"error\":{{\"kind\":");
    let request = [",\"request\":", PasswordChangeRequest::BEGINNING].concat();
    after_id(line).is_some_and(|rest| agree(rest, &request) || agree(rest, &error))
}

/// Whether a line is the beginning of one with a generated password.
pub(super) fn begins_secret(line: &[u8]) -> bool {
    const LINE: &str = ",\"line\":";
    after_id(line).is_some_and(|rest| {
        let after = rest.iter().skip(LINE.len());
        agree(rest, LINE)
            && agree(
                after.skip_while(|byte| byte.is_ascii_digit()),
                ",\"identityId\":",
            )
    })
}

/// What follows the id, which is nothing if the line ends before; `None` if it does not begin with one.
fn after_id(line: &[u8]) -> Option<&[u8]> {
    let rest = line.get(BEGINNING.len()..).unwrap_or_default();
    if !agree(line, BEGINNING) || rest.first().is_some_and(u8::is_ascii_whitespace) {
        return None;
    }
    let mut ids = serde_json::Deserializer::from_slice(rest).into_iter::<&RawValue>();
    match ids.next() {
        Some(Ok(_)) => Some(&rest[ids.byte_offset()..]),
        Some(Err(error)) if !error.is_eof() => None,
        _ => Some(&[]),
    }
}

/// Whether the shorter one of two texts is the beginning of the other.
fn agree<'l>(text: impl IntoIterator<Item = &'l u8>, expected: &str) -> bool {
    text.into_iter()
        .zip(expected.as_bytes())
        .all(|(byte, expected)| byte == expected)
}
