//! An endpoint recovers: the resume function delivers the waiting deliveries in order.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use dynoxide::{AttributeValue, Item};
use jiff::{SignedDuration, Timestamp};
use local::handler_world::{sent_by_aws, stored};
use local::stack::{Options, Stack};
use logistics::domain::endpoint::DEFAULT_LANES;
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::health::{Suspension, SuspensionReason};
use logistics::domain::notification::Identity;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::store::delivering::health::EndpointHealths;
use logistics::store::delivering::parked::{
    EndpointLane, Parked, ParkedDeliveries, ParkedDelivery,
};
use logistics::store::keys::Key;
use logistics::store::message_keys::MessageKey;
use logistics::store::notifying::notifications::Notifications;
use logistics::store::packed::pack;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::Binaries;
use crate::figure::{number, rounded};
use crate::process::{cpu_time_of_all, resident_mb};
use crate::pushes::STEPS;
use crate::scenario::import::Table;
use crate::scenario::progress::bar;

const RESUME: &str = "notification-resume";
/// Interval of progress updates.
const LOOK: Duration = Duration::from_secs(1);

/// The measurements.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recovery {
    /// Number of waiting deliveries.
    pub waiting: usize,
    /// Number of deliveries that arrived more than once.
    pub duplicates: usize,
    /// Whether the deliveries of each shipment arrived in order.
    pub in_order: bool,
    /// Number of runs of the function.
    pub runs: usize,
    /// Time from the first run to the end of the suspension.
    pub seconds: f64,
    /// Arrived notifications per second of that time.
    pub notifications_per_second: f64,
    /// CPU time of the function per notification.
    pub cpu_ms: f64,
    /// Resident memory of the function at the end, in MB (10^6 bytes).
    pub memory_mb: f64,
    /// AWS calls per notification.
    pub calls: BTreeMap<String, f64>,
}

/// Stores this many waiting deliveries and measures how they are drained.
pub(super) async fn measure(binaries: &Binaries, waiting: usize) -> anyhow::Result<Recovery> {
    let stack = Stack::start(Options {
        count_calls: true,
        instance_limit: 1,
        ..binaries.options()
    })
    .await?;
    let outage = Outage::of(&stack)?;
    outage.happen(waiting).await?;
    let sink = stack.sink().context("the stack has no sink")?;
    let before = stack.calls();
    let began = Instant::now();
    let progress = bar(waiting, "drained");
    let mut runs = 0;
    while outage.lasts().await? {
        runs += 1;
        let mut run = Box::pin(stack.invoke(RESUME, sent_by_aws(RESUME)?));
        while tokio::time::timeout(LOOK, &mut run).await.is_err() {
            progress.set_position(u64::try_from(sink.count())?);
        }
    }
    progress.finish_and_clear();
    let seconds = began.elapsed().as_secs_f64();
    let count = number(u64::try_from(waiting.max(1))?);
    let arrived = sink.received();
    let (in_order, duplicates) = judge(arrived.iter().map(|request| &*request.body))?;
    ensure!(
        arrived.len() - duplicates == waiting,
        "only {} of {waiting} deliveries arrived",
        arrived.len()
    );
    let more = |(name, now): (String, u64)| {
        let before = before.get(&name).copied().unwrap_or(0);
        (name, rounded(number(now - before) / count))
    };
    let recovery = Recovery {
        waiting,
        duplicates,
        in_order,
        runs,
        seconds: rounded(seconds),
        notifications_per_second: rounded(count / seconds),
        cpu_ms: rounded(cpu_time_of_all(&stack, RESUME)?.as_secs_f64() * 1000.0 / count),
        memory_mb: rounded(resident_mb(&stack, RESUME)?),
        calls: stack.calls().into_iter().map(more).collect(),
    };
    stack.stop().await;
    Ok(recovery)
}

/// The demo endpoint's outage.
struct Outage<'a> {
    stack: &'a Stack,
    endpoint: EndpointKey,
    healths: EndpointHealths,
}

