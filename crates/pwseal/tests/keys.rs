//! Keys: the odd ones, the files that users have, and the mistakes that they make. Each is
//! accepted or refused as it should be, and each refusal has its own words.
#![allow(clippy::panic, reason = "that is how a test fails")]

mod common;

use common::certificates::{Fields, odd_certificates};
use common::odd_keys::{self, odd_keys, sequence, uint};
use common::{base64, public_key, read, read_base64, read_der, read_text};
use proptest::prelude::*;
use pwseal::{Encoding, Error, KeyError, PublicKey, Structure};

const PRIVATE: &str = "the key is a private key, and the public one is wanted: make it with `openssl pkey -pubout -in FILE` (`ssh-keygen -e -m PKCS8 -f FILE` for a key of OpenSSH)";
const EMPTY: &str = "the key is empty";
const UTF_16: &str = "the key is text in UTF-16: save it as UTF-8 or ASCII";
const BASE64_END: &str =
    "the key's base64 ends wrongly: its last character or its = signs do not fit its length";
const PEM_HEADERS: &str =
    "the PEM block has header lines, which a public key or certificate does not have";
const PEM_BLOCKS: &str = "the key holds 2 PEM blocks: leave the one that is meant: line 1 PUBLIC KEY (an RSA key of 2048 bits), line 4 PUBLIC KEY (an RSA key of 2048 bits)";
const OPENSSH: &str =
    "the key is in OpenSSH's format: convert it with `ssh-keygen -e -m PKCS8 -f FILE`";
const NOT_DER: &str =
    "the key is not DER: it does not start with 0x30 and a length that fits (in base64, with MI)";
const PEM_FRAMING: &str = "the PEM block is cut off, or its BEGIN and END lines do not match";
const UNKNOWN: &str = "the key is DER, but neither a public key nor a certificate";
const JSON: &str = "the key is JSON, but not one JWK: give the value of its publicKey alone, or the whole response where a password-info is asked for";
const PKCS12: &str = "the key is PKCS#12 (PFX), which may hold a private key: extract the certificate with `openssl pkcs12 -nokeys -clcerts -in FILE`";
const PKCS7: &str = "the key is PKCS#7: extract its certificates with `openssl pkcs7 -print_certs -in FILE`, and give the one that is meant";
const ENCODED_TWICE: &str = "the key is encoded twice, as base64 of text: decode it once with `base64 -d` and give what comes out";
const MIXED_BASE64: &str = "the key is base64 of two alphabets, with + or / as well as - or _: take it anew from where it comes from";
const KEYSTORE: &str = "the key is a Java keystore: export the certificate with `keytool -exportcert -rfc -keystore FILE -alias NAME`";
const SSH2: &str = "the key is in the format of SSH2 (RFC 4716): convert it with `ssh-keygen -i -m RFC4716 -f FILE > key.pub` and `ssh-keygen -e -m PKCS8 -f key.pub`";

/// Asserts that an input is refused, in which words.
fn assert_refused(name: &str, input: impl AsRef<[u8]>, message: &str) {
    match PublicKey::parse(input) {
        Ok(key) => panic!("{name}: accepted as {key:?}"),
        Err(error) => assert_eq!(error.to_string(), message, "{name}"),
    }
}

/// Lines of so many characters.
fn wrap(text: &str, width: usize, line_end: &str) -> String {
    let lines: Vec<&str> = (0..text.len())
        .step_by(width)
        .map(|start| &text[start..text.len().min(start + width)])
        .collect();
    lines.join(line_end)
}

