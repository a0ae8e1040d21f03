//! PEM blocks (RFC 7468), as people paste and save them.
//!
//! The frame of a block is found here and not by a crate: `pem-rfc7468` wants lines of 64
//! characters and no text around, `pem` stumbles over empty lines, and neither says where in a file
//! the mistake is.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::text::is_skipped;
use super::{OtherInput, PublicKey, Structure, certificate, der, other, text};
use crate::error::Error;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// How many characters of base64 a line that is written has.
const LINE: usize = 64;

/// A label is at most as long as this in an error.
const LONGEST_LABEL: usize = 40;

/// One of several PEM blocks, of which one had to be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PemBlock {
    /// The line of its BEGIN line in the input, counted from 1.
    pub line: usize,
    /// What its BEGIN line says that it is, or nothing if that is no label of PEM.
    pub label: String,
    /// What it is: "an RSA key of 2048 bits", "a key for elliptic curves (EC)".
    pub kind: String,
}

impl fmt::Display for PemBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, label, kind } = self;
        match label.as_str() {
            "" => write!(f, "line {line} ({kind})"),
            label => write!(f, "line {line} {label} ({kind})"),
        }
    }
}

/// One block, as OpenSSL writes it.
pub(super) fn write(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut block = format!("{BEGIN}{label}{DASHES}\n");
    for (index, character) in base64.char_indices() {
        block.push(character);
        if index % LINE == LINE - 1 {
            block.push('\n');
        }
    }
    if !block.ends_with('\n') {
        block.push('\n');
    }
    block.push_str(&format!("{END}{label}{DASHES}\n"));
    block
}

pub(super) fn is_in(text: &str) -> bool {
    // To find one character takes less than to find a string, and base64 has no dash.
    text.contains('-') && text.contains(BEGIN)
}

/// From the first BEGIN to the dashes that end the last END, in text of any encoding that has ASCII
/// as it is.
pub(super) fn blocks(input: &[u8]) -> Option<Range<usize>> {
    let mut begins = input.windows(BEGIN.len());
    let start = begins.position(|bytes| bytes == BEGIN.as_bytes())?;
    let mut ends = input.windows(END.len());
    let label = ends.rposition(|bytes| bytes == END.as_bytes())? + END.len();
    let mut dashes = input[label..].windows(DASHES.len());
    let len = dashes.position(|bytes| bytes == DASHES.as_bytes())?;
    let end = label + len + DASHES.len();
    (start < end).then_some(start..end)
}

/// Reads the one PEM block in a text. What stands around it is not looked at. `before` is what stands before
/// the text in the input, for positions and lines in errors.
pub(super) fn read(text: &str, before: &[u8]) -> Result<(PublicKey, Structure), Error> {
    // Before anything is decoded, so that no copy of a private key is made.
    let labels = labels(text);
    if labels.iter().any(|(_, label)| is_private(label)) {
        return Err(Error::PrivateKey);
    }
    match labels[..] {
        [] => Err(Error::PemMissing),
        [(position, label)] => read_block(&text[position..], label, before.len() + position),
        _ => Err(Error::PemBlocks {
            blocks: describe(text, &labels, before),
        }),
    }
}

/// The position and the label of every block.
fn labels(text: &str) -> Vec<(usize, &str)> {
    text.match_indices(BEGIN)
        .map(|(position, begin)| {
            let label = &text[position + begin.len()..];
            (position, label.split(DASHES).next().unwrap_or_default())
        })
        .collect()
}

fn is_private(label: &str) -> bool {
    label.contains("PRIVATE KEY")
}

