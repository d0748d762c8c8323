//! Values of request bodies that have no type of their own: their schemas for the API's description.
//!
//! A test of all handlers compares them with what the readers refuse.

use std::collections::BTreeSet;

use strum::IntoEnumIterator as _;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, KnownFormat, Object, ObjectBuilder, OneOfBuilder, Schema,
    SchemaFormat, SchemaType, Type,
};
use utoipa::{PartialSchema, ToSchema};

use crate::contract::account::{MOST_MAPPINGS, MOST_WAREHOUSES};
use crate::contract::endpoint::{LONGEST_HEADER_NAME, MOST_HEADERS};
use crate::contract::partner_account::MOST_SETTINGS;
use crate::domain::notification::NotificationType;
use crate::domain::shipment::{ForwardState, ReturnState};
use crate::domain::text::WarehouseCode;

/// 1 to 500 characters, not only blanks, without control characters other than tabs and line breaks.
#[derive(Debug, ToSchema)]
#[schema(as = Text, min_length = 1, max_length = 500, pattern = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*[^\s\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f][^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$")]
pub struct FreeText(pub String);

/// 1 to 500 characters, not only blanks, without invisible characters and without control characters other than tabs and
/// line breaks.
#[derive(Debug, ToSchema)]
#[schema(
    min_length = 1,
    max_length = 500,
    pattern = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]*[^\s\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb][^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]*$"
)]
pub struct Identifier(pub String);

/// A PDF document.
#[derive(Debug)]
pub struct PdfDocument;

impl PartialSchema for PdfDocument {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .content_media_type("application/pdf")
            .description(Some("The bytes of a PDF document."))
            .into()
    }
}

impl ToSchema for PdfDocument {}

/// The state of a shipment: of a forward shipment or of a return.
#[derive(Debug)]
pub struct ShipmentState;

impl PartialSchema for ShipmentState {
    fn schema() -> RefOr<Schema> {
        let forward = ForwardState::iter().map(|state| state.to_string());
        let of_return = ReturnState::iter().map(|state| state.to_string());
        let states: BTreeSet<String> = forward.chain(of_return).collect();
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("The state of a forward shipment or of a return."))
            .enum_values(Some(states))
            .into()
    }
}

impl ToSchema for ShipmentState {}

/// An ISO 4217 currency code of three capital letters.
#[derive(Debug, ToSchema)]
#[schema(min_length = 3, max_length = 3, pattern = "^[A-Z]{3}$")]
pub struct CurrencyCode(pub String);

/// A number of degrees from -90 to 90, as a text.
#[derive(Debug, ToSchema)]
#[schema(as = Latitude, min_length = 1, max_length = 14, pattern = r"^-?(90|[1-8]?[0-9](\.[0-9]{1,10})?)$")]
pub struct LatitudeText(pub String);

/// A number of degrees from -180 to 180, as a text.
#[derive(Debug, ToSchema)]
#[schema(as = Longitude, min_length = 1, max_length = 15, pattern = r"^-?(180|(1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]{1,10})?)$")]
pub struct LongitudeText(pub String);

/// An absolute http or https URL.
#[derive(Debug, ToSchema)]
#[schema(
    min_length = 1,
    max_length = 500,
    pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]+([/?#].*)?$"
)]
pub struct WebUrl(pub String);

/// An absolute https URL without a user name.
#[derive(Debug, ToSchema)]
#[schema(
    min_length = 1,
    max_length = 500,
    pattern = r"^[Hh][Tt][Tt][Pp][Ss]://[^\s/?#@]+([/?#].*)?$"
)]
pub struct HttpsUrl(pub String);

/// An absolute http or https URL without blanks, which is sent unchanged.
#[derive(Debug, ToSchema)]
#[schema(
    as = DocumentUrl,
    min_length = 1,
    max_length = 500,
    pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#\u0000-\u001f\u007f-\u009f]+([/?#][^\s\u0000-\u001f\u007f-\u009f]*)?$"
)]
pub struct UnchangedUrl(pub String);

/// 1 to 4,096 bytes without control characters.
#[derive(Debug, ToSchema)]
#[schema(
    min_length = 1,
    max_length = 4096,
    pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$"
)]
pub struct Secret(pub String);

/// 1 to 4,096 bytes without control characters and colons.
#[derive(Debug, ToSchema)]
#[schema(
    min_length = 1,
    max_length = 4096,
    pattern = r"^[^:\u0000-\u001f\u007f-\u009f]*$"
)]
pub struct UserName(pub String);

