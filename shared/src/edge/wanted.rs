//! The booking that a query refers to.

use lambda_http::Request;
use utoipa::IntoParams;

use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AccountAlias, AggregatorOrderId, OrderNumber, ShipmentCode};
use crate::domain::wanted_booking::{WantedBooking, WantedBy};
use crate::edge::problem::Problem;
use crate::edge::problem::kind::ProblemKind;
use crate::edge::request::parameter;

/// The reference to a booking: `orderId` or `orderNumber`.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BookingParameters {
    /// The aggregator's id of the order.
    #[param(rename = "orderId")]
    order_id: Option<AggregatorOrderId>,
    /// The client's id of the order.
    #[param(rename = "orderNumber")]
    order_number: Option<OrderNumber>,
    /// With `orderNumber`: one of several parcels of the order.
    #[param(rename = "shipmentCode")]
    shipment_code: Option<ShipmentCode>,
    /// With `orderId`: the account, if several accounts have such an order.
    #[param(rename = "logisticAccountAlias")]
    alias: Option<AccountAlias>,
}

impl BookingParameters {
    fn of(request: &Request) -> Result<Self, Problem> {
        Ok(Self {
            alias: parameter(request, "logisticAccountAlias")?,
            shipment_code: parameter(request, "shipmentCode")?,
            order_id: parameter(request, "orderId")?,
            order_number: parameter(request, "orderNumber")?,
        })
    }
}

/// Reads `orderId` or `orderNumber` (with `shipmentCode`), and `logisticAccountAlias`.
pub fn read(request: &Request, shipment_type: ShipmentType) -> Result<WantedBooking, Problem> {
    let given = BookingParameters::of(request)?;
    let by = match (given.order_id, given.order_number) {
        (Some(order_id), None) => WantedBy::OrderId(order_id),
        (None, Some(order_number)) => WantedBy::OrderNumber(order_number, given.shipment_code),
        (None, None) => {
            return Err(Problem::new(
                ProblemKind::InvalidParameter,
                "give the parameter orderId or orderNumber",
            ));
        }
        (Some(_), Some(_)) => {
            return Err(Problem::new(
                ProblemKind::InvalidParameter,
                "give one of the parameters orderId and orderNumber",
            ));
        }
    };
    Ok(WantedBooking {
        shipment_type,
        by,
        alias: given.alias,
    })
}
