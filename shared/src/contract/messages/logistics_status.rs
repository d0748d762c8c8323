//! The body of a `LOGISTICS_STATUS` (docs/webhooks.md): what an aggregator pushed, without what proved it.
//!
//! It is passed on as it came, so the type only describes it, and makes the sample.

use serde::Serialize;
use utoipa::ToSchema;

/// A status as the logistics provider pushed it, in its own fields. Any of them may be absent, and there may be others.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = LogisticsStatus)]
pub struct LogisticsStatusBody {
    /// The name of the order at the provider: the order number, with a suffix for parcels and repeats.
    #[schema(example = "SO-71")]
    pub external_id: Option<String>,
    /// The provider's id of the order, `orderId` in the API.
    #[schema(example = "26BXK7TNQ2M4D")]
    pub tracking_id: Option<String>,
    /// A number of the provider's database.
    #[schema(example = "6149a1c0d48465d30e2b5b85")]
    pub order_id: Option<String>,
    /// A number of the provider's database, of this status.
    #[schema(example = "6149a1c98f62b9082bdfebf9")]
    pub order_tracking_id: Option<String>,
    /// When it happened.
    #[schema(example = "2026-11-28T09:43:21+00:00")]
    pub status_date: Option<String>,
    /// The status that decides about the notification.
    pub internal_status: Option<ProviderStatusBody>,
    /// The status that the provider shows to its customers.
    pub external_status: Option<ProviderStatusBody>,
    /// The AWB, as soon as there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "010045678901234")]
    pub awb: Option<String>,
}

/// A status of the logistics provider.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ProviderStatus)]
pub struct ProviderStatusBody {
    /// Its code.
    #[schema(example = 2000)]
    pub code: u32,
    /// Its name.
    #[schema(example = "Paket Terkirim")]
    pub name: String,
    /// More words for it.
    #[schema(example = "Paket Terkirim")]
    pub description: String,
}
