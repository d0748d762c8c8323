//! Courier recommendations.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use crate::contract::booking::CARRIER_NAMES;
use crate::contract::described_values::{CurrencyCode, FreeText};
use crate::contract::fields::Fields;
use crate::contract::number::json_number;
use crate::contract::shipment::body::{
    AddressBody, DimensionBody, LineBody, PaymentWord, unless_empty,
};
use crate::contract::shipment::{
    payment_type, read_address, read_line, read_parcel, read_place, read_postal_code, shipment_type,
};
use crate::contract::values::{country_code, decimal, measured, parsed, text, whole_number};
use crate::domain::address::Address;
use crate::domain::country::Country;
use crate::domain::courier::{Recommendation, Route};
use crate::domain::money::Currency;
use crate::domain::place::{AreaId, Place};
use crate::domain::quote::{DeliveryDates, Price, Quote};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AccountAlias, CountryCode, Text, Zone};

/// A route, and the account for which couriers are recommended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressedRoute {
    /// The route.
    pub route: Route,
    /// The account; may be absent if the client has only one.
    pub alias: Option<AccountAlias>,
}

/// Reads the body of a recommendation request.
pub fn read(fields: &Fields<'_>) -> Option<AddressedRoute> {
    let alias = fields.optional("logisticAccountAlias", parsed);
    let payment = fields.required("paymentType", payment_type);
    let shipment_type = fields.required("shipmentType", shipment_type);
    let amount = fields.required("orderAmount", measured);
    let parcel = fields.optional_object("shipmentDimension", read_parcel);
    let currency = fields.optional("currencyCode", parsed);
    let lines = fields.list(&["items", "orderLineItems"], read_line);
    let pickup = RouteEnd::read(
        fields,
        ["pickupPincode", "pickupCountryCode", "pickupAddress"],
        ["pickupAreaId", "pickupLatitude", "pickupLongitude"],
    );
    let drop = RouteEnd::read(
        fields,
        ["dropPincode", "dropCountryCode", "dropAddress"],
        ["dropAreaId", "dropLatitude", "dropLongitude"],
    );
    let (pickup, drop) = (pickup?, drop?);
    let route = Route {
        pickup_pincode: pickup.postal_code,
        drop_pincode: drop.postal_code,
        payment: payment?,
        shipment_type: shipment_type?,
        amount: amount?,
        currency: currency?.unwrap_or(Currency::INR),
        parcel: parcel?,
        lines: lines?,
        pickup_country: pickup.country,
        drop_country: drop.country,
        pickup: pickup.address,
        drop: drop.address,
        pickup_place: pickup.place,
        drop_place: drop.place,
    };
    Some(AddressedRoute {
        route,
        alias: alias?,
    })
}

/// The pickup or the drop of a route.
struct RouteEnd {
    /// Empty if its country has none.
    postal_code: String,
    country: Option<CountryCode>,
    address: Option<Address>,
    place: Place,
}

