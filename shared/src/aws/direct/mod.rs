//! The first attempt of a call to DynamoDB or SQS, without the SDK's orchestration.
//!
//! A function on the hot path makes a few small calls, and the SDK spends more on arranging a call (interceptors, endpoint
//! rules, the signing key of the day) than the function spends on its own work. Here the SDK's own serialiser and parser are
//! called directly, with a signature whose key is kept. The types outside are the SDK's.
//!
//! Only two results are taken from here: a success, and the refusal of a condition. Everything else (no answer, throttling,
//! a wrong clock, expired credentials, an invalid call) is left to the SDK, which makes further attempts with its own rules.

mod calls;

use std::fmt::Debug;
use std::ops::Deref;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Input, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::ser_de::{
    DeserializeResponse as _, SerializeRequest as _, SharedRequestSerializer,
    SharedResponseDeserializer,
};
use aws_smithy_types::config_bag::{ConfigBag, FrozenLayer};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::error::operation::BuildError;
use bytes::Bytes;
use http::HeaderMap;
use tokio::time::{sleep, timeout};

use crate::aws::connector::Connector;
use crate::aws::service::Service;
use crate::aws::{ATTEMPT_DEADLINE, CALL_DEADLINE};

/// The refusals that no repeat would change.
const FINAL: [&str; 2] = [
    "ConditionalCheckFailedException",
    "TransactionCanceledException",
];
/// The longest wait before the SDK makes the second attempt: the same as its own.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The result of an operation, as the SDK returns it.
pub type SdkAnswer<C> =
    Result<<C as DirectCall>::Output, SdkError<<C as DirectCall>::Error, HttpResponse>>;

/// The SDK's client for a call.
pub type SdkOf<C> = <<C as DirectCall>::Client as Deref>::Target;

/// A call whose first attempt may be made here.
pub trait DirectCall: Sized + Send + Sync + 'static {
    /// The client of its service.
    type Client: Deref<Target: Sync>;
    /// What is sent.
    type Input: Debug + Send + Sync + 'static;
    /// What a success returns.
    type Output: Debug + Send + Sync + 'static;
    /// What a refusal returns.
    type Error: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static;

    /// How the SDK writes and reads this operation.
    fn operation() -> Option<&'static FrozenLayer>;
    /// The table, if it is about one: the SDK's rules for endpoints ask for it.
    fn table(&self) -> Option<String>;
    /// What is sent.
    fn input(self) -> Result<Self::Input, BuildError>;
    /// Makes the call with the SDK alone. Nothing but tests does so: what is sent is written here.
    fn by_sdk(self, sdk: &SdkOf<Self>) -> impl Future<Output = SdkAnswer<Self>> + Send;
    /// Makes the call whose body is this with the SDK.
    fn with_body(
        sdk: &SdkOf<Self>,
        table: Option<String>,
        body: Bytes,
    ) -> impl Future<Output = SdkAnswer<Self>> + Send;
}

/// A service whose calls are first attempted here.
#[derive(Debug)]
pub(super) struct Direct {
    service: Service,
}

impl Direct {
    /// `None` without a region, credentials or a usable endpoint: then the SDK makes every call, and says what is missing.
    pub(super) fn new(
        aws: &SdkConfig,
        connector: Connector,
        service: &'static str,
        endpoint: &str,
    ) -> Option<Self> {
        let (region, credentials) = (aws.region()?, aws.credentials_provider()?);
        let service = Service::new(connector, service, region.as_ref(), credentials, endpoint)?;
        Some(Self { service })
    }

    /// Makes a call, within the deadline of an SDK's call.
    pub(super) async fn send<C: DirectCall>(&self, sdk: &SdkOf<C>, call: C) -> SdkAnswer<C> {
        match timeout(CALL_DEADLINE, self.attempts(sdk, call)).await {
            Ok(answer) => answer,
            Err(elapsed) => Err(SdkError::timeout_error(elapsed)),
        }
    }

    async fn attempts<C: DirectCall>(&self, sdk: &SdkOf<C>, call: C) -> SdkAnswer<C> {
        let Written {
            table,
            headers,
            body,
        } = Written::of(call).map_err(SdkError::construction_failure)?;
        if let Ok(answer) = self.first_attempt::<C>(headers, body.clone()).await {
            return answer;
        }
        self.service.forget_credentials();
        sleep(LONGEST_PAUSE.mul_f64(fastrand::f64())).await;
        // In a box: hardly any call gets here, and the SDK's future is large.
        Box::pin(C::with_body(sdk, table, body)).await
    }

    async fn first_attempt<C: DirectCall>(
        &self,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<SdkAnswer<C>, Left> {
        let posted = self.service.post(headers, body, ATTEMPT_DEADLINE).await;
        let response = posted.map_err(|_| Left)?;
        let operation = C::operation().ok_or(Left)?;
        let parser = operation.load::<SharedResponseDeserializer>().ok_or(Left)?;
        let parsed = parser.deserialize_nonstreaming_with_config(&response, &ConfigBag::base());
        answer_of::<C>(parsed, response)
    }
}

/// Makes a call whose attempts are all the SDK's.
pub(super) async fn send_by_sdk<C: DirectCall>(sdk: &SdkOf<C>, call: C) -> SdkAnswer<C> {
    let Written { table, body, .. } = Written::of(call).map_err(SdkError::construction_failure)?;
    C::with_body(sdk, table, body).await
}

/// A call as the SDK writes it.
struct Written {
    table: Option<String>,
    headers: HeaderMap,
    body: Bytes,
}

impl Written {
    fn of<C: DirectCall>(call: C) -> Result<Self, BoxError> {
        let operation = C::operation().ok_or("the operation has no configuration")?;
        let serializer = operation.load::<SharedRequestSerializer>();
        let serializer = serializer.ok_or("the operation cannot be written")?;
        let table = call.table();
        let input = Input::erase(call.input()?);
        let request = serializer.serialize_input(input, &mut ConfigBag::base())?;
        let (parts, body) = request.try_into_http1x()?.into_parts();
        let body = body.bytes().ok_or("the body is a stream")?;
        Ok(Self {
            table,
            headers: parts.headers,
            body: Bytes::copy_from_slice(body),
        })
    }
}

/// What the first attempt leaves to the SDK.
struct Left;

/// A success or a final refusal; anything else is left to the SDK.
fn answer_of<C: DirectCall>(
    parsed: Result<Output, OrchestratorError<Error>>,
    response: HttpResponse,
) -> Result<SdkAnswer<C>, Left> {
    let error = match parsed {
        Ok(output) => return output.downcast::<C::Output>().map(Ok).map_err(|_| Left),
        Err(error) => error,
    };
    let mut refusal = None;
    let _ = error.map_operation_error(|error| {
        refusal = error.downcast::<C::Error>().ok();
    });
    let refusal = refusal.ok_or(Left)?;
    let is_final = refusal.code().is_some_and(|code| FINAL.contains(&code));
    if is_final {
        Ok(Err(SdkError::service_error(refusal, response)))
    } else {
        Err(Left)
    }
}

#[cfg(test)]
mod tests;
