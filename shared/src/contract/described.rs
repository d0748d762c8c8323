//! Compares each documented request body with its reader: the reader must read exactly the documented fields, and
//! require exactly those that are documented as required.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::contract::fields::{Fields, Unreadable, read_value};
use crate::contract::{
    account, api_key, channel_account, console_link, courier, endpoint, exchange, fulfilling,
    invoice, pricing, processing, push, recovery, replay, return_order, selling, settlement,
    shipment,
};
use crate::domain::form::AccountForm;
use crate::domain::shipment::ShipmentType;

/// The committed API description; a test of all handlers checks it against the code.
const OPENAPI: &str = include_str!("../../../openapi.json");

/// The pointers of all violations that a reader finds in a body.
type Reader = fn(&Value) -> Vec<String>;

/// A documented body and its readers.
struct Described {
    /// Its schema name.
    schema: &'static str,
    /// Bodies that let the reader continue to the other fields.
    bases: Vec<Value>,
    /// Fields that are required only in some cases, which the description says in words.
    conditional: &'static [&'static str],
    readers: &'static [Reader],
}

fn all() -> Vec<Described> {
    let described = |schema, readers| Described {
        schema,
        bases: vec![json!({})],
        conditional: &[],
        readers,
    };
    vec![
        Described {
            conditional: &[
                "/dropAddress/state",
                "/dropAddress/zip",
                "/pickupAddress/state",
                "/pickupAddress/zip",
                "/returnReason",
            ],
            ..described("ShipmentBody", &[label, return_awb])
        },
        Described {
            conditional: &[
                "/forward/dropAddress/state",
                "/forward/dropAddress/zip",
                "/forward/pickupAddress/state",
                "/forward/pickupAddress/zip",
                "/return/dropAddress/state",
                "/return/dropAddress/zip",
                "/return/pickupAddress/state",
                "/return/pickupAddress/zip",
            ],
            ..described("ExchangeRequest", &[exchanged])
        },
        Described {
            conditional: &[
                "/dropAddress/state",
                "/dropAddress/zip",
                "/dropPincode",
                "/pickupAddress/state",
                "/pickupAddress/zip",
                "/pickupPincode",
            ],
            ..described("CourierRecommendationRequest", &[route])
        },
        described("GoodsPricingRequest", &[goods_to_price]),
        described("ParcelPricingRequest", &[parcel_to_price]),
        described("NotificationPush", &[pushed]),
        Described {
            bases: vec![json!({}), json!({ "none": true })],
            conditional: &["/awb"],
            ..described("Settlement", &[settle])
        },
        described("Recovery", &[recover]),
        described("UnmappedReplay", &[replayed]),
        described("InvoiceRequest", &[sent_invoice]),
        described("InventoryRequest", &[stocked]),
        described("ManifestRequest", &[handed_over]),
        described("ReturnOrderRequestBody", &[announced]),
        Described {
            conditional: &["/returnOrderCode"],
            ..described("AwbOfReturn", &[awb_of_return, awb_by_name])
        },
        Described {
            conditional: &["/returnOrderCode"],
            ..described("ReturnProcessing", &[processed, processed_by_name])
        },
        described("ChannelInvoiceRequest", &[channel_invoice]),
        described("ChannelShipmentRequest", &[channel_shipment]),
        described("ChannelHandoverRequest", &[channel_handover]),
        described("GoodsIssue", &[issued]),
        described("WarehouseStatus", &[of_status]),
        described("ApiKeyRequest", &[key]),
        described("ConsoleLinkRequest", &[console_link]),
        Described {
            bases: vec![json!({}), json!({ "aggregator": "ANY" })],
            ..described("LogisticAccountConfiguration", &[account])
        },
        Described {
            bases: vec![json!({}), json!({ "channel": "ANY" })],
            ..described("ChannelAccountConfiguration", &[channel_account])
        },
        described("WebhookEndpointConfiguration", &[endpoint]),
        Described {
            conditional: &["/delivery_no"],
            ..described("OutboundOrderBody", &[outbound_order])
        },
        described("OutboundConfirmationRequest", &[confirmation]),
    ]
}

fn label(body: &Value) -> Vec<String> {
    wrong(body, |fields| shipment::read(fields, ShipmentType::Forward))
}

fn return_awb(body: &Value) -> Vec<String> {
    wrong(body, |fields| shipment::read(fields, ShipmentType::Return))
}

fn exchanged(body: &Value) -> Vec<String> {
    wrong(body, exchange::read)
}

fn goods_to_price(body: &Value) -> Vec<String> {
    pointers(read_value(body, pricing::read_goods))
}

fn parcel_to_price(body: &Value) -> Vec<String> {
    pointers(read_value(body, |fields| {
        pricing::read_parcel(fields, None)
    }))
}

fn route(body: &Value) -> Vec<String> {
    wrong(body, courier::read)
}

fn pushed(body: &Value) -> Vec<String> {
    pointers(push::read_push(&serde_json::to_vec(body).unwrap()))
}

fn settle(body: &Value) -> Vec<String> {
    wrong(body, settlement::read)
}

