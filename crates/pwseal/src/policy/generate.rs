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
use core::ops::{Range, RangeInclusive};

use rand_core::TryCryptoRng;
use rsaep::without_traces;
use zeroize::Zeroizing;

use super::Policy;
use super::census::{Census, DIGIT, LOWER, SPECIAL, UPPER};
use super::merge;
use super::requirement::Requirement;
use super::rule::{Rule, Value};
use super::section::Section;
use crate::error::Error;
use crate::secret::Password;

/// The longest password that is generated, in characters.
pub const MAX_GENERATED: usize = 1024;

/// The most random bytes used for one password. With 16 characters the first draw takes 32.
const MAX_RANDOM_BYTES: usize = 1 << 22;

/// What passwords are made of: the printable characters of ASCII without the colon, which the
/// platform is documented not to take, and without the space, which forms like to trim.
const ALPHABET: &[u8; 93] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~";

/// The character types in [`ALPHABET`], and the letters.
const CLASSES: [Range<usize>; 5] = [0..26, 26..52, 52..62, 62..93, 0..52];
const LETTERS: usize = 4;

impl Policy {
    /// A random password of `length` characters that violates nothing of this policy, with
    /// the same probability for each of them.
    ///
    /// The characters are the printable ones of ASCII without space and colon: 93. Rules that
    /// compare with something else, such as a dictionary, are not looked at: check the result
    /// where there are such, and draw again.
    ///
    /// `length` is at most [`MAX_GENERATED`]. [`length_range`](Self::length_range) says what
    /// the policy allows. Random bytes and rejected passwords are wiped.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")]
    /// # fn main() -> Result<(), pwseal::Error> {
    /// use pwseal::policy::{Context, Policy};
    ///
    /// let policy = Policy::from_strings(["passwordMinLength is 12", "passwordMinNumeric is 2"]);
    /// let password = policy.generate(&mut pwseal::SysRng, 16)?;
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
    /// [`Error::RandomSource`]. [`Error::PolicyTooNarrow`]: 4 MiB of random bytes gave no
    /// password, which takes a broken source, or rules that next to nothing of this length
    /// satisfies (a hundred digits without any digit twice in a row).
    pub fn generate<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        length: usize,
    ) -> Result<Password, Error> {
        without_traces(|| self.draw(rng, length))
    }

    fn draw<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        length: usize,
    ) -> Result<Password, Error> {
        if length == 0 {
            return Err(Error::EmptyPassword);
        }
        if length > MAX_GENERATED {
            return Err(Error::GeneratedTooLong {
                len: length,
                max: MAX_GENERATED,
            });
        }
        let constraints = self.constraints();
        let demand = Demand::of(&constraints);
        match demand.lengths() {
            None => return Err(conflict(&constraints, None)),
            Some(range) if range.contains(&(length as u64)) => {}
            Some(_) => return Err(conflict(&constraints, Some(length))),
        }
        let plan = Plan::new(demand, length);
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
        let constraints = self.constraints();
        let Some(range) = Demand::of(&constraints).lengths() else {
            return Err(conflict(&constraints, None));
        };
        let (least, most) = (saturate(*range.start()), saturate(*range.end()));
        if least > MAX_GENERATED {
            return Err(Error::GeneratedTooLong {
                len: least,
                max: MAX_GENERATED,
            });
        }
        Ok(least..=most.min(MAX_GENERATED))
    }

    /// What the rules ask of a password by itself. Of rules that say the same, the strictest.
    fn constraints(&self) -> Vec<Constraint<'_>> {
        let mut constraints = Vec::new();
        let mut strictest = [None; Requirement::ALL.len()];
        for rules in self.sections() {
            let section = Section::of(rules);
            for rule in rules {
                let Some((demand, strictness)) = merge::demand(rule, &section) else {
                    continue;
                };
                let best = &mut strictest[demand as usize];
                if best.is_none_or(|(most, _)| strictness > most) {
                    *best = Some((strictness, rule));
                }
            }
            constraints.extend(Constraint::some_types(rules, &section));
        }
        let single = strictest.into_iter().flatten();
        constraints.extend(single.filter_map(|(_, rule)| Constraint::one_rule(rule)));
        constraints
    }
}

/// Something asked of a password, and the rules that ask it.
struct Constraint<'p> {
    rules: Vec<&'p Rule>,
    bound: Bound,
}

enum Bound {
    MinLength(u64),
    MaxLength(u64),
    MaxRun(u64),
    Letters(u64),
    /// The minimums of the character types; those of one of the alternatives must be met.
    Types(Vec<[u64; 4]>),
}

