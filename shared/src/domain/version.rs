//! Which state of a configured thing a caller has read, so that no change overwrites another one.

use serde::{Deserialize, Serialize};

/// A state of one thing. It tells nothing of what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(String);

impl Version {
    /// A state by its name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What was stored before it had versions.
impl Default for Version {
    fn default() -> Self {
        Self::new("0")
    }
}

/// A thing in one of its states.
#[derive(Debug, Clone)]
pub struct Versioned<T> {
    /// The thing.
    pub value: T,
    /// The state.
    pub version: Version,
}

/// What a caller expects to find before it changes something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Precondition {
    /// Whatever is there.
    #[default]
    None,
    /// That there is something.
    Present,
    /// That there is nothing yet.
    Absent,
    /// One of these states.
    OneOf(Vec<Version>),
}

impl Precondition {
    /// Whether what is there is what the caller expects.
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
    fn a_precondition_holds_for_what_it_names_alone() {
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
