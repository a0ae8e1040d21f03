//! A password against the rules of a policy.

use alloc::string::String;
use alloc::vec::Vec;

use rsaep::without_traces;

use super::Policy;
use super::census::{Census, Count, DIGIT, LOWER, SPECIAL, UPPER};
use super::context::{Attribute, Context};
use super::report::{Counted, Outcome, Reason, Report, Verdict};
use super::requirement::Requirement;
use super::rule::{Rule, Value};
use super::section::{Minimum, Section, WordRule};
use super::text::{Haystack, Words};
use crate::judgement::Reading;
use crate::secret::Password;

/// Whether a word shorter than this counts is not documented, unless the policy sets a length of
/// its own. Active Directory's complexity rule has this limit.
const MIN_WORD_LENGTH: u64 = 3;

impl Policy {
    /// Compares a password with every rule.
    ///
    /// Of a password that [`judge`](Password::judge) refuses no body is made, so that no rule
    /// that is set is checked: [`Reason::NotText`].
    ///
    /// The time grows linearly with the password. It depends on the password, as does what
    /// the report says. The only copy made, in lowercase, is wiped.
    #[must_use]
    pub fn check(&self, password: &Password, context: &Context) -> Report {
        without_traces(|| self.report(password, context))
    }

    fn report(&self, password: &Password, context: &Context) -> Report {
        let reading = Reading::of(password);
        let secret = match characters(&reading) {
            Ok(secret) => secret,
            Err(reason) => {
                let verdicts = self.rules.iter().map(|rule| match rule.value {
                    Value::NotSet => Outcome::Passed.into(),
                    Value::Absent => Outcome::NotChecked(Reason::NoPolicies).into(),
                    _ => Outcome::NotChecked(reason).into(),
                });
                return Report::new(self.clone(), verdicts.collect(), reading.warnings);
            }
        };
        let compares_words = self.rules.iter().any(compares_words);
        let candidate = Candidate {
            // Most passwords are ASCII, of which nothing has to be decoded.
            census: match secret.is_ascii() {
                true => Census::of(secret.bytes().map(char::from)),
                false => Census::of(secret.chars()),
            },
            haystack: Haystack::of(if compares_words { secret } else { "" }),
            context,
        };
        let mut verdicts = Vec::with_capacity(self.rules.len());
        for rules in self.sections() {
            let section = Section::of(rules);
            let types = Types::of(&candidate.census, &section);
            let judge = |rule| candidate.judge(rule, &section, &types);
            verdicts.extend(rules.iter().map(judge));
        }
        Report::new(self.clone(), verdicts, reading.warnings)
    }
}

/// The characters of a password that a body can be made of, or why there are none to look at.
fn characters<'p>(reading: &Reading<'p>) -> Result<&'p str, Reason> {
    let text = reading.text.ok_or(Reason::NotUtf8)?;
    match reading.refusal {
        Some(_) => Err(Reason::NotText),
        None => Ok(text),
    }
}

fn compares_words(rule: &Rule) -> bool {
    matches!(
        rule.requirement,
        Some(
            Requirement::AccountId
                | Requirement::DisplayName
                | Requirement::Dictionary
                | Requirement::AccountAttributes
                | Requirement::IdentityAttributes
        )
    )
}

/// What is compared with the rules.
struct Candidate<'c> {
    census: Census,
    /// The password, or nothing where no rule compares words.
    haystack: Haystack,
    context: &'c Context,
}

/// How the character types stand against the minimums of a section.
struct Types {
    counts: [Count; 4],
    /// How many types have a minimum.
    set: u64,
    /// How many minimums are met.
    met: u64,
    /// How many minimums may be met: it depends on what is not documented or cannot be read.
    doubtful: u64,
    /// Why they are doubtful.
    doubt: Reason,
    /// How many types without a minimum occur.
    present: u64,
    /// How many must be met; all of them where it is not set.
    min_types: Minimum,
}

impl Types {
    fn of(census: &Census, section: &Section) -> Self {
        let mut types = Self {
            counts: census.types(),
            set: section.types_set(),
            met: 0,
            doubtful: 0,
            doubt: Reason::DoubtfulCharacters,
            present: 0,
            min_types: section.min_types,
        };
        for (minimum, count) in section.minimums.iter().zip(types.counts) {
            if !minimum.is_set() {
                types.present += u64::from(count.most > 0);
                continue;
            }
            match at_least(count, minimum.count, Reason::DoubtfulCharacters) {
                Outcome::Passed if !minimum.unreadable => types.met += 1,
                Outcome::Violated => {}
                _ => {
                    types.doubtful += 1;
                    if minimum.unreadable {
                        types.doubt = Reason::UnreadableValue;
                    }
                }
            }
        }
        types
    }

