//! What can go wrong, in words that say what to do about it.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::judgement::NotText;
use crate::key::{MAX_EXPONENT_BITS, OtherInput, PemBlock, Structure, UNLIMITED_EXPONENT_BITS};
use crate::policy::Requirement;

/// How many of several PEM blocks a message describes.
const BLOCKS_SHOWN: usize = 8;

/// Any failure of this crate.
///
/// Messages give positions and lengths. They never hold a byte of a password or of a
/// private key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The key input holds nothing but white space.
    EmptyKey,
    /// The key input is neither DER nor text.
    #[non_exhaustive]
    KeyNotText {
        /// Offset in bytes of what is not UTF-8.
        position: usize,
    },
    /// The key input is something else that is known.
    OtherInput(OtherInput),
    /// A character that base64 does not have.
    #[non_exhaustive]
    Base64Character {
        /// Its offset in bytes in the input.
        position: usize,
    },
    /// Base64 text that ends within a group of four characters.
    #[non_exhaustive]
    Base64Length {
        /// How many characters it has, white space and `=` not counted.
        characters: usize,
    },
    /// Base64 text whose last character has bits that belong to no byte, or with misplaced `=`.
    Base64End,
    /// No PEM block, where one is wanted.
    PemMissing,
    /// A PEM block that is cut off, or whose BEGIN and END lines do not match.
    PemFraming,
    /// A PEM block with encapsulated headers (RFC 1421), such as `Proc-Type`.
    PemHeaders,
    /// More than one PEM block.
    #[non_exhaustive]
    PemBlocks {
        /// What each of them is, in the order of the input.
        blocks: Vec<PemBlock>,
    },
    /// A PEM block with a label that is no public key and no certificate.
    #[non_exhaustive]
    PemLabel {
        /// The label, or nothing if it is none that PEM has.
        label: String,
    },
    /// A JWK set that holds no key, or more than one.
    #[non_exhaustive]
    JwkSet {
        /// How many keys it holds.
        count: usize,
    },
    /// A number of a key that is missing, or that is not base64.
    #[non_exhaustive]
    KeyNumber {
        /// What should hold it.
        structure: Structure,
        /// Its name there.
        name: &'static str,
    },
    /// A private key where a public key is wanted.
    PrivateKey,
    /// The bytes do not start as DER does.
    NotDer,
    /// DER that holds neither a public key nor a certificate.
    UnknownStructure,
    /// A key or certificate in another form than the function called reads.
    #[non_exhaustive]
    OtherStructure {
        /// What the function reads.
        expected: Structure,
        /// What the input holds.
        found: Structure,
    },
    /// DER that breaks its own rules.
    #[non_exhaustive]
    Der {
        /// What was being read, if that could be told.
        structure: Option<Structure>,
        /// What is wrong.
        problem: DerProblem,
        /// How many bytes had been read when it showed, from the start of the structure named.
        position: Option<usize>,
    },
    /// DER whose end is missing.
    #[non_exhaustive]
    KeyTruncated {
        /// Its length in bytes.
        len: usize,
        /// The length in bytes that it says it has.
        expected: usize,
    },
    /// Bytes after the end of a structure, or after its last element.
    #[non_exhaustive]
    TrailingBytes {
        /// The structure.
        structure: Structure,
        /// How many bytes are too many.
        count: usize,
    },
    /// A key for another algorithm than RSA encryption.
    #[non_exhaustive]
    Algorithm {
        /// The name of the algorithm, or its object identifier in dotted form.
        name: String,
    },
    /// Algorithm parameters where rsaEncryption has none (RFC 3279, section 2.3.1).
    AlgorithmParameters,
    /// A certificate of a version that X.509 does not have.
    #[non_exhaustive]
    CertificateVersion {
        /// The version, if it is a small number.
        version: Option<u8>,
    },
    /// An exponent of more than 64 bits with a modulus of more than 3072 bits. OpenSSL and Java refuse
    /// such a key too, as one encryption can take seconds.
    #[non_exhaustive]
    ExponentTooLong {
        /// The length of the exponent in bits.
        bits: usize,
        /// The length of the modulus in bits.
        modulus_bits: usize,
    },
    /// A modulus or exponent that does not make a usable key.
    Rsa(rsaep::KeyError),
    /// The password is empty.
    EmptyPassword,
    /// The password is too long for the key.
    #[non_exhaustive]
    PasswordTooLong {
        /// Its length in bytes.
        len: usize,
        /// The longest in bytes: [`PublicKey::max_password_len`](crate::PublicKey::max_password_len).
        max: usize,
    },
    /// The bytes of the password are not taken for text, and it is not said that they are
    /// [meant as they are](crate::Password::with_raw).
    #[non_exhaustive]
    PasswordNotText {
        /// What is wrong.
        problem: NotText,
        /// The offset in bytes of what shows it first.
        position: usize,
    },
    /// A password in UTF-16 has half of a surrogate pair, which is no character.
    #[non_exhaustive]
    HalfSurrogate {
        /// Which code unit, counted from 0.
        unit: usize,
    },
    /// The output buffer has the wrong length.
    #[non_exhaustive]
    OutputLength {
        /// Its length in bytes.
        len: usize,
        /// The length wanted, in bytes.
        expected: usize,
    },
    /// The source of random bytes failed, or gave nothing but zeros.
    RandomSource,
    /// There is not enough memory. Only functions say it whose names start with `try_`.
    OutOfMemory,
    /// One password of a batch was refused, and so nothing was encrypted.
    #[non_exhaustive]
    InBatch {
        /// Which one, counted from 0.
        index: usize,
        /// Why.
        error: Box<Error>,
    },
    /// No password can satisfy these rules together, or none of the length asked for.
    #[non_exhaustive]
    PolicyConflict {
        /// The length in characters that makes them conflict; `None` if every length does.
        length: Option<usize>,
        /// The text of each rule of the conflict: without any one of them there would be none.
        rules: Vec<String>,
        /// Whether some password would satisfy them if no character were left out.
        excluded: bool,
    },
    /// A policy string that somebody wrote is not understood.
    #[non_exhaustive]
    PolicyString {
        /// Which one, counted from 1.
        number: usize,
        /// What is wrong with it.
        problem: PolicyStringProblem,
    },
    /// Nothing, or next to nothing, that was drawn satisfied the policy.
    PolicyTooNarrow,
    /// Every password that was generated has a word that it may not have.
    GeneratedHasWord,
    /// A password to be generated is too long.
    #[non_exhaustive]
    GeneratedTooLong {
        /// The length asked for, or the least that the policy allows, in characters.
        len: usize,
        /// The longest: [`MAX_GENERATED`](crate::policy::MAX_GENERATED).
        max: usize,
    },
    /// The dictionary is not UTF-8.
    #[non_exhaustive]
    DictionaryNotText {
        /// The line, counted from 1.
        line: usize,
        /// Offset in bytes from the start of the file.
        position: usize,
    },
    /// A line of the dictionary is too long.
    #[non_exhaustive]
    DictionaryLineTooLong {
        /// The line, counted from 1.
        line: usize,
        /// Its length in code points.
        len: usize,
        /// The longest in code points.
        max: usize,
    },
    /// White space in a word of the dictionary, or beside it.
    #[non_exhaustive]
    DictionaryWhiteSpace {
        /// The line, counted from 1.
        line: usize,
    },
    /// The dictionary is in another format: a list of JSON or CSV, or a web page. Taken for words, its lines would
    /// forbid no password.
    DictionaryOtherFormat,
    /// The dictionary has too many words.
    #[non_exhaustive]
    DictionaryTooManyWords {
        /// The line of the first that is too many, counted from 1.
        line: usize,
        /// The most words.
        max: usize,
    },
}

