//! Tracking numbers, in requests and responses.

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use utoipa::ToSchema;

use crate::contract::described_values::{FreeText, Identifier};
use crate::contract::fields::Fields;
use crate::contract::number::json_number;
use crate::contract::selling::item::quantity;
use crate::contract::values::{identifier, parsed, text};
use crate::domain::selling::shipment::Track;
use crate::domain::text::Awb;

/// The maximum number of tracking numbers of a document.
pub const MOST_TRACKS: usize = 100;

/// Reads a list of tracking numbers; an absent one is empty.
pub(super) fn read_tracks(
    fields: &Fields<'_>,
    read: impl Fn(&Fields<'_>) -> Option<Track>,
) -> Option<Vec<Track>> {
    let is_long = |tracks: &Value| {
        tracks
            .as_array()
            .is_some_and(|list| list.len() > MOST_TRACKS)
    };
    if fields.get("tracks").is_some_and(is_long) {
        let detail = format!("must have at most {MOST_TRACKS} entries");
        fields.wrong_field("tracks", &detail);
        return None;
    }
    fields.list(&["tracks"], read)
}

/// Reads a tracking number with the details of its parcel.
pub(super) fn track(fields: &Fields<'_>) -> Option<Track> {
    let plain = plain_track(fields);
    let weight = fields.optional("weight", quantity);
    let count = fields.optional("quantity", quantity);
    let description = fields.optional("description", text);
    Some(Track {
        weight: weight?,
        quantity: count?,
        description: description?,
        ..plain?
    })
}

/// Reads a tracking number without details.
pub(super) fn plain_track(fields: &Fields<'_>) -> Option<Track> {
    let track_number = fields.required("trackNumber", parsed);
    let carrier_code = fields.required("carrierCode", identifier);
    let title = fields.required("title", text);
    Some(Track {
        track_number: track_number?,
        carrier_code: carrier_code?,
        title: title?,
        weight: None,
        quantity: None,
        description: None,
    })
}

/// A tracking number of a shipment.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelTrack)]
pub struct TrackBody {
    /// The courier's tracking number: the AWB.
    #[schema(value_type = Awb)]
    pub track_number: String,
    /// The channel's code of the courier; `custom` for one that the shop does not know.
    #[schema(value_type = Identifier, example = "custom")]
    pub carrier_code: String,
    /// The courier's name, as the shopper sees it.
    #[schema(value_type = FreeText, example = "Blue Dart")]
    pub title: String,
    /// The weight of the parcel, in the shop's unit; optional.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, exclusive_minimum = 0, maximum = 1_000_000)]
    pub weight: Option<Number>,
    /// The number of pieces in the parcel; optional.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, exclusive_minimum = 0, maximum = 1_000_000)]
    pub quantity: Option<Number>,
    /// What is in the parcel; optional.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<FreeText>)]
    pub description: Option<String>,
}

/// A tracking number of a handover.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelHandoverTrack)]
pub struct PlainTrackBody {
    /// The courier's tracking number: the AWB.
    #[schema(value_type = Awb)]
    pub track_number: String,
    /// The channel's code of the courier; `custom` for one that the shop does not know.
    #[schema(value_type = Identifier, example = "custom")]
    pub carrier_code: String,
    /// The courier's name, as the shopper sees it.
    #[schema(value_type = FreeText, example = "Blue Dart")]
    pub title: String,
}

/// The tracking numbers of a shipment.
pub(super) fn track_bodies(tracks: &[Track]) -> Vec<TrackBody> {
    let body = |track: &Track| TrackBody {
        track_number: track.track_number.to_string(),
        carrier_code: track.carrier_code.clone(),
        title: track.title.clone(),
        weight: track.weight.map(json_number),
        quantity: track.quantity.map(json_number),
        description: track.description.clone(),
    };
    tracks.iter().map(body).collect()
}
