//! Finds the dead-letter queues and the queues whose messages they get: in the running stack by what it publishes, in AWS by
//! their `CloudFormation` names.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use logistics::aws::Sqs;

use crate::in_aws;
use crate::running_stack::RunningStack;

/// A queue with dead letters. The template has no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Source {
    /// Deliveries of messages to webhook endpoints.
    Deliveries,
    /// Requests for returns that are to be read from their channel.
    Returns,
}

impl Source {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Deliveries, Self::Returns];

    /// Its name in listings and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deliveries => "deliveries",
            Self::Returns => "returns",
        }
    }

    /// The logical id of the queue in the template.
    pub fn queue(self) -> &'static str {
        match self {
            Self::Deliveries => "DeliveryQueue",
            Self::Returns => "ChannelReadQueue",
        }
    }

    /// The logical id of its dead-letter queue.
    pub fn dead_letters(self) -> &'static str {
        match self {
            Self::Deliveries => "DeliveryDeadLetterQueue",
            Self::Returns => "ChannelReadDeadLetterQueue",
        }
    }
}

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
        /// The queue that a replay sends to; required only by a replay.
        source_url: Option<String>,
    },
}

/// A dead-letter queue, and the queue whose messages it gets if that is known.
#[derive(Debug, Clone)]
pub struct Queues {
    pub(super) client: Sqs,
    pub(super) source: Source,
    pub(super) dead_letters_url: String,
    source_url: Option<String>,
}

impl Queues {
    /// Finds the dead-letter queues of these sources.
    pub async fn find(place: &Place, sources: &[Source]) -> anyhow::Result<Vec<Self>> {
        let mut found = Vec::new();
        for source in sources {
            found.push(Self::find_one(place, *source).await?);
        }
        Ok(found)
    }

    async fn find_one(place: &Place, source: Source) -> anyhow::Result<Self> {
        match place {
            Place::RunningStack(published_at) => {
                let stack = RunningStack::read(published_at)?;
                Ok(Self {
                    client: stack.sqs(),
                    source,
                    dead_letters_url: stack.queue_url(source.dead_letters())?.to_owned(),
                    source_url: Some(stack.queue_url(source.queue())?.to_owned()),
                })
            }
            Place::Deployed(stack_name) => {
                let client = client_of_aws()?;
                let dead_letters = find_queue(&client, stack_name, source.dead_letters()).await?;
                Ok(Self {
                    source,
                    dead_letters_url: dead_letters,
                    source_url: Some(find_queue(&client, stack_name, source.queue()).await?),
                    client,
                })
            }
            Place::Aws {
                dead_letters_url,
                source_url,
            } => Ok(Self {
                client: client_of_aws()?,
                source,
                dead_letters_url: dead_letters_url.clone(),
                source_url: source_url.clone(),
            }),
        }
    }

    /// The queue that a replay sends to.
    pub(super) fn source_url(&self) -> anyhow::Result<&str> {
        let url = self.source_url.as_deref();
        url.context("missing queue for the replay: give --source-queue-url")
    }
}

fn client_of_aws() -> anyhow::Result<Sqs> {
    Ok(Sqs::new(&in_aws::configuration()?))
}

/// `CloudFormation` names a queue after its stack and logical id, plus a random suffix.
pub(crate) async fn find_queue(
    client: &Sqs,
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
             --source-queue-url (the stack's outputs {logical_id}Url and that of its source)",
            several.len()
        ),
    }
}
