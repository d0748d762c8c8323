//! Courier recommendations.

use rust_decimal::Decimal;

use crate::domain::address::Address;
use crate::domain::measure::Parcel;
use crate::domain::money::{Amount, Currency};
use crate::domain::order::{LineItem, PaymentType, ShipmentRequest};
use crate::domain::place::Place;
use crate::domain::quote::Quote;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{CountryCode, CourierId};

/// The route and contents for which couriers are recommended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Pincode of the pickup; empty if its country has none.
    pub pickup_pincode: String,
    /// Pincode of the drop; empty if its country has none.
    pub drop_pincode: String,
    /// How the consignee pays.
    pub payment: PaymentType,
    /// Forward or return.
    pub shipment_type: ShipmentType,
    /// Value of the order.
    pub amount: Amount,
    /// Currency of the value.
    pub currency: Currency,
    /// The parcel's dimensions and weight, if known.
    pub parcel: Option<Parcel>,
    /// The contents of the parcel, if known.
    pub lines: Vec<LineItem>,
    /// Country of the pickup, if known.
    pub pickup_country: Option<CountryCode>,
    /// Country of the drop, if known.
    pub drop_country: Option<CountryCode>,
    /// The pickup address, if known.
    pub pickup: Option<Address>,
    /// The drop address, if known.
    pub drop: Option<Address>,
    /// Where the pickup is, as far as it is known.
    pub pickup_place: Place,
    /// Where the drop is, as far as it is known.
    pub drop_place: Place,
}

impl From<&ShipmentRequest> for Route {
    fn from(request: &ShipmentRequest) -> Self {
        Self {
            pickup_pincode: request.pickup.zip.clone(),
            drop_pincode: request.drop.zip.clone(),
            payment: request.payment,
            shipment_type: request.purpose.shipment_type(),
            amount: request.amount,
            currency: request.currency,
            parcel: Some(request.parcel),
            lines: request.lines.clone(),
            pickup_country: request.pickup.country_code.clone(),
            drop_country: request.drop.country_code.clone(),
            pickup: Some(request.pickup.clone()),
            drop: Some(request.drop.clone()),
            pickup_place: request.pickup.place,
            drop_place: request.drop.place,
        }
    }
}

/// A courier that serves the route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recommendation {
    /// The aggregator's id of the courier.
    pub courier: CourierId,
    /// The courier's name.
    pub name: String,
    /// The aggregator's rank: the lowest number is best.
    pub priority: Decimal,
    /// What the aggregator says about price and delivery; no part of the rank.
    pub quote: Quote,
}

/// Sorts recommendations, best first; equal ones keep the aggregator's order.
pub fn best_first(mut recommendations: Vec<Recommendation>) -> Vec<Recommendation> {
    recommendations.sort_by_key(|recommendation| recommendation.priority);
    recommendations
}