fn recover(body: &Value) -> Vec<String> {
    wrong(body, recovery::read)
}

fn replayed(body: &Value) -> Vec<String> {
    wrong(body, replay::read)
}

fn sent_invoice(body: &Value) -> Vec<String> {
    wrong(body, invoice::read)
}

fn stocked(body: &Value) -> Vec<String> {
    wrong(body, selling::stock::read)
}

fn handed_over(body: &Value) -> Vec<String> {
    wrong(body, selling::manifest::read)
}

fn announced(body: &Value) -> Vec<String> {
    wrong(body, return_order::read)
}

fn awb_of_return(body: &Value) -> Vec<String> {
    wrong(body, return_order::awb::read)
}

fn awb_by_name(body: &Value) -> Vec<String> {
    wrong(body, return_order::awb::read_with_code)
}

fn processed(body: &Value) -> Vec<String> {
    wrong(body, processing::read)
}

fn processed_by_name(body: &Value) -> Vec<String> {
    wrong(body, processing::read_with_code)
}

fn channel_invoice(body: &Value) -> Vec<String> {
    wrong(body, selling::invoice::read)
}

fn channel_shipment(body: &Value) -> Vec<String> {
    wrong(body, selling::shipment::read)
}

fn channel_handover(body: &Value) -> Vec<String> {
    wrong(body, selling::handover::read)
}

fn issued(body: &Value) -> Vec<String> {
    wrong(body, fulfilling::goods_issue::read)
}

fn of_status(body: &Value) -> Vec<String> {
    wrong(body, fulfilling::order_status::read)
}

fn console_link(body: &Value) -> Vec<String> {
    wrong(body, console_link::read)
}

fn key(body: &Value) -> Vec<String> {
    let now = "2026-11-21T10:00:00Z".parse().unwrap();
    wrong(body, |fields| api_key::read(fields, now))
}

static FORM: AccountForm = AccountForm {
    credentials: &[],
    urls: &[],
    settings: &[],
    at_the_partner: &[],
};

fn channel_account(body: &Value) -> Vec<String> {
    let rules = channel_account::ChannelAccountRules {
        form: &|_| Ok(&FORM),
        url: &|_| Ok(()),
    };
    wrong(body, |fields| channel_account::read(fields, &rules))
}

fn account(body: &Value) -> Vec<String> {
    let rules = account::AccountRules {
        aggregator: &|_| {
            Ok(account::Declared {
                form: &FORM,
                has_webhook_key: true,
            })
        },
        url: &|_| Ok(()),
    };
    wrong(body, |fields| account::read(fields, &rules))
}

fn endpoint(body: &Value) -> Vec<String> {
    let rules = endpoint::EndpointRules {
        url: &|_| Ok(()),
        header: &|_| Ok(()),
    };
    wrong(body, |fields| endpoint::read(fields, &rules))
}

fn outbound_order(body: &Value) -> Vec<String> {
    wrong(body, fulfilling::outbound_order::check)
}

fn confirmation(body: &Value) -> Vec<String> {
    wrong(body, fulfilling::confirmation::read)
}

fn wrong<T>(body: &Value, read: impl FnOnce(&Fields<'_>) -> Option<T>) -> Vec<String> {
    pointers(read_value(body, read))
}

fn pointers<T>(read: Result<T, Unreadable>) -> Vec<String> {
    match read {
        Ok(_) => Vec::new(),
        Err(Unreadable::Invalid(found)) => found.into_iter().map(|wrong| wrong.pointer).collect(),
        Err(Unreadable::NotJson(detail)) => panic!("{detail}"),
    }
}

/// A field that a reader read: the containing object and the field's names.
type Asked = (String, Vec<String>);

thread_local! {
    static ASKED: RefCell<Vec<Asked>> = const { RefCell::new(Vec::new()) };
}

/// Records that a reader reads the first existing of these names in an object.
pub(crate) fn note(object: &str, names: &[&str]) {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    ASKED.with_borrow_mut(|asked| asked.push((object.to_owned(), names)));
}

fn schemas() -> Value {
    let description: Value = serde_json::from_str(OPENAPI).unwrap();
    description["components"]["schemas"].clone()
}

/// The name of the schema with a body's fields: that of the first part, if the body has conditions too.
fn fields_of(schemas: &Value, name: &str) -> String {
    let base = schemas[name].pointer("/allOf/0").and_then(referred);
    base.unwrap_or(name).to_owned()
}

/// The schema with these fields: the first part, if it is not a schema of its own.
fn object<'a>(schemas: &'a Value, name: &str) -> &'a Value {
    let schema = &schemas[name];
    schema.pointer("/allOf/0").unwrap_or(schema)
}

/// The name of a referenced schema.
fn referred(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.rsplit('/').next()
}

/// The object of a property or of its list items, if it has one, and whether it is in a list.
fn inner<'a>(schemas: &'a Value, property: &Value) -> Option<(&'a Value, bool)> {
    let object = |schema: &Value| {
        let found = schemas.get(referred(schema)?)?;
        found.get("properties").map(|_| found)
    };
    let choices = property.get("oneOf").and_then(Value::as_array);
    let mut single = std::iter::once(property).chain(choices.into_iter().flatten());
    if let Some(schema) = single.find_map(object) {
        return Some((schema, false));
    }
    let schema = property.get("items").and_then(object)?;
    Some((schema, true))
}