    /// Whether `wanted` of the minimums are met.
    ///
    /// Where more are asked for than there are minimums, it is not documented whether a type
    /// without a minimum counts when it occurs, and makes up for a minimum that is not met.
    fn enough(&self, wanted: u64) -> Outcome {
        let documented = Count {
            least: self.met,
            most: self.met + self.doubtful,
        };
        if wanted <= self.set {
            at_least(documented, wanted, self.doubt)
        } else if documented.most + self.present < wanted {
            Outcome::Violated
        } else {
            Outcome::NotChecked(Reason::CharacterTypes)
        }
    }

    /// Whether type number `index` has `wanted` characters. Where a number of types is asked for,
    /// the pages of IdentityIQ let enough other types make up for one that has too few, and the
    /// page of Identity Security Cloud has each minimum for itself.
    fn judge(&self, index: usize, wanted: u64) -> Verdict {
        let count = self.counts[index];
        let outcome = match at_least(count, wanted, Reason::DoubtfulCharacters) {
            Outcome::Violated if self.min_types.unreadable => {
                Outcome::NotChecked(Reason::UnreadableValue)
            }
            Outcome::Violated if self.min_types.is_set() => {
                match self.enough(self.min_types.count) {
                    Outcome::Passed => Outcome::NotChecked(Reason::UnmetMinimum),
                    outcome => outcome,
                }
            }
            outcome => outcome,
        };
        Verdict::found(count.least, outcome)
    }
}

/// `doubt` is the reason for which the count is a range.
fn at_least(count: Count, wanted: u64, doubt: Reason) -> Outcome {
    if count.least >= wanted {
        Outcome::Passed
    } else if count.most < wanted {
        Outcome::Violated
    } else {
        Outcome::NotChecked(doubt)
    }
}

fn at_most(count: Count, allowed: u64, doubt: Reason) -> Outcome {
    if count.most <= allowed {
        Outcome::Passed
    } else if count.least > allowed {
        Outcome::Violated
    } else {
        Outcome::NotChecked(doubt)
    }
}

