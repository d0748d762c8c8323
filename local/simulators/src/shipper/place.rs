//! An end of a route: an area, coordinates, or both, which then must agree.

use serde_json::{Value, json};

use crate::shipper::areas::Area;
use crate::shipper::fields::Reader;

/// One end of a route.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) area: &'static Area,
    /// As sent: latitude and longitude, which the vendor takes as texts.
    coordinates: Option<(String, String)>,
}

impl Place {
    /// Reads the place at `end`, and notes what is wrong with it. The area may be left to the coordinates.
    pub(super) fn read(reader: &mut Reader<'_>, end: &str) -> Option<Self> {
        let area_id = reader.optional_whole(&format!("{end}.area_id"));
        let coordinates = coordinates(reader, end);
        let area = match (area_id, &coordinates) {
            (Some(id), _) => Area::with_id(id),
            (None, Some((lat, lng))) => degrees(lat, lng).and_then(|(lat, lng)| Area::at(lat, lng)),
            (None, None) => None,
        };
        let Some(area) = area else {
            reader.note(&format!("{end}.area_id is not the id of an area"));
            return None;
        };
        let agree = |(lat, lng): &(String, String)| {
            degrees(lat, lng).is_some_and(|(lat, lng)| area.has(lat, lng))
        };
        if coordinates.as_ref().is_some_and(|found| !agree(found)) {
            reader.note(&format!(
                "{end}.area_id and {end}.lat, {end}.lng do not match"
            ));
            return None;
        }
        Some(Self { area, coordinates })
    }

    pub(super) fn has_coordinates(&self) -> bool {
        self.coordinates.is_some()
    }

    /// As in the answer to a request for prices: the area's coordinates, as numbers.
    pub(super) fn priced(&self) -> Value {
        with(
            self.area.levels(),
            [("lat", self.area.lat()), ("lng", self.area.lng())],
        )
    }

    /// As in an order's details: the coordinates as texts.
    pub(super) fn detailed(&self, address: &str, direction: &str) -> Value {
        let (lat, lng) = self
            .coordinates
            .clone()
            .unwrap_or_else(|| (self.area.lat().to_string(), self.area.lng().to_string()));
        with(
            self.area.levels(),
            [
                ("address", json!(address)),
                ("direction", json!(direction)),
                ("postcode", json!(self.area.postcode)),
                ("lat", json!(lat)),
                ("lng", json!(lng)),
            ],
        )
    }
}

fn coordinates(reader: &mut Reader<'_>, end: &str) -> Option<(String, String)> {
    let lat = reader.optional_text(&format!("{end}.lat"));
    let lng = reader.optional_text(&format!("{end}.lng"));
    match (lat, lng) {
        (Some(lat), Some(lng)) => Some((lat, lng)),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            reader.note(&format!("{end}.lat and {end}.lng belong together"));
            None
        }
    }
}

fn degrees(lat: &str, lng: &str) -> Option<(f64, f64)> {
    Some((lat.parse().ok()?, lng.parse().ok()?))
}

fn with<const N: usize>(mut value: Value, fields: [(&str, Value); N]) -> Value {
    if let Value::Object(known) = &mut value {
        known.extend(fields.map(|(name, field)| (name.to_owned(), field)));
    }
    value
}
