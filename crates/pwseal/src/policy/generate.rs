//! Random passwords that satisfy a policy, each with the same probability.
//!
//! A password is drawn at random and thrown away unless it satisfies the policy. Where that
//! would throw away nearly all (eight digits in eight characters), `f` characters are drawn
//! from the class that lacks them, the others from the whole alphabet, and all are shuffled.
//! A password with `c` characters of the class comes out of this with a probability
//! proportional to the binomial C(c, f): in so many ways can its characters be told into
//! forced and free ones. It is kept with a probability proportional to 1 / C(c, f), so that
//! the result is uniform again, exactly and in whole numbers. The `f` only change how many
//! draws it takes.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::array;
use core::ops::RangeInclusive;

use rand_core::TryCryptoRng;
use rsaep::without_traces;
use zeroize::Zeroizing;

use super::Policy;
use super::alphabet::{Alphabet, AsciiSet, LETTERS};
use super::census::{Census, DIGIT, LOWER, SPECIAL, UPPER};
use super::requirement::Requirement;
use super::rule::{Rule, Value};
use crate::error::Error;
use crate::secret::Password;

/// The longest password that is generated, in characters.
pub const MAX_GENERATED: usize = 1024;

/// Characters that look like another one in many typefaces: what
/// [`GenerateOptions::no_look_alikes`] leaves out.
pub const LOOK_ALIKES: &str = "0Oo1lI|2Zz5S6G8B'`\",.;";

/// The most random bytes used for one password. With 16 characters the first draw takes 32.
const MAX_RANDOM_BYTES: usize = 1 << 24;

/// How a password is to be generated: how long, and without which characters. A number alone is
/// the length.
///
/// ```
/// use pwseal::policy::GenerateOptions;
///
/// let options = GenerateOptions::new().length(20).exclude("$%").no_look_alikes();
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GenerateOptions {
    length: Option<usize>,
    excluded: AsciiSet,
}

impl GenerateOptions {
    /// The [`usual_length`](Policy::usual_length), and all 93 characters that there are.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many characters: from 1 to [`MAX_GENERATED`].
    #[must_use]
    pub fn length(mut self, length: usize) -> Self {
        self.length = Some(length);
        self
    }

    /// Leaves out these characters, beside those that are left out already. A character that
    /// passwords are not made of anyway may be among them.
    #[must_use]
    pub fn exclude(mut self, characters: &str) -> Self {
        characters.chars().for_each(|c| self.excluded.add(c));
        self
    }

    /// Leaves out [`LOOK_ALIKES`], for a password that somebody reads and types.
    #[must_use]
    pub fn no_look_alikes(self) -> Self {
        self.exclude(LOOK_ALIKES)
    }
}

impl From<usize> for GenerateOptions {
    fn from(length: usize) -> Self {
        Self::new().length(length)
    }
}

impl From<Option<usize>> for GenerateOptions {
    fn from(length: Option<usize>) -> Self {
        Self {
            length,
            ..Self::default()
        }
    }
}