/// What is wrong with a policy string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyStringProblem {
    /// There is nothing in it but white space.
    Empty,
    /// It starts with no name of a requirement.
    #[non_exhaustive]
    UnknownName {
        /// The requirement that may be meant.
        nearest: Option<Requirement>,
    },
    /// After the name there is no "is".
    #[non_exhaustive]
    NoIs {
        /// The requirement.
        requirement: Requirement,
    },
    /// The value is no whole number, or a negative one other than -1.
    #[non_exhaustive]
    NoNumber {
        /// The requirement.
        requirement: Requirement,
    },
    /// The value is neither on nor off.
    #[non_exhaustive]
    NoSwitch {
        /// The requirement.
        requirement: Requirement,
    },
}

impl fmt::Display for PolicyStringProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty: it must be like `passwordMinLength is 8`"),
            Self::UnknownName {
                nearest: Some(nearest),
            } => write!(
                f,
                "starts with no name that is known: perhaps {} is meant",
                nearest.name()
            ),
            Self::UnknownName { nearest: None } => f.write_str(
                "starts with no name that is known: it must be like `passwordMinLength is 8`",
            ),
            Self::NoIs { requirement } => write!(
                f,
                "has no `is` after its name: it must be like `{} is {}`",
                requirement.name(),
                requirement.example()
            ),
            Self::NoNumber { requirement } => write!(
                f,
                "has no value that can be read: {} takes a whole number, and 0 or -1 for none",
                requirement.name()
            ),
            Self::NoSwitch { requirement } => write!(
                f,
                "has no value that can be read: {} takes true or false",
                requirement.name()
            ),
        }
    }
}

