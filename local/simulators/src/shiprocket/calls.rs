//! The names of the calls, and the refusal of each.

use axum::response::{IntoResponse, Json, Response};

use crate::shiprocket::refusal::Refusal;
use crate::shiprocket::{assignment, labels, reads, serviceability, tracking};

pub(super) const LOGIN: &str = "login";
pub(super) const RECOMMEND: &str = "recommend";
pub(super) const CREATE_ORDER: &str = "createOrder";
pub(super) const CREATE_RETURN: &str = "createReturn";
pub(super) const CREATE_EXCHANGE: &str = "createExchange";
pub(super) const ASSIGN_AWB: &str = "assignAwb";
pub(super) const GENERATE_LABEL: &str = "generateLabel";
pub(super) const GET_LABEL: &str = "getLabel";
pub(super) const CANCEL: &str = "cancel";
pub(super) const TRACK: &str = "track";

/// The calls that can have a fault.
pub(super) const CALLS: &[&str] = &[
    LOGIN,
    RECOMMEND,
    CREATE_ORDER,
    CREATE_RETURN,
    CREATE_EXCHANGE,
    ASSIGN_AWB,
    GENERATE_LABEL,
    GET_LABEL,
    CANCEL,
    TRACK,
];

/// Calls that are logged but cannot have a fault.
pub(super) const LOGOUT: &str = "logout";
pub(super) const PICKUP_LOCATIONS: &str = "pickupLocations";
pub(super) const UNKNOWN: &str = "unknown";

/// Refuses a call as the vendor does; many refusals have status 200.
pub(super) fn refuse(call: &str, message: Option<String>) -> Response {
    let said = |usual: &str| message.clone().unwrap_or_else(|| usual.to_owned());
    let answer = match call {
        RECOMMEND => serviceability::none(&said("No courier serves this route")),
        ASSIGN_AWB => assignment::failure(&said("Insufficient amount to label this shipment")),
        GENERATE_LABEL => labels::failure(&said("No valid shipment ids found to generate label")),
        TRACK => tracking::nothing(message.as_deref()),
        CREATE_ORDER | CREATE_RETURN => {
            let message = said("The order id has already been taken.");
            return Refusal::field("order_id", message).into_response();
        }
        CREATE_EXCHANGE => {
            let message = said("The exchange order id has already been taken.");
            return Refusal::field("exchange_order_id", message).into_response();
        }
        GET_LABEL => return reads::unknown_order(message).into_response(),
        LOGIN => return Refusal::invalid(said("User is blocked")).into_response(),
        _ => return Refusal::invalid(said("This cannot be done now")).into_response(),
    };
    Json(answer).into_response()
}
