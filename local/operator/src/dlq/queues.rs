//! Finds the two queues: in the running stack by what it publishes, in AWS by their `CloudFormation` names.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use aws_sdk_sqs::Client;

use crate::in_aws;
use crate::running_stack::RunningStack;

const DEAD_LETTERS: &str = "DeliveryDeadLetterQueue";
const DELIVERIES: &str = "DeliveryQueue";

/// Where the queues are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the local stack that publishes itself in this file.
    RunningStack(PathBuf),
    /// In AWS, in the deployed stack with this name.
    Deployed(String),
    /// In AWS, at these URLs.
    Aws {
        /// The dead-letter queue.
        dead_letters_url: String,
        /// The delivery queue; required only by a replay.
        deliveries_url: Option<String>,
    },
}

/// The dead-letter queue, and the delivery queue if it is known.
#[derive(Debug, Clone)]
pub struct Queues {
    pub(super) client: Client,
    pub(super) dead_letters_url: String,
    deliveries_url: Option<String>,
}

impl Queues {
    /// Finds the queues.
    pub async fn find(place: &Place) -> anyhow::Result<Self> {
        match place {
            Place::RunningStack(published_at) => {
                let stack = RunningStack::read(published_at)?;
                Ok(Self {
                    client: stack.sqs(),
                    dead_letters_url: stack.queue_url(DEAD_LETTERS)?.to_owned(),
                    deliveries_url: Some(stack.queue_url(DELIVERIES)?.to_owned()),
                })
            }
            Place::Deployed(stack_name) => {
                let client = client_of_aws()?;
                Ok(Self {
                    dead_letters_url: find_deployed(&client, stack_name, DEAD_LETTERS).await?,
                    deliveries_url: Some(find_deployed(&client, stack_name, DELIVERIES).await?),
                    client,
                })
            }
            Place::Aws {
                dead_letters_url,
                deliveries_url,
            } => Ok(Self {
                client: client_of_aws()?,
                dead_letters_url: dead_letters_url.clone(),
                deliveries_url: deliveries_url.clone(),
            }),
        }
    }

    /// The queue that a replay sends to.
    pub(super) fn deliveries_url(&self) -> anyhow::Result<&str> {
        let url = self.deliveries_url.as_deref();
        url.context("missing delivery queue for the replay: give --source-queue-url")
    }
}

fn client_of_aws() -> anyhow::Result<Client> {
    Ok(Client::new(&in_aws::configuration()?))
}

/// `CloudFormation` names a queue after its stack and logical id, plus a random suffix.
async fn find_deployed(
    client: &Client,
    stack_name: &str,
    logical_id: &str,
) -> anyhow::Result<String> {
    let prefix = format!("{stack_name}-{logical_id}-");
    let found = client.list_queues().queue_name_prefix(&prefix).send().await;
    let found = found.context("cannot list the queues; give --queue-url instead")?;
    match found.queue_urls() {
        [only] => Ok(only.clone()),
        several => bail!(
            "found {} queues with a name that starts with {prefix}, expected 1: set --stack-name, or --queue-url and \
             --source-queue-url (the stack's outputs DeliveryDeadLetterQueueUrl and DeliveryQueueUrl)",
            several.len()
        ),
    }
}