/// 1 to 4,096 characters of ASCII without control characters and without blanks at the ends.
#[derive(Debug, ToSchema)]
#[schema(min_length = 1, max_length = 4096, pattern = "^[!-~]([ -~]*[!-~])?$")]
pub struct HeaderValue(pub String);

/// 1 to 500 characters, not only blanks, without control characters. Numbers and booleans are read as texts.
#[derive(Debug, ToSchema)]
#[schema(
    min_length = 1,
    max_length = 500,
    pattern = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$"
)]
pub struct SettingValue(pub String);

/// The limits of a list in a setting: all of it is one text of at most 500 characters.
const MOST_LISTED: usize = 10;
const LONGEST_LISTED: usize = 45;
const LISTED: &str = r"^[^\u0000-\u001f\u007f-\u009f,]*[^\s\u0000-\u001f\u007f-\u009f,][^\u0000-\u001f\u007f-\u009f,]*$";

/// The headers of an endpoint.
pub(crate) fn headers() -> Object {
    let name = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"))
        .max_length(Some(LONGEST_HEADER_NAME));
    map(
        MOST_HEADERS,
        "Headers that are sent with every delivery: at most 20, each name once in any case, none that HTTP or RMS sets. Null \
         keeps the stored value; without `headers` all are kept.",
        Some(name.into()),
        or_null(HeaderValue::schema()),
    )
}

/// The credentials of an account.
pub(crate) fn credentials() -> Object {
    map(
        MOST_SETTINGS,
        "The aggregator's, by their names in docs/settings.md. Null keeps the stored value; without `credentials` all are kept.",
        None,
        or_null(Secret::schema()),
    )
}

/// The URLs of an account.
pub(crate) fn urls() -> Object {
    map(
        MOST_SETTINGS,
        "The aggregator's, by their names in docs/settings.md. `baseUrl` is only needed to call another host than the \
         aggregator's own.",
        None,
        WebUrl::schema(),
    )
}

/// The settings of an account.
pub(crate) fn settings() -> Object {
    map(
        MOST_SETTINGS,
        "Settings that the aggregator needs in addition to a label request; the names are documented under configuration.",
        None,
        SettingValue::schema(),
    )
}

/// The settings of a channel account, of which some are lists.
pub(crate) fn channel_settings() -> Object {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(LONGEST_LISTED))
        .pattern(Some(LISTED));
    let texts = ArrayBuilder::new()
        .items(text)
        .min_items(Some(1))
        .max_items(Some(MOST_LISTED));
    let value = OneOfBuilder::new().item(SettingValue::schema()).item(texts);
    map(
        MOST_SETTINGS,
        "The channel's settings, by their names in docs/channel-settings.md. A list may also be a text with commas.",
        None,
        value.into(),
    )
}

/// The settings of single warehouses.
pub(crate) fn warehouses() -> Object {
    let mut of_one = settings();
    of_one.description = Some("Settings by name.".to_owned());
    map(
        MOST_WAREHOUSES,
        "Settings of single warehouses, by warehouse code.",
        schema_of(WarehouseCode::schema()),
        of_one.into(),
    )
}

/// The notification types of unknown status codes.
pub(crate) fn status_mappings() -> Object {
    map(
        MOST_MAPPINGS,
        "The notification types of status codes that RMS does not know, by code as `pushedType` shows it. A code that RMS knows \
         is refused.",
        schema_of(FreeText::schema()),
        NotificationType::schema(),
    )
}

/// An object of named values, or null.
fn map(most: usize, words: &str, names: Option<Schema>, value: RefOr<Schema>) -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Object, Type::Null]))
        .description(Some(words))
        .property_names(names)
        .additional_properties(Some(AdditionalProperties::RefOr(value)))
        .max_properties(Some(most))
        .build()
}

fn schema_of(schema: RefOr<Schema>) -> Option<Schema> {
    match schema {
        RefOr::T(schema) => Some(schema),
        RefOr::Ref(_) => None,
    }
}

/// The same string, or null.
fn or_null(mut schema: RefOr<Schema>) -> RefOr<Schema> {
    if let RefOr::T(Schema::Object(string)) = &mut schema {
        string.schema_type = SchemaType::from_iter([Type::String, Type::Null]);
    }
    schema
}
