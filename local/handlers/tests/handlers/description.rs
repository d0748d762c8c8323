//! The OpenAPI description: composed from the annotations at the handlers and compared with the template.

mod absent;
mod accounts;
mod answers;
mod closed;
mod examples;
mod headers;
mod parameters;
mod referred;
mod warned;
pub(crate) mod webhooks;

use std::collections::BTreeSet;

use local::template::{Event, Route, Template};
use logistics::contract::envelope::FailedEnvelopeBody;
use logistics::contract::fields::WarnedBody;
use logistics::contract::fulfilling::accepted::OutboundAcceptedBody;
use logistics::contract::fulfilling::confirmation::ConfirmedBody;
use logistics::contract::fulfilling::recorded::RecordedReportBody;
use logistics::contract::fulfilling::shown::OutboundListBody;
use logistics::contract::messages::invoice::InvoiceNotificationBody;
use logistics::contract::messages::logistics_status::LogisticsStatusBody;
use logistics::contract::messages::notification::NotificationBody;
use logistics::contract::messages::operator_event::OperatorEventBody;
use logistics::contract::messages::order_update::OrderUpdateBody;
use logistics::contract::messages::outbound_confirmation::OutboundConfirmationBody;
use logistics::contract::messages::outbound_order::OutboundOrderBody;
use logistics::contract::messages::return_order_ack::ReturnOrderAckBody;
use logistics::contract::prices::PricesBody;
use logistics::contract::problem::ProblemBody;
use logistics::domain::client::Scope;
use logistics::domain::notification::NotificationType;
use logistics::domain::text::{AggregatorName, EndpointId, KeyId};
use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, PathItem, Paths};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::docs;
use absent::Absent;
use accounts::Accounts;
use answers::Answers;
use closed::ClosedSets;
use examples::Examples;
use headers::Headers;
use parameters::Parameters;
use referred::Referred;
use warned::Warned;
use webhooks::Webhooks;

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");

/// Every handler of a route.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "RMS Logistics",
        description = "One API for courier recommendations, shipping labels and return AWBs in front of logistic \
                       aggregators; their notifications are forwarded to the client, signed, in order and retried.\n\n\
                       A request that buys, cancels or sends something has its effect once: the same request again gets the \
                       same answer, with the header `idempotent-replayed`. After a timeout, a 503 or a 504, repeat it.\n\n\
                       An error is `application/problem+json`; `errors` lists every wrong field by its JSON pointer. A field \
                       that does not exist is ignored, and named in the `warnings` of the answer.",
        contact(name = "RMS Logistics", url = "https://github.com/rms-logistics/rms-logistics")
    ),
    paths(
        api_description::describe,
        api_description::show,
        cancel_shipment::cancel_label,
        cancel_shipment::cancel_return_awb,
        channel_changes::invoices::list,
        channel_changes::invoices::post,
        channel_changes::shipments::get,
        channel_changes::shipments::hand_over,
        channel_changes::shipments::list,
        channel_changes::shipments::post,
        channel_changes::status::acknowledge,
        channel_changes::status::cancel,
        channel_hooks::receive,
        channel_inventory::set,
        channel_manifests::get,
        channel_manifests::make,
        channel_orders::get,
        channel_orders::listing::cancelled,
        channel_orders::listing::list,
        channel_orders::status,
        configuration::accounts::check,
        configuration::accounts::delete,
        configuration::accounts::get,
        configuration::accounts::list,
        configuration::accounts::put,
        configuration::api_keys::delete,
        configuration::api_keys::list,
        configuration::api_keys::post,
        configuration::audit::list,
        configuration::channel_accounts::check,
        configuration::channel_accounts::delete,
        configuration::channel_accounts::get,
        configuration::channel_accounts::list,
        configuration::channel_accounts::put,
        configuration::console_links::post,
        configuration::endpoints::delete,
        configuration::endpoints::get,
        configuration::endpoints::list,
        configuration::endpoints::put,
        configuration::endpoints::resume,
        configuration::endpoints::rotate,
        configuration::endpoints::test,
        create_order::create,
        exchange::exchange,
        generate_label::generate,
        get_label::get,
        get_notification::get,
        get_shipment::find,
        get_shipment::get,
        invoices::send,
        list_notifications::list,
        messages::get,
        messages::list,
        notification_push::native_push,
        notification_push::push,
        outbound_order::accept,
        outbound_order::confirm,
        outbound_order::get,
        outbound_order::listing::list,
        price_shipment::goods,
        price_shipment::parcel,
        price_shipment::parcel_by_rate,
        recommend_couriers::recommend,
        recover_endpoint::recover,
        return_awb::generate,
        return_awb::get,
        return_order::cancel,
        return_order::cancel_found,
        return_order::create,
        return_order::listing::find,
        return_order::get,
        return_order::put_awb,
        return_order::put_awb_of,
        return_processing::process,
        return_processing::process_named,
        settle_label::settle,
        unmapped_statuses::list,
        unmapped_statuses::replay,
        warehouse_reports::issue_goods,
        warehouse_reports::set_status,
    ),
    components(schemas(
        AggregatorName,
        ConfirmedBody,
        EndpointId,
        FailedEnvelopeBody,
        KeyId,
        InvoiceNotificationBody,
        NotificationBody,
        NotificationType,
        OperatorEventBody,
        OrderUpdateBody,
        OutboundAcceptedBody,
        OutboundConfirmationBody,
        OutboundListBody,
        OutboundOrderBody<'_>,
        LogisticsStatusBody,
        PricesBody,
        ProblemBody,
        RecordedReportBody,
        ReturnOrderAckBody,
        WarnedBody<'_>,
    )),
    modifiers(&Schemes, &Scopes, &Accounts, &Absent, &ClosedSets, &Referred, &Warned, &Examples, &Answers, &Webhooks, &Headers, &Parameters),
    tags(
        (name = "forward", description = "Couriers and labels"),
        (name = "return", description = "Return orders and return AWBs"),
        (name = "notifications", description = "Notifications pushed by aggregators, and their processing"),
        (name = "messages", description = "Messages that RMS sends to a client's systems, and their deliveries"),
        (name = "channels", description = "Sales channels: their orders, stock and webhooks, and manifests"),
        (name = "fulfilment", description = "Outbound orders, goods issue and prices, in the envelope of the provider of fulfilment"),
        (name = "configuration", description = "Accounts, endpoints and API keys of a client, and the audit log of their changes"),
        (name = "webhooks", description = "What RMS sends to a client's webhook endpoints"),
        (name = "description", description = "This document"),
    )
)]
pub(crate) struct Description;

