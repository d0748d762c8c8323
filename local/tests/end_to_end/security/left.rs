//! Searches what was written for secrets, in every usual encoding.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::security::world::Answer;

/// Secrets by their origin.
pub(crate) type Secrets = BTreeMap<String, String>;

/// Everything that was written, by its place.
#[derive(Default)]
pub(crate) struct Left(Vec<(String, Vec<u8>)>);

impl Left {
    /// Adds what was written at a place.
    pub(crate) fn add(&mut self, place: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.push((place.into(), bytes.into()));
    }

    /// Adds an answer.
    pub(crate) fn answer(&mut self, what: &str, answer: &Answer) {
        self.add(format!("answer to {what}"), answer.body.to_string());
    }

    /// The places that contain any of these secrets in any encoding.
    pub(crate) fn places_of(&self, secrets: &Secrets) -> Vec<String> {
        let mut found = Vec::new();
        for (name, secret) in secrets {
            for (spelling, needle) in spellings(secret) {
                for (place, bytes) in &self.0 {
                    if holds(bytes, needle.as_bytes()) {
                        found.push(format!("{place} holds {name} as {spelling}"));
                    }
                }
            }
        }
        found
    }
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// The secret unchanged, in hexadecimal digits, and the part of its base64 that does not depend on the surrounding bytes.
fn spellings(secret: &str) -> Vec<(&'static str, String)> {
    assert!(secret.len() >= 8, "a secret this short is found anywhere");
    let hex = hex(secret.as_bytes());
    let mut spellings = vec![
        ("it is", secret.to_owned()),
        ("hex", hex.to_uppercase()),
        ("hex", hex),
    ];
    for before in 0..3 {
        let padded = [&vec![0; before], secret.as_bytes()].concat();
        for engine in [&STANDARD, &URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&padded);
            let inner = &encoded[(before * 4).div_ceil(3)..padded.len() / 3 * 4];
            spellings.push(("base64", inner.to_owned()));
        }
    }
    spellings
}

/// In hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap();
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.map(digit).collect()
}

#[test]
fn a_secret_is_found_in_every_encoding() {
    let secret = "correct horse battery";
    let secrets = Secrets::from([("it".to_owned(), secret.to_owned())]);
    for beside in ["", "a", "ab", "abc", "user:"] {
        let text = format!("{beside}{secret}!");
        let hex = hex(text.as_bytes()).to_uppercase();
        for spelled in [
            text.clone(),
            hex,
            STANDARD.encode(&text),
            URL_SAFE_NO_PAD.encode(&text),
        ] {
            let mut left = Left::default();
            left.add("there", spelled.clone());
            assert!(!left.places_of(&secrets).is_empty(), "{spelled}");
        }
    }
    let mut left = Left::default();
    left.add("there", "correct horse, other battery");
    assert!(left.places_of(&secrets).is_empty());
}