/// All objects of a body, by path.
fn places<'a>(schemas: &'a Value, name: &str) -> Vec<(Vec<String>, &'a Value)> {
    let mut places = vec![(Vec::new(), object(schemas, name))];
    let mut next = 0;
    while let Some((path, schema)) = places.get(next).cloned() {
        for (name, property) in schema["properties"].as_object().unwrap() {
            if let Some((inner, is_list)) = inner(schemas, property) {
                let list = is_list.then(|| "0".to_owned());
                let steps = path.iter().cloned().chain([name.clone()]).chain(list);
                places.push((steps.collect(), inner));
            }
        }
        next += 1;
    }
    places
}

/// `base` with an empty object at the path.
fn nested(base: &Value, path: &[String]) -> Value {
    let inner = path.iter().rev().fold(json!({}), |inner, step| {
        if step == "0" {
            json!([inner])
        } else {
            Value::Object(Map::from_iter([(step.clone(), inner)]))
        }
    });
    let mut body = base.clone();
    let fields = body.as_object_mut().unwrap();
    fields.extend(inner.as_object().unwrap().clone());
    body
}

fn pointer_of(path: &[String]) -> String {
    path.iter().flat_map(|step| ["/", step.as_str()]).collect()
}

#[test]
fn every_documented_request_body_is_checked() {
    let description: Value = serde_json::from_str(OPENAPI).unwrap();
    let paths = description["paths"].as_object().unwrap().values();
    let routes = paths.flat_map(|methods| methods.as_object().unwrap().values());
    let body = |route: &'_ Value| {
        let schema = route.pointer("/requestBody/content/application~1json/schema")?;
        // A body that may be a list too has the schema of an entry first. The format of an aggregator is not documented.
        let entry = schema.pointer("/oneOf/0").unwrap_or(schema);
        referred(entry).map(|name| fields_of(&schemas(), name))
    };
    let described: BTreeSet<String> = routes.filter_map(body).collect();
    let held: BTreeSet<String> = all().iter().map(|held| held.schema.to_owned()).collect();
    assert_eq!(
        described, held,
        "the request bodies of openapi.json, and those listed here; UPDATE_DOCS=1 cargo test --test handlers description \
         writes openapi.json"
    );
}

#[test]
fn a_reader_reads_exactly_the_documented_fields() {
    let schemas = schemas();
    for described in all() {
        for (path, schema) in places(&schemas, described.schema) {
            let pointer = pointer_of(&path);
            ASKED.take();
            for base in &described.bases {
                for read in described.readers {
                    read(&nested(base, &path));
                }
            }
            let asked = ASKED.take().into_iter();
            let asked: Vec<_> = asked.filter(|(object, _)| *object == pointer).collect();
            let properties = schema["properties"].as_object().unwrap();
            for name in properties.keys() {
                let is_read = asked.iter().any(|(_, names)| names.contains(name));
                let of = described.schema;
                assert!(is_read, "{of}: {pointer}/{name} is documented but not read");
            }
            // A field may have other names, of which only one is documented.
            let is_described = |(_, names): &&Asked| {
                let mut names = names.iter();
                names.any(|name| properties.contains_key(name))
            };
            let known = asked.iter().filter(is_described);
            let known: BTreeSet<_> = known.flat_map(|(_, names)| names).collect();
            for name in asked.iter().flat_map(|(_, names)| names) {
                let of = described.schema;
                assert!(
                    known.contains(name),
                    "{of}: {pointer}/{name} is read but not documented"
                );
            }
        }
    }
}

#[test]
fn a_reader_requires_exactly_the_fields_documented_as_required() {
    let schemas = schemas();
    for described in all() {
        let mut met = BTreeSet::new();
        for (path, schema) in places(&schemas, described.schema) {
            let pointer = pointer_of(&path);
            let names = schema.get("required").and_then(Value::as_array);
            let names = names
                .into_iter()
                .flatten()
                .map(|name| name.as_str().unwrap());
            let required: BTreeSet<_> = names.map(|name| format!("{pointer}/{name}")).collect();
            let is_here = |found: &String| {
                let rest = found.strip_prefix(&pointer);
                rest.is_some_and(|rest| rest.matches('/').count() == 1)
            };
            for read in described.readers {
                let bodies = described.bases.iter().map(|base| nested(base, &path));
                let missing = bodies.flat_map(|body| read(&body)).filter(is_here);
                let (conditional, missing): (BTreeSet<_>, BTreeSet<_>) =
                    missing.partition(|found| described.conditional.contains(&found.as_str()));
                met.extend(conditional);
                assert_eq!(missing, required, "{} at {pointer:?}", described.schema);
            }
        }
        let conditional = described.conditional.iter();
        let conditional: BTreeSet<String> = conditional.map(|name| (*name).to_owned()).collect();
        assert_eq!(met, conditional, "{}", described.schema);
    }
}
