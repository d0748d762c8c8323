//! Helpers for a stack's demo client and for the simulators of its accounts.

use std::sync::Arc;

use local::handler_world::stored::{add_return_order, return_order};
use local::stack::Stack;
use logistics::domain::account::LogisticAccount;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::store::configuring::accounts::Accounts;
use logistics::store::returning::return_orders::ReturnOrders;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::vendors;

/// The path of the demo's main endpoint at the sink.
pub(crate) const MAIN_PATH: &str = "/webhooks/rms";

/// The name of a table by its logical id.
pub(crate) fn table<'a>(stack: &'a Stack, logical_id: &str) -> &'a str {
    &stack.resources().tables[logical_id]
}

/// The table of accounts.
pub(crate) fn accounts(stack: &Stack) -> Accounts {
    let backends = stack.backends();
    let table = table(stack, "AccountsTable").to_owned();
    Accounts::new(backends.dynamodb_client(), table, backends.vault())
}

/// An account of the demo client.
pub(crate) async fn account(stack: &Stack, alias: &str) -> Arc<LogisticAccount> {
    let (accounts, alias) = (accounts(stack), alias.parse().unwrap());
    let client_id = stack.demo().unwrap().client_id.parse().unwrap();
    let account = accounts.present(&client_id, &alias).await;
    account.unwrap().unwrap()
}

/// Adds a return order of the demo client with these pieces.
pub(crate) async fn add_return(stack: &Stack, code: &str, items: &[&str]) {
    let dynamodb = stack.backends().dynamodb_client();
    let returns = ReturnOrders::new(dynamodb, table(stack, "ReturnOrdersTable").to_owned());
    let client = &stack.demo().unwrap().client_id;
    let order = return_order(code, items).unwrap();
    add_return_order(&returns, client, &order).await.unwrap();
}

/// A forward shipment of the demo client.
pub(crate) fn shipment(stack: &Stack, order_number: &str) -> ShipmentId {
    ShipmentId {
        client_id: stack.demo().unwrap().client_id.parse().unwrap(),
        shipment_type: ShipmentType::Forward,
        order_number: order_number.parse().unwrap(),
        shipment_code: None,
    }
}

/// A push as an account of the demo client, with all its credentials.
pub(crate) fn push(stack: &Stack, http: &Client, alias: &str, body: &Value) -> RequestBuilder {
    let account = &stack.demo().unwrap().accounts[alias];
    let vendor = vendors::vendor(alias);
    let body = vendor.proved(body.clone(), &account.password, &account.push_url);
    let request = http.post(&account.push_url).json(&body);
    account
        .headers
        .iter()
        .fold(request, |request, (name, value)| {
            request.header(name, value)
        })
}

/// Makes an aggregator's simulator push a shipment's notifications up to a state, in a dialect or in its usual one.
pub(crate) fn advance(
    stack: &Stack,
    http: &Client,
    alias: &str,
    [awb, to]: [&str; 2],
    dialect: Option<&str>,
) -> RequestBuilder {
    let mut body = json!({ "awb": awb, "to": to });
    if let Some(dialect) = dialect {
        body["dialect"] = json!(dialect);
    }
    let url = format!("{}/{alias}/advance", stack.simulator_url());
    http.post(url).json(&body)
}

/// Sets the faults of an aggregator's next calls.
pub(crate) async fn set_faults(stack: &Stack, http: &Client, alias: &str, next: Value) {
    let url = format!("{}/{alias}/faults", stack.simulator_url());
    let body = json!({ "next": next }).to_string();
    let set = http.put(url).body(body).send().await.unwrap();
    assert_eq!(set.status(), 200, "{}", set.text().await.unwrap());
}
