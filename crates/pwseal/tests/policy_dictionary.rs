//! The dictionary file.
#![allow(clippy::unwrap_used, reason = "that is how a test fails")]

use pwseal::policy::{Context, Dictionary, Policy};
use pwseal::{Error, Password};

/// The sample of the API's specification.
const SAMPLE: &str = "
# Password dictionary small test file

locale=en_US

# Password dictionary prohibited words

qwerty
abcd
aaaaa
password
qazxsws
";

fn forbids(dictionary: &Dictionary, password: &str) -> bool {
    let policy = Policy::from_strings(["checkPasswordsAgainstDictionary is true"]);
    let context = Context::new().with_dictionary(dictionary.clone());
    let report = policy.check(&Password::new(password).unwrap(), &context);
    assert_ne!(report.has_violation(), report.all_passed());
    report.has_violation()
}

#[test]
fn sample() {
    let dictionary = Dictionary::parse(SAMPLE).unwrap();
    assert_eq!(dictionary.len(), 5);
    assert_eq!(dictionary.locale(), Some("en_US"));
    for password in [
        "qwerty",
        "xxQwErTyxx",
        "aaaaaa",
        "1abcd",
        "PASSWORD",
        "QAZxsws",
    ] {
        assert!(forbids(&dictionary, password), "{password}");
    }
    for password in ["qwert", "aaaa", "locale", "en_US", "#", "passwort", "ab cd"] {
        assert!(!forbids(&dictionary, password), "{password}");
    }
}

#[test]
fn forms_of_the_file() {
    let words = |file: &str| {
        let dictionary = Dictionary::parse(file).unwrap();
        (dictionary.len(), dictionary.locale().map(str::to_owned))
    };
    assert_eq!(words(""), (0, None));
    assert!(Dictionary::parse("# no word").unwrap().is_empty());
    assert!(!Dictionary::parse("word").unwrap().is_empty());
    assert_eq!(words("\u{feff}abcd\r\n \t\r\nefgh"), (2, None));
    assert_eq!(words("locale:de_DE\nabcd\n"), (1, Some("de_DE".into())));
    // Only the first is the locale; the other is a word.
    assert_eq!(
        words("abcd\nlocale=de\nlocale=en\n"),
        (2, Some("de".into()))
    );
    assert_eq!(words("# locale=en\nlocaleX\n"), (1, None));
    let carriage_return = Dictionary::parse("abcd\r\n").unwrap();
    assert!(forbids(&carriage_return, "xabcdx"));
    let marked = Dictionary::parse("\u{feff}abcd\n").unwrap();
    assert!(forbids(&marked, "xabcdx"));
}

#[test]
fn a_dictionary_without_words_checks_nothing() {
    let policy = Policy::from_strings(["checkPasswordsAgainstDictionary is true"]);
    for file in ["", "# cut off", "locale=en_US\n"] {
        let context = Context::new().with_dictionary(Dictionary::parse(file).unwrap());
        let report = policy.check(&Password::new("qwerty").unwrap(), &context);
        assert!(!report.has_violation() && !report.all_passed(), "{file}");
    }
}

#[test]
fn letters_that_have_one_uppercase_are_the_same() {
    // Both small sigmas, the long s, the sign micro and the dotless i.
    for (word, password) in [
        (
            "\u{3c3}\u{3b9}\u{3c3}\u{3c5}\u{3c6}\u{3bf}\u{3c2}",
            "\u{3a3}\u{399}\u{3a3}\u{3a5}\u{3a6}\u{39f}\u{3a3}",
        ),
        ("pa\u{17f}s", "PASS"),
        ("\u{b5}torrent", "\u{3bc}Torrent"),
        ("d\u{131}sk", "disk"),
    ] {
        let dictionary = Dictionary::parse(word).unwrap();
        assert!(forbids(&dictionary, password), "{word}");
    }
}