impl Candidate<'_> {
    fn judge(&self, rule: &Rule, section: &Section, types: &Types) -> Verdict {
        let Some(requirement) = rule.requirement else {
            let reason = match rule.value {
                Value::Absent => Reason::NoPolicies,
                _ => Reason::NotUnderstood,
            };
            return Outcome::NotChecked(reason).into();
        };
        let wanted = match rule.value {
            Value::Set(wanted) => wanted,
            Value::NotSet => return Outcome::Passed.into(),
            Value::Unreadable | Value::Absent => {
                return Outcome::NotChecked(Reason::UnreadableValue).into();
            }
        };
        match requirement {
            Requirement::MinLength => {
                let length = self.census.length();
                Verdict::found(length.most, at_least(length, wanted, Reason::LengthUnits))
            }
            Requirement::MaxLength => {
                let length = self.census.length();
                Verdict::found(length.most, at_most(length, wanted, Reason::LengthUnits))
            }
            Requirement::MinAlpha => {
                let letters = self.census.letters();
                let outcome = at_least(letters, wanted, Reason::DoubtfulCharacters);
                Verdict::found(letters.least, outcome)
            }
            Requirement::MinUpper => types.judge(UPPER, wanted),
            Requirement::MinLower => types.judge(LOWER, wanted),
            Requirement::MinNumeric => types.judge(DIGIT, wanted),
            Requirement::MinSpecial => types.judge(SPECIAL, wanted),
            Requirement::MinCharType => Verdict::found(types.met, types.enough(wanted)),
            Requirement::RepeatedChar => self.judge_repeated(wanted),
            Requirement::History
            | Requirement::HistoryUniqueChars
            | Requirement::CaseSensitive
            | Requirement::Triviality => Outcome::NotChecked(Reason::OldPasswords).into(),
            Requirement::AccountId => {
                let id = self.context.account_id.as_slice();
                self.judge_words(&section.account_id, id).into()
            }
            Requirement::DisplayName => {
                let names = &self.context.account_names;
                self.judge_words(&section.display_name, names).into()
            }
            Requirement::AccountIdWordLength => {
                let id = self.context.account_id.as_slice();
                self.judge_word_length(&section.account_id, id).into()
            }
            Requirement::DisplayNameWordLength => {
                let names = &self.context.account_names;
                self.judge_word_length(&section.display_name, names).into()
            }
            Requirement::Dictionary => match &self.context.dictionary {
                Some(words) if !words.is_empty() => {
                    Outcome::passed_if(!words.occurs_in(&self.haystack)).into()
                }
                _ => Outcome::NotChecked(Reason::NotGiven).into(),
            },
            Requirement::AccountAttributes => {
                self.judge_attributes(&self.context.account_attributes)
            }
            Requirement::IdentityAttributes => {
                self.judge_attributes(&self.context.identity_attributes)
            }
        }
    }

    /// No run may be longer than `allowed`, and no more than `allowed` characters may be repeated
    /// in all. Whether exactly so many may be is not known: of IdentityIQ's examples for 2,
    /// `cclooud` is valid and `happy22` is not.
    fn judge_repeated(&self, allowed: u64) -> Verdict {
        let (run, repeated) = (self.census.longest_run, self.census.repeated());
        if run > allowed {
            Verdict::found(run, Outcome::Violated)
        } else if repeated.least > allowed {
            Verdict {
                counted: Counted::Repeated,
                ..Verdict::found(repeated.least, Outcome::Violated)
            }
        } else if repeated.most < allowed {
            Verdict::found(run, Outcome::Passed)
        } else {
            Outcome::NotChecked(Reason::RepeatedCharacters).into()
        }
    }

    /// A switch that forbids the words of what is in `known`; by another page of the documentation
    /// every part of it that has the minimum length.
    fn judge_words(&self, rule: &WordRule, known: &[Words]) -> Outcome {
        if known.iter().all(Words::is_empty) {
            return Outcome::NotChecked(Reason::NotGiven);
        }
        let min_len = match rule.min_len {
            Value::Set(min_len) => Some(min_len),
            Value::NotSet => None,
            Value::Unreadable | Value::Absent => {
                return Outcome::NotChecked(Reason::UnreadableValue);
            }
        };
        let counts = min_len.unwrap_or(MIN_WORD_LENGTH);
        let occurring = known
            .iter()
            .filter_map(|words| words.longest_in(&self.haystack))
            .max();
        match occurring {
            Some(len) if len >= counts => Outcome::Violated,
            Some(_) if min_len.is_none() => Outcome::NotChecked(Reason::ShortWords),
            _ if known
                .iter()
                .any(|words| words.have_part_in(&self.haystack, counts)) =>
            {
                Outcome::NotChecked(Reason::PartsOfWords)
            }
            _ => Outcome::Passed,
        }
    }

    /// A word length has the outcome of its switch.
    fn judge_word_length(&self, rule: &WordRule, known: &[Words]) -> Outcome {
        match rule.switch {
            Some(Value::Set(_)) => self.judge_words(rule, known),
            Some(Value::NotSet) => Outcome::Passed,
            Some(Value::Unreadable | Value::Absent) => Outcome::NotChecked(Reason::UnreadableValue),
            None => Outcome::NotChecked(Reason::WordLengthAlone),
        }
    }

    fn judge_attributes(&self, attributes: &[Attribute]) -> Verdict {
        if attributes
            .iter()
            .all(|attribute| attribute.words.is_empty())
        {
            return Outcome::NotChecked(Reason::NotGiven).into();
        }
        let occurring = |counts: fn(u64) -> bool| {
            let occurring = attributes.iter().filter(|attribute| {
                attribute
                    .words
                    .longest_in(&self.haystack)
                    .is_some_and(counts)
            });
            occurring
                .map(|attribute| attribute.name.clone())
                .collect::<Vec<String>>()
        };
        let (long, any) = (occurring(|len| len >= MIN_WORD_LENGTH), occurring(|_| true));
        let (outcome, attributes) = match (long.is_empty(), any.is_empty()) {
            (false, _) => (Outcome::Violated, long),
            (true, false) => (Outcome::NotChecked(Reason::ShortWords), any),
            (true, true) => (Outcome::Passed, any),
        };
        Verdict {
            attributes,
            ..outcome.into()
        }
    }
}
