//! The handler with an event as AWS sends it, on real tables and queues.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lambda_http::request;
use lambda_runtime::{Context, LambdaEvent};
use local::handler_world::{HandlerWorld, HttpEvent, Logged, sent_by_aws};
use logistics::domain::booking::MetaData;
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::{SeenClaim, ShipmentRecord};
use logistics::domain::facts::ShipmentFacts;
use logistics::domain::fulfilling::outbound_order::{DatedResult, OmsResult, OutboundOrder};
use logistics::domain::message::MessageKind;

use logistics::domain::shipment::ShipmentType;
use logistics::domain::text::{ClientId, SalesOrderNumber};
use logistics::flows::messaging::tell_operator::OperatorEvents;
use logistics::queue::sender::Sender;
use logistics::store::booking::shipments::Claimed;
use outbound_sweep::{App, handle};
use serde_json::{Value, json};

struct Sweeping {
    world: HandlerWorld,
    app: App,
    client: ClientId,
}

fn ago(minutes: i64) -> Timestamp {
    Timestamp::now() - SignedDuration::from_mins(minutes)
}

impl Sweeping {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        Self {
            app: App::new(&world.start_of("outbound-sweep").unwrap()).unwrap(),
            client: world.demo.client_id.parse().unwrap(),
            world,
        }
    }

    /// Stores an order whose deadline was some minutes ago.
    async fn add(&self, number: &str, late: i64) -> OutboundOrder {
        let order = OutboundOrder {
            number: number.parse().unwrap(),
            order_type: None,
            tracking: "T-1".parse().unwrap(),
            warehouse: "wh-1".parse().unwrap(),
            group: format!("group-of-{number}").parse().unwrap(),
            content: String::new(),
            accepted_at: ago(late + 15),
            deadline: ago(late),
            unconfirmed_at: None,
            result: None,
            due_at: None,
        };
        let orders = &self.app.telling.orders;
        let created = orders.create(&self.client, std::slice::from_ref(&order), []);
        assert!(created.await.unwrap());
        order
    }

    /// Records a result without telling it.
    async fn record(&self, order: &OutboundOrder, due_at: Timestamp) {
        let result = DatedResult {
            at: Timestamp::now(),
            result: OmsResult::Confirmed,
        };
        let results = [(order.number.clone(), result)];
        let orders = &self.app.telling.orders;
        let recorded = orders.record_results(&self.client, &results, due_at, Vec::new());
        assert!(recorded.await.unwrap());
    }

    async fn run(&self) {
        let mut context = Context::default();
        let deadline = Timestamp::now() + Duration::from_mins(1);
        context.deadline = u64::try_from(deadline.as_millisecond()).unwrap();
        let event = sent_by_aws("outbound-sweep").unwrap();
        let event = LambdaEvent::new(serde_json::from_str(&event).unwrap(), context);
        handle(&self.app, event).await.unwrap();
    }

    /// Takes the told results from the queue, as `number status`.
    async fn told(&self) -> Vec<String> {
        let sqs = self.world.backends.sqs_client();
        let url = self.world.queue_url("DeliveryQueue").unwrap();
        let mut told = Vec::new();
        loop {
            let receive = sqs.receive_message().queue_url(&url);
            let received = receive.max_number_of_messages(10).send().await.unwrap();
            let messages = received.messages.unwrap_or_default();
            if messages.is_empty() {
                told.sort();
                return told;
            }
            for message in messages {
                let handle = message.receipt_handle.unwrap();
                let delete = sqs.delete_message().queue_url(&url).receipt_handle(handle);
                delete.send().await.unwrap();
                let task: Value = serde_json::from_str(&message.body.unwrap()).unwrap();
                assert_eq!(task["endpointId"], "demo-sink");
                let payload = task["payload"].as_str().unwrap();
                let body: Value = serde_json::from_str(payload).unwrap();
                assert_eq!(body["error"], json!(null));
                let text = |name: &str| body[name].as_str().unwrap().to_owned();
                assert_eq!(text("group_key"), format!("group-of-{}", text("so_number")));
                told.push(format!("{} {}", text("so_number"), text("status")));
            }
        }
    }

    async fn stored(&self, number: &SalesOrderNumber) -> OutboundOrder {
        let orders = &self.app.telling.orders;
        let mut known = orders
            .known(&self.client, std::slice::from_ref(number))
            .await
            .unwrap();
        known.remove(number).unwrap()
    }
}

