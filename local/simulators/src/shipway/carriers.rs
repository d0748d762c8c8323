//! The account's carriers: their areas and prices.

use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::shipway::Shipway;
use crate::shipway::fields::Parameters;
use crate::shipway::order_request::Booking;
use crate::shipway::refusal::Refusal;
use crate::ways::Direction;

/// Unserved pincodes for which `pincodeserviceable` answers with an error; the second one has the form of a pincode.
const UNSERVED_PINCODES: [&str; 2] = ["000000", "999999"];
/// Unserved pincodes for which `pincodeserviceable` answers with an empty list.
const UNLISTED_PINCODES: [&str; 2] = ["000001", "999998"];

/// Prices increase per this weight, in grams.
const CHARGED_STEP: f64 = 500.0;

#[derive(Debug)]
pub(super) struct Carrier {
    /// A text in answers, but a number in the rate card.
    id: u32,
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    reverse: bool,
    /// Rupees per weight step.
    charge: f64,
    special: Option<Special>,
}

/// Carriers with special behaviour; they are in no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Special {
    /// Booking fails for lack of money, after the order was pushed.
    EmptyWallet,
    /// The list of orders has no label of its shipments.
    UnlistedLabel,
    /// No other special behaviour.
    Unlisted,
}

static CARRIERS: [Carrier; 6] = [
    Carrier {
        id: 7101,
        name: "Delhivery",
        title: "Delhivery Surface",
        reverse: true,
        charge: 48.0,
        special: None,
    },
    Carrier {
        id: 7102,
        name: "Xpressbees",
        title: "Xpressbees Surface",
        reverse: true,
        charge: 52.5,
        special: None,
    },
    Carrier {
        id: 7103,
        name: "Bluedart",
        title: "Bluedart Express",
        reverse: false,
        charge: 81.0,
        special: None,
    },
    Carrier {
        id: 1,
        name: "Aramex",
        title: "Aramex",
        reverse: true,
        charge: 45.0,
        special: Some(Special::Unlisted),
    },
    Carrier {
        id: 7108,
        name: "Ekart",
        title: "Ekart Surface",
        reverse: true,
        charge: 45.0,
        special: Some(Special::UnlistedLabel),
    },
    Carrier {
        id: 7109,
        name: "DTDC",
        title: "DTDC Surface",
        reverse: true,
        charge: 44.0,
        special: Some(Special::EmptyWallet),
    },
];

impl Carrier {
    pub(super) fn id(&self) -> String {
        self.id.to_string()
    }

    /// Whether the list of orders has the labels of its shipments.
    pub(super) fn lists_label(&self) -> bool {
        self.special != Some(Special::UnlistedLabel)
    }

    fn listed(&self) -> bool {
        self.special.is_none()
    }
}

/// Why a pushed order was not booked.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotBooked {
    #[error("Insufficient wallet balance, please recharge your wallet")]
    EmptyWallet,
    #[error("Carrier {0} is not available in this account")]
    UnknownCarrier(String),
    #[error("{0} does no reverse pickups")]
    NoReverse(&'static str),
    #[error("No carrier goes to the pincode {0}")]
    Unserved(String),
}

/// Chooses the carrier for a shipment.
pub(super) fn choose(
    booking: &Booking,
    direction: Direction,
    pincode: &str,
) -> Result<&'static Carrier, NotBooked> {
    if !is_served(pincode) {
        return Err(NotBooked::Unserved(pincode.to_owned()));
    }
    let carrier = match &booking.carrier_id {
        Some(id) => by_id(id).ok_or_else(|| NotBooked::UnknownCarrier(id.clone()))?,
        None => &CARRIERS[0],
    };
    if carrier.special == Some(Special::EmptyWallet) {
        return Err(NotBooked::EmptyWallet);
    }
    if direction == Direction::Return && !carrier.reverse {
        return Err(NotBooked::NoReverse(carrier.name));
    }
    Ok(carrier)
}

fn by_id(id: &str) -> Option<&'static Carrier> {
    CARRIERS.iter().find(|carrier| carrier.id() == id)
}

fn is_served(pincode: &str) -> bool {
    !UNSERVED_PINCODES.contains(&pincode) && !UNLISTED_PINCODES.contains(&pincode)
}

/// `GET getcarrier`.
#[expect(clippy::unnecessary_wraps, reason = "all other operations can refuse")]
pub(super) fn all(_: &Shipway, _: &VendorRequest) -> Result<Value, Refusal> {
    let carriers: Value = listed()
        .map(|carrier| {
            json!({
                "id": carrier.id(),
                "name": carrier.name,
                "carrier_title": carrier.title,
                "reverse_status": carrier.reverse,
                "ndr_status": true,
                "aggregator_carrier": true,
            })
        })
        .collect();
    Ok(json!({ "success": 1, "error": "", "message": carriers }))
}

/// `GET pincodeserviceable`.
pub(super) fn serviceable(_: &Shipway, request: &VendorRequest) -> Result<Value, Refusal> {
    let parameters = Parameters::of(request.uri());
    let pincode = parameters.required("pincode")?;
    let asked = parameters.one_of("payment_type", &["P", "C"])?;
    if UNSERVED_PINCODES.contains(&pincode) {
        return Err(Refusal::NoCarrier(pincode.to_owned()));
    }
    let payment_types: &[&str] = match asked {
        Some("P") => &["P"],
        Some(_) => &["C"],
        None => &["P", "C"],
    };
    let carriers: Value = serving(pincode)
        .flat_map(|carrier| payment_types.iter().map(move |paid| (carrier, paid)))
        .map(|(carrier, paid)| {
            json!({
                "carrier_id": carrier.id(),
                "name": carrier.name,
                "carrier_title": carrier.title,
                "payment_type": paid,
            })
        })
        .collect();
    Ok(json!({ "success": 1, "error": "", "message": carriers }))
}

/// `GET getshipwaycarrierrates`.
pub(super) fn rates(_: &Shipway, request: &VendorRequest) -> Result<Value, Refusal> {
    let parameters = Parameters::of(request.uri());
    parameters.required("fromPincode")?;
    let pincode = parameters.required("toPincode")?;
    parameters.required("paymentType")?;
    let paid = parameters.one_of("paymentType", &["cod", "prepaid"])?;
    let weight = parameters.get("weight").unwrap_or("500");
    let weight: f64 = weight
        .parse()
        .map_err(|_| Refusal::InvalidRequest(vec!["weight must be a number".to_owned()]))?;
    let steps = (weight / CHARGED_STEP).ceil().max(1.0);
    let surcharge = if paid == Some("cod") { 30.0 } else { 0.0 };
    let rate_card: Value = serving(pincode)
        .map(|carrier| {
            json!({
                "carrier_id": carrier.id,
                "courier_name": carrier.title,
                "delivery_charge": carrier.charge * steps + surcharge,
                "rto_charge": carrier.charge * steps,
                "charged_weight": CHARGED_STEP * steps,
                "zone": 1,
            })
        })
        .collect();
    Ok(json!({ "success": "success", "rate_card": rate_card }))
}

fn listed() -> impl Iterator<Item = &'static Carrier> {
    CARRIERS.iter().filter(|carrier| carrier.listed())
}

fn serving(pincode: &str) -> impl Iterator<Item = &'static Carrier> {
    listed().filter(move |_| is_served(pincode))
}
