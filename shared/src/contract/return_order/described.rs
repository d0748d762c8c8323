//! The body of `POST /return/return-orders` for the API's description.

use utoipa::openapi::schema::Schema;
use utoipa::openapi::{ObjectBuilder, OneOfBuilder, RefOr, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::contract::described_requests::{add, of, one_of_words, with};
use crate::contract::described_values::{CurrencyCode, FreeText};
use crate::domain::returning::code::{ReturnItemCode, ReturnOrderCode};
use crate::domain::returning::return_order::{RegionType, ReturnOrderType};
use crate::domain::text::{AccountAlias, Awb, OrderNumber, ShipmentCode, WarehouseCode};

/// The body, with the condition that a return which the customer ships has no AWB.
#[derive(Debug)]
pub struct ReturnOrderRequest;

impl PartialSchema for ReturnOrderRequest {
    fn schema() -> RefOr<Schema> {
        let without = ObjectBuilder::new()
            .property("orderType", one_of_words(&["SELF_SHIP"]))
            .required("orderType")
            .property("awbNumber", of(Type::Null));
        let others = one_of_words(&["CUSTOMER_RETURN", "RETURN_TO_ORIGIN"]);
        let any = ObjectBuilder::new()
            .property("orderType", others)
            .required("orderType");
        let condition = OneOfBuilder::new().item(without).item(any);
        with::<ReturnOrderRequestBody>(condition.into())
    }
}

impl ToSchema for ReturnOrderRequest {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        add::<ReturnOrderRequestBody>(schemas);
    }
}

/// A return order in JSON. What is optional here may be required to get its AWB: see docs/returns.md.
#[derive(Debug, ToSchema)]
#[schema(as = ReturnOrderRequestBody, rename_all = "camelCase")]
pub struct ReturnOrderRequestBody {
    /// The order whose goods come back.
    pub forward_order_code: OrderNumber,
    /// The channel's code of the return order, unique among yours.
    pub return_order_code: ReturnOrderCode,
    /// The warehouse that receives the goods.
    pub location_code: WarehouseCode,
    /// When the customer placed it (RFC 3339).
    #[schema(format = "date-time")]
    pub return_order_time: Option<String>,
    /// The channel's own status, kept as given.
    pub return_order_status: Option<FreeText>,
    /// When it is expected (RFC 3339).
    #[schema(format = "date-time")]
    pub expected_date: Option<String>,
    /// The pieces: one entry is one piece.
    #[schema(min_items = 1, max_items = 500)]
    pub order_items: Vec<AnnouncedPieceBody>,
    /// How the goods come back.
    pub order_type: ReturnOrderType,
    /// The AWB, if it was made without RMS; not for `SELF_SHIP`.
    pub awb_number: Option<Awb>,
    /// The courier of that AWB.
    pub transporter: Option<FreeText>,
    /// The account that gets the AWB; optional if only one of yours makes return AWBs.
    pub logistic_account_alias: Option<AccountAlias>,
    /// Currency of all amounts.
    pub currency_code: Option<CurrencyCode>,
    /// Whether the goods cross a border.
    pub region_type: Option<RegionType>,
    /// Why the order comes back.
    pub return_reason: Option<FreeText>,
    /// The seller's GST registration.
    pub seller_gstin: Option<FreeText>,
    /// The consignee's GST registration.
    pub consignee_gstin: Option<FreeText>,
    /// The parcel.
    pub shipment_dimension: Option<ReturnDimensionBody>,
    /// The warehouse's address.
    pub drop_address: Option<ReturnAddressBody>,
    /// The customer's address.
    pub pickup_address: Option<ReturnAddressBody>,
    /// What is known of the forward order.
    pub order_details: Option<ReturnedOrderBody>,
}

/// A piece of a return order in JSON.
#[derive(Debug, ToSchema)]
#[schema(as = AnnouncedPiece, rename_all = "camelCase")]
pub struct AnnouncedPieceBody {
    /// The channel's code of the piece, unique in the return order.
    pub item_code: ReturnItemCode,
    /// Why the customer returns it.
    pub reason: FreeText,
    /// Whether the courier checks it at the customer's door; false if it is absent.
    pub enable_door_step_qc: Option<BooleanOrWord>,
    /// Its stock keeping unit in the channel.
    pub channel_sku_code: FreeText,
    /// Name of the product.
    pub name: Option<FreeText>,
    /// Its brand.
    pub brand: Option<FreeText>,
    /// Its colour.
    pub color: Option<FreeText>,
    /// Its category.
    pub category: Option<FreeText>,
    /// Its sub-category.
    pub sub_category: Option<FreeText>,
    /// Its serial number.
    pub serial_number: Option<FreeText>,
    /// Its price.
    #[schema(minimum = 0, maximum = 100_000_000_000.0)]
    pub price: Option<f64>,
    /// What the customer paid for it.
    #[schema(minimum = 0, maximum = 100_000_000_000.0)]
    pub final_amount_paid: Option<f64>,
    /// A picture of it; its form is not checked.
    pub image_url: Option<FreeText>,
    /// What of the price was paid with store credits.
    #[schema(minimum = 0, maximum = 100_000_000_000.0)]
    pub store_credits_used: Option<f64>,
    /// Its taxes.
    #[schema(max_items = 500)]
    pub sub_tax_item_data: Option<Vec<ReturnTaxBody>>,
}

