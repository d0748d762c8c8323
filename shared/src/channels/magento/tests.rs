//! The adapter, against prepared answers.

mod account;
mod check;
mod documents;
mod inventory;
mod list;
mod order;
mod read;
mod refusal;
mod session;
mod sign;
mod verifier;
mod writes;

use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use super::*;
use crate::channels::workbench::{ChannelBench, account as plain_account};
use crate::domain::selling::document::DocumentItem;
use crate::domain::selling::shipment::Track;

const INTEGRATION: &[(&str, &str)] = &[
    ("consumerKey", "ck-demo"),
    ("consumerSecret", "cs&secret"),
    ("accessToken", "at-demo"),
    ("accessTokenSecret", "ats+secret"),
];
const ADMIN: &[(&str, &str)] = &[("username", "admin"), ("password", "p4ss")];
const CLOUD: &[(&str, &str)] = &[
    ("clientId", "client-7"),
    ("clientSecret", "s3cret"),
    ("organizationId", "org@AdobeOrg"),
];
const ORDER: &str = "/rest/default/V1/orders/11254";
const ADMIN_TOKENS: &str = "/rest/V1/integration/admin/token";

async fn bench(credentials: &[(&str, &str)]) -> ChannelBench {
    ChannelBench::start("MAGENTO", credentials).await
}

fn account_with(credentials: &[(&str, &str)], settings: &[(&str, &str)]) -> ChannelAccount {
    let mut account = plain_account("MAGENTO", credentials);
    let url = "https://shop.example".parse().unwrap();
    account.urls.insert("baseUrl".to_owned(), url);
    set(&mut account, settings);
    account
}

fn set(account: &mut ChannelAccount, settings: &[(&str, &str)]) {
    for (name, value) in settings {
        let (name, value) = ((*name).to_owned(), (*value).to_owned());
        account.settings.insert(name, value);
    }
}

/// An answer of the bench's shop to every request with this method and path.
async fn answers(bench: &ChannelBench, of: (&str, &str), response: ResponseTemplate) {
    Mock::given(method(of.0))
        .and(path(of.1))
        .respond_with(response)
        .mount(&bench.server)
        .await;
}

/// The same, once.
async fn answers_once(bench: &ChannelBench, of: (&str, &str), response: ResponseTemplate) {
    Mock::given(method(of.0))
        .and(path(of.1))
        .respond_with(response)
        .up_to_n_times(1)
        .mount(&bench.server)
        .await;
}

fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn lacks(right: &str) -> ResponseTemplate {
    ResponseTemplate::new(401).set_body_json(json!({
        "message": "The consumer isn't authorized to access %resources.",
        "parameters": { "resources": right },
    }))
}

fn unauthorised(message: &str) -> ResponseTemplate {
    ResponseTemplate::new(401).set_body_json(json!({ "message": message }))
}

/// An order with one simple product, as small as it may be.
fn small_order(id: u64) -> Value {
    json!({
        "entity_id": id, "created_at": "2022-02-17 07:24:49", "order_currency_code": "INR", "grand_total": 10,
        "items": [{ "item_id": 1, "product_type": "simple", "sku": "A", "qty_ordered": 1 }],
    })
}

async fn read(bench: &ChannelBench, id: &str) -> Result<Option<ShopOrder>, PartnerFailure> {
    Magento.read_order(bench.call(), &id.parse().unwrap()).await
}
