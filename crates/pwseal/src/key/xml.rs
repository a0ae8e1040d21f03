//! RSAKeyValue (XML Signature, section 4.5.2.2), as .NET writes it, and what else starts with a <.

use super::text::is_skipped;
use super::{OtherInput, PublicKey};
use crate::error::Error;

/// Reads an RSAKeyValue.
pub(super) fn read(text: &str) -> Result<PublicKey, Error> {
    let text = text.trim_matches(is_skipped);
    if is_html(text) {
        return Err(OtherInput::Html.into());
    }
    if !text.contains("RSAKeyValue") {
        return Err(OtherInput::Xml.into());
    }
    read_rsa_key_value(text)
}

fn is_html(text: &str) -> bool {
    [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<pre",
        "<p>",
        "<div",
    ]
    .iter()
    .any(|start| {
        let found = text.as_bytes().get(..start.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(start.as_bytes()))
    }) || text.contains("<html")
}

#[cfg(not(feature = "xml"))]
fn read_rsa_key_value(_: &str) -> Result<PublicKey, Error> {
    Err(OtherInput::RsaKeyValue.into())
}

#[cfg(feature = "xml")]
fn read_rsa_key_value(text: &str) -> Result<PublicKey, Error> {
    use alloc::vec::Vec;

    use roxmltree::{Document, Node};

    use super::{Structure, text};

    /// What a private key has beside the public one.
    const PRIVATE: [&str; 6] = ["P", "Q", "DP", "DQ", "InverseQ", "D"];

    /// The longest text in bytes: that of the longest key has 3 KiB, and the parser takes a time that grows with the
    /// square of the attributes.
    const LONGEST: usize = 1 << 14;

    // Before it is parsed, so that no copy of a private key is made.
    let is_private = text.split('<').any(|element| {
        let name = element.split(|c: char| c == '>' || c == '/' || c.is_whitespace());
        let name = name.clone().next().unwrap_or_default();
        PRIVATE.contains(&name.rsplit(':').next().unwrap_or_default())
    });
    if is_private {
        return Err(Error::PrivateKey);
    }
    if text.len() > LONGEST {
        return Err(OtherInput::Xml.into());
    }
    let document = Document::parse(text).map_err(|_| OtherInput::Xml)?;
    let root = document.root_element();
    if root.tag_name().name() != "RSAKeyValue" {
        return Err(OtherInput::Xml.into());
    }
    let elements: Vec<Node<'_, '_>> = root.children().filter(Node::is_element).collect();
    if elements.len() > 2 {
        return Err(OtherInput::Xml.into());
    }
    let number = |name: &'static str| {
        let mut named = elements
            .iter()
            .filter(|element| element.tag_name().name() == name);
        let value = match (named.next(), named.next()) {
            (Some(element), None) if element.children().all(|child| child.is_text()) => {
                element.text()
            }
            _ => None,
        };
        let number = value.and_then(|value| text::decode(value, 0).ok());
        number.ok_or(Error::KeyNumber {
            structure: Structure::RsaKeyValue,
            name,
        })
    };
    PublicKey::from_components(&number("Modulus")?, &number("Exponent")?)
}
