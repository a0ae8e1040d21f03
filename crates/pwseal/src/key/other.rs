//! What people have in place of a public key, by name and with what to do.

use core::fmt;

use super::text::is_skipped;
use crate::error::Error;
use crate::wide::WideText;

/// Declares [`OtherInput`] with the words for each.
macro_rules! other_inputs {
    ($($(#[$doc:meta])* $name:ident => $what:literal, $advice:literal;)*) => {
        /// What an input is that is no public key in a form that is read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum OtherInput {
            $($(#[$doc])* $name,)*
        }

        impl OtherInput {
            /// What it is, as it is said of a key: "in hexadecimal".
            pub(super) fn what(self) -> &'static str {
                match self {
                    $(Self::$name => $what,)*
                }
            }
        }

        impl fmt::Display for OtherInput {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$name => concat!($what, ": ", $advice),)*
                })
            }
        }
    };
}

other_inputs! {
    // Encodings of text
    /// Text in UTF-16, as some Windows programs save it.
    Utf16 => "text in UTF-16", "save it as UTF-8 or ASCII";
    /// Text in UTF-32.
    Utf32 => "text in UTF-32", "save it as UTF-8 or ASCII";
    // Escapes
    /// Text with escapes of URLs (`%2B`).
    UrlEscapes => "escaped as in a URL (%2B)", "decode that first; + is %2B, / is %2F and = is %3D";
    /// Text with escapes of HTML or XML (`&#43;`).
    HtmlEscapes => "escaped as in HTML (&#43;)", "decode that first; + is &#43;, / is &#47; and = is &#61;";
    /// Text with escapes that are not those of JSON.
    OtherEscapes => "text with a backslash or backquote that is no escape of JSON", "write line breaks in their place";
    /// Text in quoted-printable, an encoding of mail.
    QuotedPrintable => "in quoted-printable, an encoding of mail (=3D)", "save it from the mail program, which decodes that";
    /// Quotes within base64, or quotes that do not match.
    Quotes => "text with quotes within, or quotes that do not match", "give the value alone, without quotes";
    /// Base64 of base64, PEM or other text.
    EncodedTwice => "encoded twice, as base64 of text", "decode it once with `base64 -d` and give what comes out";
    /// Base64 that was decoded as a part of a URL, which makes a space of every `+`.
    LostPlus => "base64 that does not fit, with spaces and no +", "take it anew from where it comes from, as a + becomes a space in a URL or form";
    /// Base64 with `+` or `/` as well as `-` or `_`.
    MixedBase64 => "base64 of two alphabets, with + or / as well as - or _", "take it anew from where it comes from";
    /// Hexadecimal digits.
    Hex => "in hexadecimal", "make DER of it with `xxd -r -p FILE`";
    /// The name of a file, and not what is in it.
    FileName => "the name of a file", "give what is in it";
    // What stands around
    /// A name with a value, such as `KEY=...`.
    NamedValue => "a name with a value", "give the value alone";
    /// PEM, where bare base64 is wanted.
    Pem => "PEM, where bare base64 is wanted", "leave out its BEGIN and END lines, or have the form detected";
    /// PEM whose BEGIN line is missing.
    PemWithoutBegin => "PEM without its BEGIN line", "write the line -----BEGIN PUBLIC KEY----- before it, or leave out the END line too";
    /// PEM with other dashes than hyphens.
    PemDashes => "PEM whose BEGIN and END lines have other dashes than hyphens", "type both lines anew, with five hyphens before and after: -----BEGIN PUBLIC KEY-----";
    /// PEM whose BEGIN line is written in another way.
    PemBegin => "PEM whose BEGIN line is not as it must be", "write it in capitals, with five hyphens before and after and single spaces: -----BEGIN PUBLIC KEY-----";
    /// The head of an HTTP response.
    HttpHead => "an HTTP response with its head", "give its body alone (`curl` without -i)";
    /// The text that OpenSSL prints of a key or certificate.
    OpenSslText => "what OpenSSL prints for people", "give the PEM or DER, which `openssl x509 -pubkey -noout` or `openssl pkey -pubin` writes without -text and -modulus";
    // Other documents
    /// JSON that is no JWK.
    Json => "JSON, but not one JWK", "give the value of its publicKey alone, or the whole response where a password-info is asked for";
    /// A JWK, in a build that does not read it.
    Jwk => "a JWK, which this build does not read", "build pwseal with its feature `jwk`, or convert the key to PEM";
    /// XML that is no RSAKeyValue.
    Xml => "XML, but not one RSAKeyValue", "give the key as PEM, base64 or RSAKeyValue";
    /// An RSAKeyValue, in a build that does not read it.
    RsaKeyValue => "an RSAKeyValue, which this build does not read", "build pwseal with its feature `xml`, or convert the key to PEM";
    /// An HTML page.
    Html => "an HTML page, as a proxy or a login page sends it", "fetch the key anew, and look at the status of the response";
    /// A JSON Web Token or signature.
    Jwt => "a token (JWT), which holds no key", "give the public key";
    // Other keys
    /// A public key in OpenSSH's own format.
    OpenSsh => "in OpenSSH's format", "convert it with `ssh-keygen -e -m PKCS8 -f FILE`";
    /// The base64 of a public key in OpenSSH's format, without the `ssh-rsa` before it.
    OpenSshBase64 => "the base64 of an OpenSSH key", "write `ssh-rsa ` before it, and convert the file with `ssh-keygen -e -m PKCS8 -f FILE`";
    /// A public key in the format of SSH2 (RFC 4716).
    Ssh2 => "in the format of SSH2 (RFC 4716)", "convert it with `ssh-keygen -i -m RFC4716 -f FILE > key.pub` and `ssh-keygen -e -m PKCS8 -f key.pub`";
    /// An OpenPGP key or message.
    OpenPgp => "OpenPGP", "ask for the key as PEM or base64";
    /// A key blob of Windows (CAPI or CNG).
    WindowsBlob => "a key blob of Windows", "export it as SubjectPublicKeyInfo, with `ExportSubjectPublicKeyInfo` in .NET";
    /// As many bytes as a modulus or a ciphertext has, without a structure.
    Modulus => "as long as a modulus or a ciphertext, and has no structure", "give the whole public key, which holds modulus and exponent";
    // Other structures
    /// A certificate signing request (PKCS#10).
    CertificateRequest => "a certificate signing request", "extract its key with `openssl req -pubkey -noout -in FILE`";
    /// A certificate revocation list.
    RevocationList => "a certificate revocation list, which holds no key", "give the certificate or its public key";
    /// PKCS#7 or CMS, which holds certificates.
    Pkcs7 => "PKCS#7", "extract its certificates with `openssl pkcs7 -print_certs -in FILE`, and give the one that is meant";
    /// PKCS#12 (PFX), which holds a private key.
    Pkcs12 => "PKCS#12 (PFX), which may hold a private key", "extract the certificate with `openssl pkcs12 -nokeys -clcerts -in FILE`";
    /// A Java keystore.
    JavaKeystore => "a Java keystore", "export the certificate with `keytool -exportcert -rfc -keystore FILE -alias NAME`";
    /// Parameters of an algorithm, such as `DH PARAMETERS`.
    Parameters => "the parameters of an algorithm, without a key", "give the public key";
}