impl<'p> Constraint<'p> {
    fn one_rule(rule: &'p Rule) -> Option<Self> {
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
            Requirement::RepeatedChar => Bound::MaxRun(number),
            Requirement::MinAlpha => Bound::Letters(number),
            Requirement::MinUpper => minimum(UPPER),
            Requirement::MinLower => minimum(LOWER),
            Requirement::MinNumeric => minimum(DIGIT),
            Requirement::MinSpecial => minimum(SPECIAL),
            _ => return None,
        };
        Some(Self {
            rules: vec![rule],
            bound,
        })
    }

    /// The minimums of a policy that asks for some of them. Where it asks for more than there
    /// are, all of them and one character of other types; where it cannot be read for how many,
    /// all of them: the strictest that [`Policy::check`] does not call violated.
    fn some_types(rules: &'p [Rule], section: &Section) -> Option<Self> {
        if !section.min_types.is_set() {
            return None;
        }
        let minimums = section.minimums.map(|minimum| minimum.count);
        let mut wanted = section.min_types.count;
        if section.min_types.unreadable {
            let set = minimums.iter().filter(|&&minimum| minimum > 0).count();
            wanted = wanted.max(set as u64);
        }
        let subsets = (0..16_u8).map(|mask| array::from_fn(|class| mask >> class & 1 == 1));
        let alternatives = subsets.filter(|subset: &[bool; 4]| {
            let size = subset.iter().filter(|&&chosen| chosen).count();
            let pairs = || subset.iter().zip(minimums);
            size as u64 == wanted
                && (pairs().all(|(&chosen, minimum)| !chosen || minimum > 0)
                    || pairs().all(|(&chosen, minimum)| chosen || minimum == 0))
        });
        let alternatives = alternatives.map(|subset| {
            array::from_fn(|class| {
                if subset[class] {
                    minimums[class].max(1)
                } else {
                    0
                }
            })
        });
        let asks = |requirement, number| {
            rules.iter().find(move |rule| {
                rule.requirement == Some(requirement) && rule.value == Value::Set(number)
            })
        };
        let rules = [
            (Requirement::MinCharType, wanted),
            (Requirement::MinUpper, minimums[UPPER]),
            (Requirement::MinLower, minimums[LOWER]),
            (Requirement::MinNumeric, minimums[DIGIT]),
            (Requirement::MinSpecial, minimums[SPECIAL]),
        ];
        Some(Self {
            rules: rules
                .into_iter()
                .filter_map(|(requirement, number)| asks(requirement, number))
                .collect(),
            bound: Bound::Types(alternatives.collect()),
        })
    }
}

/// Which rules leave no password of this length, or of any where none is given: a smallest
/// set, so that without any one of them there would be some.
fn conflict(constraints: &[Constraint<'_>], length: Option<usize>) -> Error {
    let possible = |constraints: &[&Constraint<'_>]| {
        let lengths = Demand::of(constraints.iter().copied()).lengths();
        lengths.is_some_and(|range| length.is_none_or(|length| range.contains(&(length as u64))))
    };
    let mut needed: Vec<_> = constraints.iter().collect();
    let mut index = 0;
    while index < needed.len() {
        let constraint = needed.remove(index);
        if possible(&needed) {
            needed.insert(index, constraint);
            index += 1;
        }
    }
    let rules = needed.iter().flat_map(|constraint| &constraint.rules);
    Error::PolicyConflict {
        length,
        rules: rules.map(|rule| one_line(rule.text())).collect(),
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
    max_run: u64,
    letters: u64,
    /// The minimums of the character types; those of one of the alternatives must be met.
    types: Vec<[u64; 4]>,
}

impl Demand {
    fn of<'c, 'p: 'c>(constraints: impl IntoIterator<Item = &'c Constraint<'p>>) -> Self {
        let mut demand = Self {
            min_length: 1,
            max_length: u64::MAX,
            max_run: u64::MAX,
            letters: 0,
            types: vec![[0; 4]],
        };
        for constraint in constraints {
            match &constraint.bound {
                Bound::MinLength(length) => demand.min_length = demand.min_length.max(*length),
                Bound::MaxLength(length) => demand.max_length = demand.max_length.min(*length),
                Bound::MaxRun(run) => demand.max_run = demand.max_run.min(*run),
                Bound::Letters(letters) => demand.letters = demand.letters.max(*letters),
                Bound::Types(alternatives) => {
                    demand.types = both(&demand.types, alternatives);
                }
            }
        }
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
        census.longest_run <= self.max_run
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
struct Plan {
    demand: Demand,
    length: usize,
    /// What every password has at least of each class, whichever alternative it meets.
    least: [usize; 5],
    /// How many characters are drawn from each class alone; of [`LETTERS`], beside those of
    /// the two cases.
    forced: [usize; 5],
}

impl Plan {
    /// `demand` must allow `length`.
    fn new(demand: Demand, length: usize) -> Self {
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
            .map(|free| (free, forced(&least, free)))
            .find(|(free, forced)| free + forced.iter().sum::<usize>() <= length)
            .map_or([0; 5], |(_, forced)| forced);
        Self {
            demand,
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
        for (class, count) in CLASSES.into_iter().zip(self.forced) {
            for _ in 0..count {
                password.push(ALPHABET[class.start + source.below(class.len())?]);
            }
        }
        let forced = password.len();
        for _ in forced..self.length {
            password.push(ALPHABET[source.below(ALPHABET.len())?]);
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
fn forced(least: &[usize; 5], free: usize) -> [usize; 5] {
    let mut forced: [usize; 5] = array::from_fn(|class| {
        let expected = free * CLASSES[class].len() / ALPHABET.len();
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
