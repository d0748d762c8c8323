//! The pushed notifications: every shipment goes through the same steps.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use local::demo::DemoAccount;
use local::stack::Stack;
use serde_json::{Value, json};
use simulators::http_client;

/// The steps of a forward shipment, as an aggregator reports them.
pub(super) const STEPS: [&str; 8] = [
    "AWB_GENERATED",
    "PICKUP_SCHEDULED",
    "PICKED_UP",
    "IN_TRANSIT",
    "REACHED_DESTINATION_HUB",
    "OUT_FOR_DELIVERY",
    "FAILED_DELIVERY",
    "DELIVERED",
];

/// The step of [`STEPS`] that is a delivery exception.
pub(super) const FAILED: usize = 6;

/// An aggregator that pushes to the demo account.
#[derive(Clone)]
pub(super) struct Pusher {
    client: reqwest::Client,
    account: DemoAccount,
}

impl Pusher {
    /// For the demo's client.
    pub(super) fn new(stack: &Stack) -> anyhow::Result<Self> {
        let demo = stack.demo().context("the stack has no demo")?;
        let account = demo.accounts.get("magic");
        Self::of(account.context("the demo has no account magic")?.clone())
    }

    /// For this account.
    pub(super) fn of(account: DemoAccount) -> anyhow::Result<Self> {
        let client = http_client::client()?;
        Ok(Self { client, account })
    }

    /// Pushes one step of a shipment and returns how long it took.
    pub(super) async fn push(&self, shipment: &str, step: usize) -> anyhow::Result<Duration> {
        self.send(&notification(shipment, step)).await
    }

    /// Pushes one of any number of events of a shipment.
    pub(super) async fn push_event(&self, shipment: &str, number: usize) -> anyhow::Result<()> {
        let mut body = notification(shipment, number % STEPS.len());
        if let Some(fields) = body.as_object_mut() {
            fields.insert(
                "eventId".to_owned(),
                json!(format!("{shipment}-event-{number}")),
            );
        }
        self.send(&body).await?;
        Ok(())
    }

    async fn send(&self, body: &Value) -> anyhow::Result<Duration> {
        let mut request = self.client.post(&self.account.push_url).json(body);
        for (name, value) in &self.account.headers {
            request = request.header(name, value);
        }
        let began = Instant::now();
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        let took = began.elapsed();
        ensure!(
            status == 200 && text.contains("ACCEPTED"),
            "a push was not accepted: {status}: {text}"
        );
        Ok(took)
    }
}

fn notification(shipment: &str, step: usize) -> Value {
    json!({
        "eventId": format!("{shipment}-{step}"),
        "eventTime": format!("2026-01-{:02}T10:30:00+05:30", step + 1),
        "forwardOrderCode": format!("ORDER-{shipment}"),
        "forwardAwb": format!("AWB{shipment}"),
        "carrierName": "Blue Dart Surface",
        "notificationType": STEPS.get(step),
        "shipmentType": "FORWARD",
        "logisticAggregatorName": "MAGIC",
        "warehouseCode": "WH-BLR-01",
        "returnOrderInfo": null,
        "items": [
            { "sku": "JEANS-32-BLUE", "quantity": 1 },
            { "sku": "SHIRT-M-WHITE", "quantity": 2 },
        ],
    })
}