/// What is wrong with DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DerProblem {
    /// An element does not end within the structure that holds it.
    Truncated,
    /// A length of indefinite form, which BER allows and DER does not.
    IndefiniteLength,
    /// A length or an INTEGER that is not in its shortest form.
    NotMinimal,
    /// An INTEGER that reads as negative: the leading 00 byte is missing.
    NegativeInteger,
    /// A BIT STRING that is no whole number of bytes.
    UnusedBits,
    /// An OBJECT IDENTIFIER that is malformed, or longer than any of an algorithm.
    ObjectIdentifier,
    /// An element of another type than stands there.
    Tag,
    /// A field that is missing, or something else in its place.
    #[non_exhaustive]
    Field {
        /// Its name in the standard.
        name: &'static str,
    },
    /// Anything else.
    Malformed,
}

impl fmt::Display for DerProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Field { name } => {
                return write!(
                    f,
                    "its {name} is missing, or something else is in its place"
                );
            }
            Self::Truncated => "it ends before its last element does",
            Self::IndefiniteLength => "a length is indefinite, which DER does not allow",
            Self::NotMinimal => "a length or number is not in its shortest form",
            Self::NegativeInteger => "a number is negative: its leading 00 byte is missing",
            Self::UnusedBits => "a bit string is no whole number of bytes",
            Self::ObjectIdentifier => {
                "an object identifier is malformed, or longer than any of an algorithm"
            }
            Self::Tag => "an element is of another type than stands there",
            Self::Malformed => "it is malformed",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyKey => f.write_str("the key is empty"),
            Self::KeyNotText { position } => write!(
                f,
                "the key is neither DER nor text: byte {position} is not UTF-8"
            ),
            Self::OtherInput(other) => write!(f, "the key is {other}"),
            Self::Base64Character { position } => write!(
                f,
                "the key is not base64: byte {position} is not in its alphabet (A-Z a-z 0-9 + / =)"
            ),
            Self::Base64Length { characters } => write!(
                f,
                "the key's base64 is cut off: {characters} characters do not make whole bytes"
            ),
            Self::Base64End => f.write_str(
                "the key's base64 ends wrongly: its last character or its = signs do not fit its length",
            ),
            Self::PemMissing => f.write_str(
                "the key has no PEM block, which starts with a line -----BEGIN PUBLIC KEY-----",
            ),
            Self::PemFraming => f.write_str(
                "the PEM block is cut off, or its BEGIN and END lines do not match",
            ),
            Self::PemHeaders => f.write_str(
                "the PEM block has header lines, which a public key or certificate does not have",
            ),
            Self::PemBlocks { blocks } => {
                write!(
                    f,
                    "the key holds {} PEM blocks: leave the one that is meant: ",
                    blocks.len()
                )?;
                for (index, block) in blocks.iter().take(BLOCKS_SHOWN).enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{block}")?;
                }
                match blocks.len().saturating_sub(BLOCKS_SHOWN) {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
            Self::PemLabel { label } => {
                f.write_str("the PEM block is neither a public key nor a certificate: its BEGIN line ")?;
                match label.as_str() {
                    "" => f.write_str("has no label that is known")?,
                    label => write!(f, "says {label}")?,
                }
                f.write_str(", and must say PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE")
            }
            Self::JwkSet { count: 0 } => f.write_str("the JWK set holds no key"),
            Self::JwkSet { count } => write!(
                f,
                "the JWK set holds {count} keys: give the one that is meant alone"
            ),
            Self::KeyNumber { structure, name } => {
                write!(f, "the {structure} has no {name}, or one that is not base64")
            }
            Self::PrivateKey => f.write_str(
                "the key is a private key, and the public one is wanted: make it with `openssl pkey -pubout -in FILE` (`ssh-keygen -e -m PKCS8 -f FILE` for a key of OpenSSH)",
            ),
            Self::NotDer => f.write_str(
                "the key is not DER: it does not start with 0x30 and a length that fits (in base64, with MI)",
            ),
            Self::UnknownStructure => {
                f.write_str("the key is DER, but neither a public key nor a certificate")
            }
            Self::OtherStructure { expected, found } => {
                write!(
                    f,
                    "the key's structure is {found}, and {expected} is wanted"
                )
            }
            Self::Der {
                structure,
                problem,
                position,
            } => {
                match structure {
                    Some(structure) => write!(f, "the key is not a valid {structure}: {problem}")?,
                    None => write!(f, "the key is not valid DER: {problem}")?,
                }
                match position {
                    Some(position) => write!(f, " (seen after {position} bytes)"),
                    None => Ok(()),
                }
            }
            Self::KeyTruncated { len, expected } => write!(
                f,
                "the key is cut off: it has {len} bytes of {expected}"
            ),
            Self::TrailingBytes { structure, count } => {
                let bytes = if *count == 1 { "byte" } else { "bytes" };
                write!(
                    f,
                    "the key has {count} {bytes} too many at the end of its {structure}"
                )
            }
            Self::Algorithm { name } => {
                write!(f, "the key is for {name}, and one for RSA encryption is wanted")
            }
            Self::AlgorithmParameters => f.write_str(
                "the key's algorithm has parameters, which rsaEncryption does not have",
            ),
            Self::CertificateVersion { version } => {
                f.write_str("the certificate says that it is of ")?;
                match version {
                    Some(version) => write!(f, "version {version}")?,
                    None => f.write_str("a version that is no small number")?,
                }
                f.write_str(", and X.509 has versions 1 to 3")
            }
            Self::ExponentTooLong { bits, modulus_bits } => write!(
                f,
                "the RSA exponent has {bits} bits with a modulus of {modulus_bits}; above {UNLIMITED_EXPONENT_BITS} bits of modulus the longest accepted has {MAX_EXPONENT_BITS}, as OpenSSL and Java have it, for encryption would take seconds"
            ),
            Self::Rsa(error) => error.fmt(f),
            Self::EmptyPassword => f.write_str("the password is empty"),
            Self::PasswordTooLong { len, max } => write!(
                f,
                "the password has {len} bytes; the longest that this key can encrypt has {max}"
            ),
            Self::PasswordNotText { problem, position } => problem.explain(f, *position),
            Self::HalfSurrogate { unit } => write!(
                f,
                "the password has half a surrogate pair at code unit {unit} of its UTF-16, counted from 0, which is no character"
            ),
            Self::OutputLength { len, expected } => write!(
                f,
                "the output buffer has {len} bytes, and {expected} are needed"
            ),
            Self::RandomSource => {
                f.write_str("the source of random bytes failed: nothing was encrypted or generated")
            }
            Self::OutOfMemory => f.write_str("there is not enough memory"),
            Self::InBatch { index, error } => write!(f, "the password at index {index} of the batch: {error}"),
            Self::PolicyConflict {
                length,
                rules,
                excluded,
            } => {
                f.write_str("no password")?;
                if let Some(length) = length {
                    let s = if *length == 1 { "" } else { "s" };
                    write!(f, " of {length} character{s}")?;
                }
                if *excluded {
                    f.write_str(" without the characters that are left out")?;
                }
                match &rules[..] {
                    [] => f.write_str(" can be made: no character is left"),
                    rules => write!(f, " can satisfy: {}", rules.join("; ")),
                }
            }
            Self::PolicyString { number, problem } => {
                write!(f, "policy string {number} {problem}")
            }
            Self::PolicyTooNarrow => f.write_str(
                "no password was found: the source of random bytes does not work, or hardly any password of this length satisfies the policy",
            ),
            Self::GeneratedHasWord => f.write_str(
                "every password generated had a word that the policy forbids, such as one of the account's id or name",
            ),
            Self::GeneratedTooLong { len, max } => write!(
                f,
                "a password of {len} characters is asked for, and at most {max} are generated"
            ),
            Self::DictionaryNotText { line, position } => write!(
                f,
                "the dictionary is not text in UTF-8: line {line}, byte {position} of the file"
            ),
            Self::DictionaryLineTooLong { line, len, max } => write!(
                f,
                "the dictionary's line {line} has {len} characters, and at most {max} are allowed"
            ),
            Self::DictionaryWhiteSpace { line } => write!(
                f,
                "the dictionary's line {line} has white space: write one word a line, and nothing beside it"
            ),
            Self::DictionaryOtherFormat => f.write_str(
                "the dictionary is in another format, such as JSON, CSV or HTML: write one word a line, without quotes \
                 or commas",
            ),
            Self::DictionaryTooManyWords { line, max } => write!(
                f,
                "the dictionary has more than {max} words: line {line} is one too many"
            ),
        }
    }
}

impl Error {
    /// The same about the password at an index of a batch, counted from 0.
    ///
    /// ```
    /// let error = pwseal::Error::EmptyPassword.in_batch(3);
    /// assert_eq!(error.to_string(), "the password at index 3 of the batch: the password is empty");
    /// ```
    #[must_use]
    pub fn in_batch(self, index: usize) -> Self {
        Self::InBatch {
            index,
            error: self.into(),
        }
    }

    /// Where in the input of a key, a password or a dictionary something is wrong, as an offset in bytes, if that
    /// is known.
    #[must_use]
    pub fn position(&self) -> Option<usize> {
        match self {
            Self::KeyNotText { position }
            | Self::Base64Character { position }
            | Self::PasswordNotText { position, .. }
            | Self::DictionaryNotText { position, .. } => Some(*position),
            Self::Der { position, .. } => *position,
            _ => None,
        }
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            // The messages of these hold that of the error within.
            Self::Rsa(error) => error.source(),
            Self::InBatch { error, .. } => error.source(),
            _ => None,
        }
    }
}

impl From<rsaep::KeyError> for Error {
    fn from(error: rsaep::KeyError) -> Self {
        Self::Rsa(error)
    }
}
