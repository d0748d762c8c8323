//! The index of orders in doubt: those whose outcome is not known, because a request is booking them, ended early, or got no
//! clear answer. It is sparse: an order has an entry from its claim until its outcome is recorded.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;

use crate::clock;
use crate::domain::shipment_id::ShipmentId;

/// Begins the doubt, or lets one continue that began earlier; takes the values of [`values`].
pub(super) const BEGINS: &str = "doubtOf = :doubtOf, doubtAt = if_not_exists(doubtAt, :doubtAt)";
/// Ends the doubt, and an unknown outcome if that is what it was, as the attributes of a `REMOVE`.
pub(super) const ENDS: &str = "doubtOf, doubtAt, uncertain, uncertainAt";

/// The attributes of an order whose doubt begins now.
pub(super) fn attributes(id: &ShipmentId) -> [(String, AttributeValue); 2] {
    let at = clock::now().as_millisecond().to_string();
    [
        (
            "doubtOf".to_owned(),
            AttributeValue::S(id.client_id.to_string()),
        ),
        ("doubtAt".to_owned(), AttributeValue::N(at)),
    ]
}

/// An update that may contain [`BEGINS`].
pub(super) trait Begins: Sized {
    /// Sets its values.
    fn in_doubt(self, id: &ShipmentId) -> Self;
}

impl Begins for UpdateItemFluentBuilder {
    fn in_doubt(self, id: &ShipmentId) -> Self {
        values(id).into_iter().fold(self, |update, (name, value)| {
            update.expression_attribute_values(name, value)
        })
    }
}

impl Begins for UpdateBuilder {
    fn in_doubt(self, id: &ShipmentId) -> Self {
        values(id).into_iter().fold(self, |update, (name, value)| {
            update.expression_attribute_values(name, value)
        })
    }
}

fn values(id: &ShipmentId) -> [(String, AttributeValue); 2] {
    attributes(id).map(|(name, value)| (format!(":{name}"), value))
}