fn pem(label: &str, body: &str) -> String {
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

// The files that users have

/// Where the time grew with the square of the length, this would not end.
#[test]
fn long_texts_take_no_longer_than_their_length() {
    let attributes: String = (0..90_000).map(|n| format!(" a{n}=\"\"")).collect();
    for text in ["&".repeat(1 << 20), format!("<RSAKeyValue{attributes}/>")] {
        assert!(PublicKey::parse(&text).is_err());
    }
}

// DER

#[test]
fn odd_keys_are_accepted_or_refused_as_the_table_says() {
    for key in odd_keys() {
        let found = PublicKey::parse(&key.der);
        let found = found.map(|key| key.bits()).map_err(|e| e.to_string());
        assert_eq!(found, key.expected.map_err(str::to_owned), "{}", key.name);

        // The same in base64 and, if it is one, as an SPKI in PEM.
        let text = base64(&key.der);
        let as_base64 = PublicKey::parse(&text).map(|key| key.bits());
        assert_eq!(as_base64.map_err(|e| e.to_string()), found, "{}", key.name);
    }
}

#[test]
fn what_is_accepted_as_der_is_what_would_be_written() {
    for key in odd_keys().iter().filter(|key| key.expected.is_ok()) {
        let parsed = PublicKey::parse(&key.der).unwrap();
        match key.name {
            "no parameters" | "PKCS#1" | "a certificate" => {
                assert_eq!(parsed, public_key(2048), "{}", key.name);
            }
            name => assert_eq!(parsed.to_spki_der(), key.der, "{name}"),
        }
    }
}

#[test]
fn the_key_of_a_certificate_is_read_as_strictly_as_one_that_stands_alone() {
    for odd in odd_keys() {
        let alone = PublicKey::from_spki_der(&odd.der).map_err(|error| error.to_string());
        let certificate = Fields {
            spki: odd.der,
            ..Fields::new()
        };
        let inside = PublicKey::from_certificate_der(&certificate.der());
        match (alone, inside) {
            (Ok(alone), Ok(inside)) => assert_eq!(alone, inside, "{}", odd.name),
            (Err(_), Err(_)) => {}
            both => panic!("{}: {both:?}", odd.name),
        }
    }
}

#[test]
fn certificates_with_odd_fields_are_read() {
    let key = public_key(2048);
    for (name, der) in odd_certificates() {
        assert_eq!(PublicKey::parse(&der).as_ref(), Ok(&key), "{name}");
        let text = base64(&der);
        assert_eq!(PublicKey::parse(&text).as_ref(), Ok(&key), "{name}");
    }
}

#[test]
fn a_certificate_that_is_none_is_refused_with_the_field() {
    let version = |content: &[u8]| Fields {
        version: odd_keys::tlv(0xa0, content),
        ..Fields::new()
    };
    let refused = |reason: &str| {
        format!("the certificate says that it is of {reason}, and X.509 has versions 1 to 3")
    };
    let field = |reason: &str| format!("the key is not a valid X.509 certificate: {reason}");
    for (certificate, message) in [
        (version(&[2, 1, 3]), refused("version 4")),
        (version(&[2, 1, 0x7e]), refused("version 127")),
        (
            version(&[2, 1, 0xff]),
            refused("a version that is no small number"),
        ),
        (
            version(&[2, 2, 0, 2]),
            refused("a version that is no small number"),
        ),
        (
            version(&[4, 1, 2]),
            field(
                "its version is missing, or something else is in its place (seen after 10 bytes)",
            ),
        ),
        (
            version(&[2, 1, 2, 0]),
            "the key has 1 byte too many at the end of its X.509 certificate".into(),
        ),
        (
            Fields {
                spki: vec![],
                ..Fields::new()
            },
            field(
                "its subjectPublicKeyInfo is missing, or something else is in its place (seen after 89 bytes)",
            ),
        ),
    ] {
        assert_refused("a certificate", certificate.der(), &message);
    }
    let der = Fields::new().der();
    let mut long_length = der.clone();
    // That of the serial number.
    long_length[14] = 0x81;
    assert_refused(
        "a length that is not minimal",
        long_length,
        &field("a length or number is not in its shortest form (seen after 16 bytes)"),
    );
    for len in 4..der.len() {
        let mut cut = der[..len].to_vec();
        let content = u16::try_from(len - 4).unwrap().to_be_bytes();
        cut[2..4].copy_from_slice(&content);
        assert!(PublicKey::parse(&cut).is_err(), "{len}");
    }
}

/// DER of each structure accepted.
fn structures() -> [Vec<u8>; 3] {
    [
        read_der("rsa2048.spki.pem"),
        read_der("rsa2048.pkcs1.pem"),
        read_der("rsa2048.certificate.pem"),
    ]
}

#[test]
fn a_key_cut_off_anywhere_is_refused() {
    for der in structures() {
        let whole = der.len();
        for len in 0..whole {
            let message = match len {
                0 => "the key is empty".to_owned(),
                // It may as well be the digit 0.
                1 => "the key's base64 is cut off: 1 characters do not make whole bytes".to_owned(),
                2..4 => format!(
                    "the key is not valid DER: it ends before its last element does (seen after {len} bytes)"
                ),
                _ => format!("the key is cut off: it has {len} bytes of {whole}"),
            };
            assert_refused("DER", &der[..len], &message);
        }
        let text = base64(&der);
        let text = text.trim_end_matches('=');
        for len in 0..text.len() {
            assert!(PublicKey::parse(&text[..len]).is_err(), "base64, {len}");
        }
        let pem = pem("PUBLIC KEY", text);
        // The last newline is not needed.
        for len in 0..pem.len() - 1 {
            assert!(PublicKey::parse(&pem[..len]).is_err(), "PEM, {len}");
        }
    }
}

/// A 0 is the byte that DER starts with. What stands in the text is not told.
#[test]
fn a_text_that_starts_with_a_zero_is_text_like_any_other() {
    for (password, like) in [("0penSesame", "openSesame"), ("0 rest", "x rest")] {
        let error = PublicKey::parse(like).unwrap_err();
        assert_refused("a password", password, &error.to_string());
    }
    assert_refused(
        "a password",
        "0\u{1}",
        "the key is not base64: byte 1 is not in its alphabet (A-Z a-z 0-9 + / =)",
    );
    let pem = read_text("rsa2048.spki.pem");
    for before in ["0", "00 ", "0 s:CN = x\n", "0\n1\n"] {
        assert_eq!(
            PublicKey::parse(format!("{before}{pem}")),
            Ok(public_key(2048))
        );
    }
}

#[test]
fn a_key_with_a_flipped_bit_is_refused_or_another_key() {
    let good = public_key(2048);
    for der in &structures()[..2] {
        let mut accepted = 0;
        for bit in 0..der.len() * 8 {
            let mut flipped = der.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(key) = PublicKey::parse(&flipped) {
                assert_ne!(key, good, "bit {bit} does not count");
                accepted += 1;
            }
        }
        // Seven bits of the leading 00, all of n but its first and its last bit, and all of e
        // but those that make it negative, even or not minimal.
        assert_eq!(accepted, 7 + (2048 - 2) + (24 - 3));
    }
    // Most of a certificate does not matter here, but nothing of it may panic.
    let certificate = &structures()[2];
    for bit in 0..certificate.len() * 8 {
        let mut flipped = certificate.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let _ = PublicKey::parse(&flipped);
    }
}

proptest! {
    #[test]
    fn random_bytes_and_texts_are_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        text in "\\PC{0,200}",
        base64_text in "[A-Za-z0-9+/]{0,400}={0,2}",
    ) {
        prop_assert!(PublicKey::parse(&bytes).is_err());
        prop_assert!(PublicKey::parse([&[0x30, 0x82][..], &bytes].concat()).is_err());
        prop_assert!(PublicKey::parse(&text).is_err());
        prop_assert!(PublicKey::from_pem(pem("PUBLIC KEY", &text)).is_err());
        prop_assert!(PublicKey::parse(&base64_text).is_err());
        prop_assert!(PublicKey::from_base64(&base64_text).is_err());
    }

    /// What is accepted is canonical: it is written again as it was read.
    #[test]
    fn spliced_keys_are_refused_or_canonical(
        start in 0_usize..294,
        len in 0_usize..40,
        insert in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut der = read_der("rsa2048.spki.pem");
        let end = der.len().min(start + len);
        der.splice(start..end, insert);
        if let Ok(key) = PublicKey::from_spki_der(&der) {
            prop_assert_eq!(key.to_spki_der(), der);
        }
    }
}

