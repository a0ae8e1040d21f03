//! Keys at and beyond the edge of the rules, as data: built here by hand, byte by byte,
//! and what is to become of each. `keys.rs` holds this crate to it, `interop.rs` the peers.

use super::{public_key, read_der};

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

pub(crate) struct OddKey {
    pub(crate) name: &'static str,
    pub(crate) der: Vec<u8>,
    /// The bits of a key that is accepted, or the message of a refusal.
    pub(crate) expected: Result<usize, &'static str>,
}

impl OddKey {
    fn accepted(name: &'static str, der: Vec<u8>, bits: usize) -> Self {
        let expected = Ok(bits);
        Self {
            name,
            der,
            expected,
        }
    }

    fn refused(name: &'static str, der: Vec<u8>, message: &'static str) -> Self {
        let expected = Err(message);
        Self {
            name,
            der,
            expected,
        }
    }
}

/// The tag, the length in its shortest form, the content.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = content.len();
    let header = match len {
        0..=0x7f => vec![tag, low(len)],
        0x80..=0xff => vec![tag, 0x81, low(len)],
        _ => vec![tag, 0x82, low(len >> 8), low(len)],
    };
    [header, content.to_vec()].concat()
}

fn low(len: usize) -> u8 {
    len.to_le_bytes()[0]
}

/// A positive INTEGER, with the leading 00 that it needs.
pub(crate) fn uint(bytes: &[u8]) -> Vec<u8> {
    match bytes.first() {
        Some(0x80..) => tlv(INTEGER, &[&[0], bytes].concat()),
        _ => tlv(INTEGER, bytes),
    }
}

pub(crate) fn sequence(elements: &[&[u8]]) -> Vec<u8> {
    tlv(SEQUENCE, &elements.concat())
}

/// SubjectPublicKeyInfo of an AlgorithmIdentifier's elements and an RSAPublicKey.
pub(crate) fn spki(algorithm: &[&[u8]], key: &[u8]) -> Vec<u8> {
    spki_of_bits(algorithm, &[&[0], key].concat())
}

fn spki_of_bits(algorithm: &[&[u8]], bits: &[u8]) -> Vec<u8> {
    sequence(&[&sequence(algorithm), &tlv(BIT_STRING, bits)])
}

/// SubjectPublicKeyInfo, all right but for the numbers.
pub(crate) fn spki_of(n: &[u8], e: &[u8]) -> Vec<u8> {
    spki(&rsa_encryption(), &sequence(&[&uint(n), &uint(e)]))
}

/// 1.2.840.113549.1.1.1 and NULL
pub(crate) fn rsa_encryption() -> [&'static [u8]; 2] {
    [RSA_ENCRYPTION, &[NULL, 0]]
}

/// An odd number of so many bits, which as a modulus is as good as any.
pub(crate) fn modulus(bits: usize) -> Vec<u8> {
    let mut n = vec![0xa5; bits.div_ceil(8)];
    n[0] = 1 << ((bits - 1) % 8);
    n
}

const RSA_ENCRYPTION: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const RSAES_OAEP: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07";
const RSASSA_PSS: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
/// 2.5.8.1.1
const X509_RSA: &[u8] = b"\x06\x04\x55\x08\x01\x01";
/// 1.3.6.1.4.1.99999.1, which is nobody's.
const UNKNOWN: &[u8] = b"\x06\x0a\x2b\x06\x01\x04\x01\x86\x8d\x1f\x01\x01";

const BITS_65: [u8; 9] = [1, 0, 0, 0, 0, 0, 0, 0, 1];
const TOO_SMALL: &str = "the RSA exponent is 0, 1 or 2; the smallest accepted is 3";
const EVEN_EXPONENT: &str = "the RSA exponent is even, so no private key can belong to it";

