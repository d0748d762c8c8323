//! Questions about prices below `/v3/`: their bodies have the provider's names and units.

use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use crate::contract::described_values::{FreeText, LatitudeText, LongitudeText};
use crate::contract::fields::Fields;
use crate::contract::number::json_number;
use crate::contract::values::{flag, measured, one_of, parsed, quantity, text, whole_number};
use crate::domain::measure::Centimetres;
use crate::domain::place::{AreaId, Place};
use crate::domain::pricing::{
    GoodsToPrice, Kilograms, ParcelToPrice, PriceQuestion, PricedEnd, PricedRoute, PricedSize,
    PricedSku, RateType, Rupiahs,
};
use crate::domain::text::AccountAlias;

/// What the member of a kind of rate may be.
pub const RATE_TYPES: &str = "regular, express, trucking, instant or same-day";

/// A question, and the account whose prices are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressedQuestion {
    /// The question.
    pub question: PriceQuestion,
    /// The account; may be absent if only one of the client's has prices.
    pub alias: Option<AccountAlias>,
}

/// Reads a question about goods.
pub fn read_goods(fields: &Fields<'_>) -> Option<AddressedQuestion> {
    let alias = fields.optional("logisticAccountAlias", parsed);
    let route = route(fields);
    let for_order = fields.required("for_order", flag);
    let rate = fields.optional("rate_type_id", one_of(RATE_TYPES));
    let is_cod = fields.optional("cod", flag);
    let is_insured = fields.optional("with_insurance", flag);
    let price = fields.optional("order_price", measured);
    let skus = skus(fields);
    let goods = GoodsToPrice {
        route: route?,
        for_order: for_order?,
        rate: rate?,
        is_cod: is_cod?,
        is_insured: is_insured?,
        price: price?,
        skus: skus?,
    };
    Some(AddressedQuestion {
        question: PriceQuestion::Goods(goods),
        alias: alias?,
    })
}

fn skus(fields: &Fields<'_>) -> Option<Vec<PricedSku>> {
    let skus = fields.list(&["skus"], |sku| {
        let size = read_size(sku);
        let quantity = sku.required("quantity", quantity);
        Some(PricedSku {
            size: size?,
            quantity: quantity?,
        })
    })?;
    if skus.is_empty() {
        fields.wrong_field("skus", "must be a list with at least one entry");
        return None;
    }
    Some(skus)
}

/// Reads a question about a parcel, for all kinds of rates or for one.
pub fn read_parcel(fields: &Fields<'_>, rate: Option<RateType>) -> Option<AddressedQuestion> {
    let alias = fields.optional("logisticAccountAlias", parsed);
    let route = route(fields);
    let for_order = fields.optional("for_order", flag);
    let is_cod = fields.optional("cod", flag);
    let size = read_size(fields);
    let value = fields.optional("item_value", measured);
    let categories = fields.values("item_categories", text);
    let limit = fields.optional("limit", quantity);
    let page = fields.optional("page", quantity);
    let sort_by = fields.values("sort_by", text);
    let parcel = ParcelToPrice {
        route: route?,
        for_order: for_order?,
        rate,
        is_cod: is_cod?,
        size: size?,
        value: value?,
        categories: categories?,
        limit: limit?,
        page: page?,
        sort_by: sort_by?,
    };
    Some(AddressedQuestion {
        question: PriceQuestion::Parcel(parcel),
        alias: alias?,
    })
}

fn route(fields: &Fields<'_>) -> Option<PricedRoute> {
    let origin = fields.object("origin", read_end);
    let destination = fields.object("destination", read_end);
    Some(PricedRoute {
        origin: origin?,
        destination: destination?,
    })
}

/// What an end needs is the provider's rule, which its adapter knows.
fn read_end(end: &Fields<'_>) -> Option<PricedEnd> {
    let area = end.optional("area_id", whole_number);
    let suburb = end.optional("suburb_id", whole_number);
    let latitude = end.optional("lat", measured);
    let longitude = end.optional("lng", measured);
    Some(PricedEnd {
        place: Place {
            area: area?,
            latitude: latitude?,
            longitude: longitude?,
        },
        suburb: suburb?,
    })
}

fn read_size(fields: &Fields<'_>) -> Option<PricedSize> {
    let side = |name| fields.required(name, measured::<Centimetres>);
    let (height, length, width) = (side("height"), side("length"), side("width"));
    let weight = fields.required("weight", measured::<Kilograms>);
    Some(PricedSize {
        height: height?,
        length: length?,
        width: width?,
        weight: weight?,
    })
}

/// A question about goods in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GoodsPricingRequest)]
pub struct GoodsPricingBody<'a> {
    /// The account; optional if only one of the client's accounts has prices. It is not sent to the provider.
    #[serde(
        rename = "logisticAccountAlias",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<AccountAlias>)]
    pub logistic_account_alias: Option<&'a str>,
    /// Where the goods are.
    pub origin: PricedEndBody,
    /// Where they go.
    pub destination: PricedEndBody,
    /// Whether an order will follow.
    pub for_order: bool,
    /// The only kind of rate that is asked for. `instant` and `same-day` need the coordinates of both ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_type_id: Option<RateType>,
    /// Whether the receiver pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cod: Option<bool>,
    /// Whether the goods are insured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_insurance: Option<bool>,
    /// The value of the goods in whole rupiahs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 210_000, minimum = 0, maximum = 100_000_000_000.0)]
    pub order_price: Option<u64>,
    /// The goods.
    #[schema(min_items = 1, max_items = 500)]
    pub skus: Vec<PricedSkuBody>,
}