// Text

#[test]
fn the_published_example_key_in_every_white_space() {
    let text = read_text("published.base64");
    assert_eq!(text.len(), 392);
    let key = PublicKey::from_base64(&text).unwrap();
    assert_eq!((key.bits(), key.exponent()), (2048, &[1, 0, 1][..]));
    assert_eq!(base64(&key.to_spki_der()), text);

    for space in ["\n", "\r\n", "\r", " ", "\t", "\n\n", "\u{a0}", "\u{feff}"] {
        for width in [1, 64, 76, 391] {
            let spaced = wrap(&text, width, space);
            for input in [spaced.clone(), format!("{space}{spaced}{space}")] {
                assert_eq!(PublicKey::parse(&input).as_ref(), Ok(&key), "{space:?}");
                assert_eq!(PublicKey::from_base64(&input).as_ref(), Ok(&key));
            }
        }
    }
}

#[test]
fn the_malformed_example_of_the_beta_documentation_is_explained() {
    let text = read_text("published-beta.base64");
    assert_refused("beta", &text, NOT_DER);
    let error = PublicKey::from_base64(&text).unwrap_err();
    assert_eq!(error.to_string(), NOT_DER);
}

#[test]
fn every_form_of_one_key_is_that_key() {
    use Encoding::{Base64, Der, Pem};
    use Structure::{Certificate, RsaPublicKey, SubjectPublicKeyInfo};

    let key = public_key(2048);
    let spki = read_base64("rsa2048.spki.pem");
    let wrapped = wrap(&spki, 64, "\n");
    let spki_pem = pem("PUBLIC KEY", &wrapped);
    let crlf = spki_pem.replace('\n', "\r\n");
    let certificate = read_text("rsa2048.certificate.pem");
    let around =
        format!("Bag Attributes\n    localKeyID: 01\nsubject=CN = x\n{certificate}\nthe end\n");
    let (der, pkcs1, certificate_der) = (
        read_der("rsa2048.spki.pem"),
        read_der("rsa2048.pkcs1.pem"),
        read_der("rsa2048.certificate.pem"),
    );
    // Of 1024 bits, because its base64 ends in =.
    let small = read_base64("rsa1024.pkcs1.pem");
    for text in [&small[..], small.strip_suffix('=').unwrap()] {
        assert_eq!(PublicKey::parse(text), Ok(public_key(1024)));
    }

    let as_base64 = [
        ("bare", spki.clone()),
        ("PEM body without its header", wrapped.clone()),
        ("saved with a newline", format!("{spki}\n")),
        ("saved with CRLF", format!("{spki}\r\n")),
        ("saved with a BOM", format!("\u{feff}{spki}")),
    ];
    let as_pem = [
        ("as OpenSSL writes it", read_text("rsa2048.spki.pem")),
        ("CRLF", crlf.clone()),
        ("CR", spki_pem.replace('\n', "\r")),
        ("a BOM", format!("\u{feff}{crlf}")),
        ("no last newline", spki_pem.trim_end().to_owned()),
        ("body in one line", pem("PUBLIC KEY", &spki)),
        ("76 columns", pem("PUBLIC KEY", &wrap(&spki, 76, "\n"))),
        ("all in one line", spki_pem.replace('\n', " ")),
        ("no line ends", spki_pem.replace('\n', "")),
        ("indented", spki_pem.replace('\n', "\n    ")),
        ("trailing spaces", spki_pem.replace('\n', "  \n")),
        (
            "blank line first",
            pem("PUBLIC KEY", &format!("\n{wrapped}")),
        ),
        (
            "blank line last",
            pem("PUBLIC KEY", &format!("{wrapped}\n")),
        ),
        ("double spaced", spki_pem.replace('\n', "\n\n")),
        ("six dashes", format!("-{spki_pem}")),
    ];
    let others: [(&str, Vec<u8>, Structure, Encoding); 8] = [
        ("SPKI", der, SubjectPublicKeyInfo, Der),
        ("PKCS#1", pkcs1.clone(), RsaPublicKey, Der),
        ("certificate", certificate_der.clone(), Certificate, Der),
        ("PKCS#1", base64(&pkcs1).into(), RsaPublicKey, Base64),
        (
            "certificate",
            base64(&certificate_der).into(),
            Certificate,
            Base64,
        ),
        ("PKCS#1", read("rsa2048.pkcs1.pem"), RsaPublicKey, Pem),
        ("certificate", certificate.into(), Certificate, Pem),
        ("text around", around.into(), Certificate, Pem),
    ];
    let spki = |encoding| {
        move |(name, text): (_, String)| (name, text.into_bytes(), SubjectPublicKeyInfo, encoding)
    };
    let forms = as_base64.map(spki(Base64)).into_iter();
    let forms = forms.chain(as_pem.map(spki(Pem))).chain(others);
    for (name, input, structure, encoding) in forms {
        let (found, form) =
            PublicKey::parse_with_form(input).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(found, key, "{name}");
        assert_eq!(
            (form.structure, form.encoding),
            (structure, encoding),
            "{name}"
        );
    }
}

