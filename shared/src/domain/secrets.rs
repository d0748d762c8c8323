//! Secrets by their names.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

/// Whether two sets of secrets are the same.
pub fn are_same(
    before: &BTreeMap<String, SecretString>,
    after: &BTreeMap<String, SecretString>,
) -> bool {
    let pairs = before.iter().zip(after);
    before.len() == after.len()
        && pairs.into_iter().all(|((name, value), (other, wanted))| {
            name == other && value.expose_secret() == wanted.expose_secret()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(pairs: &[(&str, &str)]) -> BTreeMap<String, SecretString> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).into());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn a_name_a_value_or_one_more_makes_a_difference() {
        let one = secrets(&[("a", "1"), ("b", "2")]);
        assert!(are_same(&one, &secrets(&[("b", "2"), ("a", "1")])));
        for other in [
            &[("a", "1")][..],
            &[("a", "1"), ("b", "3")],
            &[("a", "1"), ("c", "2")],
            &[("a", "1"), ("b", "2"), ("c", "3")],
        ] {
            assert!(!are_same(&one, &secrets(other)), "{other:?}");
        }
    }
}
