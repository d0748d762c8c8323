//! Requests are the test's own; their shape is that of the documents.

mod reads;
mod requests;

use http::HeaderMap;
use serde_json::{Value, json};

use super::*;
use crate::channels::workbench::{ChannelBench, account as plain_account};

const ID: &str = "65f0c0ffee0123456789abcd";

fn store() -> ChannelAccount {
    with_settings(plain_account("RETURN_PRIME", &[("storeToken", "secret")]))
}

fn with_settings(mut account: ChannelAccount) -> ChannelAccount {
    let settings = [
        ("locationCode", "wh-7"),
        ("logisticAccountAlias", "courier"),
    ];
    for (name, value) in settings {
        account.settings.insert(name.to_owned(), value.to_owned());
    }
    account
}

async fn bench() -> ChannelBench {
    let mut bench = ChannelBench::start("RETURN_PRIME", &[("storeToken", "secret")]).await;
    bench.account = with_settings(bench.account);
    bench
}

fn request() -> Value {
    json!({
        "id": ID,
        "request_number": "RET777",
        "request_type": "return",
        "status": "approved",
        "created_at": "2026-11-20T09:00:00.000Z",
        "order": { "id": 5_566_778_899_001_u64, "name": "#1042" },
        "customer": {
            "name": "Asha Example",
            "bank": { "account_holder_name": "Asha Example", "account_number": "000111222333" },
        },
        "approved": { "status": true, "comment": "", "created_at": "2026-11-20T10:00:00.000Z" },
        "received": { "status": false, "comment": null, "created_at": null },
        "line_items": [
            {
                "id": 14_500_000_000_000_001_u64,
                "quantity": 3,
                "reason": "Size too small",
                "original_product": {
                    "title": "Kurta", "variant_title": "M / Blue", "variant_id": 881_u64,
                    "sku": "KUR-M-BLU", "price": "799.50", "image": { "src": "https://cdn.example/k.jpg" },
                },
                "shop_price": { "currency": "INR" },
                "shipping": [],
            },
            {
                "id": "14500000000000002",
                "quantity": 1,
                "reason_detail": "Torn",
                "original_product": { "title": "Scarf", "variant_id": 882_u64, "sku": null, "price": 250 },
                "shipping": [{ "awb": "AWB-1", "shipping_company": "Delhivery" }, { "awb": "AWB-1" }],
            },
        ],
    })
}

fn hook(body: &str) -> Result<ReadHook, Unreadable> {
    ReturnPrime.read_hook(&store(), &HeaderMap::new(), body.as_bytes())
}

#[test]
fn a_webhook_names_a_request_nested_or_flat() {
    for body in [
        json!({ "request": { "id": ID, "status": "received" } }),
        json!({ "id": ID, "refund": {} }),
    ] {
        let named = hook(&body.to_string()).unwrap();
        assert_eq!(named, ReadHook::Return(ID.parse().unwrap()));
    }
}

#[test]
fn a_webhook_without_an_object_id_is_refused_at_the_field() {
    for (body, pointer) in [
        (json!({ "request": { "id": "RET777" } }), "/request/id"),
        (json!({ "request": {} , "id": ID }), "/request/id"),
        (json!({ "id": 5 }), "/id"),
        (json!({ "id": "../../other" }), "/id"),
        (json!({}), "/id"),
    ] {
        let Err(Unreadable::Invalid(wrong)) = hook(&body.to_string()) else {
            panic!("{body}");
        };
        assert_eq!(wrong[0].pointer, pointer, "{body}");
    }
    assert!(matches!(hook("[]"), Err(Unreadable::NotJson(_))));
}

#[test]
fn nothing_is_signed_so_every_webhook_with_the_token_counts() {
    assert!(ReturnPrime.is_authentic(&store(), &HeaderMap::new(), b"{}"));
}

#[test]
fn an_account_needs_the_warehouse() {
    assert_eq!(ReturnPrime.wrong_fields(&store()), Vec::new());
    let mut account = store();
    account.settings.clear();
    let missing = ReturnPrime.wrong_fields(&account);
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].field, "settings/locationCode");
    assert!(missing[0].detail.starts_with("is missing"));
    account
        .settings
        .insert("locationCode".to_owned(), " ".to_owned());
    account
        .settings
        .insert("logisticAccountAlias".to_owned(), "a/b".to_owned());
    let wrong = ReturnPrime.wrong_fields(&account);
    let fields: Vec<&str> = wrong.iter().map(|wrong| wrong.field.as_str()).collect();
    assert_eq!(
        fields,
        ["settings/locationCode", "settings/logisticAccountAlias"]
    );
}
