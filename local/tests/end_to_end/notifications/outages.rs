//! DynamoDB or SQS fails: the push is answered 503, and its repeat arrives once and in order.

use std::sync::{Arc, Mutex};

use futures::stream::{self, StreamExt as _};
use local::backends::{BackendCall, Instead, Interceptor, Moment};
use local::stack::Options;
use reqwest::StatusCode;

use crate::notifications::world::{World, event, told};

/// The operation, a part of the request, the moment, the status, the error.
type Outage = (&'static str, &'static str, Moment, u16, &'static str);

const INTERNAL: &str = "InternalServerError";
const THROTTLED: &str = "ProvisionedThroughputExceededException";
const DENIED: &str = "AccessDeniedException";

const OUTAGES: [Outage; 10] = [
    (
        "GetItem",
        "PushCredentialsTable",
        Moment::BeforeEffect,
        500,
        INTERNAL,
    ),
    (
        "GetItem",
        "AccountsTable",
        Moment::BeforeEffect,
        400,
        THROTTLED,
    ),
    (
        "BatchGetItem",
        "ShipmentsTable",
        Moment::BeforeEffect,
        400,
        THROTTLED,
    ),
    (
        "PutItem",
        "ShipmentsTable",
        Moment::AfterEffect,
        500,
        INTERNAL,
    ),
    (
        "PutItem",
        "NotificationsTable",
        Moment::BeforeEffect,
        400,
        DENIED,
    ),
    (
        "PutItem",
        "NotificationsTable",
        Moment::BeforeEffect,
        500,
        INTERNAL,
    ),
    (
        "PutItem",
        "NotificationsTable",
        Moment::AfterEffect,
        500,
        INTERNAL,
    ),
    (
        "Query",
        "EndpointsTable",
        Moment::BeforeEffect,
        500,
        INTERNAL,
    ),
    (
        "SendMessage",
        "DeliveryQueue",
        Moment::BeforeEffect,
        500,
        "InternalError",
    ),
    (
        "SendMessage",
        "DeliveryQueue",
        Moment::AfterEffect,
        503,
        "ServiceUnavailable",
    ),
];

#[derive(Clone, Default)]
struct Weather {
    outage: Arc<Mutex<Option<Outage>>>,
}

impl Weather {
    fn interceptor(&self) -> Interceptor {
        let weather = self.clone();
        Interceptor::new(move |call| weather.answer(call))
    }

    fn set(&self, outage: Option<Outage>) {
        *self.outage.lock().unwrap() = outage;
    }

    fn answer(&self, call: &BackendCall) -> Option<Instead> {
        let (operation, part, moment, status, error) = (*self.outage.lock().unwrap())?;
        let matches = call.target.ends_with(&format!(".{operation}"))
            && call.moment == moment
            && String::from_utf8_lossy(&call.request).contains(part);
        matches.then(|| Instead {
            status: StatusCode::from_u16(status).unwrap(),
            body: format!(r#"{{"__type":"com.amazonaws#{error}","message":"an outage"}}"#),
        })
    }
}

#[tokio::test]
async fn a_push_that_could_not_be_made_durable_is_repeated_and_arrives_once_and_in_order() {
    stream::iter(OUTAGES).for_each_concurrent(5, outlast).await;
}

async fn outlast(outage: Outage) {
    let weather = Weather::default();
    let world = World::with(Options {
        interceptor: Some(weather.interceptor()),
        ..Options::default()
    })
    .await;
    weather.set(Some(outage));
    let failed = world.push(&event("order", "SHIPPED")).await;
    failed.is_problem(503, "unavailable");
    let retry_after: u64 = failed.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&retry_after));
    assert!(!failed.body.to_string().contains("an outage"), "{failed:?}");
    weather.set(None);
    let repeated = world.push(&event("order", "SHIPPED")).await;
    assert_eq!(repeated.status, 200, "{outage:?}: {repeated:?}");
    world.pushed(&event("order", "DELIVERED"), "ACCEPTED").await;
    world.arrived(2).await;
    world.settled().await;
    assert_eq!(
        told(&world.sink().received()),
        ["order SHIPPED", "order DELIVERED"],
        "{outage:?}"
    );
    world.stop().await;
}