/// Every kind of odd key in DER.
#[expect(clippy::too_many_lines, reason = "it is a table")]
pub(crate) fn odd_keys() -> Vec<OddKey> {
    let base = public_key(2048);
    let (n, e) = (base.modulus(), base.exponent());
    let good = base.to_spki_der();
    let pkcs1 = sequence(&[&uint(n), &uint(e)]);
    let null: &[u8] = &[NULL, 0];
    let exponent = |e: &[u8]| spki_of(n, e);
    let long_exponent = |bits: usize, e: &[u8]| spki_of(&modulus(bits), e);
    let length = |bits: usize| spki_of(&modulus(bits), e);
    let algorithm = |oid: &[u8]| spki(&[oid, null], &pkcs1);
    let mut even = n.to_vec();
    even[255] ^= 1;
    let mut above = n.to_vec();
    above[0] = 0xff;

    let mut keys = vec![
        OddKey::accepted("the base key", good.clone(), 2048),
        // The AlgorithmIdentifier
        OddKey::accepted("no parameters", spki(&[RSA_ENCRYPTION], &pkcs1), 2048),
        OddKey::refused(
            "parameters other than NULL",
            spki(&[RSA_ENCRYPTION, &tlv(OCTET_STRING, b"x")], &pkcs1),
            "the key's algorithm has parameters, which rsaEncryption does not have",
        ),
        OddKey::refused(
            "NULL that is not empty",
            spki(&[RSA_ENCRYPTION, &tlv(NULL, b"x")], &pkcs1),
            "the key's algorithm has parameters, which rsaEncryption does not have",
        ),
        OddKey::refused(
            "PSS",
            spki(&[RSASSA_PSS], &pkcs1),
            "the key is for RSASSA-PSS signatures, and one for RSA encryption is wanted",
        ),
        OddKey::refused(
            "OAEP",
            algorithm(RSAES_OAEP),
            "the key is for RSAES-OAEP encryption, and one for RSA encryption is wanted",
        ),
        OddKey::refused(
            "2.5.8.1.1",
            algorithm(X509_RSA),
            "the key is for RSA by the identifier of X.509 annex H (2.5.8.1.1), and one for RSA encryption is wanted",
        ),
        OddKey::refused(
            "an unknown algorithm",
            algorithm(UNKNOWN),
            "the key is for 1.3.6.1.4.1.99999.1.1, and one for RSA encryption is wanted",
        ),
        OddKey::refused(
            "an algorithm of 45 bytes",
            algorithm(&tlv(OID, &[1; 45])),
            "the key is not a valid SubjectPublicKeyInfo: an object identifier is malformed, or longer than any of an algorithm (seen after 8 bytes)",
        ),
        OddKey::refused(
            "a BOOLEAN of 1 as parameters",
            spki(&[RSA_ENCRYPTION, &[1, 1, 1]], &pkcs1),
            "the key's algorithm has parameters, which rsaEncryption does not have",
        ),
        OddKey::refused(
            "an OCTET STRING for the exponent",
            spki(
                &rsa_encryption(),
                &sequence(&[&uint(n), &tlv(OCTET_STRING, e)]),
            ),
            "the key is not a valid PKCS#1 RSAPublicKey: an element is of another type than stands there",
        ),
        // Bytes that do not belong
        OddKey::refused(
            "a byte after the SPKI",
            [&good[..], &[0]].concat(),
            "the key has 1 byte too many at the end of its SubjectPublicKeyInfo",
        ),
        OddKey::refused(
            "two bytes after the SPKI",
            [&good[..], b"\r\n"].concat(),
            "the key has 2 bytes too many at the end of its SubjectPublicKeyInfo",
        ),
        OddKey::refused(
            "a byte inside the BIT STRING",
            spki(&rsa_encryption(), &[&pkcs1[..], &[0]].concat()),
            "the key has 1 byte too many at the end of its PKCS#1 RSAPublicKey",
        ),
        OddKey::refused(
            "a number after e",
            spki(
                &rsa_encryption(),
                &sequence(&[&uint(n), &uint(e), &uint(e)]),
            ),
            "the key has 5 bytes too many at the end of its PKCS#1 RSAPublicKey",
        ),
        OddKey::refused(
            "an element after the BIT STRING",
            sequence(&[
                &sequence(&rsa_encryption()),
                &tlv(BIT_STRING, &[&[0], &pkcs1[..]].concat()),
                null,
            ]),
            "the key has 2 bytes too many at the end of its SubjectPublicKeyInfo",
        ),
        OddKey::refused(
            "unused bits in the BIT STRING",
            spki_of_bits(&rsa_encryption(), &[&[1], &pkcs1[..255], &[0]].concat()),
            "the key is not a valid SubjectPublicKeyInfo: a bit string is no whole number of bytes",
        ),
        // Encodings that BER allows
        OddKey::refused(
            "a length that is not minimal",
            [&[SEQUENCE, 0x83, 0][..], &good[2..]].concat(),
            "the key is not valid DER: a length or number is not in its shortest form (seen after 5 bytes)",
        ),
        OddKey::refused(
            "a length inside that is not minimal",
            sequence(&[&[SEQUENCE, 0x81, 13], &good[6..]]),
            "the key is not valid DER: a length or number is not in its shortest form (seen after 7 bytes)",
        ),
        OddKey::refused(
            "an indefinite length",
            [&[SEQUENCE, 0x80][..], &good[4..], &[0, 0]].concat(),
            "the key is not valid DER: a length is indefinite, which DER does not allow (seen after 2 bytes)",
        ),
        OddKey::refused(
            "a modulus that is not minimal",
            spki(
                &rsa_encryption(),
                &sequence(&[&tlv(INTEGER, &[&[0, 0], n].concat()), &uint(e)]),
            ),
            "the key is not a valid PKCS#1 RSAPublicKey: a length or number is not in its shortest form (seen after 266 bytes)",
        ),
        OddKey::refused(
            "an exponent that is not minimal",
            exponent(&[0, 1, 0, 1]),
            "the key is not a valid PKCS#1 RSAPublicKey: a length or number is not in its shortest form (seen after 271 bytes)",
        ),
        // The modulus
        OddKey::refused(
            "a modulus without its leading 00",
            spki(&rsa_encryption(), &sequence(&[&tlv(INTEGER, n), &uint(e)])),
            "the key is not a valid PKCS#1 RSAPublicKey: a number is negative: its leading 00 byte is missing (seen after 264 bytes)",
        ),
        OddKey::refused(
            "an even modulus",
            spki_of(&even, e),
            "the RSA modulus is even, so it is no product of two odd primes",
        ),
        OddKey::refused(
            "a modulus of 0",
            spki_of(&[0], e),
            "the RSA modulus has 0 bits; the shortest accepted has 1024",
        ),
        OddKey::refused(
            "512 bits",
            length(512),
            "the RSA modulus has 512 bits; the shortest accepted has 1024",
        ),
        OddKey::refused(
            "1023 bits",
            length(1023),
            "the RSA modulus has 1023 bits; the shortest accepted has 1024",
        ),
        OddKey::refused(
            "16385 bits",
            length(16_385),
            "the RSA modulus has 16385 bits; the longest accepted has 16384",
        ),
        // The exponent
        OddKey::refused("e = 0", exponent(&[0]), TOO_SMALL),
        OddKey::refused("e = 1", exponent(&[1]), TOO_SMALL),
        OddKey::refused("e = 2", exponent(&[2]), TOO_SMALL),
        OddKey::refused("e = 4", exponent(&[4]), EVEN_EXPONENT),
        OddKey::refused("e = 65536", exponent(&[1, 0, 0]), EVEN_EXPONENT),
        OddKey::refused(
            "a negative exponent",
            spki(
                &rsa_encryption(),
                &sequence(&[&uint(n), &tlv(INTEGER, &[0xff])]),
            ),
            "the key is not a valid PKCS#1 RSAPublicKey: a number is negative: its leading 00 byte is missing (seen after 268 bytes)",
        ),
        OddKey::refused(
            "e above n",
            exponent(&above),
            "the RSA exponent is not below the modulus",
        ),
        OddKey::accepted("e = 3", exponent(&[3]), 2048),
        OddKey::accepted("e of 33 bits", exponent(&[1, 0, 0, 0, 1]), 2048),
        OddKey::accepted("e of 65 bits", exponent(&BITS_65), 2048),
        OddKey::accepted(
            "e of 65 bits with 3072",
            long_exponent(3072, &BITS_65),
            3072,
        ),
        OddKey::accepted(
            "e of 64 bits with 3073",
            long_exponent(3073, &[0xff; 8]),
            3073,
        ),
        OddKey::refused(
            "e of 65 bits with 3073",
            long_exponent(3073, &BITS_65),
            "the RSA exponent has 65 bits with a modulus of 3073; above 3072 bits of modulus the longest accepted has 64, as OpenSSL and Java have it, for encryption would take seconds",
        ),
        // Other structures
        OddKey::accepted("PKCS#1", pkcs1, 2048),
        OddKey::accepted("a certificate", read_der("rsa2048.certificate.pem"), 2048),
    ];
    keys.extend(
        [1024, 1025, 2047, 2048, 2049, 3072, 4096, 8192, 16_384]
            .map(|bits| OddKey::accepted("a modulus of that many bits", length(bits), bits)),
    );
    keys
}