#[test]
fn forms_are_printed_in_words() {
    for (file, form) in [
        ("rsa2048.spki.pem", "SubjectPublicKeyInfo, PEM"),
        ("rsa2048.pkcs1.pem", "PKCS#1 RSAPublicKey, PEM"),
        ("rsa2048.certificate.pem", "X.509 certificate, PEM"),
        ("published.base64", "SubjectPublicKeyInfo, base64"),
    ] {
        let (_, found) = PublicKey::parse_with_form(read(file)).unwrap();
        assert_eq!(found.to_string(), form);
    }
    let (_, found) = PublicKey::parse_with_form(read_der("rsa2048.spki.pem")).unwrap();
    assert_eq!(found.to_string(), "SubjectPublicKeyInfo, DER");
}

#[test]
fn text_around_a_pem_block_may_be_in_another_encoding() {
    let text = read_base64("rsa2048.spki.pem");
    let block = pem("PUBLIC KEY", &text);
    let around = |block: &str| {
        let after = b"\n----- Gr\xfc\xdfe -----\n";
        [b"Schl\xfcssel\n", block.as_bytes(), after].concat()
    };
    assert_eq!(
        PublicKey::parse(around(&block)).unwrap(),
        PublicKey::parse(&block).unwrap()
    );
    let error = |input: Vec<u8>| PublicKey::parse(input).unwrap_err().to_string();
    let begin = "-----BEGIN PUBLIC KEY-----\n";
    assert_eq!(
        error(around(&block.replace(begin, &format!("{begin}!")))),
        "the key is not base64: byte 37 is not in its alphabet (A-Z a-z 0-9 + / =)"
    );
    let private = block.replace("PUBLIC", "PRIVATE");
    assert_eq!(PublicKey::parse(around(&private)), Err(Error::PrivateKey));
    assert_eq!(
        PublicKey::parse(around(&(block.clone() + &block))).map_err(|error| error.to_string()),
        Err("the key holds 2 PEM blocks: leave the one that is meant: line 2 PUBLIC KEY (an RSA key of 2048 bits), line 5 PUBLIC KEY (an RSA key of 2048 bits)".to_owned())
    );
    let inside = [
        begin.as_bytes(),
        b"MIIB\xe4",
        &block.as_bytes()[begin.len()..],
    ]
    .concat();
    assert_eq!(
        error(inside),
        "the key is neither DER nor text: byte 31 is not UTF-8"
    );
    for (no_block, position) in [
        (&b"Schl\xfcssel\n-----BEGIN PUBLIC KEY"[..], 4),
        (b"-----BEGIN \xfc\nabc", 11),
        (b"-----END \xfc-----\n-----BEGIN \nabc", 9),
    ] {
        let error = PublicKey::parse(no_block).unwrap_err();
        assert!(matches!(error, Error::KeyNotText { position: found, .. } if found == position));
    }
}

