//! The clients of DynamoDB and SQS: the SDK's, with a shorter way for frequent calls
//! ([`direct`](super::direct)).

use std::ops::Deref;
use std::sync::Arc;

use aws_sdk_dynamodb::config::endpoint::ResolveEndpoint as _;
use aws_sdk_dynamodb::operation::put_item::PutItemOutput;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_sqs::config::endpoint::ResolveEndpoint as _;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::aws::direct::{Direct, DirectCall, SdkAnswer, SdkOf, send_by_sdk};
use crate::aws::gathered_puts::GatheredPuts;
use crate::aws::{Aws, endpoint_url};

/// A DynamoDB client.
#[derive(Debug, Clone)]
pub struct DynamoDb {
    sdk: aws_sdk_dynamodb::Client,
    direct: Option<Arc<Direct>>,
    gathered: Option<Arc<GatheredPuts>>,
}

/// An SQS client.
#[derive(Debug, Clone)]
pub struct Sqs {
    sdk: aws_sdk_sqs::Client,
    direct: Option<Arc<Direct>>,
}

impl DynamoDb {
    /// A client with this configuration.
    pub fn new(aws: &Aws) -> Self {
        use aws_sdk_dynamodb::config::endpoint::{DefaultResolver, Params};

        let params = Params::builder()
            .set_region(aws.sdk.region().map(ToString::to_string))
            .set_endpoint(endpoint_url(&aws.sdk, "dynamodb"))
            .build();
        let rules = DefaultResolver::new();
        let endpoint = params.ok().and_then(|params| {
            let endpoint = rules.resolve_endpoint(&params).now_or_never()?;
            Some(endpoint.ok()?.url().to_owned())
        });
        Self {
            sdk: aws_sdk_dynamodb::Client::new(&aws.sdk),
            direct: direct(aws, "dynamodb", endpoint),
            gathered: None,
        }
    }

    /// A client that writes new items together if futures side by side [put](Self::put_new) them at the same time. It needs the
    /// permission for inserts, too.
    #[must_use]
    pub fn gathering(&self) -> Self {
        Self {
            gathered: Some(Arc::default()),
            ..self.clone()
        }
    }

    /// Sends a put whose condition holds if its key does not exist, as is usual.
    pub fn put_new(
        &self,
        put: PutItemInputBuilder,
    ) -> BoxFuture<'_, SdkAnswer<PutItemInputBuilder>> {
        let Some(gathered) = &self.gathered else {
            return self.send(put);
        };
        let put = async move {
            match gathered.insert(self, put).await {
                Some(put) => self.send(put).await,
                None => Ok(PutItemOutput::builder().build()),
            }
        };
        put.boxed()
    }

    /// Sends a call.
    pub fn send<C: DirectCall<Client = Self>>(&self, call: C) -> BoxFuture<'_, SdkAnswer<C>> {
        send(self.direct.as_deref(), &self.sdk, call)
    }
}

impl Sqs {
    /// A client with this configuration.
    pub fn new(aws: &Aws) -> Self {
        use aws_sdk_sqs::config::endpoint::{DefaultResolver, Params};

        let params = Params::builder()
            .set_region(aws.sdk.region().map(ToString::to_string))
            .set_endpoint(endpoint_url(&aws.sdk, "sqs"))
            .build();
        let rules = DefaultResolver::new();
        let endpoint = params.ok().and_then(|params| {
            let endpoint = rules.resolve_endpoint(&params).now_or_never()?;
            Some(endpoint.ok()?.url().to_owned())
        });
        Self {
            sdk: aws_sdk_sqs::Client::new(&aws.sdk),
            direct: direct(aws, "sqs", endpoint),
        }
    }

    /// Sends a call.
    pub fn send<C: DirectCall<Client = Self>>(&self, call: C) -> BoxFuture<'_, SdkAnswer<C>> {
        send(self.direct.as_deref(), &self.sdk, call)
    }
}

fn direct(aws: &Aws, service: &'static str, endpoint: Option<String>) -> Option<Arc<Direct>> {
    let direct = Direct::new(&aws.sdk, aws.connector.clone(), service, &endpoint?)?;
    Some(Arc::new(direct))
}

/// In a box: these futures are large and of deep types, and part of the future of every flow.
fn send<'c, C: DirectCall>(
    direct: Option<&'c Direct>,
    sdk: &'c SdkOf<C>,
    call: C,
) -> BoxFuture<'c, SdkAnswer<C>> {
    match direct {
        Some(direct) => direct.send(sdk, call).boxed(),
        None => send_by_sdk(sdk, call).boxed(),
    }
}

/// Every other call is the SDK's.
impl Deref for DynamoDb {
    type Target = aws_sdk_dynamodb::Client;

    fn deref(&self) -> &Self::Target {
        &self.sdk
    }
}

/// Every other call is the SDK's.
impl Deref for Sqs {
    type Target = aws_sdk_sqs::Client;

    fn deref(&self) -> &Self::Target {
        &self.sdk
    }
}

/// All calls by the SDK.
impl From<aws_sdk_dynamodb::Client> for DynamoDb {
    fn from(sdk: aws_sdk_dynamodb::Client) -> Self {
        Self {
            sdk,
            direct: None,
            gathered: None,
        }
    }
}

/// All calls by the SDK.
impl From<aws_sdk_sqs::Client> for Sqs {
    fn from(sdk: aws_sdk_sqs::Client) -> Self {
        Self { sdk, direct: None }
    }
}