impl RouteEnd {
    /// Reads the fields with the names of a postal code, a country code and an address, and with those of a place.
    fn read(
        fields: &Fields<'_>,
        [postal_code, country, address]: [&'static str; 3],
        place: [&'static str; 3],
    ) -> Option<Self> {
        let told = fields.optional(country, country_code);
        let address = fields.optional_object(address, read_address);
        let of_address = address.as_ref().and_then(Option::as_ref);
        let known = match &told {
            Some(Some(code)) => Country::of_code(code),
            Some(None) => of_address.and_then(Address::known_country),
            None => None,
        };
        let postal_code = read_postal_code(fields, postal_code, known);
        let told_place = read_place(fields, place)?;
        let address = address?;
        let of_address = || address.as_ref()?.country_code.clone();
        let place = match &address {
            Some(address) => told_place.or(address.place),
            None => told_place,
        };
        Some(Self {
            postal_code: postal_code?,
            country: told?.or_else(of_address),
            address,
            place,
        })
    }
}

/// The field of a request for a shipment that a field of a route stands for. A label without a courier asks for couriers first.
pub fn pointer_in_shipment(pointer: &str) -> &str {
    match pointer {
        "/pickupPincode" => "/pickupAddress/zip",
        "/pickupCountryCode" => "/pickupAddress/countryCode",
        "/pickupAreaId" => "/pickupAddress/areaId",
        "/pickupLatitude" => "/pickupAddress/latitude",
        "/pickupLongitude" => "/pickupAddress/longitude",
        "/dropPincode" => "/dropAddress/zip",
        "/dropCountryCode" => "/dropAddress/countryCode",
        "/dropAreaId" => "/dropAddress/areaId",
        "/dropLatitude" => "/dropAddress/latitude",
        "/dropLongitude" => "/dropAddress/longitude",
        "/paymentType" => "/orderDetails/paymentType",
        "/shipmentType" => "/orderDetails/shipmentType",
        "/orderAmount" => "/orderDetails/orderAmount",
        same => same,
    }
}

/// The request in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CourierRecommendationRequest)]
pub struct RouteBody<'a> {
    /// The account; optional if the client has only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<AccountAlias>)]
    pub logistic_account_alias: Option<&'a str>,
    /// Pincode of the pickup. Required: 6 digits in India, any text in other countries; optional if the country has none, or not
    /// everywhere.
    #[schema(value_type = Option<FreeText>)]
    pub pickup_pincode: Option<&'a str>,
    /// Pincode of the drop; as that of the pickup.
    #[schema(value_type = Option<FreeText>)]
    pub drop_pincode: Option<&'a str>,
    /// How the consignee pays.
    #[schema(value_type = PaymentWord)]
    pub payment_type: String,
    /// Forward or return.
    pub shipment_type: ShipmentType,
    /// Value of the order.
    #[schema(value_type = f64, example = 1200, minimum = 0, maximum = 100_000_000_000.0)]
    pub order_amount: Number,
    /// The parcel's dimensions and weight, for aggregators that need them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipment_dimension: Option<DimensionBody>,
    /// Currency of the value; INR if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CurrencyCode>)]
    pub currency_code: Option<&'a str>,
    /// The contents of the parcel, for aggregators that need them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Option<Vec<LineBody>>, max_items = 500)]
    pub items: Vec<LineBody<'a>>,
    /// Two-letter country code of the pickup, for international routes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CountryCode>)]
    pub pickup_country_code: Option<&'a str>,
    /// Two-letter country code of the drop, for international routes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CountryCode>)]
    pub drop_country_code: Option<&'a str>,
    /// The aggregator's number of the pickup's area; `pickupAddress` may have it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 30101, minimum = 1, maximum = 9_007_199_254_740_991.0)]
    pub pickup_area_id: Option<u64>,
    /// Latitude of the pickup in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, minimum = -90, maximum = 90)]
    pub pickup_latitude: Option<Number>,
    /// Longitude of the pickup in degrees, together with the latitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, minimum = -180, maximum = 180)]
    pub pickup_longitude: Option<Number>,
    /// The aggregator's number of the drop's area; `dropAddress` may have it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 31501, minimum = 1, maximum = 9_007_199_254_740_991.0)]
    pub drop_area_id: Option<u64>,
    /// Latitude of the drop in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, minimum = -90, maximum = 90)]
    pub drop_latitude: Option<Number>,
    /// Longitude of the drop in degrees, together with the latitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, minimum = -180, maximum = 180)]
    pub drop_longitude: Option<Number>,
    /// The pickup address, for aggregators that need it for international routes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pickup_address: Option<AddressBody<'a>>,
    /// The drop address, for aggregators that need it for international routes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop_address: Option<AddressBody<'a>>,
}

impl<'a> From<&'a Route> for RouteBody<'a> {
    fn from(route: &'a Route) -> Self {
        let (pickup, drop) = (route.pickup_place, route.drop_place);
        Self {
            logistic_account_alias: None,
            pickup_pincode: unless_empty(&route.pickup_pincode),
            drop_pincode: unless_empty(&route.drop_pincode),
            payment_type: route.payment.to_string(),
            shipment_type: route.shipment_type,
            order_amount: json_number(route.amount.value()),
            shipment_dimension: route.parcel.as_ref().map(DimensionBody::from),
            currency_code: (route.currency != Currency::INR).then(|| route.currency.as_str()),
            items: route.lines.iter().map(LineBody::from).collect(),
            pickup_country_code: route.pickup_country.as_ref().map(Text::as_str),
            drop_country_code: route.drop_country.as_ref().map(Text::as_str),
            pickup_area_id: pickup.area.map(AreaId::number),
            pickup_latitude: pickup.latitude.map(|at| json_number(at.degrees())),
            pickup_longitude: pickup.longitude.map(|at| json_number(at.degrees())),
            drop_area_id: drop.area.map(AreaId::number),
            drop_latitude: drop.latitude.map(|at| json_number(at.degrees())),
            drop_longitude: drop.longitude.map(|at| json_number(at.degrees())),
            pickup_address: None,
            drop_address: None,
        }
    }
}