#[test]
fn text_that_is_no_key_is_refused_with_the_reason() {
    let text = read_base64("rsa2048.spki.pem");
    let block = pem("PUBLIC KEY", &text);
    let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let units = format!("\u{feff}{text}\r\n");
        units.encode_utf16().flat_map(order).collect()
    };
    let cut = |len: usize| text[..len].to_owned();
    let with = |position: usize, character: &str| {
        format!("{}{character}{}", &text[..position], &text[position..])
    };
    let alphabet = |position: usize| {
        format!("the key is not base64: byte {position} is not in its alphabet (A-Z a-z 0-9 + / =)")
    };
    let cut_off = |characters: usize| {
        format!("the key's base64 is cut off: {characters} characters do not make whole bytes")
    };
    let label = |found: &str| {
        format!(
            "the PEM block is neither a public key nor a certificate: its BEGIN line {found}, and must say PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE"
        )
    };
    let table: Vec<(&str, Vec<u8>, String)> = vec![
        ("nothing", vec![], EMPTY.into()),
        ("white space", b" \r\n\t".into(), EMPTY.into()),
        ("a BOM alone", "\u{feff}".into(), EMPTY.into()),
        ("PEM of nothing", pem("PUBLIC KEY", "").into(), EMPTY.into()),
        (
            "UTF-16, little endian",
            utf16(u16::to_le_bytes),
            UTF_16.into(),
        ),
        ("UTF-16, big endian", utf16(u16::to_be_bytes), UTF_16.into()),
        (
            "Latin-1",
            [text.as_bytes(), b"\xe4"].concat(),
            "the key is neither DER nor text: byte 392 is not UTF-8".into(),
        ),
        (
            "a Java keystore",
            b"\xfe\xed\xfe\xed\0\0\0\x02".into(),
            KEYSTORE.into(),
        ),
        (
            "a password-info",
            format!("{{\"publicKey\": \"{text}\"}}").into(),
            JSON.into(),
        ),
        (
            "base64 of two alphabets",
            text.replace('/', "_").into(),
            MIXED_BASE64.into(),
        ),
        ("a star", with(100, "*").into(), alphabet(100)),
        (
            "a letter of another alphabet",
            with(7, "А").into(),
            alphabet(7),
        ),
        (
            "a star after white space",
            format!("\n\n{}", with(100, "*")).into(),
            alphabet(102),
        ),
        (
            "a star in PEM",
            pem("PUBLIC KEY", &with(100, "*")).into(),
            alphabet(127),
        ),
        (
            "a star in wrapped PEM after text",
            format!(
                "text\n{}",
                pem("PUBLIC KEY", &wrap(&with(100, "*"), 64, "\r\n"))
            )
            .into(),
            alphabet(134),
        ),
        (
            "one character too few",
            cut(391).into(),
            "the key is cut off: it has 293 bytes of 294".into(),
        ),
        ("stray bits", (cut(388) + "AQC").into(), BASE64_END.into()),
        ("three too few", cut(389).into(), cut_off(389)),
        (
            "three too few in PEM",
            pem("PUBLIC KEY", &cut(389)).into(),
            cut_off(389),
        ),
        (
            "four too few",
            cut(388).into(),
            "the key is cut off: it has 291 bytes of 294".into(),
        ),
        (
            "an = too many",
            format!("{text}=").into(),
            BASE64_END.into(),
        ),
        ("an = inside", with(100, "=").into(), BASE64_END.into()),
        ("not a key at all", "hello".into(), cut_off(5)),
        (
            "base64 of something else",
            base64(b"hello").into(),
            NOT_DER.into(),
        ),
        ("hexadecimal", "30820122300d0609".into(), NOT_DER.into()),
        (
            "base64 of PEM",
            base64(block.as_bytes()).into(),
            ENCODED_TWICE.into(),
        ),
        (
            "PEM without its end",
            block[..block.len() - 10].into(),
            PEM_FRAMING.into(),
        ),
        (
            "PEM with another end",
            block.replace("END PUBLIC", "END RSA PUBLIC").into(),
            PEM_FRAMING.into(),
        ),
        (
            "PEM with its end first",
            "-----END PUBLIC KEY-----\n-----BEGIN PUBLIC KEY-----\n".into(),
            PEM_FRAMING.into(),
        ),
        (
            "PEM with headers",
            pem("PUBLIC KEY", &format!("Comment: x\n\n{text}")).into(),
            PEM_HEADERS.into(),
        ),
        (
            "PEM twice",
            format!("{block}{block}").into(),
            PEM_BLOCKS.into(),
        ),
        (
            "a chain of certificates",
            [read("rsa2048.certificate.pem"), read("ec.certificate.pem")].concat(),
            "the key holds 2 PEM blocks: leave the one that is meant: line 1 CERTIFICATE (an RSA key of 2048 bits), line 20 CERTIFICATE (a key for elliptic curves (EC))".into(),
        ),
        (
            "PEM of something else",
            pem("SOMETHING", &text).into(),
            label("says SOMETHING"),
        ),
        (
            "PEM without a label",
            block.replace("PUBLIC KEY", "").into(),
            label("has no label that is known"),
        ),
        (
            "SSH2",
            b"---- BEGIN SSH2 PUBLIC KEY ----\n".into(),
            SSH2.into(),
        ),
        ("OpenSSH", read("openssh.pub"), OPENSSH.into()),
    ];
    for (name, input, message) in table {
        assert_refused(name, input, &message);
    }
}

