//! Certificates whose fields are odd, as data: built here by hand, byte by byte, all of one key. `keys.rs`
//! holds this crate to it, `interop.rs` compares it with OpenSSL and Java.

use super::odd_keys::{BIT_STRING, INTEGER, NULL, OID, SEQUENCE, sequence, tlv};
use super::read_der;

const BOOLEAN: u8 = 0x01;
const OCTET_STRING: u8 = 0x04;
const UTF8_STRING: u8 = 0x0c;
const SET: u8 = 0x31;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The DER of each field of a certificate, tag and length included. An empty one is absent.
#[derive(Clone)]
pub(crate) struct Fields {
    pub(crate) version: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) validity: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) spki: Vec<u8>,
    pub(crate) issuer_id: Vec<u8>,
    pub(crate) subject_id: Vec<u8>,
    pub(crate) extensions: Vec<u8>,
    pub(crate) algorithm: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

impl Fields {
    /// A certificate of the test key of 2048 bits.
    pub(crate) fn new() -> Self {
        let algorithm = sequence(&[SHA256_WITH_RSA, &[NULL, 0]]);
        Self {
            version: tlv(0xa0, &[INTEGER, 1, 2]),
            serial: tlv(INTEGER, &[1]),
            signature: algorithm.clone(),
            issuer: name(COMMON_NAME, UTF8_STRING, b"x"),
            validity: times(UTC_TIME, b"260101000000Z", UTC_TIME, b"360101000000Z"),
            subject: name(COMMON_NAME, UTF8_STRING, b"x"),
            spki: read_der("rsa2048.spki.pem"),
            issuer_id: vec![],
            subject_id: vec![],
            extensions: vec![],
            algorithm,
            value: tlv(BIT_STRING, &[0; 257]),
        }
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let tbs = sequence(&[
            &self.version,
            &self.serial,
            &self.signature,
            &self.issuer,
            &self.validity,
            &self.subject,
            &self.spki,
            &self.issuer_id,
            &self.subject_id,
            &self.extensions,
        ]);
        sequence(&[&tbs, &self.algorithm, &self.value])
    }
}

const SHA256_WITH_RSA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
const COMMON_NAME: &[u8] = b"\x06\x03\x55\x04\x03";
/// Object identifiers that libraries stumble over: 2.999, 2.25 with a UUID, an arc of 2^32 and one of
/// 2^64, one of 45 bytes, 2.40, the shortest, none, one that is not minimal, one that is cut off.
const OIDS: [&[u8]; 10] = [
    &[OID, 2, 0x88, 0x37],
    b"\x06\x14\x69\x83\xf8\xd5\xc1\xe3\x91\xb3\xa8\xd5\xc1\xe3\x91\xb3\xa8\xd5\xc1\xe3\x91\x33",
    &[OID, 6, 0x2a, 0x90, 0x80, 0x80, 0x80, 0x00],
    &[
        OID, 11, 0x2a, 0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00,
    ],
    &LONG_OID,
    &[OID, 1, 0x78],
    &[OID, 1, 0],
    &[OID, 0],
    &[OID, 3, 0x2a, 0x80, 0x01],
    &[OID, 2, 0x2a, 0x81],
];
const LONG_OID: [u8; 47] = {
    let mut oid = [1; 47];
    oid[0] = OID;
    oid[1] = 45;
    oid[2] = 0x2a;
    oid
};

fn name(oid: &[u8], tag: u8, value: &[u8]) -> Vec<u8> {
    let attribute = sequence(&[oid, &tlv(tag, value)]);
    sequence(&[&tlv(SET, &attribute)])
}

fn times(from_tag: u8, from: &[u8], to_tag: u8, to: &[u8]) -> Vec<u8> {
    sequence(&[&tlv(from_tag, from), &tlv(to_tag, to)])
}

fn extension(oid: &[u8], critical: &[u8], value: &[u8]) -> Vec<u8> {
    extensions(&[&sequence(&[oid, critical, &tlv(OCTET_STRING, value)])])
}

fn extensions(each: &[&[u8]]) -> Vec<u8> {
    tlv(0xa3, &sequence(each))
}

