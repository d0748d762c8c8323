//! Shipments of an order in a sales channel: the request, and the shipments that the channel has.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::contract::described_values::FreeText;
use crate::contract::fields::Fields;
use crate::contract::selling::item::{ItemBody, item_bodies, read_items};
use crate::contract::selling::track::{TrackBody, read_tracks, track, track_bodies};
use crate::contract::values::{parsed, personal};
use crate::domain::selling::document::{ChannelDocumentId, RequestKey};
use crate::domain::selling::shipment::{ChannelShipment, ChannelShipmentRequest};

/// Reads the body of `POST /channels/{alias}/orders/{channelOrderId}/shipments`.
pub fn read(fields: &Fields<'_>) -> Option<(ChannelShipmentRequest, Option<RequestKey>)> {
    let items = read_items(fields);
    let tracks = read_tracks(fields, track);
    if tracks.as_ref().is_some_and(Vec::is_empty) {
        fields.wrong_field("tracks", "must have at least one tracking number");
    }
    let comment = fields.optional("comment", personal);
    let key = fields.optional("requestKey", parsed);
    let request = ChannelShipmentRequest {
        items: items?,
        tracks: tracks?,
        comment: comment?,
    };
    Some((request, key?))
}

/// A request for a shipment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelShipmentRequest)]
pub struct ShipmentRequestBody {
    /// The items; without it, all that is not shipped.
    #[schema(min_items = 1, max_items = 500)]
    pub items: Option<Vec<ItemBody>>,
    /// The tracking numbers.
    #[schema(min_items = 1, max_items = 100)]
    pub tracks: Vec<TrackBody>,
    /// A comment for the shop's people.
    #[schema(value_type = Option<FreeText>)]
    pub comment: Option<String>,
    /// Your name of this request. Two equal requests are the same one, unless they have different keys.
    #[schema(value_type = Option<RequestKey>)]
    pub request_key: Option<String>,
}

/// A shipment that the channel has.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelShipment)]
pub struct ChannelShipmentBody {
    /// Its id in the channel.
    #[schema(value_type = ChannelDocumentId)]
    pub shipment_id: String,
    /// Its number, which people see.
    #[schema(example = "000000003")]
    pub increment_id: String,
    /// Its tracking numbers.
    pub tracks: Vec<TrackBody>,
    /// Its items.
    pub items: Vec<ItemBody>,
}

/// The shipments of an order.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelShipments)]
pub struct ShipmentsBody {
    /// The shipments, oldest first, with those that handovers made.
    pub shipments: Vec<ChannelShipmentBody>,
}

impl From<&ChannelShipment> for ChannelShipmentBody {
    fn from(shipment: &ChannelShipment) -> Self {
        Self {
            shipment_id: shipment.shipment_id.to_string(),
            increment_id: shipment.increment_id.clone(),
            tracks: track_bodies(&shipment.tracks),
            items: item_bodies(&shipment.items),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::contract::fields::{Unreadable, read_value};

    fn track() -> Value {
        json!({ "trackNumber": "AWB1", "carrierCode": "custom", "title": "Blue Dart" })
    }

    fn wrong(body: &Value) -> Vec<String> {
        match read_value(body, read) {
            Ok(_) => Vec::new(),
            Err(Unreadable::Invalid(wrong)) => {
                wrong.into_iter().map(|wrong| wrong.pointer).collect()
            }
            Err(Unreadable::NotJson(error)) => panic!("{error}"),
        }
    }

    #[test]
    fn a_shipment_has_at_least_one_tracking_number_and_not_too_many() {
        for tracks in [json!(null), json!([]), json!(vec![track(); 101]), json!({})] {
            assert_eq!(wrong(&json!({ "tracks": tracks })), ["/tracks"], "{tracks}");
        }
        assert_eq!(wrong(&json!({})), ["/tracks"]);
        assert_eq!(wrong(&json!({ "tracks": vec![track(); 100] })), [""; 0]);
    }

    #[test]
    fn the_details_of_a_parcel_are_optional() {
        let mut full = track();
        full["weight"] = json!(0.5);
        full["quantity"] = json!(2);
        full["description"] = json!("Jeans");
        let body = json!({ "tracks": [track(), full], "comment": "Fragile" });
        let (shipment, _) = read_value(&body, read).unwrap();
        assert_eq!(shipment.tracks[0].weight, None);
        assert_eq!(shipment.tracks[1].weight, Some("0.5".parse().unwrap()));
        assert_eq!(shipment.tracks[1].description.as_deref(), Some("Jeans"));
        assert_eq!(shipment.comment.unwrap().expose(), "Fragile");
    }

    #[test]
    fn every_fault_of_a_tracking_number_is_named() {
        let odd = json!({ "trackNumber": "", "title": 7, "weight": -1, "quantity": "x", "description": " " });
        let fields = [
            "trackNumber",
            "carrierCode",
            "title",
            "weight",
            "quantity",
            "description",
        ];
        let pointers = fields.map(|field| format!("/tracks/0/{field}"));
        assert_eq!(wrong(&json!({ "tracks": [odd] })), pointers);
    }
}
