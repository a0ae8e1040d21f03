//! A password against the rules of a policy.

use alloc::string::String;
use alloc::vec::Vec;

use rsaep::without_traces;

use super::Policy;
use super::census::{Census, Count, DIGIT, LOWER, SPECIAL, UPPER};
use super::context::{Attribute, Context};
use super::report::{Outcome, Reason, Report, Verdict};
use super::requirement::Requirement;
use super::rule::{Rule, Value};
use super::section::{Minimum, Section, WordRule};
use super::text::{Haystack, Words};
use crate::judgement::Reading;
use crate::secret::Password;

/// A word shorter than this is not compared, unless the policy sets a length of its own.
/// Active Directory's complexity rule has the same limit.
const MIN_WORD_LENGTH: u64 = 3;

impl Policy {
    /// Compares a password with every rule.
    ///
    /// The time grows linearly with the password. It depends on the password, as does what
    /// the report says. The only copy made, in lowercase, is wiped.
    #[must_use]
    pub fn check(&self, password: &Password, context: &Context) -> Report {
        without_traces(|| self.report(password, context))
    }

    fn report(&self, password: &Password, context: &Context) -> Report {
        let reading = Reading::of(password);
        let Some(secret) = reading.text else {
            let verdicts = self.rules.iter().map(|rule| match rule.value {
                Value::NotSet => Outcome::Passed.into(),
                _ => Outcome::NotChecked(Reason::NotUtf8).into(),
            });
            return Report::new(self.clone(), verdicts.collect(), reading.warnings);
        };
        let compares_words = self.rules.iter().any(compares_words);
        let candidate = Candidate {
            census: Census::of(secret.chars()),
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
            present: 0,
            min_types: section.min_types,
        };
        for (minimum, count) in section.minimums.iter().zip(types.counts) {
            if !minimum.is_set() {
                types.present += u64::from(count.most > 0);
                continue;
            }
            match at_least(count, minimum.count) {
                Outcome::Passed if !minimum.unreadable => types.met += 1,
                Outcome::Violated => {}
                _ => types.doubtful += 1,
            }
        }
        types
    }

    /// Whether `wanted` of the minimums are met.
    ///
    /// Where more are asked for than there are minimums, it is not documented whether a type
    /// without a minimum counts when it occurs. All minimums are needed then in any case.
    fn enough(&self, wanted: u64) -> Outcome {
        let documented = Count {
            least: self.met,
            most: self.met + self.doubtful,
        };
        let outcome = if wanted <= self.set {
            at_least(documented, wanted)
        } else if documented.most < self.set || documented.most + self.present < wanted {
            Outcome::Violated
        } else {
            Outcome::NotChecked(Reason::CharacterTypes)
        };
        match outcome {
            Outcome::NotChecked(_) => Outcome::NotChecked(Reason::CharacterTypes),
            outcome => outcome,
        }
    }

    /// Whether type number `index` has `wanted` characters, or need not have them.
    fn judge(&self, index: usize, wanted: u64) -> Verdict {
        let count = self.counts[index];
        let outcome = match at_least(count, wanted) {
            outcome if outcome == Outcome::Passed || !self.min_types.is_set() => outcome,
            _ if self.min_types.unreadable => Outcome::NotChecked(Reason::CharacterTypes),
            outcome => match self.enough(self.min_types.count) {
                Outcome::Violated => outcome,
                enough => enough,
            },
        };
        Verdict::found(count.least, outcome)
    }
}

fn at_least(count: Count, wanted: u64) -> Outcome {
    if count.least >= wanted {
        Outcome::Passed
    } else if count.most < wanted {
        Outcome::Violated
    } else {
        Outcome::NotChecked(Reason::DoubtfulCharacters)
    }
}

impl Candidate<'_> {
    fn judge(&self, rule: &Rule, section: &Section, types: &Types) -> Verdict {
        let Some(requirement) = rule.requirement else {
            return Outcome::NotChecked(Reason::NotUnderstood).into();
        };
        let wanted = match rule.value {
            Value::Set(wanted) => wanted,
            Value::NotSet => return Outcome::Passed.into(),
            Value::Unreadable => return Outcome::NotChecked(Reason::UnreadableValue).into(),
        };
        match requirement {
            Requirement::MinLength => {
                let length = self.census.length;
                Verdict::found(length, Outcome::passed_if(length >= wanted))
            }
            Requirement::MaxLength => {
                let length = self.census.length;
                Verdict::found(length, Outcome::passed_if(length <= wanted))
            }
            Requirement::MinAlpha => {
                let letters = self.census.letters();
                Verdict::found(letters.least, at_least(letters, wanted))
            }
            Requirement::MinUpper => types.judge(UPPER, wanted),
            Requirement::MinLower => types.judge(LOWER, wanted),
            Requirement::MinNumeric => types.judge(DIGIT, wanted),
            Requirement::MinSpecial => types.judge(SPECIAL, wanted),
            Requirement::MinCharType => Verdict::found(types.met, types.enough(wanted)),
            Requirement::RepeatedChar => {
                let run = self.census.longest_run;
                Verdict::found(run, Outcome::passed_if(run <= wanted))
            }
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

    /// A switch that forbids the words of what is in `known`.
    fn judge_words(&self, rule: &WordRule, known: &[Words]) -> Outcome {
        if known.iter().all(Words::is_empty) {
            return Outcome::NotChecked(Reason::NotGiven);
        }
        let min_len = match rule.min_len {
            Value::Set(min_len) => min_len,
            Value::NotSet if known.iter().any(|words| words.has_any(MIN_WORD_LENGTH)) => {
                MIN_WORD_LENGTH
            }
            Value::NotSet => return Outcome::NotChecked(Reason::ShortWords),
            Value::Unreadable => return Outcome::NotChecked(Reason::UnreadableValue),
        };
        let occurs = |words: &Words| words.occur_in(&self.haystack, min_len);
        Outcome::passed_if(!known.iter().any(occurs))
    }

    /// A word length has the outcome of its switch.
    fn judge_word_length(&self, rule: &WordRule, known: &[Words]) -> Outcome {
        match rule.switch {
            Some(Value::Set(_)) => self.judge_words(rule, known),
            Some(Value::NotSet) => Outcome::Passed,
            Some(Value::Unreadable) => Outcome::NotChecked(Reason::UnreadableValue),
            None => Outcome::NotChecked(Reason::WordLengthAlone),
        }
    }

    fn judge_attributes(&self, attributes: &[Attribute]) -> Verdict {
        if attributes.is_empty() {
            return Outcome::NotChecked(Reason::NotGiven).into();
        }
        let comparable = |attribute: &Attribute| attribute.words.has_any(MIN_WORD_LENGTH);
        if !attributes.iter().any(comparable) {
            return Outcome::NotChecked(Reason::ShortWords).into();
        }
        let occurring = attributes
            .iter()
            .filter(|attribute| attribute.words.occur_in(&self.haystack, MIN_WORD_LENGTH));
        let attributes: Vec<String> = occurring.map(|attribute| attribute.name.clone()).collect();
        Verdict {
            outcome: Outcome::passed_if(attributes.is_empty()),
            found: None,
            attributes,
        }
    }
}