impl Policy {
    /// A random password that keeps every rule of this policy in every reading of the
    /// documentation, with the same probability for each of them.
    ///
    /// The characters are the printable ones of ASCII without space and colon, 93, and without
    /// those that the options leave out. Rules that compare with something else, such as a
    /// dictionary, are not looked at: for them there is [`generate_for`](Self::generate_for).
    ///
    /// [`length_range`](Self::length_range) says what lengths the policy allows. Random bytes and
    /// rejected passwords are wiped.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")]
    /// # fn main() -> Result<(), pwseal::Error> {
    /// use pwseal::policy::{Context, Policy};
    ///
    /// let policy = Policy::parse(["passwordMinLength is 12", "passwordMinNumeric is 2"])?;
    /// let password = policy.generate(&mut pwseal::SysRng, 16)?;
    /// assert_eq!(password.len(), 16);
    /// assert!(policy.check(&password, &Context::new()).all_passed());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "getrandom"))]
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::PolicyConflict`]: no password of this length, or none at all, satisfies the
    /// policy; it names the rules. [`Error::GeneratedTooLong`], [`Error::EmptyPassword`],
    /// [`Error::RandomSource`]. [`Error::PolicyTooNarrow`]: 16 MiB of random bytes gave no
    /// password, which takes a broken source, or rules that next to nothing of this length
    /// satisfies (a hundred digits without any digit twice in a row).
    pub fn generate<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        options: impl Into<GenerateOptions>,
    ) -> Result<Password, Error> {
        let options = options.into();
        without_traces(|| self.draw(rng, options))
    }

    fn draw<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        options: GenerateOptions,
    ) -> Result<Password, Error> {
        let constraints = self.constraints();
        let alphabet = Alphabet::without(options.excluded);
        let length = match options.length {
            Some(0) => return Err(Error::EmptyPassword),
            Some(len) if len > MAX_GENERATED => return Err(too_long(len)),
            Some(length) => length,
            None => self.usual_length()?,
        };
        let demand = Demand::of(&constraints, &alphabet);
        match demand.lengths() {
            None => return Err(conflict(&constraints, &alphabet, None)),
            Some(range) if range.contains(&(length as u64)) => {}
            Some(_) => return Err(conflict(&constraints, &alphabet, Some(length))),
        }
        let plan = Plan::new(demand, &alphabet, length);
        let mut source = Source::new(rng);
        let mut password = Zeroizing::new(Vec::with_capacity(length));
        while !plan.draw(&mut source, &mut password)? {}
        Password::try_from(core::mem::take(&mut *password))
    }

    /// The lengths in characters that passwords of this policy can have. [`generate`](Self::generate) makes one of each
    /// length but where hardly any satisfies the policy ([`Error::PolicyTooNarrow`]).
    ///
    /// # Errors
    ///
    /// [`Error::PolicyConflict`] where there is none, and [`Error::GeneratedTooLong`] where
    /// all of them are above [`MAX_GENERATED`].
    pub fn length_range(&self) -> Result<RangeInclusive<usize>, Error> {
        let (constraints, alphabet) = (self.constraints(), Alphabet::without(AsciiSet::default()));
        let Some(range) = Demand::of(&constraints, &alphabet).lengths() else {
            return Err(conflict(&constraints, &alphabet, None));
        };
        let (least, most) = (saturate(*range.start()), saturate(*range.end()));
        if least > MAX_GENERATED {
            return Err(too_long(least));
        }
        Ok(least..=most.min(MAX_GENERATED))
    }

    /// What the rules ask of a password by itself. Of rules that say the same, the strictest.
    ///
    /// Every minimum of a character type is asked for, even where the policy asks for some of the
    /// types only: by one reading of the documentation each is a rule of its own.
    fn constraints(&self) -> Vec<Constraint<'_>> {
        let strictest = self.strictest(|rule, _| match (rule.requirement?, rule.value) {
            (requirement @ (Requirement::MaxLength | Requirement::RepeatedChar), Value::Set(n)) => {
                Some((requirement, u64::MAX - n))
            }
            (requirement, Value::Set(number)) => Some((requirement, number)),
            _ => None,
        });
        let strictest = strictest.into_iter().flatten();
        strictest.filter_map(Constraint::of).collect()
    }
}

fn too_long(len: usize) -> Error {
    Error::GeneratedTooLong {
        len,
        max: MAX_GENERATED,
    }
}

/// Something asked of a password, and the rule that asks it.
struct Constraint<'p> {
    rule: &'p Rule,
    bound: Bound,
}

enum Bound {
    MinLength(u64),
    MaxLength(u64),
    /// The most characters that may be the same as the one before them.
    MaxRepeats(u64),
    Letters(u64),
    /// The minimums of the character types; those of one of the alternatives must be met.
    Types(Vec<[u64; 4]>),
}

impl<'p> Constraint<'p> {
    fn of(rule: &'p Rule) -> Option<Self> {
        let Value::Set(number) = rule.value else {
            return None;
        };
        let minimum = |class| {
            let mut minimums = [0; 4];
            minimums[class] = number;
            Bound::Types(vec![minimums])
        };
        let bound = match rule.requirement? {
            Requirement::MinLength => Bound::MinLength(number),
            Requirement::MaxLength => Bound::MaxLength(number),
            // Fewer than the number in all are allowed in every reading, and make no longer run.
            Requirement::RepeatedChar => Bound::MaxRepeats(number - 1),
            Requirement::MinAlpha => Bound::Letters(number),
            Requirement::MinUpper => minimum(UPPER),
            Requirement::MinLower => minimum(LOWER),
            Requirement::MinNumeric => minimum(DIGIT),
            Requirement::MinSpecial => minimum(SPECIAL),
            Requirement::MinCharType => Bound::Types(any_types(number)),
            _ => return None,
        };
        Some(Self { rule, bound })
    }
}

/// One character of each type, for every choice of so many types.
fn any_types(wanted: u64) -> Vec<[u64; 4]> {
    let choices = (0..16_u8).filter(|choice| u64::from(choice.count_ones()) == wanted);
    choices
        .map(|choice| array::from_fn(|class| u64::from(choice >> class & 1)))
        .collect()
}

/// Which rules leave no password of this length, or of any where none is given: a smallest
/// set, so that without any one of them there would be some.
fn conflict(constraints: &[Constraint<'_>], alphabet: &Alphabet, length: Option<usize>) -> Error {
    let possible = |constraints: &[&Constraint<'_>], alphabet: &Alphabet| {
        let lengths = Demand::of(constraints.iter().copied(), alphabet).lengths();
        lengths.is_some_and(|range| length.is_none_or(|length| range.contains(&(length as u64))))
    };
    let mut needed: Vec<_> = constraints.iter().collect();
    let everything = Alphabet::without(AsciiSet::default());
    let excluded = possible(&needed, &everything);
    let mut index = 0;
    while index < needed.len() {
        let constraint = needed.remove(index);
        if possible(&needed, alphabet) {
            needed.insert(index, constraint);
            index += 1;
        }
    }
    let rules = needed
        .iter()
        .map(|constraint| one_line(constraint.rule.text()));
    Error::PolicyConflict {
        length,
        rules: rules.collect(),
        excluded,
    }
}

/// A rule that is understood has nothing in it but its name, its value and white space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All constraints together.
struct Demand {
    min_length: u64,
    max_length: u64,
    max_repeats: u64,
    letters: u64,
    /// The minimums of the character types; those of one of the alternatives must be met.
    types: Vec<[u64; 4]>,
}

impl Demand {
    fn of<'c, 'p: 'c>(
        constraints: impl IntoIterator<Item = &'c Constraint<'p>>,
        alphabet: &Alphabet,
    ) -> Self {
        let mut demand = Self {
            min_length: 1,
            max_length: u64::MAX,
            max_repeats: u64::MAX,
            letters: 0,
            types: vec![[0; 4]],
        };
        for constraint in constraints {
            match &constraint.bound {
                Bound::MinLength(length) => demand.min_length = demand.min_length.max(*length),
                Bound::MaxLength(length) => demand.max_length = demand.max_length.min(*length),
                Bound::MaxRepeats(repeats) => {
                    demand.max_repeats = demand.max_repeats.min(*repeats);
                }
                Bound::Letters(letters) => demand.letters = demand.letters.max(*letters),
                Bound::Types(alternatives) => {
                    demand.types = both(&demand.types, alternatives);
                }
            }
        }
        // What takes characters that are all left out is impossible.
        let has = |class, wanted| wanted == 0 || alphabet.class_len(class) > 0;
        let possible = alphabet.len() > 0 && has(LETTERS, demand.letters);
        demand.types.retain(|types| {
            possible
                && types
                    .iter()
                    .enumerate()
                    .all(|(class, wanted)| has(class, *wanted))
        });
        demand
    }

    /// The lengths that are possible.
    fn lengths(&self) -> Option<RangeInclusive<u64>> {
        let shortest = self.types.iter().map(|types| self.shortest(types)).min()?;
        let range = shortest.max(self.min_length)..=self.max_length;
        (!range.is_empty()).then_some(range)
    }

    /// How many characters these minimums take, and the letters with them.
    fn shortest(&self, types: &[u64; 4]) -> u64 {
        let letters = types[UPPER].saturating_add(types[LOWER]).max(self.letters);
        letters
            .saturating_add(types[DIGIT])
            .saturating_add(types[SPECIAL])
    }

    /// Whether a password of an allowed length meets it.
    fn is_met_by(&self, census: &Census) -> bool {
        let counts = census.types().map(|count| count.least);
        let meets = |types: &[u64; 4]| types.iter().zip(counts).all(|(min, count)| count >= *min);
        census.repeats <= self.max_repeats
            && census.letters().least >= self.letters
            && self.types.iter().any(meets)
    }
}

/// What meets one of `a` and one of `b`, without alternatives that others make needless.
fn both(a: &[[u64; 4]], b: &[[u64; 4]]) -> Vec<[u64; 4]> {
    let mut least: Vec<[u64; 4]> = Vec::with_capacity(a.len() * b.len());
    for a in a {
        for b in b {
            let types = array::from_fn(|class| a[class].max(b[class]));
            if !least.iter().any(|other| covers(&types, other)) {
                least.retain(|other| !covers(other, &types));
                least.push(types);
            }
        }
    }
    least
}

fn covers(a: &[u64; 4], b: &[u64; 4]) -> bool {
    a.iter().zip(b).all(|(a, b)| a >= b)
}

/// How passwords of one length are drawn.
struct Plan<'a> {
    demand: Demand,
    alphabet: &'a Alphabet,
    length: usize,
    /// What every password has at least of each class, whichever alternative it meets.
    least: [usize; 5],
    /// How many characters are drawn from each class alone; of [`LETTERS`], beside those of
    /// the two cases.
    forced: [usize; 5],
}

impl<'a> Plan<'a> {
    /// `demand` must allow `length`.
    fn new(demand: Demand, alphabet: &'a Alphabet, length: usize) -> Self {
        let mut least = [length; 5];
        let allowed = |types: &&[u64; 4]| demand.shortest(types) <= length as u64;
        for types in demand.types.iter().filter(allowed) {
            for (least, &minimum) in least.iter_mut().zip(types) {
                *least = saturate(minimum).min(*least);
            }
        }
        least[LETTERS] = saturate(demand.letters).max(least[UPPER] + least[LOWER]);

        // As many free characters as leave each class at its minimum on average.
        let forced = (0..=length)
            .rev()
            .map(|free| (free, forced(&least, alphabet, free)))
            .find(|(free, forced)| free + forced.iter().sum::<usize>() <= length)
            .map_or([0; 5], |(_, forced)| forced);
        Self {
            demand,
            alphabet,
            length,
            least,
            forced,
        }
    }

    /// Draws one password, and says whether it is to be kept.
    fn draw<R: TryCryptoRng + ?Sized>(
        &self,
        source: &mut Source<'_, R>,
        password: &mut Vec<u8>,
    ) -> Result<bool, Error> {
        password.clear();
        for (class, count) in self.forced.into_iter().enumerate() {
            for _ in 0..count {
                let index = source.below(self.alphabet.class_len(class))?;
                password.push(self.alphabet.get_of_class(class, index));
            }
        }
        let forced = password.len();
        let mut repeats = 0;
        for _ in forced..self.length {
            let character = self.alphabet.get(source.below(self.alphabet.len())?);
            // In a long password nearly all are rejected for this: the sooner the better.
            repeats += u64::from(password.last() == Some(&character));
            if forced == 0 && repeats > self.demand.max_repeats {
                return Ok(false);
            }
            password.push(character);
        }
        if forced > 0 {
            for last in (1..self.length).rev() {
                password.swap(last, source.below(last + 1)?);
            }
        }
        let census = Census::of(password.iter().map(|&byte| char::from(byte)));
        Ok(self.demand.is_met_by(&census) && self.keep(&census, source)?)
    }

    /// True with a probability inversely proportional to the ways in which the forced
    /// characters of a password can be chosen among all it has.
    fn keep<R: TryCryptoRng + ?Sized>(
        &self,
        census: &Census,
        source: &mut Source<'_, R>,
    ) -> Result<bool, Error> {
        let [upper, lower, digits, special] = census.types().map(|count| count.least);
        let counts = [upper, lower, digits, special, upper + lower];
        let in_case = self.forced[UPPER] + self.forced[LOWER];
        for (class, count) in counts.into_iter().enumerate() {
            let forced = self.forced[class];
            if forced == 0 {
                continue;
            }
            // Letters forced as such are chosen among those not forced by their case.
            let taken = if class == LETTERS { in_case } else { 0 };
            let (least, count) = (self.least[class] - taken, saturate(count) - taken);
            // C(least, forced) / C(count, forced), factor by factor.
            for n in least + 1..=count {
                if source.below(n)? < forced {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

/// How many characters to draw from each class so that with `free` others it has its minimum
/// on average.
fn forced(least: &[usize; 5], alphabet: &Alphabet, free: usize) -> [usize; 5] {
    let mut forced: [usize; 5] = array::from_fn(|class| {
        let expected = free * alphabet.class_len(class) / alphabet.len();
        least[class].saturating_sub(expected)
    });
    forced[LETTERS] = forced[LETTERS].saturating_sub(forced[UPPER] + forced[LOWER]);
    forced
}

fn saturate(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Random numbers, out of a wiped buffer and not without end.
struct Source<'r, R: ?Sized> {
    rng: &'r mut R,
    bytes: Zeroizing<[u8; 64]>,
    used: usize,
    /// How many bytes the generator may still be asked for.
    budget: usize,
}

impl<'r, R: TryCryptoRng + ?Sized> Source<'r, R> {
    fn new(rng: &'r mut R) -> Self {
        let bytes = Zeroizing::new([0; 64]);
        Self {
            rng,
            used: bytes.len(),
            bytes,
            budget: MAX_RANDOM_BYTES,
        }
    }

    /// A number below `bound`, which is 1 to 2^16: the upper half of a product of 32 bits,
    /// without the few lower halves that would favour some numbers.
    fn below(&mut self, bound: usize) -> Result<usize, Error> {
        loop {
            let product = bound * usize::from(self.next()?);
            if product % (1 << 16) >= (1 << 16) % bound {
                return Ok(product >> 16);
            }
        }
    }

    fn next(&mut self) -> Result<u16, Error> {
        if self.used == self.bytes.len() {
            let budget = self.budget.checked_sub(self.bytes.len());
            self.budget = budget.ok_or(Error::PolicyTooNarrow)?;
            self.rng
                .try_fill_bytes(&mut *self.bytes)
                .map_err(|_| Error::RandomSource)?;
            self.used = 0;
        }
        let pair = [self.bytes[self.used], self.bytes[self.used + 1]];
        self.used += 2;
        Ok(u16::from_le_bytes(pair))
    }
}
