//! From a batch of lines to the lines that answer them.

use std::borrow::Cow;
use std::sync::Arc;

use pwseal::policy::{Context, GenerateOptions};
use pwseal::{BYTE_ORDER_MARK, PasswordWarnings, SysRng};
use pwseal_api::{Accepted, EncryptionQueue, KeyCache, PasswordInfo};

use super::answer_line::{Answers, Gap};
use super::csv::{Fault, Header};
use super::infos::{Finder, Infos};
use super::input::LINE_LIMIT;
use super::names::COLUMNS;
use super::order::{self, Account, Order, Row, Wanted, Whose};
use super::problem::{Kind, Problem};
use super::seen::{Marker, Marks};

/// What the lines of the input are.
#[derive(Clone)]
pub(super) enum Format {
    Json,
    Csv(Box<Header<{ COLUMNS.len() }>>),
}

/// What is the same for all lines.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) format: Format,
    /// Of `--info`.
    pub(super) infos: Option<Arc<Infos>>,
    /// What passwords are compared with beside the account.
    pub(super) context: Context,
    /// What generated passwords are made of. `None` if none may be generated, as they would be lost.
    pub(super) generate: Option<GenerateOptions>,
    /// Whether a password must be checked against every rule.
    pub(super) strict: bool,
    pub(super) marker: Marker,
}

/// What one core works with.
pub(super) struct Worker {
    setting: Setting,
    finder: Finder,
    keys: KeyCache,
    queue: EncryptionQueue,
    /// Of each password in the queue.
    gaps: Vec<Gap>,
    /// Names of fields that were skipped and told.
    skipped: Vec<String>,
}

/// A line that was read: its id as JSON, and what it orders.
type Read<'l> = (Cow<'l, str>, Result<Order<'l>, Problem>);

/// How many bytes of requests are held before they are written. A batch has less with keys of up to 4096 bits, unless its
/// ids are far longer than any real one.
const ENOUGH: usize = 1 << 20;

/// The most accounts and the most policies of a password-info. In memory they take many times as much as in
/// JSON, and policies are kept with their keys.
const MAX_ENTRIES: usize = 4096;

/// The most names of skipped fields that are told.
const MAX_SKIPPED: usize = 32;

impl Worker {
    pub(super) fn new(setting: Setting) -> Self {
        Self {
            setting,
            finder: Finder::default(),
            keys: KeyCache::new(),
            queue: EncryptionQueue::new(),
            gaps: Vec::new(),
            skipped: Vec::new(),
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
        let mut last = None;
        let all = lines.clone();
        for (number, line) in &mut *lines {
            let (id, order) = match self.read(number, line) {
                Ok(read) => read,
                Err(why) => {
                    last = Some(why);
                    break;
                }
            };
            if self.setting.generate.is_none()
                && order.as_ref().is_ok_and(|order| order.is_generated())
            {
                last = Some(lost(number));
                break;
            }
            if answers.lines.is_empty() {
                answers.first = number;
            }
            let requested = order.and_then(|order| self.request(number, &id, order, answers));
            if let Err(problem) = requested {
                let marks = Marks {
                    id: self.setting.marker.id(&id),
                    account: None,
                };
                answers.refuse(number, &id, &problem, marks);
            }
            if answers.requests.len() > ENOUGH {
                break;
            }
        }
        let gaps = &self.gaps;
        let encrypted = self.queue.encrypt(|place, block| {
            answers.fill(&gaps[place], block);
        });
        self.gaps.clear();
        if let Err(error) = encrypted {
            let taken = answers.lines.len();
            self.refuse(all.take(taken), &error, answers);
        }
        last
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
            let Ok((id, order)) = self.read(number, line) else {
                return;
            };
            let problem = order.err().unwrap_or_else(|| error.clone().into());
            let marks = Marks {
                id: self.setting.marker.id(&id),
                account: None,
            };
            answers.refuse(number, &id, &problem, marks);
        }
    }