// Keys of other kinds

/// One file as PEM, DER and base64.
fn encodings(file: &str) -> [Vec<u8>; 3] {
    let text = read_base64(file);
    [read(file), read_der(file), text.into_bytes()]
}

#[test]
fn private_keys_are_refused_without_a_word_of_them() {
    for file in [
        "rsa2048.private.pem",
        "rsa2048.private.pkcs1.pem",
        "rsa2048.private.encrypted.pem",
        "pss.private.pem",
        "ec.private.pem",
        "ec.private.sec1.pem",
        "ed25519.private.pem",
        "x25519.private.pem",
        "dsa.private.pem",
    ] {
        for input in encodings(file) {
            assert_refused(file, input, PRIVATE);
        }
    }
    for file in ["openssh.private", "rsa2048.private.pkcs1-encrypted.pem"] {
        assert_refused(file, read(file), PRIVATE);
    }
    // Also beside the public key, and in the words of Debug.
    let both = read_text("rsa2048.private.pem") + &read_text("rsa2048.spki.pem");
    assert_refused("both", &both, PRIVATE);
    let error = PublicKey::from_pem(&both).unwrap_err();
    assert_eq!(format!("{error:?}"), "PrivateKey");
    let error = PublicKey::from_base64(read_base64("rsa2048.private.pem")).unwrap_err();
    assert_eq!(format!("{error:?}"), "PrivateKey");
}