/// The couriers that serve a route, best first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CourierRecommendations)]
pub struct CouriersBody {
    /// The couriers.
    pub couriers: Vec<CourierBody>,
}

/// A courier.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Courier)]
pub struct CourierBody {
    /// The id for label requests.
    #[schema(value_type = i64, example = 1001)]
    pub courier_id: Number,
    /// The courier's name.
    #[schema(example = "Delhivery")]
    pub courier_name: String,
    /// The aggregator's rank; the lowest number is best.
    #[schema(value_type = f64, example = 1)]
    pub priority: Number,
    /// The price of the shipment, if the aggregator says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<PriceBody>,
    /// The charge for cash on delivery, if the aggregator says it. Whether the price includes it is the aggregator's rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cod_charge: Option<PriceBody>,
    /// The aggregator's own name for the distance, if it says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// When the shipment is expected to arrive, if the aggregator says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_by: Option<DeliveryDatesBody>,
}

/// An amount of money.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Price)]
pub struct PriceBody {
    /// The exact amount.
    #[schema(value_type = f64, example = 45.5, minimum = 0)]
    pub amount: Number,
    /// Its currency (ISO 4217).
    #[schema(example = "INR")]
    pub currency: String,
}

impl From<Price> for PriceBody {
    fn from(price: Price) -> Self {
        Self {
            amount: json_number(price.amount.value()),
            currency: price.currency.as_str().to_owned(),
        }
    }
}

/// The days between which a shipment is expected to arrive.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryDates)]
pub struct DeliveryDatesBody {
    /// The first of the days.
    #[schema(value_type = String, format = "date", example = "2026-11-30")]
    pub earliest: Date,
    /// The last of the days; the same if the aggregator names only one.
    #[schema(value_type = String, format = "date", example = "2026-12-02")]
    pub latest: Date,
}

impl From<DeliveryDates> for DeliveryDatesBody {
    fn from(dates: DeliveryDates) -> Self {
        Self {
            earliest: dates.earliest(),
            latest: dates.latest(),
        }
    }
}

impl From<Vec<Recommendation>> for CouriersBody {
    fn from(recommendations: Vec<Recommendation>) -> Self {
        let couriers = recommendations.into_iter().map(CourierBody::from);
        Self {
            couriers: couriers.collect(),
        }
    }
}

impl From<Recommendation> for CourierBody {
    fn from(recommendation: Recommendation) -> Self {
        let id = recommendation.courier.as_str().parse();
        let quote = recommendation.quote;
        Self {
            courier_id: id.unwrap_or_else(|_| Number::from(0)),
            courier_name: recommendation.name,
            priority: json_number(recommendation.priority),
            price: quote.price.map(PriceBody::from),
            cod_charge: quote.cod_charge.map(PriceBody::from),
            zone: quote.zone,
            delivery_by: quote.delivery.map(DeliveryDatesBody::from),
        }
    }
}

/// Reads the response of a RMS Magic aggregator.
pub fn read_couriers(fields: &Fields<'_>) -> Option<Vec<Recommendation>> {
    if !fields.has("couriers") {
        fields.wrong_field("couriers", "is missing");
        return None;
    }
    fields.list(&["couriers"], |courier| {
        let id = courier.required("courierId", whole_number);
        let name = courier.required_any(&CARRIER_NAMES, text);
        let priority = courier.required("priority", decimal);
        Some(Recommendation {
            courier: id?,
            name: name?,
            priority: priority?,
            quote: Quote::default(),
        })
    })
}