/// Certificates whose odd fields do not matter to the key, which is that of the test key of 2048 bits.
#[expect(clippy::too_many_lines, reason = "it is a table")]
pub(crate) fn odd_certificates() -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |field: &str, value: &[u8], change: &dyn Fn(&mut Fields, Vec<u8>)| {
        let mut fields = Fields::new();
        change(&mut fields, value.to_vec());
        let name = format!("{field} {value:02x?}");
        all.push((name.chars().take(200).collect(), fields.der()));
    };
    for version in [
        &[][..],
        &[0xa0, 3, INTEGER, 1, 0],
        &[0xa0, 3, INTEGER, 1, 1],
    ] {
        add("version", version, &|f, value| f.version = value);
    }
    let huge = tlv(INTEGER, &[0x55; 1000]);
    for serial in [
        &[INTEGER, 1, 0][..],
        &[INTEGER, 1, 0x80],
        &[INTEGER, 1, 0xff],
        &[INTEGER, 2, 0, 1],
        &[INTEGER, 2, 0xff, 0xff],
        &[INTEGER, 0],
        &tlv(INTEGER, &[0x7f; 21]),
        &huge,
    ] {
        add("serialNumber", serial, &|f, value| f.serial = value);
    }
    for oid in OIDS {
        for parameters in [&[][..], &[NULL, 0], &[BOOLEAN, 1, 1]] {
            let algorithm = sequence(&[oid, parameters]);
            add("signature", &algorithm, &|f, value| f.signature = value);
            add("signatureAlgorithm", &algorithm, &|f, value| {
                f.algorithm = value
            });
        }
        let odd = name(oid, UTF8_STRING, b"x");
        add("issuer", &odd, &|f, value| f.issuer = value);
        add("subject", &odd, &|f, value| f.subject = value);
        add("extensions", &extension(oid, &[], b"x"), &|f, value| {
            f.extensions = value
        });
    }
    add("signature", &[SEQUENCE, 0], &|f, value| f.signature = value);
    // Every universal tag as that of a string, and some that are none.
    for tag in (1..=0x1e).filter(|tag| ![SEQUENCE & 0x1f, SET & 0x1f].contains(tag)) {
        for value in [&b"x"[..], b"", b"\0\0\0x", b"\xff"] {
            add("subject", &name(COMMON_NAME, tag, value), &|f, value| {
                f.subject = value
            });
        }
    }
    for subject in [
        sequence(&[]),
        sequence(&[&tlv(SET, &[])]),
        sequence(&[&tlv(SET, &sequence(&[]))]),
        sequence(&[&sequence(&[])]),
        name(COMMON_NAME, UTF8_STRING, &[b'x'; 5000]),
        name(
            b"\x06\x03\x55\x04\x06",
            UTF8_STRING,
            b"too long for a country",
        ),
    ] {
        add("subject", &subject, &|f, value| f.subject = value.clone());
        add("issuer", &subject, &|f, value| f.issuer = value);
    }
    for (tag, time) in [
        (UTC_TIME, &b"500101000000Z"[..]),
        (UTC_TIME, b"491231235959Z"),
        (UTC_TIME, b"2601010000Z"),
        (UTC_TIME, b"260101000000+0100"),
        (UTC_TIME, b"260101000000"),
        (UTC_TIME, b"269999000000Z"),
        (UTC_TIME, b""),
        (UTC_TIME, b"tomorrow"),
        (GENERALIZED_TIME, b"00000101000000Z"),
        (GENERALIZED_TIME, b"19000101000000Z"),
        (GENERALIZED_TIME, b"99991231235959Z"),
        (GENERALIZED_TIME, b"20260101000000.5Z"),
        (GENERALIZED_TIME, b"20260101000000+0100"),
        (INTEGER, b"\x01"),
    ] {
        let end = &b"360101000000Z"[..];
        let validity = times(tag, time, UTC_TIME, end);
        add("validity", &validity, &|f, value| f.validity = value);
        let validity = times(UTC_TIME, end, tag, time);
        add("validity", &validity, &|f, value| f.validity = value);
    }
    add("validity", &[SEQUENCE, 0], &|f, value| f.validity = value);
    for id in [
        &[0x81, 2, 0, 1][..],
        &[0x81, 1, 0],
        &[0x81, 0],
        &[0x81, 2, 9, 1],
    ] {
        add("issuerUniqueID", id, &|f, value| f.issuer_id = value);
        let id = [&[0x82], &id[1..]].concat();
        add("subjectUniqueID", &id, &|f, value| f.subject_id = value);
    }
    let basic_constraints = b"\x06\x03\x55\x1d\x13";
    let one = sequence(&[basic_constraints, &tlv(OCTET_STRING, &[SEQUENCE, 0])]);
    for odd in [
        extension(basic_constraints, &[BOOLEAN, 1, 0xff], &[SEQUENCE, 0]),
        extension(basic_constraints, &[BOOLEAN, 1, 1], &[SEQUENCE, 0]),
        extension(basic_constraints, &[BOOLEAN, 1, 0], &[SEQUENCE, 0]),
        extension(basic_constraints, &[BOOLEAN, 0], &[SEQUENCE, 0]),
        extension(basic_constraints, &[], b"no DER"),
        extension(basic_constraints, &[], b""),
        extension(b"\x06\x03\x55\x1d\x0f", &[], b"\x03\x02\x09\x00"),
        extension(b"\x06\x03\x55\x1d\x11", &[], b"\x30\x04\x82\x02\xff\xfe"),
        extensions(&[&one, &one]),
        extensions(&[]),
        extensions(&[&sequence(&[])]),
        tlv(0xa3, &[]),
        extension(basic_constraints, &[], &[0x55; 20_000]),
    ] {
        add("extensions", &odd, &|f, value| f.extensions = value);
    }
    // Lengths that are not minimal, within a field.
    let long = [SEQUENCE, 0x81, 0];
    add("subject", &sequence(&[&[SET, 0x81, 0]]), &|f, value| {
        f.subject = value
    });
    add("extensions", &extensions(&[&long]), &|f, value| {
        f.extensions = value
    });
    for value in [
        &[BIT_STRING, 1, 0][..],
        &[BIT_STRING, 0],
        &[BIT_STRING, 2, 7, 1],
        &[BIT_STRING, 2, 9, 1],
    ] {
        add("signatureValue", value, &|f, value| f.value = value);
    }
    all
}
