//! The order of a look-up: `orderId` is from the standard, `orderNumber` with an optional `shipmentCode` is RMS's extension.

use axum::extract::Query;
use http::Uri;
use serde::Deserialize;

use crate::magic::book::{Book, Order};
use crate::magic::refusal::Refusal;
use crate::ways::Direction;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Lookup {
    order_id: Option<String>,
    order_number: Option<String>,
    shipment_code: Option<String>,
}

impl Lookup {
    pub(super) fn read(uri: &Uri) -> Result<Self, Refusal> {
        let Query(lookup) = Query::try_from_uri(uri)
            .map_err(|error| Refusal::InvalidRequest(vec![error.body_text()]))?;
        Ok(lookup)
    }

    pub(super) fn find(&self, book: &Book, direction: Direction) -> Result<Order, Refusal> {
        if let Some(order_id) = &self.order_id {
            return book
                .by_order_id(direction, order_id)
                .ok_or_else(|| Refusal::UnknownOrderId(order_id.clone()));
        }
        let Some(order_number) = &self.order_number else {
            let missing = "orderId or orderNumber must be given".to_owned();
            return Err(Refusal::InvalidRequest(vec![missing]));
        };
        book.by_order_number(direction, order_number, self.shipment_code.as_deref())
            .ok_or_else(|| Refusal::UnknownOrderNumber(order_number.clone()))
    }
}