/// The server, and how callers authenticate.
struct Schemes;

impl Modify for Schemes {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let server = json!({
            "url": "/",
            "description": "The stack that serves this document, be it local, staging or production.",
            "x-internal": false,
        });
        api.servers = Some(vec![serde_json::from_value(server).unwrap()]);
        let components = api.components.get_or_insert_default();
        let header = |name: &str, text: &str| {
            let header = ApiKeyValue::with_description(name, text);
            SecurityScheme::ApiKey(ApiKey::Header(header))
        };
        let http = |scheme, text: &str| {
            let scheme = HttpBuilder::new().scheme(scheme).description(Some(text));
            SecurityScheme::Http(scheme.build())
        };
        let scopes: Vec<_> = Scope::all().map(|scope| format!("`{scope}`")).collect();
        let key = format!("An API key of a client. Its scopes: {}.", scopes.join(", "));
        let push = "Of a push credential, which RMS makes for an account.";
        components.add_security_scheme("bearer", http(HttpAuthScheme::Bearer, &key));
        components.add_security_scheme("apiKey", header("x-api-key", &key));
        components.add_security_scheme("pushUsername", header("authUsername", push));
        components.add_security_scheme("pushPassword", header("authPassword", push));
        components.add_security_scheme("pushBasic", http(HttpAuthScheme::Basic, push));
    }
}

/// Says in words which scopes open an operation; its security requirements name them for programs.
struct Scopes;

impl Modify for Scopes {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        for operation in operations_of(&mut api.paths) {
            let scopes = scopes_of(&serde_json::to_value(&*operation).unwrap());
            if scopes.is_empty() {
                continue;
            }
            let names: Vec<_> = scopes.iter().map(|scope| format!("`{scope}`")).collect();
            let words = format!("Requires the scope {}.", names.join(" or "));
            let before = operation.description.take().into_iter();
            let parts: Vec<_> = before
                .filter(|text| !text.is_empty())
                .chain([words])
                .collect();
            operation.description = Some(parts.join("\n\n"));
        }
    }
}

/// All operations.
fn operations_of(paths: &mut Paths) -> impl Iterator<Item = &mut Operation> {
    paths.paths.values_mut().flat_map(methods)
}

fn methods(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem {
        get,
        put,
        post,
        delete,
        ..
    } = item;
    [get, put, post, delete].into_iter().flatten()
}