/// A boolean, or the word for it; an empty text counts as absent.
#[derive(Debug)]
pub struct BooleanOrWord;

impl PartialSchema for BooleanOrWord {
    fn schema() -> RefOr<Schema> {
        let boolean = ObjectBuilder::new().schema_type(Type::Boolean);
        let word = one_of_words(&["true", "false", ""]);
        OneOfBuilder::new().item(boolean).item(word).into()
    }
}

impl ToSchema for BooleanOrWord {}

/// A tax of a piece in JSON.
#[derive(Debug, ToSchema)]
#[schema(as = ReturnTax, rename_all = "camelCase")]
pub struct ReturnTaxBody {
    /// Its type.
    pub r#type: Option<FreeText>,
    /// Its rate, in percent.
    #[schema(minimum = 0, maximum = 100_000_000_000.0)]
    pub rate: Option<f64>,
    /// The tax of one piece.
    #[schema(minimum = 0, maximum = 100_000_000_000.0)]
    pub tax_per_unit: Option<f64>,
    /// The tax of all pieces.
    #[schema(minimum = 0, maximum = 100_000_000_000.0)]
    pub tax_total: Option<f64>,
}

/// The parcel of a return in JSON.
#[derive(Debug, ToSchema)]
#[schema(as = ReturnDimension, rename_all = "camelCase")]
pub struct ReturnDimensionBody {
    /// Breadth in cm; 1 if it is absent.
    #[schema(exclusive_minimum = 0, maximum = 10_000)]
    pub breadth: Option<f64>,
    /// Height in cm; 1 if it is absent.
    #[schema(exclusive_minimum = 0, maximum = 10_000)]
    pub height: Option<f64>,
    /// Length in cm; 1 if it is absent.
    #[schema(exclusive_minimum = 0, maximum = 10_000)]
    pub length: Option<f64>,
    /// Weight in grams; 200 if it is absent.
    #[schema(exclusive_minimum = 0, maximum = 10_000_000)]
    pub weight: Option<f64>,
}

/// An address of a return order in JSON.
#[derive(Debug, ToSchema)]
#[schema(as = ReturnAddress, rename_all = "camelCase")]
pub struct ReturnAddressBody {
    /// Name of the contact.
    pub name: Option<FreeText>,
    /// First line.
    pub line1: Option<FreeText>,
    /// Second line.
    pub line2: Option<FreeText>,
    /// Third line.
    pub line3: Option<FreeText>,
    /// City.
    pub city: Option<FreeText>,
    /// State.
    pub state: Option<FreeText>,
    /// Pincode or postal code.
    pub zip: Option<FreeText>,
    /// Country.
    pub country: Option<FreeText>,
    /// E-mail address; its form is not checked.
    pub email: Option<FreeText>,
    /// Phone number.
    pub phone: Option<FreeText>,
}

/// What the channel says of the forward order, in JSON.
#[derive(Debug, ToSchema)]
#[schema(as = ReturnedOrder, rename_all = "camelCase")]
pub struct ReturnedOrderBody {
    /// What the courier collected; more than 0 for cash on delivery.
    #[schema(minimum = 0, maximum = 100_000_000_000.0)]
    pub cod_value: Option<f64>,
    /// The number of the invoice.
    pub invoice_number: Option<FreeText>,
    /// The time of the invoice (RFC 3339).
    #[schema(format = "date-time")]
    pub invoice_time: Option<String>,
    /// The total of the invoice.
    #[schema(minimum = 0, maximum = 100_000_000_000.0)]
    pub invoice_value: Option<f64>,
    /// Whether it was paid on delivery.
    pub is_cod: Option<bool>,
    /// One of several parcels of the forward order.
    pub forward_shipment_number: Option<ShipmentCode>,
}
