//! The readers of the routes, each with a sample.

use logistics::aggregators::{PushProof, all_configured};
use logistics::channels;
use logistics::contract::account::{AccountRules, Declared};
use logistics::contract::channel_account::ChannelAccountRules;
use logistics::contract::endpoint::EndpointRules;
use logistics::contract::fields::{Fields, read_request};
use logistics::contract::{
    account, api_key, channel_account, console_link, courier, endpoint, exchange, fulfilling,
    invoice, pricing, processing, push, recovery, replay, return_order, selling, settlement,
    shipment,
};
use logistics::domain::account_request::AccountRequest;
use logistics::domain::channel_account_request::ChannelAccountRequest;
use logistics::domain::endpoint_request::EndpointRequest;
use logistics::domain::shipment::ShipmentType;
use logistics::outbound::headers;
use serde_json::Value;

use crate::schemas::samples;

/// A request body: its schema, a valid one, and how its route reads one.
pub(super) struct Reader {
    pub(super) schema: &'static str,
    pub(super) sample: Value,
    pub(super) read: Reading,
}

/// The pointers of the fields that had no effect; `None` if the body is refused.
type Reading = fn(&Value) -> Option<Vec<String>>;

impl Reader {
    /// Whether the route refuses a body.
    pub(super) fn refuses(&self, body: &Value) -> bool {
        (self.read)(body).is_none()
    }
}

pub(super) fn readers() -> Vec<Reader> {
    let reader = |schema, sample, read| Reader {
        schema,
        sample,
        read,
    };
    let label: Reading =
        |body| ignored(body, |fields| shipment::read(fields, ShipmentType::Forward));
    let return_awb =
        |body: &Value| ignored(body, |fields| shipment::read(fields, ShipmentType::Return));
    let replayed: Reading = |body| ignored(body, replay::read);
    // A push is never warned of anything.
    let pushed: Reading = |body| {
        let read = push::read_push(body.to_string().as_bytes());
        read.ok().map(|_| Vec::new())
    };
    let mut readers = vec![
        reader("LabelRequest", samples::label(), label),
        reader("ReturnAwbRequest", samples::return_awb(), return_awb),
        reader("ExchangeRequest", samples::exchange(), |body| {
            ignored(body, exchange::read)
        }),
        reader("CourierRecommendationRequest", samples::route(), |body| {
            ignored(body, courier::read)
        }),
        reader("PushRequest", samples::push(), pushed),
        reader("PushRequest", samples::push_of_return(), pushed),
        reader("SettlementRequest", samples::settlement(), |body| {
            ignored(body, settlement::read)
        }),
        reader("SettlementRequest", samples::settled_by_nothing(), |body| {
            ignored(body, settlement::read)
        }),
        reader("Recovery", samples::recovery(), |body| {
            ignored(body, recovery::read)
        }),
        reader("UnmappedReplay", samples::replay(), replayed),
        reader("InvoiceRequest", samples::invoice(), |body| {
            ignored(body, invoice::read)
        }),
        reader("InventoryRequest", samples::inventory(), |body| {
            ignored(body, selling::stock::read)
        }),
        reader("ManifestRequest", samples::manifest(), |body| {
            ignored(body, selling::manifest::read)
        }),
        reader("ReturnOrderRequest", samples::return_order(), |body| {
            ignored(body, return_order::read)
        }),
        reader("AwbOfReturn", samples::awb_of_return(), |body| {
            ignored(body, return_order::awb::read)
        }),
        reader("ReturnProcessingRequest", samples::processing(), |body| {
            ignored(body, processing::read)
        }),
        reader(
            "NamedReturnProcessingRequest",
            samples::processing(),
            |body| ignored(body, processing::read_with_code),
        ),
        reader("OutboundOrderRequest", samples::outbound_order(), |body| {
            ignored(body, fulfilling::outbound_order::check)
        }),
        reader(
            "OutboundConfirmationRequest",
            samples::outbound_confirmation(),
            |body| ignored(body, fulfilling::confirmation::read),
        ),
        reader("ApiKeyRequest", samples::api_key(), |body| {
            let now = "2026-11-21T10:00:00Z".parse().unwrap();
            ignored(body, |fields| api_key::read(fields, now))
        }),
        reader("ConsoleLinkRequest", samples::console_link(), |body| {
            ignored(body, console_link::read)
        }),
        reader(
            "WebhookEndpointConfiguration",
            samples::endpoint(),
            |body| ignored(body, read_endpoint),
        ),
        reader(
            "WebhookEndpointConfiguration",
            samples::endpoint_with_basic(),
            |body| ignored(body, read_endpoint),
        ),
    ];
    readers.extend(of_warehouses());
    readers.extend(of_prices());
    readers.extend(of_changes());
    let accounts = samples::accounts().into_iter();
    readers.extend(accounts.map(|sample| {
        reader("LogisticAccountConfiguration", sample, |body| {
            ignored(body, read_account)
        })
    }));
    let accounts = samples::channel_accounts().into_iter();
    readers.extend(accounts.map(|sample| {
        reader("ChannelAccountConfiguration", sample, |body| {
            ignored(body, read_channel_account)
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
            read: |body| ignored(body, selling::invoice::read),
        },
        Reader {
            schema: "ChannelShipmentRequest",
            sample: samples::channel_shipment(),
            read: |body| ignored(body, selling::shipment::read),
        },
        Reader {
            schema: "ChannelHandoverRequest",
            sample: samples::channel_handover(),
            read: |body| ignored(body, selling::handover::read),
        },
    ]
}

/// Those of questions about prices.
fn of_prices() -> [Reader; 2] {
    [
        Reader {
            schema: "GoodsPricingRequest",
            sample: samples::goods_to_price(),
            read: |body| ignored(body, pricing::read_goods),
        },
        Reader {
            schema: "ParcelPricingRequest",
            sample: samples::parcel_to_price(),
            read: |body| ignored(body, |fields| pricing::read_parcel(fields, None)),
        },
    ]
}

/// Those of a warehouse's reports.
fn of_warehouses() -> [Reader; 2] {
    [
        Reader {
            schema: "GoodsIssue",
            sample: samples::goods_issue(),
            read: |body| ignored(body, fulfilling::goods_issue::read),
        },
        Reader {
            schema: "WarehouseStatus",
            sample: samples::order_status(),
            read: |body| ignored(body, fulfilling::order_status::read),
        },
    ]
}

fn ignored<T>(body: &Value, read: impl FnOnce(&Fields<'_>) -> Option<T>) -> Option<Vec<String>> {
    let (_, ignored) = read_request(body.to_string().as_bytes(), read).ok()?;
    let warnings = ignored.into_warnings().into_iter();
    Some(warnings.map(|warning| warning.pointer).collect())
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