#[tokio::test]
async fn an_order_that_was_not_confirmed_in_time_is_told_once() {
    let sweeping = Sweeping::start().await;
    let late = sweeping.add("late", 1).await;
    let early = sweeping.add("early", -1).await;
    let confirmed = sweeping.add("confirmed", 1).await;
    sweeping
        .record(&confirmed, Timestamp::now() + Duration::from_mins(2))
        .await;
    sweeping.run().await;
    assert_eq!(sweeping.told().await, ["late UNCONFIRMED"]);
    sweeping.run().await;
    assert!(sweeping.told().await.is_empty());
    let late = sweeping.stored(&late.number).await;
    assert!(late.unconfirmed_at.is_some() && late.due_at.is_none());
    assert_eq!(
        sweeping.stored(&early.number).await,
        OutboundOrder {
            due_at: early.due_at.or(Some(early.deadline)).map(whole),
            ..millis(early)
        }
    );
}

/// A time as it is stored.
fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap()
}

fn millis(order: OutboundOrder) -> OutboundOrder {
    OutboundOrder {
        accepted_at: whole(order.accepted_at),
        deadline: whole(order.deadline),
        ..order
    }
}

#[tokio::test]
async fn a_result_that_was_recorded_but_not_told_is_told_by_the_next_run() {
    let sweeping = Sweeping::start().await;
    let order = sweeping.add("recorded", -1).await;
    sweeping.record(&order, ago(1)).await;
    sweeping.run().await;
    assert_eq!(sweeping.told().await, ["recorded CONFIRMED"]);
    assert_eq!(sweeping.stored(&order.number).await.due_at, None);
    sweeping.run().await;
    assert!(sweeping.told().await.is_empty());
}

#[tokio::test]
async fn a_run_whose_send_failed_is_completed_by_the_next_one() {
    let mut sweeping = Sweeping::start().await;
    let queue_url = sweeping.world.queue_url("DeliveryQueue").unwrap();
    let sender = |url| Sender::new(sweeping.world.backends.sqs_client(), url);
    let (missing, present) = (sender(format!("{queue_url}-missing")), sender(queue_url));
    let order = sweeping.add("late", 1).await;
    sweeping.app.telling.publishing.queue = missing;
    sweeping.run().await;
    let stored = sweeping.stored(&order.number).await;
    assert!(stored.unconfirmed_at.is_some() && stored.due_at.is_some());
    sweeping.app.telling.publishing.queue = present;
    sweeping.run().await;
    assert_eq!(sweeping.told().await, ["late UNCONFIRMED"]);
    assert_eq!(sweeping.stored(&order.number).await.due_at, None);
}

#[tokio::test]
async fn many_late_orders_are_told_in_one_run_and_by_runs_at_the_same_time_once() {
    let sweeping = Sweeping::start().await;
    for number in 0..130 {
        sweeping.add(&format!("SO-{number}"), 1).await;
    }
    tokio::join!(sweeping.run(), sweeping.run());
    sweeping.run().await;
    let mut told = sweeping.told().await;
    let count = told.len();
    told.dedup();
    assert_eq!((count, told.len()), (130, 130));
}

/// The facts of a shipment that is being booked.
fn facts(number: &str) -> ShipmentFacts {
    ShipmentFacts {
        order_number: number.parse().unwrap(),
        shipment_code: None,
        shipment_type: ShipmentType::Forward,
        alias: "magic".parse().unwrap(),
        aggregator: "RMS_MAGIC".parse().unwrap(),
        order_id: None,
        awb: None,
        carrier_name: None,
        warehouse: None,
        ordered_at: None,
        items: Vec::new(),
        meta_data: MetaData::new(),
        return_of: None,
    }
}

/// What a run tells as the number of purchases with an unknown outcome.
async fn counted(sweeping: &Sweeping) -> Value {
    let logged = Logged::from_now();
    sweeping.run().await;
    let lines = logged.with("message", "metrics").unwrap();
    lines[0]["ClaimsUncertain"].clone()
}

#[tokio::test]
async fn purchases_with_an_unknown_outcome_are_counted_until_it_is_known() {
    let sweeping = Sweeping::start().await;
    let shipments = &sweeping.app.shipments;
    let facts = facts("1001");
    let id = facts.id(&sweeping.client);
    let (content, holder) = ("content".to_owned(), "holder".to_owned());
    let claim = ShipmentRecord::claimed(facts, content, holder.clone(), Timestamp::now());
    let claimed = shipments.claim(&id, &claim).await.unwrap();
    assert!(matches!(claimed, Claimed::Ours));
    assert_eq!(counted(&sweeping).await, 0);
    for (before, now, expected) in [
        (Standing::Claimed, Standing::Uncertain, 1),
        (Standing::Uncertain, Standing::Uncertain, 1),
        (Standing::Uncertain, Standing::Released, 0),
    ] {
        let seen = SeenClaim {
            standing: before,
            holder: &holder,
        };
        assert!(shipments.stand(&id, seen, now).await.unwrap());
        assert_eq!(counted(&sweeping).await, expected, "{now}");
    }
}

/// Instances of the function that buys labels, and an endpoint for operators.
struct Buying {
    sweeping: Sweeping,
    event: HttpEvent,
}