/// A question about a parcel in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ParcelPricingRequest)]
pub struct ParcelPricingBody<'a> {
    /// The account; optional if only one of the client's accounts has prices. It is not sent to the provider.
    #[serde(
        rename = "logisticAccountAlias",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<AccountAlias>)]
    pub logistic_account_alias: Option<&'a str>,
    /// Where the parcel is.
    pub origin: PricedEndBody,
    /// Where it goes.
    pub destination: PricedEndBody,
    /// Whether an order will follow; the provider requires it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_order: Option<bool>,
    /// Whether the receiver pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cod: Option<bool>,
    /// Height in cm.
    #[schema(value_type = f64, example = 10, exclusive_minimum = 0, maximum = 10_000)]
    pub height: Number,
    /// Length in cm.
    #[schema(value_type = f64, example = 30, exclusive_minimum = 0, maximum = 10_000)]
    pub length: Number,
    /// Width in cm.
    #[schema(value_type = f64, example = 20, exclusive_minimum = 0, maximum = 10_000)]
    pub width: Number,
    /// Weight in kg.
    #[schema(value_type = f64, example = 0.45, exclusive_minimum = 0, maximum = 10_000)]
    pub weight: Number,
    /// The value of the contents in whole rupiahs; the provider requires it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 210_000, minimum = 0, maximum = 100_000_000_000.0)]
    pub item_value: Option<u64>,
    /// The provider's categories of the contents.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    #[schema(value_type = Option<Vec<FreeText>>, max_items = 500)]
    pub item_categories: &'a [String],
    /// How many prices are wanted at most; without it the provider's 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub limit: Option<u32>,
    /// Which page of them, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub page: Option<u32>,
    /// By what they are sorted, such as `final_price`.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    #[schema(value_type = Option<Vec<FreeText>>, max_items = 500)]
    pub sort_by: &'a [String],
}

/// One end of the way: its area, which goods need, its coordinates, which rates for a driver at once need, or both, which then
/// must agree.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PricedEnd)]
pub struct PricedEndBody {
    /// The provider's number of the area.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 30101, minimum = 1, maximum = 9_007_199_254_740_991.0)]
    pub area_id: Option<u64>,
    /// The provider's number of the suburb.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991.0)]
    pub suburb_id: Option<u64>,
    /// Latitude in degrees, as a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LatitudeText>)]
    pub lat: Option<String>,
    /// Longitude in degrees, as a text, together with the latitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LongitudeText>)]
    pub lng: Option<String>,
}

/// Goods of one kind.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PricedSku)]
pub struct PricedSkuBody {
    /// Height in cm.
    #[schema(value_type = f64, example = 10, exclusive_minimum = 0, maximum = 10_000)]
    pub height: Number,
    /// Length in cm.
    #[schema(value_type = f64, example = 30, exclusive_minimum = 0, maximum = 10_000)]
    pub length: Number,
    /// Width in cm.
    #[schema(value_type = f64, example = 20, exclusive_minimum = 0, maximum = 10_000)]
    pub width: Number,
    /// Weight in kg.
    #[schema(value_type = f64, example = 0.45, exclusive_minimum = 0, maximum = 10_000)]
    pub weight: Number,
    /// The number of pieces.
    #[schema(example = 2, minimum = 1, maximum = 1_000_000)]
    pub quantity: u32,
}

impl<'a> From<&'a GoodsToPrice> for GoodsPricingBody<'a> {
    fn from(goods: &'a GoodsToPrice) -> Self {
        Self {
            logistic_account_alias: None,
            origin: PricedEndBody::from(goods.route.origin),
            destination: PricedEndBody::from(goods.route.destination),
            for_order: goods.for_order,
            rate_type_id: goods.rate,
            cod: goods.is_cod,
            with_insurance: goods.is_insured,
            order_price: goods.price.map(Rupiahs::value),
            skus: goods.skus.iter().map(PricedSkuBody::from).collect(),
        }
    }
}

impl<'a> From<&'a ParcelToPrice> for ParcelPricingBody<'a> {
    fn from(parcel: &'a ParcelToPrice) -> Self {
        Self {
            logistic_account_alias: None,
            origin: PricedEndBody::from(parcel.route.origin),
            destination: PricedEndBody::from(parcel.route.destination),
            for_order: parcel.for_order,
            cod: parcel.is_cod,
            height: json_number(parcel.size.height.value()),
            length: json_number(parcel.size.length.value()),
            width: json_number(parcel.size.width.value()),
            weight: json_number(parcel.size.weight.value()),
            item_value: parcel.value.map(Rupiahs::value),
            item_categories: &parcel.categories,
            limit: parcel.limit,
            page: parcel.page,
            sort_by: &parcel.sort_by,
        }
    }
}

impl From<PricedEnd> for PricedEndBody {
    fn from(end: PricedEnd) -> Self {
        let place = end.place;
        Self {
            area_id: place.area.map(AreaId::number),
            suburb_id: end.suburb.map(AreaId::number),
            lat: place.latitude.map(|at| at.degrees().to_string()),
            lng: place.longitude.map(|at| at.degrees().to_string()),
        }
    }
}

impl From<&PricedSku> for PricedSkuBody {
    fn from(sku: &PricedSku) -> Self {
        Self {
            height: json_number(sku.size.height.value()),
            length: json_number(sku.size.length.value()),
            width: json_number(sku.size.width.value()),
            weight: json_number(sku.size.weight.value()),
            quantity: sku.quantity,
        }
    }
}
