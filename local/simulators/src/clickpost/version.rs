//! The versions of the call that creates an order. Each has its own field names.

/// A version, with its field names of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// India: `pickup_info.pickup_name`, pincodes of six digits.
    V3,
    /// International: `pickup_info.name`, postal codes that may be the name of an area, a currency.
    V4,
}

impl Version {
    /// The path of an address field.
    pub(super) fn field(self, party: &str, name: &str) -> String {
        match self {
            Self::V3 => format!("{party}_info.{party}_{name}"),
            Self::V4 => format!("{party}_info.{name}"),
        }
    }
}
