//! Personal data, which is never logged.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A name, a street, an e-mail address or a phone number. It has no `Display`, and its `Debug` prints nothing.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal(String);

impl Personal {
    /// The data itself, only for requests and responses.
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
    fn debug_does_not_print_personal_data() {
        assert_eq!(
            format!("{:?}", Personal::from("Ram".to_owned())),
            "[personal]"
        );
    }
}
