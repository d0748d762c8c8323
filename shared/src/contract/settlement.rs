//! Settlement of a claim with an unknown outcome by an operator.

use serde::Serialize;
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use crate::contract::booking::{CARRIER_NAMES, LabelBody, ReturnAwbBody};
use crate::contract::described_values::{FreeText, WebUrl};
use crate::contract::fields::Fields;
use crate::contract::shipment::shipment_type;
use crate::contract::values::{flag, parsed, text, web_url};
use crate::domain::booking::{Booking, MetaData};
use crate::domain::document_url::has_login;
use crate::domain::given_id::TakeOver;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AggregatorOrderId, Awb, OrderNumber, ShipmentCode};

/// What the operator found at the aggregator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The order.
    pub order_number: OrderNumber,
    /// One of several parcels of the order.
    pub shipment_code: Option<ShipmentCode>,
    /// Label or return AWB.
    pub shipment_type: ShipmentType,
    /// The booking; `None` if nothing was booked.
    pub booking: Option<Booking>,
    /// What happens if another order of the account has the AWB or the order id.
    pub take_over: TakeOver,
}

/// Reads the body of a settlement.
pub fn read(fields: &Fields<'_>) -> Option<Settlement> {
    let order_number = fields.required("orderNumber", parsed);
    let shipment_code = fields.optional("shipmentCode", parsed);
    let shipment_type = fields.optional("shipmentType", shipment_type);
    let none = fields.optional("none", flag);
    let take_over = fields.optional("takeOver", flag);
    let booking = if none? == Some(true) {
        read_nothing(fields).map(|()| None)
    } else {
        read_booking(fields).map(Some)
    };
    Some(Settlement {
        order_number: order_number?,
        shipment_code: shipment_code?,
        shipment_type: shipment_type?.unwrap_or(ShipmentType::Forward),
        booking: booking?,
        take_over: if take_over? == Some(true) {
            TakeOver::AsToldByAnOperator
        } else {
            TakeOver::Never
        },
    })
}

fn document_url(value: &Value) -> Result<Url, String> {
    let url = web_url(value)?;
    if has_login(&url) {
        return Err("must not contain a user name or a password".to_owned());
    }
    Ok(url)
}

fn read_nothing(fields: &Fields<'_>) -> Option<()> {
    fields.knows(&["orderId", "shippingLabelUrl"]);
    fields.knows(&CARRIER_NAMES);
    if fields.has("awb") || fields.has("returnAwb") {
        fields.wrong_field("none", "contradicts awb: give only one of them");
        return None;
    }
    Some(())
}

fn read_booking(fields: &Fields<'_>) -> Option<Booking> {
    let order_id = fields.optional("orderId", parsed);
    let awb = fields.required_any(&["awb", "returnAwb"], parsed);
    let carrier_name = fields.optional_any(&CARRIER_NAMES, text);
    let label_url = fields.optional("shippingLabelUrl", document_url);
    Some(Booking {
        order_id: order_id?,
        awb: awb?,
        carrier_name: carrier_name?,
        label_url: label_url?,
        commercial_invoice_url: None,
        meta_data: MetaData::new(),
        own_ids: std::collections::BTreeMap::new(),
    })
}

/// The body in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Settlement)]
pub struct SettlementBody {
    /// The client's id of the order.
    #[schema(value_type = OrderNumber)]
    pub order_number: String,
    /// One of several parcels of the order.
    #[schema(value_type = Option<ShipmentCode>)]
    pub shipment_code: Option<String>,
    /// FORWARD if absent.
    pub shipment_type: Option<ShipmentType>,
    /// The aggregator's AWB; required unless `none` is true.
    #[schema(value_type = Option<Awb>)]
    pub awb: Option<String>,
    /// The aggregator's id of the order.
    #[schema(value_type = Option<AggregatorOrderId>)]
    pub order_id: Option<String>,
    /// The courier; also read as `courierName` and `transporter`.
    #[schema(value_type = Option<FreeText>)]
    pub carrier_name: Option<String>,
    /// The URL of the label document.
    #[schema(value_type = Option<WebUrl>)]
    pub shipping_label_url: Option<String>,
    /// True: the aggregator has nothing for this order number, so a new label may be bought.
    pub none: Option<bool>,
    /// True: this order gets the AWB and the order id although another order of the account has them. A courier may have
    /// used an old AWB again.
    pub take_over: Option<bool>,
}

/// A released order number.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReleasedOrder)]
pub struct ReleasedBody<'a> {
    /// The client's id of the order.
    #[schema(value_type = String, example = "asdf1234")]
    pub order_number: &'a str,
    /// Always `RELEASED`.
    pub status: ReleasedStatus,
}

/// The result of a settlement in JSON.
#[derive(Debug, ToSchema)]
#[schema(as = Settled)]
#[serde(untagged)]
pub enum SettledBody<'a> {
    /// The label of the order.
    Label(LabelBody<'a>),
    /// The return AWB of the order.
    ReturnAwb(ReturnAwbBody<'a>),
    /// The order number is free again.
    Released(ReleasedBody<'a>),
}

/// What became of an order number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum ReleasedStatus {
    /// It is free again.
    Released,
}

impl<'a> ReleasedBody<'a> {
    /// The released order number.
    pub fn new(order_number: &'a OrderNumber) -> Self {
        Self {
            order_number: order_number.as_str(),
            status: ReleasedStatus::Released,
        }
    }
}
