//! The provider's answer to a question about prices, as the API's description shows it. It is passed on as it is, so it may have
//! other members too.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The prices of a shipment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProviderPrices)]
pub struct PricesBody {
    /// Where the shipment begins, with the names of its area.
    #[schema(value_type = Object)]
    pub origin: Value,
    /// Where it ends, likewise.
    #[schema(value_type = Object)]
    pub destination: Value,
    /// The rates that are offered. May be empty.
    pub pricings: Vec<ProviderPriceBody>,
    /// Why couriers offer nothing, such as 31006: they do not serve an area.
    #[schema(value_type = Option<Vec<Object>>)]
    pub pricing_errors: Option<Vec<Value>>,
}

/// A rate and its price in rupiahs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProviderPrice)]
pub struct ProviderPriceBody {
    /// The courier: `id`, `name`, `code`.
    #[schema(value_type = Object)]
    pub logistic: Value,
    /// The rate: `id`, which a label needs as `courierId`, `name` and `type`.
    #[schema(value_type = Object)]
    pub rate: Value,
    /// The kilograms that are paid: the greater of weight and volume, rounded up.
    pub final_weight: f64,
    /// The fewest days until the delivery.
    pub min_day: i64,
    /// The most days.
    pub max_day: i64,
    /// What is paid.
    #[schema(example = 210_000)]
    pub final_price: f64,
    /// Its currency.
    #[schema(example = "IDR")]
    pub currency: String,
}