#[test]
fn case_beyond_ascii() {
    let dictionary = Dictionary::parse("M\u{dc}NCHEN\n\u{130}stanbul\n").unwrap();
    assert!(forbids(&dictionary, "xm\u{fc}nchenx"));
    assert!(forbids(&dictionary, "istanbul"));
    assert!(!forbids(&dictionary, "munchen"));
}

#[test]
fn limits_name_the_line() {
    let parse = |file: &str| Dictionary::parse(file).map(|dictionary| dictionary.len());
    let longest = "\u{e9}".repeat(128);
    assert_eq!(parse(&longest), Ok(1));
    for long in [format!("ab\n{longest}x"), format!("ab\r\n#{longest}")] {
        assert!(matches!(
            parse(&long),
            Err(Error::DictionaryLineTooLong {
                line: 2,
                len: 129,
                max: 128,
                ..
            })
        ));
    }
    for spaced in ["a\n\nb c\n", "a\n\n b", "a\n\nb\t", "a\n\nb\u{3000}c"] {
        assert!(
            matches!(
                parse(spaced),
                Err(Error::DictionaryWhiteSpace { line: 3, .. })
            ),
            "{spaced:?}"
        );
    }
    let message = |file: &[u8]| Dictionary::parse(file).unwrap_err().to_string();
    assert_eq!(
        message(format!("ab\n{longest}x").as_bytes()),
        "the dictionary's line 2 has 129 characters, and at most 128 are allowed"
    );
    assert_eq!(
        message(b"b c"),
        "the dictionary's line 1 has white space: write one word a line, and nothing beside it"
    );
    assert_eq!(
        message(b"ab\ncd\xff"),
        "the dictionary is not text in UTF-8: line 2, byte 5 of the file"
    );
    for utf_16 in [&b"a\0b\0\n\0"[..], b"\0a\0b\0\n", b"#\0"] {
        assert!(message(utf_16).starts_with("the dictionary is not text in UTF-8: line 1, byte "));
    }
    assert_eq!(
        message("word\n".repeat(2501).as_bytes()),
        "the dictionary has more than 2500 words: line 2501 is one too many"
    );

    let full = format!("locale=en\n#\n{}\n\n", "word\n".repeat(2500));
    assert_eq!(parse(&full), Ok(2500));
    assert!(matches!(
        parse(&(full + "word")),
        Err(Error::DictionaryTooManyWords {
            line: 2505,
            max: 2500,
            ..
        })
    ));
    assert!(matches!(
        Dictionary::parse(b"ab\ncd\xff"),
        Err(Error::DictionaryNotText {
            line: 2,
            position: 5,
            ..
        })
    ));
}

#[test]
fn debug_shows_no_word() {
    let dictionary = Dictionary::parse("secretword\n").unwrap();
    assert_eq!(format!("{dictionary:?}"), "Dictionary(1 words)");
}

/// Their lines would be taken for words, and no password would have one.
#[test]
fn lists_in_other_formats_are_refused() {
    for file in [
        "[\"password\"]\n",
        "[\n\"password\",\n\"qwerty\"\n]\n",
        "{\"words\":[\"password\"]}",
        "\"password\"\n\"qwerty\"\n",
        "'password'\r\n'qwerty'\r\n",
        "\"password\",\n\"qwerty\",\n",
        "# a list\nlocale=en_US\npassword,qwerty\n",
        "password,\nqwerty,\n",
        "<html>\n<body>x</body></html>\n",
        "\u{feff}<!DOCTYPE html>\n</html>",
    ] {
        let refused = Dictionary::parse(file).map(|dictionary| dictionary.len());
        assert_eq!(refused, Err(Error::DictionaryOtherFormat), "{file}");
    }
    for file in [
        "\"\npassword\n",
        "pass,word\nqwerty\n",
        "[x\nqwerty\n",
        "\"quoted\"\nqwerty\n",
        "'\n",
        "{a\nb\n",
    ] {
        assert!(Dictionary::parse(file).is_ok(), "{file}");
    }
}