/// A notification and its delivery, as the product stores them.
struct Models {
    notification: Item,
    parked: Item,
}

impl<'a> Outage<'a> {
    fn of(stack: &'a Stack) -> anyhow::Result<Self> {
        let demo = stack.demo().context("the stack has no demo")?;
        let healths = table(stack, "EndpointHealthTable")?;
        Ok(Self {
            stack,
            endpoint: EndpointKey {
                client_id: demo.client_id.parse()?,
                endpoint_id: demo.endpoint_id.parse()?,
            },
            healths: EndpointHealths::new(stack.backends().dynamodb_client(), healths),
        })
    }

    /// Stores the deliveries of shipments that progressed side by side, and suspends the endpoint.
    async fn happen(&self, waiting: usize) -> anyhow::Result<()> {
        let models = self.first().await?;
        let shipments = waiting.div_ceil(STEPS.len());
        let way = |number| (number % shipments, number / shipments);
        let notification = |number| self.notification(&models, way(number));
        let notifications = Table::of(self.stack, "NotificationsTable")?;
        notifications.fill(waiting, notification).await?;
        let parked = |number| self.parked(&models, number, way(number));
        let deliveries = Table::of(self.stack, "ParkedDeliveriesTable")?;
        deliveries.fill(waiting, parked).await?;
        let since = Timestamp::now() - SignedDuration::from_hours(24);
        self.healths.fails(&self.endpoint, since).await?;
        let seen = self.healths.read(&self.endpoint).await?;
        let suspension = Suspension::new(since, SuspensionReason::Failing, DEFAULT_LANES);
        let suspended = self.healths.suspend(&self.endpoint, &seen, &suspension);
        ensure!(suspended.await?, "the endpoint was not suspended");
        Ok(())
    }

    /// Stores the first notification and delivery with the product's own code.
    async fn first(&self) -> anyhow::Result<Models> {
        let dynamodb = || self.stack.backends().dynamodb_client();
        let (shipment, key) = self.key(0, 0)?;
        let at = Timestamp::now().as_millisecond();
        let mut notification = stored::notification(&shipment, at)?;
        notification.payload = Some(pack(payload(0, 0).to_string().as_bytes())?);
        let notifications =
            Notifications::new(dynamodb(), table(self.stack, "NotificationsTable")?);
        let identity = identity(0, 0);
        notifications
            .store(&shipment, &identity, &notification)
            .await?;
        let record = key.delivery(&self.endpoint.endpoint_id);
        let parked = Parked {
            key: self.lane(&shipment)?.place("0"),
            delivery: ParkedDelivery::new(&record, at, 0, false),
        };
        let deliveries = table(self.stack, "ParkedDeliveriesTable")?;
        ParkedDeliveries::new(dynamodb(), deliveries)
            .put(&parked)
            .await?;
        Ok(Models {
            notification: Table::of(self.stack, "NotificationsTable")?.one_with("payload")?,
            parked: Table::of(self.stack, "ParkedDeliveriesTable")?.one_with("recordPk")?,
        })
    }

    fn key(&self, shipment: usize, step: usize) -> anyhow::Result<(ShipmentId, MessageKey)> {
        let client = self.endpoint.client_id.as_str();
        let order = format!("ORDER-{shipment}");
        let id = stored::shipment(client, &order, ShipmentType::Forward, None)?;
        let identity = identity(shipment, step);
        let key = MessageKey::of_notification(&id, Some(&"clickpost".parse()?), &identity, 0);
        Ok((id, key))
    }

    fn notification(
        &self,
        models: &Models,
        (shipment, step): (usize, usize),
    ) -> anyhow::Result<Item> {
        let (_, key) = self.key(shipment, step)?;
        let payload = pack(payload(shipment, step).to_string().as_bytes())?;
        let mut item = with_key(&models.notification, key.key());
        item.insert("payload".to_owned(), AttributeValue::B(payload.into_vec()));
        Ok(item)
    }