/// The scopes of which each opens an operation: the same for each way of sending a key.
fn scopes_of(operation: &Value) -> BTreeSet<String> {
    let required = operation["security"].as_array().into_iter().flatten();
    let of = |scheme: &str| -> BTreeSet<String> {
        let required = required
            .clone()
            .filter_map(|required| required[scheme].as_array());
        let scopes = required
            .flatten()
            .map(|scope| scope.as_str().unwrap().to_owned());
        scopes.collect()
    };
    let scopes = of("bearer");
    assert_eq!(scopes, of("apiKey"), "{}", operation["operationId"]);
    scopes
}

/// `UPDATE_DOCS=1 cargo test --test handlers` writes the file.
#[test]
fn the_committed_description_is_the_present_one() {
    let present = Description::openapi().to_pretty_json().unwrap() + "\n";
    docs::hold(COMMITTED, &present);
}

/// Each route as `GET /path`.
fn described() -> BTreeSet<String> {
    let description = serde_json::to_value(Description::openapi()).unwrap();
    let paths = description["paths"].as_object().unwrap().iter();
    let routes = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().unwrap().keys();
        let routes = methods.map(|method| format!("{} {path}", method.to_uppercase()));
        routes.collect::<Vec<_>>()
    };
    paths.flat_map(routes).collect()
}

/// All operations, each with its name.
fn operations() -> Vec<(String, Value)> {
    let description = serde_json::to_value(Description::openapi()).unwrap();
    let paths = description["paths"].as_object().unwrap().iter();
    let named = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().unwrap().iter();
        let named =
            methods.map(|(method, operation)| (format!("{method} {path}"), operation.clone()));
        named.collect::<Vec<_>>()
    };
    paths.flat_map(named).collect()
}

#[test]
fn each_source_of_a_400_is_named() {
    let mut conditional = 0;
    for (name, operation) in operations() {
        let text = operation["responses"]["400"]["description"]
            .as_str()
            .unwrap_or_default();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let has = |wanted: &str| {
            parameters
                .clone()
                .any(|parameter| parameter["name"] == wanted)
        };
        if has("If-Match") {
            conditional += 1;
            assert!(text.contains("malformed If-Match"), "{name}: {text:?}");
            assert!(operation["responses"]["412"].is_object(), "{name}");
        }
        assert!(
            !operation["requestBody"].is_object() || text.contains("JSON"),
            "{name}: {text:?}"
        );
    }
    assert_eq!(conditional, 8);
}

#[test]
fn every_route_of_the_template_is_described_and_no_other() {
    let template = Template::of_workspace().unwrap();
    // The console has pages, which no program calls.
    let described_functions = template.functions.into_iter();
    let events = described_functions
        .filter(|function| function.binary != "console")
        .flat_map(|function| function.events);
    let route = |event| match event {
        Event::Http(Route::Path { method, path }) => Some(format!("{method} {path}")),
        Event::Http(Route::Default) | Event::Queue(_) | Event::Schedule(_) => None,
    };
    let deployed: BTreeSet<_> = events.filter_map(route).collect();
    assert_eq!(described(), deployed);
}

/// All references in a value.
fn references(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(fields) => {
            let own = fields
                .get("$ref")
                .and_then(Value::as_str)
                .map(str::to_owned);
            own.into_iter()
                .chain(fields.values().flat_map(references))
                .collect()
        }
        Value::Array(entries) => entries.iter().flat_map(references).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => BTreeSet::new(),
    }
}

#[test]
fn every_reference_resolves_and_every_component_is_used() {
    let api = serde_json::to_value(Description::openapi()).unwrap();
    let references = references(&api);
    for reference in &references {
        let pointer = reference.trim_start_matches('#');
        assert!(api.pointer(pointer).is_some(), "{reference}");
    }
    for kind in ["schemas", "headers"] {
        for name in api["components"][kind].as_object().unwrap().keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(references.contains(&reference), "nothing uses {reference}");
        }
    }
}

#[test]
fn operation_ids_are_unique_and_begin_with_a_verb() {
    let ids: Vec<_> = operations()
        .into_iter()
        .map(|(_, operation)| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    let verbs: BTreeSet<_> = ids.iter().map(|id| id.split('_').next().unwrap()).collect();
    let known = [
        "acknowledge",
        "cancel",
        "check",
        "confirm",
        "create",
        "delete",
        "find",
        "generate",
        "get",
        "hand",
        "issue",
        "list",
        "make",
        "mint",
        "order",
        "price",
        "process",
        "push",
        "put",
        "receive",
        "recommend",
        "recover",
        "replay",
        "resume",
        "revoke",
        "rotate",
        "send",
        "set",
        "settle",
        "test",
    ];
    assert_eq!(verbs, BTreeSet::from(known));
}
