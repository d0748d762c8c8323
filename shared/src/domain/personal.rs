//! Personal data: what it says never reaches a log.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A name, a street, an e-mail address or a phone number. It has no `Display`, and its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal(String);

impl Personal {
    /// The data itself, for the wire alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Personal {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[personal]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_print_a_person() {
        assert_eq!(
            format!("{:?}", Personal::from("Ram".to_owned())),
            "[personal]"
        );
    }
}