/// What a text is that has no PEM block, is no JSON and no XML, and is not base64.
///
/// `None` if it is nothing that is known.
pub(super) fn in_text(input: &[u8]) -> Option<Error> {
    use OtherInput as O;
    if let Some(encoding) = wide(input) {
        return Some(encoding.into());
    }
    if input.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) || input.starts_with(&[0xce; 4]) {
        return Some(O::JavaKeystore.into());
    }
    // No copy is made, as it may be a private key: of text in another encoding the start must do.
    let text = match core::str::from_utf8(input) {
        Ok(text) => text,
        Err(error) => core::str::from_utf8(&input[..error.valid_up_to()]).unwrap_or_default(),
    };
    let text = text.trim_matches(is_skipped);
    if text.contains("PuTTY-User-Key-File") {
        return Some(Error::PrivateKey);
    }
    if let Some(error) = damaged_frame(text) {
        return Some(error);
    }
    let found = if is_file_name(text) {
        O::FileName
    } else if is_http_head(text) {
        O::HttpHead
    } else if is_open_ssh(text) {
        O::OpenSsh
    } else if ["Public-Key: (", "Modulus:", "Modulus="]
        .iter()
        .any(|word| text.contains(word))
    {
        O::OpenSslText
    } else if is_hex(text) {
        O::Hex
    } else if text.starts_with("eyJ") && text.contains('.') {
        O::Jwt
    } else if let Some(escapes) = escapes(text) {
        escapes
    } else if is_named_value(text) {
        O::NamedValue
    } else if text.starts_with("MI") && text.contains(' ') && !text.contains(['+', '-']) {
        O::LostPlus
    } else {
        stray(text)?
    };
    Some(found.into())
}