impl Buying {
    async fn start() -> Self {
        let sweeping = Sweeping::start().await;
        let kinds = [MessageKind::OperatorEvent];
        sweeping.world.add_endpoint("ops", &kinds).await.unwrap();
        let event = HttpEvent::of("generate-label").unwrap();
        sweeping.world.admit(&event).await.unwrap();
        Self { sweeping, event }
    }

    fn instance(&self) -> generate_label::App {
        let start = self.sweeping.world.start_of("generate-label").unwrap();
        generate_label::App::new(&start).unwrap()
    }

    /// Buys a label. Returns the status, before which the aggregator answered with its own, if one is given.
    async fn buy(&self, app: &generate_label::App, order: &str, refused: Option<u16>) -> u16 {
        let faults = refused.map(
            |status| json!({ "call": "generateShippingLabel", "kind": "status", "status": status }),
        );
        let faults: Vec<_> = faults.into_iter().collect();
        let faults = json!({ "next": faults });
        let simulators = &self.sweeping.world.simulators;
        simulators.set_faults("magic", faults).unwrap();
        let mut body = self.event.body().unwrap();
        body["orderDetails"]["orderNumber"] = order.into();
        let event = self.event.clone().with_body(&body).to_string();
        let answer = generate_label::handle(app, request::from_str(&event).unwrap());
        answer.await.status().as_u16()
    }

    /// Runs the schedule, and takes the operator events that it tells. They are of one subject, so the queue hands them out
    /// one by one.
    async fn told(&self) -> Vec<[Value; 4]> {
        self.sweeping.run().await;
        let world = &self.sweeping.world;
        let (sqs, url) = (
            world.backends.sqs_client(),
            world.queue_url("DeliveryQueue").unwrap(),
        );
        let mut told = Vec::new();
        loop {
            let received = sqs.receive_message().queue_url(&url).send().await.unwrap();
            let Some(message) = received.messages.unwrap_or_default().pop() else {
                return told;
            };
            let delete = sqs.delete_message().queue_url(&url);
            let delete = delete.receipt_handle(message.receipt_handle.unwrap());
            delete.send().await.unwrap();
            let task: Value = serde_json::from_str(&message.body.unwrap()).unwrap();
            assert_eq!(task["endpointId"], "ops");
            let body: Value = serde_json::from_str(task["payload"].as_str().unwrap()).unwrap();
            let names = [
                "event",
                "logisticAccountAlias",
                "channelAccountAlias",
                "reason",
            ];
            told.push(names.map(|name| body[name].clone()));
        }
    }
}

fn event_of(event: &str) -> [Value; 4] {
    [
        json!(event),
        json!("magic"),
        json!(null),
        json!("RMS_MAGIC"),
    ]
}

#[tokio::test]
async fn operators_are_told_when_a_partner_begins_to_refuse_an_account_and_when_it_takes_it_again()
{
    let buying = Buying::start().await;
    let (one, other) = (buying.instance(), buying.instance());
    assert_eq!(buying.buy(&one, "1", None).await, 200);
    assert!(buying.told().await.is_empty());
    for (app, order) in [(&one, "2"), (&one, "3"), (&other, "4")] {
        assert_eq!(buying.buy(app, order, Some(401)).await, 502);
    }
    assert_eq!(buying.told().await, [event_of("ACCOUNT_REFUSED")]);
    assert!(buying.told().await.is_empty());
    // A refusal of an order says nothing about the credentials.
    assert_eq!(buying.buy(&other, "5", Some(422)).await, 422);
    assert!(buying.told().await.is_empty());
    for (app, order) in [(&other, "6"), (&one, "7")] {
        assert_eq!(buying.buy(app, order, None).await, 200);
    }
    assert_eq!(buying.told().await, [event_of("ACCOUNT_ACCEPTED")]);
    // An account that is refused by turns is no storm.
    assert_eq!(buying.buy(&other, "8", Some(403)).await, 502);
    assert_eq!(buying.buy(&other, "9", None).await, 200);
    assert!(buying.told().await.is_empty());
}

#[tokio::test]
async fn a_change_that_could_not_be_told_is_told_by_the_next_run() {
    let mut buying = Buying::start().await;
    let app = buying.instance();
    assert_eq!(buying.buy(&app, "1", Some(401)).await, 502);
    let world = &buying.sweeping.world;
    let mut publishing = world
        .start_of("outbound-sweep")
        .unwrap()
        .publishing()
        .unwrap();
    let missing = format!("{}-missing", world.queue_url("DeliveryQueue").unwrap());
    publishing.queue = Sender::new(world.backends.sqs_client(), missing);
    let events = &mut buying.sweeping.app.events;
    let able = std::mem::replace(events, OperatorEvents::new(publishing));
    assert!(buying.told().await.is_empty());
    buying.sweeping.app.events = able;
    assert_eq!(buying.told().await, [event_of("ACCOUNT_REFUSED")]);
}