    fn parked(
        &self,
        models: &Models,
        number: usize,
        (shipment, step): (usize, usize),
    ) -> anyhow::Result<Item> {
        let (id, key) = self.key(shipment, step)?;
        let record = key.delivery(&self.endpoint.endpoint_id);
        let mut item = with_key(&models.parked, self.lane(&id)?.place(&number.to_string()));
        item.insert("recordPk".to_owned(), AttributeValue::S(record.pk));
        item.insert("recordSk".to_owned(), AttributeValue::S(record.sk));
        Ok(item)
    }

    fn lane(&self, shipment: &ShipmentId) -> anyhow::Result<EndpointLane> {
        Ok(EndpointLane {
            endpoint: self.endpoint.clone(),
            lane: u16::try_from(
                shipment.subject().lane_seed(&shipment.client_id) % u64::from(DEFAULT_LANES),
            )?,
        })
    }

    async fn lasts(&self) -> anyhow::Result<bool> {
        let health = self.healths.read(&self.endpoint).await?;
        Ok(health.suspension.is_some())
    }
}

fn table(stack: &Stack, logical_id: &str) -> anyhow::Result<String> {
    let table = stack.resources().tables.get(logical_id).cloned();
    table.with_context(|| format!("the template has no {logical_id}"))
}

fn identity(shipment: usize, step: usize) -> Identity {
    Identity::Event(format!("{shipment}-{step}"))
}

fn with_key(model: &Item, key: Key) -> Item {
    let mut item = model.clone();
    item.insert("pk".to_owned(), AttributeValue::S(key.pk));
    item.insert("sk".to_owned(), AttributeValue::S(key.sk));
    item
}

/// A payload as long as a real one.
fn payload(shipment: usize, step: usize) -> Value {
    let order = format!("ORDER-{shipment}");
    json!({
        "forwardOrderCode": order,
        "forwardShipmentCode": null,
        "forwardAwb": format!("AWB-{order}"),
        "courierName": "Blue Dart Surface",
        "notificationType": STEPS.get(step),
        "notificationUpdateTime": 1_795_166_100,
        "logisticAggregatorInfo": { "logisticAggregatorName": "MAGIC", "logisticAggregatorMetaData": {} },
        "returnOrderInfo": null,
        "warehouseCode": "WH-BLR-01",
        "items": [
            { "itemId": null, "sku": "JEANS-32-BLUE", "quantity": 1 },
            { "itemId": null, "sku": "SHIRT-M-WHITE", "quantity": 2 },
        ],
    })
}

/// Whether the first arrivals of each shipment came in order, and how many deliveries arrived more than once.
fn judge<'a>(bodies: impl Iterator<Item = &'a str>) -> anyhow::Result<(bool, usize)> {
    let mut next: HashMap<String, usize> = HashMap::new();
    let (mut in_order, mut duplicates) = (true, 0);
    for body in bodies {
        let body: Value = serde_json::from_str(body)?;
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let step = STEPS
            .iter()
            .position(|step| *step == text("notificationType"));
        let step = step.context("received a notification that was not parked")?;
        let next = next.entry(text("forwardOrderCode").to_owned()).or_default();
        duplicates += usize::from(step < *next);
        in_order &= step <= *next;
        *next = (*next).max(step + 1);
    }
    Ok((in_order, duplicates))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(told: &[(usize, usize)]) -> (bool, usize) {
        let bodies: Vec<String> = told
            .iter()
            .map(|(shipment, step)| payload(*shipment, *step).to_string())
            .collect();
        judge(bodies.iter().map(String::as_str)).unwrap()
    }

    #[test]
    fn order_holds_within_a_shipment_and_repeats_are_counted() {
        assert_eq!(judged(&[(1, 0), (2, 0), (1, 1), (2, 1)]), (true, 0));
        assert_eq!(judged(&[(1, 0), (1, 1), (1, 0), (1, 2)]), (true, 1));
        assert_eq!(judged(&[(1, 1), (1, 0)]), (false, 1));
    }
}
