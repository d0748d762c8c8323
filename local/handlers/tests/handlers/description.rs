//! The OpenAPI description: composed from the annotations at the handlers and compared with the template.

use std::collections::BTreeSet;

use local::template::{Event, Route, Template};
use logistics::contract::messages::invoice::InvoiceNotificationBody;
use logistics::contract::messages::notification::NotificationBody;
use logistics::contract::problem::ProblemBody;
use logistics::domain::notification::NotificationType;
use serde_json::Value;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::docs;

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");

/// Every handler of a route.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "RMS Logistics",
        description = "One API for courier recommendations, shipping labels and return AWBs in front of logistic \
                       aggregators; their notifications are forwarded to the client, signed, in order and retried."
    ),
    paths(
        api_description::describe,
        cancel_shipment::cancel_label,
        cancel_shipment::cancel_return_awb,
        configuration::accounts::check,
        configuration::accounts::delete,
        configuration::accounts::get,
        configuration::accounts::list,
        configuration::accounts::put,
        configuration::api_keys::delete,
        configuration::api_keys::list,
        configuration::api_keys::post,
        configuration::audit::list,
        configuration::endpoints::delete,
        configuration::endpoints::get,
        configuration::endpoints::list,
        configuration::endpoints::put,
        configuration::endpoints::resume,
        configuration::endpoints::rotate,
        configuration::endpoints::test,
        create_order::create,
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
        recommend_couriers::recommend,
        recover_endpoint::recover,
        return_awb::generate,
        return_awb::get,
        settle_label::settle,
    ),
    components(schemas(
        InvoiceNotificationBody,
        NotificationBody,
        NotificationType,
        ProblemBody,
    )),
    modifiers(&Schemes),
    tags(
        (name = "forward", description = "Couriers and labels"),
        (name = "return", description = "Return AWBs"),
        (name = "notifications", description = "Notifications pushed by aggregators, and their processing"),
        (name = "messages", description = "Messages that RMS sends to a client's systems, and their deliveries"),
        (name = "configuration", description = "Accounts, endpoints and API keys of a client, and the audit log of their changes"),
        (name = "description", description = "This document"),
    )
)]
struct Description;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        let header = |name: &str| SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(name)));
        let http = |scheme| SecurityScheme::Http(HttpBuilder::new().scheme(scheme).build());
        components.add_security_scheme("bearer", http(HttpAuthScheme::Bearer));
        components.add_security_scheme("apiKey", header("x-api-key"));
        components.add_security_scheme("pushUsername", header("authUsername"));
        components.add_security_scheme("pushPassword", header("authPassword"));
        components.add_security_scheme("pushBasic", http(HttpAuthScheme::Basic));
    }
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

#[test]
fn every_route_of_the_template_is_described_and_no_other() {
    let template = Template::of_workspace().unwrap();
    let events = template
        .functions
        .into_iter()
        .flat_map(|function| function.events);
    let route = |event| match event {
        Event::Http(Route::Path { method, path }) => Some(format!("{method} {path}")),
        Event::Http(Route::Default) | Event::Queue(_) | Event::Schedule(_) => None,
    };
    let deployed: BTreeSet<_> = events.filter_map(route).collect();
    assert_eq!(described(), deployed);
}
