//! The clock: AWS refuses requests of a machine whose clock is wrong by more than five minutes, and so do receivers of webhooks.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::doctor::Finding;
use crate::stack::Stack;

const WHAT: &str = "clock of this machine";
/// More than a slow answer explains, and less than is refused.
const MOST_SECONDS: i64 = 60;

/// Compares this machine's clock with the one of DynamoDB.
pub(super) async fn examine(stack: &Stack) -> Finding {
    let reader = DateReader::default();
    let asked = stack.tables.client.list_tables().limit(1).customize();
    let asked = asked.interceptor(reader.clone()).send().await;
    if let Err(error) = asked {
        return Finding::failed(WHAT, &anyhow::Error::from(error));
    }
    let theirs = *reader.0.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(theirs) = theirs else {
        return Finding::unknown(
            WHAT,
            "DynamoDB told no time",
            "compare it with another clock",
        );
    };
    let off = Timestamp::now().duration_since(theirs).as_secs();
    if off.abs() <= MOST_SECONDS {
        Finding::well(WHAT, format!("{off} s from that of DynamoDB"))
    } else {
        Finding::wrong(
            WHAT,
            format!("{off} s from that of DynamoDB"),
            "set the clock: AWS refuses requests that are five minutes off",
        )
    }
}

/// Keeps the `Date` of a response.
#[derive(Debug, Clone, Default)]
struct DateReader(Arc<Mutex<Option<Timestamp>>>);

impl Intercept for DateReader {
    fn name(&self) -> &'static str {
        "DateReader"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let read = date.and_then(|date| rfc2822::parse(date).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = read.map(|at| at.timestamp());
        Ok(())
    }
}
