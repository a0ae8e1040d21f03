//! X.509 certificates (RFC 5280, section 4.1) as what holds a key: only what leads to the
//! SubjectPublicKeyInfo is read.
//!
//! No crate is used, as each reads names, dates and extensions too, and refuses what it does not know
//! there. Of the fields before and after the key, the tag is checked and the length, which must be DER's;
//! their content is not looked at.

use pkcs1::der::asn1::AnyRef;
use pkcs1::der::{Decode, Header, Reader, SliceReader, Tag, TagNumber, Tagged};

use super::{OtherInput, Structure, der};
use crate::error::{DerProblem, Error};

/// The SubjectPublicKeyInfo of a certificate, with tag and length.
pub(super) fn subject_public_key_info(certificate: &[u8]) -> Result<&[u8], Error> {
    let mut outer = Elements::of(certificate, 0);
    let (_, content) = outer.next("SEQUENCE", |tag| tag == Tag::Sequence)?;
    outer.end()?;
    let mut outer = content;
    let (tbs, mut fields) = outer.next("tbsCertificate", |tag| tag == Tag::Sequence)?;
    if let Some(other) = other_than_certificate(tbs) {
        return Err(Error::OtherInput(other));
    }
    outer.next("signatureAlgorithm", |tag| tag == Tag::Sequence)?;
    outer.next("signatureValue", |tag| tag == Tag::BitString)?;
    outer.end()?;

    if fields.peek(context(0))? {
        let (_, mut version) = fields.next("version", context(0))?;
        let (number, _) = version.next("version", |tag| tag == Tag::Integer)?;
        version.end()?;
        // What is written down is one less: 2 for version 3.
        if !matches!(number, [_, _, 0..=2]) {
            return Err(Error::CertificateVersion {
                version: match number {
                    [_, _, number @ 3..0x7f] => Some(number + 1),
                    _ => None,
                },
            });
        }
    }
    fields.next("serialNumber", |tag| tag == Tag::Integer)?;
    for field in ["signature", "issuer", "validity", "subject"] {
        fields.next(field, |tag| tag == Tag::Sequence)?;
    }
    let (spki, _) = fields.next("subjectPublicKeyInfo", |tag| tag == Tag::Sequence)?;
    for (number, field) in [
        (1, "issuerUniqueID"),
        (2, "subjectUniqueID"),
        (3, "extensions"),
    ] {
        if fields.peek(context(number))? {
            fields.next(field, context(number))?;
        }
    }
    fields.end()?;
    Ok(spki)
}

/// A certificate without what OpenSSL appends to a TRUSTED CERTIFICATE: one SEQUENCE, of what it is
/// trusted for.
pub(super) fn without_trust(input: &[u8]) -> &[u8] {
    let mut both = Elements::of(input, 0);
    match (
        both.next("SEQUENCE", |tag| tag == Tag::Sequence),
        both.next("SEQUENCE", |tag| tag == Tag::Sequence),
        both.end(),
    ) {
        (Ok((certificate, _)), Ok(_), Ok(())) => certificate,
        // As it is, for the reason why.
        _ => input,
    }
}

/// Tells what else is signed like a certificate by the tags of its fields.
fn other_than_certificate(tbs: &[u8]) -> Option<OtherInput> {
    let mut fields = Elements::of(tbs, 0);
    let (_, mut fields) = fields.next("SEQUENCE", |_| true).ok()?;
    let mut tags = [None; 4];
    for tag in &mut tags {
        *tag = fields.any();
    }
    match tags {
        // version, subject, subjectPKInfo, attributes (RFC 2986)
        [
            Some(Tag::Integer),
            Some(Tag::Sequence),
            Some(Tag::Sequence),
            None | Some(Tag::ContextSpecific { .. }),
        ] => Some(OtherInput::CertificateRequest),
        // version, signature, issuer, thisUpdate; the version may be absent (RFC 5280, section 5.1)
        [
            Some(Tag::Integer),
            Some(Tag::Sequence),
            Some(Tag::Sequence),
            Some(Tag::UtcTime | Tag::GeneralizedTime),
        ]
        | [
            Some(Tag::Sequence),
            Some(Tag::Sequence),
            Some(Tag::UtcTime | Tag::GeneralizedTime),
            _,
        ] => Some(OtherInput::RevocationList),
        _ => None,
    }
}

fn context(wanted: u32) -> impl Fn(Tag) -> bool {
    move |tag| matches!(tag, Tag::ContextSpecific { number, .. } if number == TagNumber(wanted))
}

/// The elements of a structure, one after the other.
struct Elements<'a> {
    bytes: &'a [u8],
    /// Where they start in the certificate.
    start: usize,
}

impl<'a> Elements<'a> {
    fn of(bytes: &'a [u8], start: usize) -> Self {
        Self { bytes, start }
    }

    /// The next element with its tag and length, and the elements in it.
    fn next(
        &mut self,
        field: &'static str,
        is_wanted: impl Fn(Tag) -> bool,
    ) -> Result<(&'a [u8], Self), Error> {
        let (header, content) = match self.header()? {
            Some((header, content)) if is_wanted(header.tag()) => (header, content),
            _ => return Err(self.problem(DerProblem::Field { name: field })),
        };
        let end = content + der::to_usize(header.length());
        let Some((element, rest)) = self.bytes.split_at_checked(end) else {
            return Err(self.problem(DerProblem::Truncated));
        };
        let inside = Self::of(&element[content..], self.start + content);
        self.start += end;
        self.bytes = rest;
        Ok((element, inside))
    }

    /// The tag of the next element, which is skipped; none at the end, or if it is malformed.
    fn any(&mut self) -> Option<Tag> {
        let mut reader = SliceReader::new(self.bytes).ok()?;
        let tag = AnyRef::decode(&mut reader).ok()?.tag();
        self.bytes = &self.bytes[der::to_usize(reader.position())..];
        Some(tag)
    }

    fn peek(&self, is_wanted: impl Fn(Tag) -> bool) -> Result<bool, Error> {
        let header = self.header()?;
        Ok(header.is_some_and(|(header, _)| is_wanted(header.tag())))
    }

    /// The next tag and length, and how many bytes they take.
    fn header(&self) -> Result<Option<(Header, usize)>, Error> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let read = || {
            let mut reader = SliceReader::new(self.bytes)?;
            let header = Header::decode(&mut reader)?;
            Ok(Some((header, der::to_usize(reader.position()))))
        };
        read().map_err(|error| {
            let error = der::malformed(Some(Structure::Certificate), error);
            match error {
                Error::Der {
                    structure,
                    problem,
                    position,
                } => Error::Der {
                    structure,
                    problem,
                    position: position.map(|position| self.start + position),
                },
                error => error,
            }
        })
    }

    fn end(&self) -> Result<(), Error> {
        match self.bytes.len() {
            0 => Ok(()),
            count => Err(Error::TrailingBytes {
                structure: Structure::Certificate,
                count,
            }),
        }
    }

    fn problem(&self, problem: DerProblem) -> Error {
        Error::Der {
            structure: Some(Structure::Certificate),
            problem,
            position: Some(self.start),
        }
    }
}
