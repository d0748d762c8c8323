//! The seller whose account this is.

pub(super) const ID: u32 = 730_115;
pub(super) const NAME: &str = "Example Apparel";
pub(super) const CONTACT: &str = "Despatch Desk";
pub(super) const STREET: &str = "Plot 7, Example Road";
pub(super) const PHONE: &str = "9000000001";
pub(super) const EMAIL: &str = "despatch@example.com";

/// The user who logs in.
pub(super) const API_USER_ID: u32 = 81_204;
