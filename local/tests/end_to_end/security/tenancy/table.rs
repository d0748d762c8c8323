//! Each described route, who may call it, and what another client gets.

use logistics::domain::client::Scope;

use crate::security::world::{Answer, World};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// A key with this scope.
    Key(Scope),
    /// A key with at least one of these scopes.
    Either([Scope; 2]),
    /// An account's push credential; an API key is not accepted.
    Push,
    /// Everyone.
    Public,
}

/// The answer to a client that requests another client's object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Foreign {
    /// The same answer as if the object did not exist.
    Refused(u16, &'static str),
    /// The client's own data, which does not include the object.
    Own(u16),
}

use Foreign::{Own, Refused};
use Guard::{Either, Key, Public, Push};
use Scope::{Channels, Configuration, Fulfilment, Notifications, Returns, Shipping};

const RETURN_AWBS: Guard = Either([Returns, Shipping]);
const NOT_FOUND: Foreign = Refused(404, "not-found");
const NO_ACCOUNT: Foreign = Refused(422, "unknown-account-alias");

/// A route, who may call it, and the answer to another client.
pub(super) type Row = (&'static str, Guard, Foreign);

const ROWS: [Row; 80] = [
    ("POST /courier-recommendations", Key(Shipping), NO_ACCOUNT),
    (
        "POST /v3/fulfillment/pricing/domestic",
        Key(Fulfilment),
        NO_ACCOUNT,
    ),
    ("POST /v3/pricing/domestic", Key(Fulfilment), NO_ACCOUNT),
    (
        "POST /v3/pricing/domestic/{rate_type}",
        Key(Fulfilment),
        NO_ACCOUNT,
    ),
    ("POST /orders", Key(Shipping), NO_ACCOUNT),
    ("POST /shipping-labels", Key(Shipping), NO_ACCOUNT),
    ("GET /shipping-labels", Key(Shipping), NOT_FOUND),
    ("DELETE /shipping-labels", Key(Shipping), NOT_FOUND),
    ("POST /shipping-labels/settle", Key(Shipping), NOT_FOUND),
    ("POST /return-awbs", RETURN_AWBS, NO_ACCOUNT),
    ("GET /return-awbs", RETURN_AWBS, NOT_FOUND),
    ("DELETE /return-awbs", RETURN_AWBS, NOT_FOUND),
    ("POST /exchanges", Key(Returns), NO_ACCOUNT),
    ("POST /rms-magic/notification/push", Push, NOT_FOUND),
    ("POST /notifications/{token}", Push, NOT_FOUND),
    ("GET /notifications/{token}", Key(Notifications), NOT_FOUND),
    ("GET /notifications", Key(Notifications), Own(200)),
    ("GET /shipments", Key(Notifications), NOT_FOUND),
    (
        "GET /shipments/{orderNumber}",
        Key(Notifications),
        NOT_FOUND,
    ),
    (
        "POST /webhook-endpoints/{id}/recover",
        Key(Notifications),
        NOT_FOUND,
    ),
    ("GET /unmapped-statuses", Key(Notifications), Own(200)),
    (
        "POST /unmapped-statuses/replay",
        Key(Notifications),
        NO_ACCOUNT,
    ),
    ("POST /return/return-orders", Key(Returns), Own(200)),
    ("GET /return-orders", Key(Returns), Own(200)),
    ("DELETE /return-orders", Key(Returns), NOT_FOUND),
    (
        "GET /return-orders/{returnOrderCode}",
        Key(Returns),
        NOT_FOUND,
    ),
    (
        "DELETE /return-orders/{returnOrderCode}",
        Key(Returns),
        NOT_FOUND,
    ),
    (
        "PUT /return-orders/{returnOrderCode}/awb",
        Key(Returns),
        NOT_FOUND,
    ),
    ("PUT /return-orders/awb", Key(Returns), NOT_FOUND),
    ("POST /invoices", Key(Returns), Own(200)),
    (
        "POST /return-orders/{returnOrderCode}/processing",
        Key(Returns),
        NOT_FOUND,
    ),
    ("POST /return-orders/processing", Key(Returns), NOT_FOUND),
    ("POST /v3/fulfillment/pgi", Key(Fulfilment), Own(200)),
    (
        "POST /v3/fulfillment/order-status",
        Key(Fulfilment),
        Own(200),
    ),
    ("POST /channels/hooks/{token}", Push, NOT_FOUND),
    ("PUT /channels/{alias}/inventory", Key(Channels), NOT_FOUND),
    ("POST /channels/{alias}/manifests", Key(Channels), NOT_FOUND),
    (
        "GET /channels/{alias}/manifests/{manifestId}",
        Key(Channels),
        NOT_FOUND,
    ),
    ("GET /channels/{alias}/orders", Key(Channels), NOT_FOUND),
    (
        "GET /channels/{alias}/orders/{channelOrderId}",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "GET /channels/{alias}/orders/{channelOrderId}/status",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "GET /channels/{alias}/cancelled-orders",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "POST /channels/{alias}/orders/{channelOrderId}/acknowledge",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "POST /channels/{alias}/orders/{channelOrderId}/cancel",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "POST /channels/{alias}/orders/{channelOrderId}/invoices",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "GET /channels/{alias}/orders/{channelOrderId}/invoices",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "POST /channels/{alias}/orders/{channelOrderId}/shipments",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "GET /channels/{alias}/orders/{channelOrderId}/shipments",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "POST /channels/{alias}/orders/{channelOrderId}/handover",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "GET /channels/{alias}/shipments/{shipmentId}",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "POST /v3/fulfillment/outbound/oms",
        Key(Fulfilment),
        Own(202),
    ),
    (
        "GET /v3/fulfillment/outbound/oms",
        Key(Fulfilment),
        Own(200),
    ),
    (
        "GET /v3/fulfillment/outbound/oms/{so_number}",
        Key(Fulfilment),
        NOT_FOUND,
    ),
    (
        "POST /v3/fulfillment/outbound/oms/confirmations",
        Key(Fulfilment),
        NOT_FOUND,
    ),
    ("GET /messages", Key(Notifications), Own(200)),
    ("GET /messages/{messageId}", Key(Notifications), NOT_FOUND),
    ("GET /webhook-endpoints", Key(Configuration), Own(200)),
    ("PUT /webhook-endpoints/{id}", Key(Configuration), Own(201)),
    ("GET /webhook-endpoints/{id}", Key(Configuration), NOT_FOUND),
    (
        "DELETE /webhook-endpoints/{id}",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "POST /webhook-endpoints/{id}/rotate-secret",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "POST /webhook-endpoints/{id}/test",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "POST /webhook-endpoints/{id}/resume",
        Key(Configuration),
        NOT_FOUND,
    ),
    ("GET /logistic-accounts", Key(Configuration), Own(200)),
    (
        "PUT /logistic-accounts/{alias}",
        Key(Configuration),
        Own(201),
    ),
    (
        "GET /logistic-accounts/{alias}",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "DELETE /logistic-accounts/{alias}",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "POST /logistic-accounts/{alias}/check",
        Key(Configuration),
        NOT_FOUND,
    ),
    ("GET /channel-accounts", Key(Configuration), Own(200)),
    (
        "PUT /channel-accounts/{alias}",
        Key(Configuration),
        Own(201),
    ),
    (
        "GET /channel-accounts/{alias}",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "DELETE /channel-accounts/{alias}",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "POST /channel-accounts/{alias}/check",
        Key(Configuration),
        NOT_FOUND,
    ),
    ("POST /api-keys", Key(Configuration), Own(201)),
    ("GET /api-keys", Key(Configuration), Own(200)),
    ("DELETE /api-keys/{id}", Key(Configuration), NOT_FOUND),
    ("POST /console-links", Key(Configuration), Own(201)),
    ("GET /audit", Key(Configuration), Own(200)),
    ("GET /openapi.json", Public, Own(200)),
    ("GET /docs", Public, Own(200)),
];

impl Guard {
    /// The scopes of which each is enough.
    pub(super) fn scopes(&self) -> &[Scope] {
        match self {
            Key(scope) => std::slice::from_ref(scope),
            Either(scopes) => scopes,
            Push | Public => &[],
        }
    }
}

/// The rows of the described routes.
pub(super) async fn rows(world: &World) -> Vec<Row> {
    let description = Answer::to(world.request("GET", "/openapi.json")).await.body;
    let mut found = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let route = format!("{} {path}", method.to_uppercase());
            let row = ROWS.iter().find(|(known, ..)| *known == route);
            found.push(*row.unwrap_or_else(|| panic!("{route} has no row in this table")));
        }
    }
    assert_eq!(found.len(), ROWS.len(), "a row of this table has no route");
    found
}