    /// Reads a line. An error says why it is not known where the next line begins.
    pub(super) fn read<'l>(&self, number: u64, line: Option<&'l [u8]>) -> Result<Read<'l>, String> {
        let nobody = Cow::Borrowed("null");
        let open = |what| {
            format!(
                "line {number} {what}: what follows could be the rest of a cell, and is not read"
            )
        };
        match (&self.setting.format, line) {
            (Format::Json, None) => Ok((nobody, Err(Problem::line_too_long(LINE_LIMIT)))),
            (Format::Json, Some(line)) => {
                Ok(order::from_json(match line.strip_prefix(BYTE_ORDER_MARK) {
                    Some(line) if number == 1 => line,
                    _ => line,
                }))
            }
            (Format::Csv(_), None) => Err(open("is too long to be read")),
            (Format::Csv(header), Some(line)) => {
                let cells = match header.cells(line) {
                    Ok(cells) => cells,
                    Err(Fault::Open(what)) => return Err(open(what)),
                    Err(Fault::Line(problem)) => return Ok((nobody, Err(problem))),
                };
                Ok(match header.row(&cells) {
                    Ok(row) => {
                        let row = Row::from(row);
                        (row.json_id(), row.order())
                    }
                    Err(problem) => (nobody, Err(problem)),
                })
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
        answers: &mut Answers,
    ) -> Result<(), Problem> {
        for name in &order.skipped {
            if self.skipped.len() < MAX_SKIPPED && !self.skipped.iter().any(|known| known == name) {
                self.skipped.push(name.to_string());
                answers.skipped.push(name.to_string());
            }
        }
        let setting = &self.setting;
        let info = info(&order.whose, setting.infos.as_deref(), &mut self.finder)?;
        let policies = info.policies.as_ref().map_or(0, Vec::len);
        if info.accounts.len().max(policies) > MAX_ENTRIES {
            return Err(Problem::new(
                Kind::PasswordInfo,
                format_args!("the password-info has more than {MAX_ENTRIES} accounts or policies"),
            ));
        }
        let account = order.account.id_in(&info)?;
        let recipient = info.recipient_cached(account, &mut self.keys)?;
        let recipient = recipient.with_context(&setting.context);
        let generated = order.is_generated();
        let (password, report, warnings) = match order.password {
            Wanted::Given(password) => {
                let Accepted {
                    password,
                    report,
                    warnings,
                    ..
                } = recipient.accept(password)?;
                (password, report, warnings)
            }
            Wanted::Generated => {
                let (password, report) =
                    recipient.generate(&mut SysRng, setting.generate.unwrap_or_default())?;
                (password, report, PasswordWarnings::NONE)
            }
        };
        if setting.strict && !report.all_passed() {
            return Err(Problem::not_checked(&report));
        }
        let marks = Marks {
            id: setting.marker.id(id),
            account: Some(
                setting
                    .marker
                    .account(recipient.source_id(), recipient.account_id()),
            ),
        };
        recipient.key().check_password_len(password.len())?;
        let secret = generated.then_some((line, &password));
        let gap = answers.add_request(id, &recipient, warnings, &report, secret, marks);
        self.queue.add(&recipient, password)?;
        self.gaps.push(gap);
        Ok(())
    }

    /// What tells a line that was answered earlier from others.
    pub(super) fn marks(&self, id: &str, request: Option<[&str; 2]>) -> Marks {
        let marker = &self.setting.marker;
        Marks {
            id: marker.id(id),
            account: request.map(|[source_id, account_id]| marker.account(source_id, account_id)),
        }
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
            _ => info(
                &order.whose,
                self.setting.infos.as_deref(),
                &mut self.finder,
            )
            .is_ok_and(|info| is(&info)),
        }
    }
}

