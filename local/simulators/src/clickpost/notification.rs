//! The content of the webhooks. There is no event id: a repeat has the same bytes.

use serde_json::{Map, Value, json};

use crate::clickpost::couriers::Habit;
use crate::clickpost::dialect::Dialect;
use crate::clickpost::named::named;
use crate::clickpost::order::Order;
use crate::clickpost::return_request;
use crate::clickpost::scan::Scan;
use crate::clickpost::status::{self, Status};
use crate::ways::Direction;

/// Why a delivery failed.
pub(super) const NDR_CODE: u8 = 1;
pub(super) const NDR_DESCRIPTION: &str = "Customer Unavailable";

/// The value of `clickpost_city`, which is not always a city.
const CITY: &str = "NSZ_HUB-2";

/// The push of one scan of an order, in a dialect. `forward` is the returned order.
pub(super) fn of(order: &Order, forward: Option<&Order>, scan: &Scan, dialect: Dialect) -> Value {
    match scan.state {
        "RETURN_ORDER_PLACED" | "RETURN_APPROVED" => {
            return_request::of(order, forward, scan, dialect)
        }
        _ => of_shipment(order, scan, dialect),
    }
}

fn of_shipment(order: &Order, scan: &Scan, dialect: Dialect) -> Value {
    let mut push = scanned(order, scan, dialect);
    push.extend(named([
        ("waybill", json!(waybill(order, scan))),
        ("cp_id", json!(order.request.courier.cp_id)),
        ("clickpost_city", json!(CITY)),
        ("account_code", json!(order.request.account.code)),
        ("additional", additional(order, scan, dialect)),
    ]));
    Value::Object(push)
}

fn additional(order: &Order, scan: &Scan, dialect: Dialect) -> Value {
    let failure = (scan.state == "FAILED_DELIVERY").then_some((NDR_CODE, NDR_DESCRIPTION));
    let (ndr_code, ndr_description) = failure.unzip();
    let mut additional = named([
        ("latest_status", latest_status(order, scan, dialect)),
        ("order_id", json!(order.request.fields.order_id)),
        ("is_rvp", json!(order.direction() == Direction::Return)),
        ("ndr_status_code", json!(ndr_code)),
        ("ndr_status_description", json!(ndr_description)),
        ("npr_status_code", Value::Null),
        ("npr_status_description", Value::Null),
        ("courier_partner_edd", Value::Null),
        ("destination_hub_inscan_ts", Value::Null),
    ]);
    if dialect != Dialect::All {
        let event = status_of(scan, dialect).event;
        additional.extend(named([("notification_event_id", json!(event))]));
    }
    Value::Object(additional)
}

/// The present state, or an earlier one for a courier that lags.
fn latest_status(order: &Order, scan: &Scan, dialect: Dialect) -> Value {
    let latest = if order.has(Habit::LatestStatusLags) {
        before(order, scan)
    } else {
        scan
    };
    let mut status = scanned(order, latest, dialect);
    let reference_number = &order.request.fields.reference_number;
    status.extend(named([("reference_number", json!(reference_number))]));
    if let Some((bucket, description)) = status_of(latest, dialect).bucket {
        status.extend(named([
            ("clickpost_status_bucket", json!(bucket)),
            ("clickpost_status_bucket_description", json!(description)),
        ]));
    }
    Value::Object(status)
}

fn before<'a>(order: &'a Order, scan: &'a Scan) -> &'a Scan {
    let position = order.scans.iter().position(|known| known == scan);
    position
        .and_then(|position| order.scans.get(position.checked_sub(1)?))
        .unwrap_or(scan)
}

/// The fields that a scan and the latest status have in common.
fn scanned(order: &Order, scan: &Scan, dialect: Dialect) -> Map<String, Value> {
    let Status {
        code,
        description,
        word,
        remark,
        ..
    } = status_of(scan, dialect);
    let timestamp = if order.has(Habit::BlanksInTime) {
        scan.broken_time()
    } else {
        scan.pushed_time()
    };
    named([
        ("clickpost_status_code", json!(code)),
        ("clickpost_status_description", json!(description)),
        ("status", json!(word)),
        ("remark", json!(remark)),
        ("location", json!(order.request.fields.drop_city)),
        ("timestamp", json!(timestamp)),
    ])
}

fn status_of(scan: &Scan, dialect: Dialect) -> Status {
    match dialect {
        Dialect::All => status::of(scan.state),
        Dialect::Selected | Dialect::Wrapped => status::selectable(scan.state),
    }
}

fn waybill<'a>(order: &'a Order, scan: &Scan) -> &'a str {
    let is_omitted = scan.state == "FAILED_DELIVERY" && order.has(Habit::OmitsWaybillOnFailure);
    let waybill = order.waybill().filter(|_| !is_omitted);
    waybill.unwrap_or_default()
}
