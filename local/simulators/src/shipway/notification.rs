//! Shipway's pushes: a feed of one event, or the panel's short form.

use md5::{Digest, Md5};
use serde_json::{Value, json};

use crate::control::AdvanceRefusal;
use crate::push::PushTarget;
use crate::shipway::ShipwayConfig;
use crate::shipway::book::{Scan, Shipment};
use crate::shipway::indian_time;
use crate::shipway::tracking;

const DIALECTS: &[&str] = &["classic", "panel"];

/// The format of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// With the account's hash and all shipment details. All values are text.
    Classic,
    /// Only the order and the code, without any authentication.
    Panel,
}

impl Dialect {
    /// The dialect with this name; `Classic` by default.
    pub(super) fn named(name: Option<&str>) -> Result<Self, AdvanceRefusal> {
        match name {
            None | Some("classic") => Ok(Self::Classic),
            Some("panel") => Ok(Self::Panel),
            Some(other) => Err(AdvanceRefusal::unknown_dialect(other, DIALECTS)),
        }
    }

    /// The target of the push, with the header that identifies it.
    pub(super) fn target(self, mut target: PushTarget) -> PushTarget {
        if self == Self::Panel {
            let name = "User-Agent".to_owned();
            target.headers.insert(name, "Shipway".to_owned());
        }
        target
    }

    /// The push for a shipment's newest scan.
    pub(super) fn notification(
        self,
        config: &ShipwayConfig,
        tracking_url: &str,
        shipment: &Shipment,
    ) -> Value {
        let code = shipment.scans.last().map_or("", |scan| scan.status.code);
        match self {
            Self::Panel => {
                json!({ "order_id": shipment.request.order_id, "current_status": code })
            }
            Self::Classic => json!({
                "hash": hash(config),
                "status_feed": [event(tracking_url, shipment)],
            }),
        }
    }
}

/// The hash of an account, the same in every push; it is not a signature.
fn hash(config: &ShipwayConfig) -> String {
    let account = format!("{}:{}", config.email, config.license_key);
    let digest: [u8; 16] = Md5::digest(account).into();
    format!("{:032x}", u128::from_be_bytes(digest))
}

fn event(tracking_url: &str, shipment: &Shipment) -> Value {
    let request = &shipment.request;
    let newest = shipment.scans.last();
    let (from, to) = tracking::ends(shipment);
    let picked_up_at = shipment.picked_up_at();
    json!({
        "order_id": request.order_id,
        "awbno": shipment.awb,
        "phone": request.text("shipping_phone"),
        "first_name": request.text("shipping_firstname"),
        "last_name": request.text("shipping_lastname"),
        "country_code": country_code(&request.text("shipping_country")),
        "pickupdate": picked_up_at.map(indian_time::of).unwrap_or_default(),
        "current_status": newest.map_or("", |scan| scan.status.code),
        "current_status_desc": newest.map_or("", |scan| scan.status.description),
        "from": from,
        "to": to,
        "status_time": newest.map(|scan| indian_time::of(&scan.time)).unwrap_or_default(),
        "order_data": "",
        "carrier": shipment.carrier.name,
        "carrier_id": shipment.carrier.id(),
        "tracking_url": tracking_url,
        "scans": shipment.scans.iter().map(|scan| written(scan, &from)).collect::<Value>(),
    })
}

/// The country; values other than India stay as the merchant wrote them.
fn country_code(country: &str) -> &str {
    if country.eq_ignore_ascii_case("India") {
        "IN"
    } else {
        country
    }
}

fn written(scan: &Scan, location: &str) -> Value {
    json!({
        "time": indian_time::of(&scan.time),
        "status": scan.status.description,
        "location": location,
    })
}
