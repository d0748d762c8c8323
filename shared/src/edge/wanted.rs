//! Which booking a query names.

use lambda_http::Request;

use crate::domain::shipment::ShipmentType;
use crate::domain::wanted_booking::{WantedBooking, WantedBy};
use crate::edge::problem::{Problem, ProblemKind};
use crate::edge::request::parameter;

/// Reads `orderId` or `orderNumber` (with `shipmentCode`), and `logisticAccountAlias`.
pub fn read(request: &Request, shipment_type: ShipmentType) -> Result<WantedBooking, Problem> {
    let alias = parameter(request, "logisticAccountAlias")?;
    let shipment_code = parameter(request, "shipmentCode")?;
    let by = match (
        parameter(request, "orderId")?,
        parameter(request, "orderNumber")?,
    ) {
        (Some(order_id), None) => WantedBy::OrderId(order_id),
        (None, Some(order_number)) => WantedBy::OrderNumber(order_number, shipment_code),
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
        alias,
    })
}