/// Why a line is not answered whose generated password nobody would get to know.
pub(super) fn lost(line: u64) -> String {
    format!(
        "line {line} wants a generated password: --secrets-out FILE keeps it, and with --generated-not-kept nobody gets \
         to know it"
    )
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

#[cfg(test)]
mod tests {
    use pwseal::Error;
    use pwseal::policy::{Context, GenerateOptions};
    use serde_json::{Value, json};

    use super::{Answers, Format, Setting, Worker};
    use crate::bulk::answer_line::Outcome;
    use crate::bulk::lines::Lines;
    use crate::bulk::problem::Kind;
    use crate::bulk::seen::{Marker, Repeated};

    fn setting() -> Setting {
        Setting {
            format: Format::Json,
            infos: None,
            context: Context::new(),
            generate: Some(GenerateOptions::default()),
            strict: false,
            marker: Marker::default(),
        }
    }

    fn answered(worker: &mut Worker, input: &str) -> Answers {
        let mut lines = Lines::new(input.as_bytes(), 4096);
        let mut batch = lines.batch();
        assert!(lines.read(&mut batch, 8).expect("it is read"));
        let mut answers = Answers::default();
        worker.answer(&mut batch.iter(), &mut answers);
        answers
    }

    fn info() -> Value {
        serde_json::from_slice(include_bytes!("../../tests/data/password-info.json"))
            .expect("the example")
    }

    fn values(lines: &[u8]) -> Vec<Value> {
        let lines = serde_json::Deserializer::from_slice(lines).into_iter();
        lines.map(|line| line.expect("a line")).collect()
    }

    fn outcomes(answers: &Answers) -> Vec<Outcome> {
        answers.lines.iter().map(|line| line.outcome).collect()
    }

    const GENERATED: Outcome = Outcome::Request {
        generated: true,
        warned: false,
        all_checked: true,
    };

    #[test]
    fn without_random_numbers_every_line_is_refused() {
        let input = format!(
            "{}\n{}\n",
            json!({"id": "a\"b", "info": info(), "generate": true}),
            json!({"id": 2, "info": info()}),
        );
        let mut lines = Lines::new(input.as_bytes(), 4096);
        let mut batch = lines.batch();
        assert!(lines.read(&mut batch, 8).expect("it is read"));

        let mut worker = Worker::new(setting());
        let mut answers = answered(&mut worker, &input);
        let missing = Outcome::Error(Kind::MissingField);
        assert_eq!(outcomes(&answers), [GENERATED, missing]);
        assert!(!answers.secrets.bytes().is_empty());

        worker.refuse(batch.iter(), &Error::RandomSource, &mut answers);
        assert_eq!(
            outcomes(&answers),
            [Outcome::Error(Kind::RandomSource), missing]
        );
        assert!(answers.secrets.bytes().is_empty());
        let answers = values(&answers.requests);
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

    #[test]
    fn what_is_taken_back_takes_its_password_with_it() {
        let line = |id: &Value, field: &str, value: Value| {
            let mut line = json!({"id": id, "info": info()});
            line[field] = value;
            line.to_string() + "\n"
        };
        let ids = [json!({"a\n": [1, "\""]}), json!(null), json!("x"), json!(4)];
        let input = line(&ids[0], "generate", true.into())
            + &line(&ids[1], "generate", true.into())
            + &line(&ids[2], "password", "correct horse 7".into())
            + &line(&ids[3], "generate", true.into());
        let mut answers = answered(&mut Worker::new(setting()), &input);
        answers.take_back(&[(0, Repeated::Id(7)), (2, Repeated::Account(8))]);
        let refused = |kind| Outcome::Error(kind);
        assert_eq!(
            outcomes(&answers),
            [
                refused(Kind::IdRepeated),
                GENERATED,
                refused(Kind::AccountRepeated),
                GENERATED
            ]
        );
        let requests = values(&answers.requests);
        for (index, id) in ids.iter().enumerate() {
            assert_eq!(requests[index]["id"], *id);
            let is_request = requests[index]["request"].is_object();
            assert_eq!(is_request, index % 2 == 1);
            if !is_request {
                assert_eq!(requests[index]["line"], index + 1);
            }
        }
        let secrets = values(answers.secrets.bytes());
        let lines: Vec<_> = secrets.iter().map(|secret| &secret["line"]).collect();
        assert_eq!(lines, [2, 4]);
    }
}