/// Reads a block that starts with its BEGIN line. A label that stands for a public key or a certificate
/// is not believed: the content decides.
fn read_block(block: &str, label: &str, start: usize) -> Result<(PublicKey, Structure), Error> {
    // The white space in it may be of another kind, or more than one.
    let mut words = label.split(is_skipped).filter(|word| !word.is_empty());
    let words: [_; 4] = core::array::from_fn(|_| words.next().unwrap_or_default());
    match words {
        ["PUBLIC", "KEY", "", ""]
        | ["RSA" | "ANY", "PUBLIC", "KEY", ""]
        | ["CERTIFICATE", "", "", ""]
        | ["X509" | "X.509" | "TRUSTED", "CERTIFICATE", "", ""] => {}
        ["CERTIFICATE", "REQUEST", "", ""] | ["NEW", "CERTIFICATE", "REQUEST", ""] => {
            return Err(OtherInput::CertificateRequest.into());
        }
        ["X509", "CRL", "", ""] => return Err(OtherInput::RevocationList.into()),
        ["PKCS7" | "CMS", "", "", ""] | ["PKCS", "#7", "SIGNED", "DATA"] => {
            return Err(OtherInput::Pkcs7.into());
        }
        ["PGP", ..] => return Err(OtherInput::OpenPgp.into()),
        ["SSH2", "PUBLIC", "KEY", ""] => return Err(OtherInput::Ssh2.into()),
        [.., "PARAMETERS", ""] | [.., "PARAMETERS", "", ""] => {
            return Err(OtherInput::Parameters.into());
        }
        _ => {
            return Err(Error::PemLabel {
                label: shown(label),
            });
        }
    }
    let (body, position) = body(block, label).ok_or(Error::PemFraming)?;
    let der = text::decode(body, start + position).map_err(|error| match error {
        Error::EmptyKey => error,
        _ if body.contains(':') => Error::PemHeaders,
        error => other::escapes(body)
            .or_else(|| other::stray(body))
            .map_or(error, Error::from),
    })?;
    match words {
        ["TRUSTED", ..] => detect(certificate::without_trust(&der)),
        _ => detect(&der),
    }
}

fn detect(der: &[u8]) -> Result<(PublicKey, Structure), Error> {
    der::detect(der).map_err(|error| match error {
        Error::NotDer => other::in_bytes(der).unwrap_or(error),
        error => error,
    })
}

/// What stands between the BEGIN and the END line, and its offset in the block.
fn body<'t>(block: &'t str, label: &str) -> Option<(&'t str, usize)> {
    let begin = BEGIN.len() + label.len() + DASHES.len();
    let end = format!("{END}{label}{DASHES}");
    let (body, _) = block.get(begin..)?.split_once(&end)?;
    Some((body, begin))
}

/// What each block of several is.
fn describe(text: &str, labels: &[(usize, &str)], before: &[u8]) -> Vec<PemBlock> {
    let ends = labels.iter().skip(1).map(|(position, _)| *position);
    let mut lines = Lines::new(before);
    let mut counted = 0;
    labels
        .iter()
        .zip(ends.chain([text.len()]))
        .map(|(&(position, label), end)| {
            lines.count(&text.as_bytes()[counted..position]);
            counted = position;
            let block = &text[position..end];
            PemBlock {
                line: lines.line,
                label: shown(label),
                kind: match read_block(block, label, position) {
                    Ok((key, _)) => format!("an RSA key of {} bits", key.bits()),
                    Err(Error::Algorithm { name }) => format!("a key for {name}"),
                    Err(Error::PrivateKey) => "a private key".to_owned(),
                    Err(Error::OtherInput(other)) => other.what().to_owned(),
                    Err(Error::Rsa(error)) => format!("{error}"),
                    Err(_) => "not readable".to_owned(),
                },
            }
        })
        .collect()
}

/// Counts lines, which end in LF, CR or both.
struct Lines {
    line: usize,
    after_cr: bool,
}

impl Lines {
    fn new(before: &[u8]) -> Self {
        let mut lines = Self {
            line: 1,
            after_cr: false,
        };
        lines.count(before);
        lines
    }

    fn count(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.line += usize::from(match byte {
                b'\n' => !self.after_cr,
                b'\r' => true,
                _ => false,
            });
            self.after_cr = *byte == b'\r';
        }
    }
}

/// A label as it may be shown: nothing, if it is not of the characters that labels have.
fn shown(label: &str) -> String {
    let is_label = label.len() <= LONGEST_LABEL
        && label.chars().all(|c| {
            c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, ' ' | '.' | '#' | '-')
        });
    match is_label {
        true => label.to_owned(),
        false => String::new(),
    }
}