#[test]
fn keys_of_other_kinds_are_refused_by_name() {
    let refused =
        |name: &str| format!("the key is for {name}, and one for RSA encryption is wanted");
    for (file, message) in [
        ("pss.spki.pem", refused("RSASSA-PSS signatures")),
        ("ec.spki.pem", refused("elliptic curves (EC)")),
        ("ed25519.spki.pem", refused("Ed25519 signatures")),
        ("x25519.spki.pem", refused("X25519")),
        ("dsa.spki.pem", refused("DSA signatures")),
        ("ec.certificate.pem", refused("elliptic curves (EC)")),
        ("rsa2048.request.pem", "the key is a certificate signing request: extract its key with `openssl req -pubkey -noout -in FILE`".into()),
    ] {
        for input in encodings(file) {
            assert_refused(file, input, &message);
        }
    }
    for (name, der, message) in [
        ("an empty SEQUENCE", sequence(&[]), UNKNOWN),
        ("one number", sequence(&[&uint(&[5])]), UNKNOWN),
        (
            "PKCS#12",
            sequence(&[&uint(&[3]), &sequence(&[]), &sequence(&[])]),
            PKCS12,
        ),
        (
            "PKCS#7",
            sequence(&[&odd_keys::tlv(odd_keys::OID, &[42, 3]), &[0xa0, 0]]),
            PKCS7,
        ),
    ] {
        assert_refused(name, der, message);
    }
}

// One function for each form

#[test]
fn a_function_for_one_structure_refuses_the_others_by_name() {
    type Read = fn(&[u8]) -> Result<PublicKey, Error>;
    let from_base64 = |der: &[u8]| PublicKey::from_base64(base64(der));
    let files = [
        ("rsa2048.spki.pem", "SubjectPublicKeyInfo"),
        ("rsa2048.pkcs1.pem", "PKCS#1 RSAPublicKey"),
        ("rsa2048.certificate.pem", "X.509 certificate"),
    ];
    let functions: [(Read, &str); 4] = [
        (PublicKey::from_spki_der, "SubjectPublicKeyInfo"),
        (PublicKey::from_pkcs1_der, "PKCS#1 RSAPublicKey"),
        (PublicKey::from_certificate_der, "X.509 certificate"),
        (from_base64, "SubjectPublicKeyInfo"),
    ];
    for (read, expected) in functions {
        for (file, found) in files {
            let key = read(&read_der(file)).map_err(|error| error.to_string());
            if found == expected {
                assert_eq!(key, Ok(public_key(2048)));
            } else {
                let message = format!("the key's structure is {found}, and {expected} is wanted");
                assert_eq!(key, Err(message));
            }
        }
        assert_eq!(read(&read_der("ec.private.pem")), Err(Error::PrivateKey));
    }
    for (file, _) in files {
        assert_eq!(PublicKey::from_pem(read_text(file)), Ok(public_key(2048)));
    }
}

#[test]
fn text_functions_refuse_the_other_text_in_words() {
    let message = |key: Result<PublicKey, Error>| key.unwrap_err().to_string();
    assert_eq!(
        message(PublicKey::from_base64(read_text("rsa2048.spki.pem"))),
        "the key is PEM, where bare base64 is wanted: leave out its BEGIN and END lines, or have the form detected"
    );
    assert_eq!(
        message(PublicKey::from_pem(read_text("published.base64"))),
        "the key has no PEM block, which starts with a line -----BEGIN PUBLIC KEY-----"
    );
    assert_eq!(message(PublicKey::from_base64("")), "the key is empty");
    assert_eq!(message(PublicKey::from_spki_der(b"")), "the key is empty");
    assert_eq!(
        message(PublicKey::from_spki_der(&read("rsa2048.spki.pem"))),
        NOT_DER
    );
}

// The key itself

#[test]
fn from_components_checks_and_strips() {
    let key = public_key(2048);
    let padded = [&[0, 0], key.modulus()].concat();
    assert_eq!(PublicKey::from_components(&padded, &[0, 1, 0, 1]), Ok(key));
    let error = PublicKey::from_components(&[], &[3]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the RSA modulus has 0 bits; the shortest accepted has 1024"
    );
    assert!(matches!(
        error,
        Error::Rsa(KeyError::ModulusTooShort { bits: 0, .. })
    ));
}

