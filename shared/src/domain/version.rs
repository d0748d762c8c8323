//! Versions of configured objects, so that concurrent changes do not overwrite each other.

use serde::{Deserialize, Serialize};

/// An opaque version of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(String);

impl Version {
    /// The version with this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The version of items that were stored before versions existed.
impl Default for Version {
    fn default() -> Self {
        Self::new("0")
    }
}

/// An object with its version.
#[derive(Debug, Clone)]
pub struct Versioned<T> {
    /// The object.
    pub value: T,
    /// The version.
    pub version: Version,
}

/// What a caller expects before a change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Precondition {
    /// Nothing.
    #[default]
    None,
    /// The object exists.
    Present,
    /// The object does not exist.
    Absent,
    /// The object has one of these versions.
    OneOf(Vec<Version>),
}

impl Precondition {
    /// Whether the present version is as expected.
    pub fn holds(&self, present: Option<&Version>) -> bool {
        match self {
            Self::None => true,
            Self::Present => present.is_some(),
            Self::Absent => present.is_none(),
            Self::OneOf(versions) => present.is_some_and(|present| versions.contains(present)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_precondition_holds_only_for_its_versions() {
        let (one, other) = (Version::new("1"), Version::new("2"));
        let of_one = Precondition::OneOf(vec![one.clone()]);
        for (precondition, absent, for_one, for_other) in [
            (Precondition::None, true, true, true),
            (Precondition::Present, false, true, true),
            (Precondition::Absent, true, false, false),
            (of_one, false, true, false),
        ] {
            assert_eq!(precondition.holds(None), absent, "{precondition:?}");
            assert_eq!(precondition.holds(Some(&one)), for_one, "{precondition:?}");
            assert_eq!(
                precondition.holds(Some(&other)),
                for_other,
                "{precondition:?}"
            );
        }
    }
}
