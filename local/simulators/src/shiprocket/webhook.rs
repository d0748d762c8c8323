//! The webhook: one for all shipments of the account, in the format of 2023 or of 2021.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::journey::Step;
use crate::shiprocket::assignment::pickup_scheduled_at;
use crate::shiprocket::book::{Order, Parcel};
use crate::shiprocket::ist;
use crate::shiprocket::order_request::CHANNEL_ID;
use crate::shiprocket::scans::{self, Scan};
use crate::shiprocket::statuses::{Standing, Status};

/// The format of the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Dialect {
    #[default]
    Of2023,
    Of2021,
}

/// The dialect names for `advance`.
pub(super) const DIALECTS: &[&str] = &["2023", "2021"];

const FROM_PICKUP_TO_DELIVERY: SignedDuration = SignedDuration::from_hours(4 * 24);

impl Dialect {
    /// `None` if there is no dialect with this name.
    pub(super) fn named(name: Option<&str>) -> Option<Self> {
        match name {
            None => Some(Self::default()),
            Some("2023") => Some(Self::Of2023),
            Some("2021") => Some(Self::Of2021),
            Some(_) => None,
        }
    }

    /// The body for a step. It does not depend on anything after the step, so that a repeat is identical.
    pub(super) fn body(self, order: &Order, parcel: &Parcel, step: &Step) -> Value {
        let steps: Vec<Step> = parcel
            .happened
            .iter()
            .filter(|earlier| earlier.number <= step.number)
            .cloned()
            .collect();
        let news = News {
            order,
            parcel,
            at: ist::of_step(&step.time),
            standing: Standing::reached(order.direction(), step.state).unwrap_or(order.standing),
            has_failed: step.state == "FAILED_DELIVERY",
            scans: scans::of_steps(order, parcel, &steps),
        };
        Value::Object(match self {
            Self::Of2023 => news.of_2023(),
            Self::Of2021 => news.of_2021(),
        })
    }
}

/// The content of a webhook.
struct News<'a> {
    order: &'a Order,
    parcel: &'a Parcel,
    at: Timestamp,
    standing: Standing,
    /// Whether it tells of an attempt to deliver that failed.
    has_failed: bool,
    /// Oldest first.
    scans: Vec<Scan>,
}

impl News<'_> {
    fn of_2023(&self) -> Map<String, Value> {
        let etd = (!self.scans.is_empty()).then(|| ist::date_and_time(self.expected_at()));
        let mut body = self.statuses(Status::upper_case);
        body.extend(fields([
            ("awb", json!(self.parcel.awb)),
            ("courier_name", json!(self.parcel.courier.name)),
            ("current_timestamp", json!(ist::day_first(self.at))),
            ("order_id", json!(self.order.request.order_id)),
            ("sr_order_id", json!(self.order.id)),
            (
                "awb_assigned_date",
                json!(ist::date_and_time(self.parcel.assigned_at)),
            ),
            (
                "pickup_scheduled_date",
                json!(ist::date_and_time(pickup_scheduled_at(self.parcel))),
            ),
            ("etd", json!(etd)),
            ("scans", self.scans.iter().map(full_scan).collect()),
            ("is_return", json!(u8::from(self.order.is_return()))),
            ("channel_id", json!(CHANNEL_ID)),
            ("pod_status", json!("OTP Based Delivery")),
            ("pod", json!("Not Available")),
            ("qc_image", json!("")),
            ("qc_failure_reason", json!("")),
        ]));
        if self.has_failed {
            body.extend(fields([
                ("undelivered_reason", json!("Consignee not available")),
                ("delivery_attempt_count", json!("1")),
            ]));
        }
        body
    }

    fn of_2021(&self) -> Map<String, Value> {
        let mut body = self.statuses(|status| status.name.to_owned());
        body.extend(fields([
            ("awb", self.numeric_awb()),
            ("courier_name", json!(self.parcel.courier.name)),
            ("current_timestamp", json!(ist::date_and_time(self.at))),
            ("order_id", json!(self.order.request.order_id)),
            ("etd", json!(ist::date_and_time(self.expected_at()))),
            ("scans", self.scans.iter().rev().map(short_scan).collect()),
            ("channel_order_id", json!(self.order.request.order_id)),
            ("channel", json!("CUSTOM")),
        ]));
        body
    }

    /// Both pairs; the shipment's pair is missing if its table has no status.
    fn statuses(&self, spelled: impl Fn(Status) -> String) -> Map<String, Value> {
        let order = self.standing.order;
        let mut pairs = fields([
            ("current_status", json!(spelled(order))),
            ("current_status_id", json!(order.id)),
        ]);
        if let Some(shipment) = self.standing.shipment {
            pairs.extend(fields([
                ("shipment_status", json!(spelled(shipment))),
                ("shipment_status_id", json!(shipment.id)),
            ]));
        }
        pairs
    }

    fn numeric_awb(&self) -> Value {
        let number: Result<u64, _> = self.parcel.awb.parse();
        number.map_or_else(|_| json!(self.parcel.awb), |number| json!(number))
    }

    fn expected_at(&self) -> Timestamp {
        let pickup = pickup_scheduled_at(self.parcel);
        pickup
            .saturating_add(FROM_PICKUP_TO_DELIVERY)
            .unwrap_or(pickup)
    }
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    let owned = fields.map(|(name, value)| (name.to_owned(), value));
    owned.into_iter().collect()
}

/// The format of the newer webhook and the tracking.
pub(super) fn full_scan(scan: &Scan) -> Value {
    let unknown = || "NA".to_owned();
    json!({
        "date": ist::date_and_time(scan.at),
        "status": scan.code,
        "activity": scan.activity,
        "location": scan.location,
        "sr-status": scan.status.map_or_else(unknown, |status| status.id.to_string()),
        "sr-status-label": scan.status.map_or_else(unknown, Status::upper_case),
    })
}

fn short_scan(scan: &Scan) -> Value {
    json!({
        "date": ist::date_and_time(scan.at),
        "activity": scan.activity.to_uppercase(),
        "location": scan.location.to_uppercase(),
    })
}
