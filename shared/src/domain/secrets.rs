//! Named secrets.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

/// Secrets by name.
pub type NamedSecrets = BTreeMap<String, SecretString>;

/// Secrets in a request: `None` keeps the stored value.
pub type GivenSecrets = BTreeMap<String, Option<SecretString>>;

/// Requested secrets, completed with stored values.
#[derive(Debug)]
pub struct MergedSecrets {
    /// The secrets with a value.
    pub secrets: NamedSecrets,
    /// The names without a given or stored value.
    pub without_value: Vec<String>,
}

/// Replaces missing values with the `stored` ones.
pub fn merged<'a>(
    given: &'a GivenSecrets,
    stored: impl Fn(&str) -> Option<&'a SecretString>,
) -> MergedSecrets {
    let mut merged = MergedSecrets {
        secrets: NamedSecrets::new(),
        without_value: Vec::new(),
    };
    for (name, value) in given {
        match value.as_ref().or_else(|| stored(name)) {
            Some(value) => _ = merged.secrets.insert(name.clone(), value.clone()),
            None => merged.without_value.push(name.clone()),
        }
    }
    merged
}

/// Whether two sets of secrets are equal.
pub fn are_same(before: &NamedSecrets, after: &NamedSecrets) -> bool {
    let pairs = before.iter().zip(after);
    before.len() == after.len()
        && pairs.into_iter().all(|((name, value), (other, wanted))| {
            name == other && value.expose_secret() == wanted.expose_secret()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(pairs: &[(&str, &str)]) -> NamedSecrets {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).into());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn a_name_a_value_or_an_additional_secret_is_a_difference() {
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

    #[test]
    fn a_stored_value_replaces_a_missing_one() {
        let stored = secrets(&[("a", "1"), ("b", "2")]);
        let given = [
            ("a".to_owned(), None),
            ("b".to_owned(), Some("3".into())),
            ("c".to_owned(), None),
        ];
        let given = GivenSecrets::from(given);
        let merged = merged(&given, |name| stored.get(name));
        assert!(are_same(
            &merged.secrets,
            &secrets(&[("a", "1"), ("b", "3")])
        ));
        assert_eq!(merged.without_value, ["c"]);
    }
}