/// Which characters of programs a text has that are not read.
pub(super) fn stray(text: &str) -> Option<OtherInput> {
    if text.contains(['"', '\'', '“', '”', '„', '‘', '’', '«', '»']) {
        return Some(OtherInput::Quotes);
    }
    // What a backslash stands for was looked at when the text was decoded.
    text.contains('`').then_some(OtherInput::OtherEscapes)
}

/// Which escapes a text has that are not read.
pub(super) fn escapes(text: &str) -> Option<OtherInput> {
    let pairs = |mark: char| {
        text.match_indices(mark)
            .map(move |(at, _)| &text.as_bytes()[at + 1..])
    };
    if pairs('%').any(|rest| matches!(rest, [a, b, ..] if is_hex_digits(&[*a, *b]))) {
        return Some(OtherInput::UrlEscapes);
    }
    // A name that is longer is none: each is looked at no further.
    if pairs('&').any(|rest| {
        let end = rest.iter().take(10).position(|byte| *byte == b';');
        end.is_some_and(|name| name >= 2)
    }) {
        return Some(OtherInput::HtmlEscapes);
    }
    // An = stands at the end of base64 only.
    if pairs('=').any(|rest| {
        let break_and_more = match rest {
            [b'\r', b'\n', rest @ ..] | [b'\n', rest @ ..] => rest,
            _ => &[],
        };
        let is_escape = matches!(rest, [a, b, ..] if is_hex_digits(&[*a, *b]));
        is_escape
            || break_and_more
                .first()
                .is_some_and(u8::is_ascii_alphanumeric)
    }) {
        return Some(OtherInput::QuotedPrintable);
    }
    None
}

/// What bytes are that are not DER.
pub(super) fn in_bytes(bytes: &[u8]) -> Option<Error> {
    use OtherInput as O;
    let found = match bytes {
        // The length of a name, which begins with ssh- or ecdsa-, and the name.
        [0, 0, 0, _, b's', b's', b'h', b'-', ..]
        | [0, 0, 0, _, b'e', b'c', b'd', b's', b'a', ..] => O::OpenSshBase64,
        // PUBLICKEYBLOB and PRIVATEKEYBLOB of CAPI, the same of CNG.
        [6, 2, 0, 0, ..] | [b'R', b'S', b'A', b'1', ..] => O::WindowsBlob,
        [7, 2, 0, 0, ..] | [b'R', b'S', b'A', b'2' | b'3', ..] => return Some(Error::PrivateKey),
        [0xfe, 0xed, 0xfe, 0xed, ..] => O::JavaKeystore,
        _ if wide(bytes).is_some() => O::EncodedTwice,
        _ => match core::str::from_utf8(bytes) {
            Ok(text) if text.contains("PRIVATE KEY") => return Some(Error::PrivateKey),
            Ok(text) if is_encoded(text.trim_start_matches(is_skipped)) => O::EncodedTwice,
            Ok(_) => return None,
            Err(_) => match bytes {
                [0, rest @ ..] | rest if is_modulus_len(rest.len()) => O::Modulus,
                _ => return None,
            },
        },
    };
    Some(found.into())
}

/// The start of a key in base64, of PEM, JSON, XML or an OpenSSH key.
fn is_encoded(text: &str) -> bool {
    let text = text.trim_start_matches('"');
    ["MI", "----", "{", "<", "ssh-", "AAAA"]
        .iter()
        .any(|start| text.starts_with(start))
        && text.len() > 20
}