#[test]
fn the_traits_of_rustcrypto_read_and_write_the_same_key() {
    use pwseal::pkcs1::{DecodeRsaPublicKey, EncodeRsaPublicKey};
    use pwseal::pkcs8::{DecodePublicKey, EncodePublicKey, spki};

    let key = public_key(2048);
    let spki = read_der("rsa2048.spki.pem");
    let pkcs1 = read_der("rsa2048.pkcs1.pem");
    assert_eq!(PublicKey::from_public_key_der(&spki).as_ref(), Ok(&key));
    assert_eq!(key.to_public_key_der().unwrap().as_bytes(), spki);
    let read = <PublicKey as DecodeRsaPublicKey>::from_pkcs1_der(&pkcs1);
    assert_eq!(read.as_ref(), Ok(&key));
    assert_eq!(key.to_pkcs1_der().unwrap().as_bytes(), pkcs1);

    // And what is refused is refused.
    assert!(matches!(
        PublicKey::from_public_key_der(&read_der("ec.spki.pem")),
        Err(spki::Error::OidUnknown { .. })
    ));
    for odd in odd_keys() {
        let by_trait = PublicKey::from_public_key_der(&odd.der).ok();
        assert_eq!(
            by_trait,
            PublicKey::from_spki_der(&odd.der).ok(),
            "{}",
            odd.name
        );
        let by_trait = <PublicKey as DecodeRsaPublicKey>::from_pkcs1_der(&odd.der).ok();
        assert_eq!(
            by_trait,
            PublicKey::from_pkcs1_der(&odd.der).ok(),
            "{}",
            odd.name
        );
    }
}

#[test]
fn sizes_and_weakness() {
    for (bits, size, longest, weak) in [
        (1024, 128, 117, true),
        (2048, 256, 245, false),
        (2049, 257, 246, false),
        (3072, 384, 373, false),
        (4096, 512, 501, false),
    ] {
        let key = public_key(bits);
        assert_eq!((key.bits(), key.size()), (bits, size));
        assert_eq!((key.max_password_len(), key.is_weak()), (longest, weak));
    }
    let key = PublicKey::from_components(&odd_keys::modulus(2047), &[3]).unwrap();
    assert_eq!((key.size(), key.is_weak()), (256, true));
}

#[test]
fn the_fingerprint_is_openssls_and_debug_shows_it() {
    // openssl pkey -pubin -in rsa2048.spki.pem -outform DER | sha256sum
    const FINGERPRINT: &str = "62350b605831247427a499f105af35b99ef7b9b18ca349fd99dd5cebc49ad6af";
    let key = public_key(2048);
    assert_eq!(key.fingerprint().to_string(), FINGERPRINT);
    assert_eq!(key.fingerprint().as_bytes()[0], 0x62);
    for file in ["rsa2048.pkcs1.pem", "rsa2048.certificate.pem"] {
        let same = PublicKey::parse(read(file)).unwrap();
        assert_eq!(same.fingerprint(), key.fingerprint());
    }
    assert_eq!(
        format!("{key:?}"),
        format!("PublicKey {{ bits: 2048, fingerprint: {FINGERPRINT} }}")
    );
}

#[test]
fn a_key_goes_to_other_threads() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    shared(&public_key(1024));
}

#[cfg(feature = "rsa")]
mod conversions {
    use pwseal::PublicKey;
    use rsa::traits::PublicKeyParts;
    use rsa::{BigUint, RsaPublicKey};

    use crate::common::{SIZES, odd_keys, public_key};

    #[test]
    fn to_the_crate_rsa_and_back() {
        for key in SIZES.map(public_key) {
            let theirs = RsaPublicKey::try_from(&key).unwrap();
            assert_eq!(theirs.n().to_bytes_be(), key.modulus());
            assert_eq!(theirs.e().to_bytes_be(), key.exponent());
            assert_eq!(PublicKey::try_from(&theirs).as_ref(), Ok(&key));
        }
        let long = PublicKey::from_components(&odd_keys::modulus(16_384), &[3]).unwrap();
        assert_eq!(RsaPublicKey::try_from(&long).unwrap().n().bits(), 16_384);
    }

    #[test]
    fn what_the_other_side_does_not_take_is_an_error() {
        let n = odd_keys::modulus(2048);
        let long_exponent = PublicKey::from_components(&n, &[2, 0, 0, 0, 1]).unwrap();
        assert!(RsaPublicKey::try_from(&long_exponent).is_err());

        let n = BigUint::from_bytes_be(&odd_keys::modulus(1023));
        let short = RsaPublicKey::new(n, BigUint::from(3_u8)).unwrap();
        assert_eq!(
            PublicKey::try_from(&short).unwrap_err().to_string(),
            "the RSA modulus has 1023 bits; the shortest accepted has 1024"
        );
    }
}
