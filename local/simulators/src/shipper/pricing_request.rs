//! The requests for prices: of the logistics API, for one parcel, and of the fulfilment API, for a list of goods.

use serde_json::Value;

use crate::shipper::fields::Reader;
use crate::shipper::measure::{Measure, Volume};
use crate::shipper::place::Place;
use crate::shipper::quote::Parcel;
use crate::shipper::rates::RateType;
use crate::shipper::refusal::Refusal;

/// The categories of goods that the vendor knows.
const CATEGORIES: [&str; 17] = [
    "Cairan",
    "Dokumen",
    "Elektronik",
    "Furnitur",
    "Kosmetik",
    "Makanan",
    "Minuman",
    "Pakaian",
    "Sepatu",
    "Spare Parts",
    "Aksesoris",
    "Dekorasi Rumah",
    "Mainan",
    "Obat dan Herbal",
    "Garmen dan Tekstil",
    "Buku",
    "Lainnya",
];

const LIMIT: u64 = 30;
const MOST_SKUS: u64 = 10_000;

/// A valid request.
#[derive(Debug)]
pub(super) struct PricingRequest {
    pub(super) parcel: Parcel,
    pub(super) kind: Option<RateType>,
    pub(super) sorting: Sorting,
    pub(super) limit: usize,
    /// From 1.
    pub(super) page: usize,
}

/// The order of the prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sorting {
    /// The fastest first, among these the cheapest.
    ByTime,
    ByPrice,
}

/// Goods with their sizes and number.
struct Sku {
    weight: Measure,
    volume: Volume,
    quantity: u64,
}

impl PricingRequest {
    /// `POST pricing/domestic[/{rate_type}]`.
    pub(super) fn of_parcel(body: &Value, kind: Option<RateType>) -> Result<Self, Refusal> {
        let mut reader = Reader::of(body);
        reader.flag("for_order");
        let weight = reader.measure("weight");
        let volume = Volume::of(reader.sides(""));
        let value = reader.whole("item_value");
        check_categories(&mut reader);
        let sorting = sorting(&reader);
        let limit = part(&mut reader, "limit").unwrap_or(LIMIT);
        let page = part(&mut reader, "page").unwrap_or(1);
        let is_cod = reader.optional_flag("cod");
        let ends = ends(&mut reader, kind);
        reader.finish()?;
        let (origin, destination) = ends?;
        Ok(Self {
            parcel: Parcel {
                origin,
                destination,
                weight,
                volume,
                value,
                is_cod,
                wants_insurance: false,
            },
            kind,
            sorting,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            page: usize::try_from(page).unwrap_or(usize::MAX),
        })
    }

    /// `POST fulfillment/pricing/domestic`: all goods in one parcel.
    pub(super) fn of_goods(body: &Value) -> Result<Self, Refusal> {
        let mut reader = Reader::of(body);
        reader.flag("for_order");
        for area in ["origin.area_id", "destination.area_id"] {
            reader.whole(area);
        }
        let kind = reader.value("rate_type_id").map(|_| {
            let word = reader.one_of("rate_type_id", &RateType::WORDS);
            RateType::named(&word)
        });
        let kind = kind.flatten();
        let value = reader.optional_whole("order_price").unwrap_or_default();
        let is_cod = reader.optional_flag("cod");
        let wants_insurance = reader.optional_flag("with_insurance");
        let skus = reader.list("skus", sku);
        let ends = ends(&mut reader, kind);
        reader.finish()?;
        let (origin, destination) = ends?;
        let weights = skus.iter().map(|sku| sku.weight.times(sku.quantity));
        let volumes = skus.iter().map(|sku| sku.volume.times(sku.quantity));
        Ok(Self {
            parcel: Parcel {
                origin,
                destination,
                weight: weights.fold(Measure::default(), Measure::plus),
                volume: volumes.fold(Volume::default(), Volume::plus),
                value,
                is_cod,
                wants_insurance,
            },
            kind,
            sorting: Sorting::ByTime,
            limit: usize::MAX,
            page: 1,
        })
    }
}

fn sku(reader: &mut Reader<'_>) -> Sku {
    let quantity = reader.whole("quantity");
    if quantity == 0 || quantity > MOST_SKUS {
        reader.note(&format!("quantity must be 1 to {MOST_SKUS}"));
    }
    Sku {
        weight: reader.measure("weight"),
        volume: Volume::of(reader.sides("")),
        quantity,
    }
}

/// Both ends of the route, with coordinates if the type of rate needs them. `Err` only after a note.
fn ends(reader: &mut Reader<'_>, kind: Option<RateType>) -> Result<(Place, Place), Refusal> {
    let origin = Place::read(reader, "origin");
    let destination = Place::read(reader, "destination");
    let (Some(origin), Some(destination)) = (origin, destination) else {
        return Err(Refusal::invalid("origin and destination are required"));
    };
    if kind.is_some_and(RateType::needs_coordinates) {
        for (end, place) in [("origin", &origin), ("destination", &destination)] {
            if !place.has_coordinates() {
                reader.note(&format!("{end}.lat and {end}.lng are required"));
            }
        }
    }
    Ok((origin, destination))
}

fn check_categories(reader: &mut Reader<'_>) {
    let Some(categories) = reader.value("item_categories") else {
        return;
    };
    let is_known = |category: &Value| {
        category
            .as_str()
            .is_some_and(|category| CATEGORIES.contains(&category))
    };
    let are_known = categories
        .as_array()
        .is_some_and(|categories| categories.iter().all(is_known));
    if !are_known {
        reader.note("item_categories must be a list of the vendor's categories");
    }
}

/// By time, unless the price is first.
fn sorting(reader: &Reader<'_>) -> Sorting {
    let first = reader.value("sort_by").and_then(|fields| fields.get(0));
    match first.and_then(Value::as_str) {
        Some("final_price") => Sorting::ByPrice,
        Some(_) | None => Sorting::ByTime,
    }
}

fn part(reader: &mut Reader<'_>, field: &str) -> Option<u64> {
    let found = reader.optional_whole(field);
    if found == Some(0) {
        reader.note(&format!("{field} must be 1 or more"));
    }
    found
}