fn is_modulus_len(len: usize) -> bool {
    [128, 192, 256, 384, 512, 1024, 2048].contains(&len)
}

/// Text in UTF-16 or UTF-32.
pub(super) fn wide(input: &[u8]) -> Option<OtherInput> {
    WideText::detect(input).map(|wide| match wide {
        WideText::Utf16 => OtherInput::Utf16,
        WideText::Utf32 => OtherInput::Utf32,
    })
}

/// The BEGIN and END lines of a text that has no whole PEM block.
fn damaged_frame(text: &str) -> Option<Error> {
    let contains = |word| contains_ignoring_case(text, word);
    let is_frame = !super::pem::is_in(text)
        && (contains("BEGIN") || contains("END"))
        && ["KEY", "CERTIFICATE", "CRL", "PKCS7", "CMS", "PGP"]
            .into_iter()
            .any(contains)
        && text.contains(is_dash);
    if !is_frame {
        return None;
    }
    if contains("PRIVATE") {
        return Some(Error::PrivateKey);
    }
    let found = if contains("SSH2 PUBLIC") {
        OtherInput::Ssh2
    } else if text.contains("-----END ") && !contains("BEGIN") {
        OtherInput::PemWithoutBegin
    } else if text.contains(|c| c != '-' && is_dash(c)) {
        OtherInput::PemDashes
    } else {
        OtherInput::PemBegin
    };
    Some(found.into())
}

fn contains_ignoring_case(text: &str, word: &str) -> bool {
    let mut windows = text.as_bytes().windows(word.len());
    windows.any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

/// Hyphens, dashes and what looks like them.
fn is_dash(character: char) -> bool {
    matches!(
        character,
        '-' | '\u{ad}' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    )
}

/// A short text that ends as names of such files do. A `\n` in a path may have been read as a line break.
fn is_file_name(text: &str) -> bool {
    let endings = [
        "pem", "der", "crt", "cer", "cert", "key", "pub", "txt", "b64", "json", "jwk", "xml",
    ];
    let text = text.trim_end_matches(['"', '\'']);
    text.len() < 512
        && text.rsplit_once('.').is_some_and(|(name, ending)| {
            !name.is_empty()
                && endings
                    .iter()
                    .any(|known| ending.eq_ignore_ascii_case(known))
        })
}

fn is_http_head(text: &str) -> bool {
    text.strip_prefix("HTTP/")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn is_open_ssh(text: &str) -> bool {
    text.split_ascii_whitespace().any(|word| {
        [
            "ssh-rsa",
            "ssh-ed25519",
            "ssh-dss",
            "ecdsa-sha2-",
            "sk-ssh-",
            "sk-ecdsa-",
        ]
        .iter()
        .any(|name| word.starts_with(name))
    })
}

/// Hexadecimal digits, with white space or colons between.
fn is_hex(text: &str) -> bool {
    let text = text.strip_prefix("0x").unwrap_or(text);
    let mut digits = 0;
    let is_hex = text.chars().all(|c| {
        digits += usize::from(c.is_ascii_hexdigit());
        c.is_ascii_hexdigit() || c == ':' || is_skipped(c)
    });
    is_hex && digits % 2 == 0 && digits > 32
}

fn is_hex_digits(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_hexdigit)
}

/// `NAME=value`, `name: value`, `export NAME="value"`.
fn is_named_value(text: &str) -> bool {
    let text = text.trim_start_matches(['"', '\'']);
    let text = text.strip_prefix("export ").unwrap_or(text);
    let text = text.strip_prefix("$").unwrap_or(text);
    let after = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_-.".contains(c));
    let name = text.len() - after.len();
    let after = after.trim_start_matches(['"', '\'']).trim_start();
    match after.strip_prefix(['=', ':']) {
        // At the end of base64 stands an = as well.
        Some(value) => (1..=64).contains(&name) && !value.trim_matches(['=', ' ']).is_empty(),
        None => false,
    }
}

impl From<OtherInput> for Error {
    fn from(other: OtherInput) -> Self {
        Self::OtherInput(other)
    }
}
