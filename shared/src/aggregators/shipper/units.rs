//! Converts measures, amounts and places to Shipper's, for orders and for prices. Weights become kilograms once, exactly.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::aggregators::shipper::wire::{PricedPlace, ShipperMeasures, ShipperPlace};
use crate::contract::number::json_number;
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::measure::Parcel;
use crate::domain::money::{Amount, Currency};
use crate::domain::place::{AreaId, Place};
use crate::partners::failure::PartnerFailure;
use crate::partners::violations::Violations;

/// The currency of all amounts.
pub(super) const RUPIAH: &str = "IDR";
const GRAMS_PER_KILOGRAM: Decimal = Decimal::ONE_THOUSAND;

/// The pointers of a place in our contract.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlacePointers {
    pub(super) area: &'static str,
    pub(super) latitude: &'static str,
    pub(super) longitude: &'static str,
}

/// Refuses accounts that ship across borders.
pub(super) fn check_region(account: &LogisticAccount) -> Result<(), PartnerFailure> {
    match account.region {
        Region::Domestic => Ok(()),
        Region::International => Err(PartnerFailure::invalid(
            "/logisticAccountAlias",
            "shipping across borders is not supported for Shipper: use an account of region DOMESTIC",
        )),
    }
}

/// Reports another currency than the rupiah.
pub(super) fn check_currency(currency: Currency, violations: &mut Violations) {
    if currency.as_str() != RUPIAH {
        violations.add(
            "/currencyCode",
            "must be IDR: Shipper's amounts are rupiahs. Without currencyCode amounts are INR",
        );
    }
}

/// An amount in rupiahs, which have no decimals.
pub(super) fn rupiahs(
    amount: Amount,
    pointer: impl Into<String>,
    violations: &mut Violations,
) -> Option<u64> {
    let amount = amount.value();
    let whole = amount.is_integer().then(|| amount.to_u64()).flatten();
    if whole.is_none() {
        violations.add(
            pointer,
            "must be a whole number: rupiahs have no decimals at Shipper",
        );
    }
    whole
}

/// The sides and the weight of a parcel.
pub(super) fn measures(parcel: &Parcel) -> ShipperMeasures {
    ShipperMeasures {
        height: json_number(parcel.height.value()),
        length: json_number(parcel.length.value()),
        width: json_number(parcel.breadth.value()),
        weight: json_number(parcel.weight.value() / GRAMS_PER_KILOGRAM),
    }
}

/// A place with its area, and with both coordinates if there is one.
pub(super) fn place(
    place: Place,
    pointers: PlacePointers,
    violations: &mut Violations,
) -> Option<ShipperPlace> {
    let (latitude, longitude) = (place.latitude, place.longitude);
    if place.area.is_none() {
        violations.add(
            pointers.area,
            "is required: Shipper finds addresses by the ids of its areas",
        );
    }
    check_coordinates(place, pointers, violations);
    let degrees = |degrees: Decimal| degrees.to_string();
    Some(ShipperPlace {
        area_id: place.area?.number(),
        lat: latitude.map(|latitude| degrees(latitude.degrees())),
        lng: longitude.map(|longitude| degrees(longitude.degrees())),
    })
}

/// A place to which prices are asked for: an area, coordinates, or both.
pub(super) fn priced_place(
    place: Place,
    pointers: PlacePointers,
    violations: &mut Violations,
) -> Option<PricedPlace> {
    let (latitude, longitude) = (place.latitude, place.longitude);
    let is_known = place.area.is_some() || latitude.is_some() || longitude.is_some();
    if !is_known {
        violations.add(
            pointers.area,
            "is required, unless the coordinates are given: Shipper's prices are between its areas",
        );
    }
    check_coordinates(place, pointers, violations);
    is_known.then(|| PricedPlace {
        area_id: place.area.map(AreaId::number),
        lat: latitude.map(|latitude| latitude.degrees().to_string()),
        lng: longitude.map(|longitude| longitude.degrees().to_string()),
    })
}

fn check_coordinates(place: Place, pointers: PlacePointers, violations: &mut Violations) {
    let lone = match (place.latitude, place.longitude) {
        (Some(_), None) => Some(pointers.longitude),
        (None, Some(_)) => Some(pointers.latitude),
        (Some(_), Some(_)) | (None, None) => None,
    };
    if let Some(lone) = lone {
        violations.add(lone, "is missing: latitude and longitude belong together");
    }
}
