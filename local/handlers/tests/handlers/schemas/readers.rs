//! The readers of the routes, each with a sample.

use logistics::aggregators::{PushProof, all_configured};
use logistics::channels;
use logistics::contract::account::{AccountRules, Declared};
use logistics::contract::channel_account::ChannelAccountRules;
use logistics::contract::endpoint::EndpointRules;
use logistics::contract::fields::{Fields, read_value};
use logistics::contract::{
    account, api_key, channel_account, courier, endpoint, exchange, fulfilling, invoice, pricing,
    processing, push, recovery, return_order, selling, settlement, shipment,
};
use logistics::domain::account_request::AccountRequest;
use logistics::domain::channel_account_request::ChannelAccountRequest;
use logistics::domain::endpoint_request::EndpointRequest;
use logistics::domain::shipment::ShipmentType;
use logistics::outbound::headers;
use serde_json::Value;

use crate::schemas::samples;

/// A request body: its schema, a valid one, and whether the route refuses one.
pub(super) struct Reader {
    pub(super) schema: &'static str,
    pub(super) sample: Value,
    pub(super) refuses: fn(&Value) -> bool,
}

pub(super) fn readers() -> Vec<Reader> {
    let reader = |schema, sample, refuses| Reader {
        schema,
        sample,
        refuses,
    };
    let label: fn(&Value) -> bool =
        |body| refused(body, |fields| shipment::read(fields, ShipmentType::Forward));
    let return_awb =
        |body: &Value| refused(body, |fields| shipment::read(fields, ShipmentType::Return));
    let pushed: fn(&Value) -> bool = |body| push::read_push(body.to_string().as_bytes()).is_err();
    let mut readers = vec![
        reader("LabelRequest", samples::label(), label),
        reader("ReturnAwbRequest", samples::return_awb(), return_awb),
        reader("ExchangeRequest", samples::exchange(), |body| {
            refused(body, exchange::read)
        }),
        reader("CourierRecommendationRequest", samples::route(), |body| {
            refused(body, courier::read)
        }),
        reader("PushRequest", samples::push(), pushed),
        reader("PushRequest", samples::push_of_return(), pushed),
        reader("SettlementRequest", samples::settlement(), |body| {
            refused(body, settlement::read)
        }),
        reader("SettlementRequest", samples::settled_by_nothing(), |body| {
            refused(body, settlement::read)
        }),
        reader("Recovery", samples::recovery(), |body| {
            refused(body, recovery::read)
        }),
        reader("InvoiceRequest", samples::invoice(), |body| {
            refused(body, invoice::read)
        }),
        reader("InventoryRequest", samples::inventory(), |body| {
            refused(body, selling::stock::read)
        }),
        reader("ManifestRequest", samples::manifest(), |body| {
            refused(body, selling::manifest::read)
        }),
        reader("ReturnOrderRequest", samples::return_order(), |body| {
            refused(body, return_order::read)
        }),
        reader("AwbOfReturn", samples::awb_of_return(), |body| {
            refused(body, return_order::awb::read)
        }),
        reader("ReturnProcessingRequest", samples::processing(), |body| {
            refused(body, processing::read)
        }),
        reader(
            "NamedReturnProcessingRequest",
            samples::processing(),
            |body| refused(body, processing::read_with_code),
        ),
        reader("OutboundOrderRequest", samples::outbound_order(), |body| {
            refused(body, fulfilling::outbound_order::check)
        }),
        reader(
            "OutboundConfirmationRequest",
            samples::outbound_confirmation(),
            |body| refused(body, fulfilling::confirmation::read),
        ),
        reader("ApiKeyRequest", samples::api_key(), |body| {
            let now = "2026-11-21T10:00:00Z".parse().unwrap();
            refused(body, |fields| api_key::read(fields, now))
        }),
        reader(
            "WebhookEndpointConfiguration",
            samples::endpoint(),
            |body| refused(body, read_endpoint),
        ),
        reader(
            "WebhookEndpointConfiguration",
            samples::endpoint_with_basic(),
            |body| refused(body, read_endpoint),
        ),
    ];
    readers.extend(of_warehouses());
    readers.extend(of_prices());
    readers.extend(of_changes());
    let accounts = samples::accounts().into_iter();
    readers.extend(accounts.map(|sample| {
        reader("LogisticAccountConfiguration", sample, |body| {
            refused(body, read_account)
        })
    }));
    let accounts = samples::channel_accounts().into_iter();
    readers.extend(accounts.map(|sample| {
        reader("ChannelAccountConfiguration", sample, |body| {
            refused(body, read_channel_account)
        })
    }));
    readers
}

/// Those of changes of a channel's order.
fn of_changes() -> [Reader; 3] {
    [
        Reader {
            schema: "ChannelInvoiceRequest",
            sample: samples::channel_invoice(),
            refuses: |body| refused(body, selling::invoice::read),
        },
        Reader {
            schema: "ChannelShipmentRequest",
            sample: samples::channel_shipment(),
            refuses: |body| refused(body, selling::shipment::read),
        },
        Reader {
            schema: "ChannelHandoverRequest",
            sample: samples::channel_handover(),
            refuses: |body| refused(body, selling::handover::read),
        },
    ]
}

/// Those of questions about prices.
fn of_prices() -> [Reader; 2] {
    [
        Reader {
            schema: "GoodsPricingRequest",
            sample: samples::goods_to_price(),
            refuses: |body| refused(body, pricing::read_goods),
        },
        Reader {
            schema: "ParcelPricingRequest",
            sample: samples::parcel_to_price(),
            refuses: |body| refused(body, |fields| pricing::read_parcel(fields, None)),
        },
    ]
}

/// Those of a warehouse's reports.
fn of_warehouses() -> [Reader; 2] {
    [
        Reader {
            schema: "GoodsIssue",
            sample: samples::goods_issue(),
            refuses: |body| refused(body, fulfilling::goods_issue::read),
        },
        Reader {
            schema: "WarehouseStatus",
            sample: samples::order_status(),
            refuses: |body| refused(body, fulfilling::order_status::read),
        },
    ]
}

fn refused<T>(body: &Value, read: impl FnOnce(&Fields<'_>) -> Option<T>) -> bool {
    read_value(body, read).is_err()
}

/// The rules for URLs depend on the deployment.
fn read_endpoint(fields: &Fields<'_>) -> Option<EndpointRequest> {
    let rules = EndpointRules {
        url: &|_| Ok(()),
        header: &headers::check_name,
    };
    endpoint::read(fields, &rules)
}

fn read_account(fields: &Fields<'_>) -> Option<AccountRequest> {
    let rules = AccountRules {
        aggregator: &declared,
        url: &|_| Ok(()),
    };
    account::read(fields, &rules)
}

fn read_channel_account(fields: &Fields<'_>) -> Option<ChannelAccountRequest> {
    let form = |name: &str| {
        let mut all = channels::all_configured();
        let found = all.find(|adapter| adapter.name() == name);
        Ok(found.ok_or("is unknown")?.form())
    };
    let rules = ChannelAccountRules {
        form: &form,
        url: &|_| Ok(()),
    };
    channel_account::read(fields, &rules)
}

fn declared(name: &str) -> Result<Declared, String> {
    let found = all_configured().find(|adapter| adapter.name() == name);
    let adapter = found.ok_or("is unknown")?;
    Ok(Declared {
        form: adapter.form(),
        has_webhook_key: matches!(
            adapter.push_proof(),
            PushProof::Token {
                key_header: Some(_)
            }
        ),
    })
}
