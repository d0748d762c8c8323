//! The versions of the call that makes an order. Each spells the order in its own way.

/// A version, and so a spelling of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// India: `pickup_info.pickup_name`, pincodes of six digits.
    V3,
    /// International: `pickup_info.name`, postal codes that may be the name of an area, a currency.
    V4,
}

impl Version {
    /// Where a field of an address stands.
    pub(super) fn field(self, party: &str, name: &str) -> String {
        match self {
            Self::V3 => format!("{party}_info.{party}_{name}"),
            Self::V4 => format!("{party}_info.{name}"),
        }
    }
}
