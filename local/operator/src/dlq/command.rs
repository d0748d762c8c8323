//! The command line of `cargo local dlq`.

use std::path::Path;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::in_aws;

use crate::dlq::filter::Filter;
use crate::dlq::queues::{Place, Source};

/// What to do with the dead-letter queues.
#[derive(Debug, Clone, Subcommand)]
pub enum DlqCommand {
    /// List the messages with ids and times, without payloads.
    List {
        /// Which queues.
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Show one message.
    Show {
        /// Id of the message, from `list`.
        message_id: String,
        /// Also show the payload, which contains details of a customer's order.
        #[arg(long)]
        payload: bool,
        /// Which queues.
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Send messages to the queue from which they came again: all readable messages, or those that match every filter.
    Replay {
        /// Which messages.
        #[command(flatten)]
        filter: FilterArguments,
        /// Which queues.
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Delete messages for good. A delivery that is dropped is never made; its message stays stored and can be read.
    Drop {
        /// Ids of the messages, from `list`.
        #[arg(required = true, value_name = "MESSAGE_ID")]
        message_ids: Vec<String>,
        /// Which queues.
        #[command(flatten)]
        place: PlaceArguments,
    },
}

/// Where the queues are; without any of these options, in the running local stack.
#[derive(Debug, Clone, Args)]
pub struct PlaceArguments {
    /// Use AWS, with the credentials and region of the environment.
    #[arg(long)]
    aws: bool,
    /// In AWS: name of the deployed stack.
    #[arg(long, value_name = "NAME", default_value = in_aws::STACK_NAME)]
    stack_name: String,
    /// Only dead letters of this queue; without it, of all.
    #[arg(long, value_enum)]
    queue: Option<Source>,
    /// In AWS: URL of the dead-letter queue; that of deliveries, unless --queue says otherwise.
    #[arg(long, value_name = "URL")]
    queue_url: Option<String>,
    /// In AWS: URL of the queue that a replay sends to.
    #[arg(long, value_name = "URL", requires = "queue_url")]
    source_queue_url: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Which messages to replay.
#[derive(Debug, Clone, Args)]
pub struct FilterArguments {
    /// Messages of the order, or return order, with this number.
    #[arg(long, value_name = "N")]
    order: Option<String>,
    /// Messages of the shipment with this AWB.
    #[arg(long, value_name = "A")]
    awb: Option<String>,
    /// Messages to this webhook endpoint.
    #[arg(long, value_name = "ID")]
    endpoint: Option<String>,
    /// Messages that entered the dead-letter queue at this time or later.
    #[arg(long, value_name = "RFC3339")]
    since: Option<Timestamp>,
}

impl From<FilterArguments> for Filter {
    fn from(arguments: FilterArguments) -> Self {
        Self {
            order: arguments.order,
            awb: arguments.awb,
            endpoint: arguments.endpoint,
            since: arguments.since,
        }
    }
}

impl DlqCommand {
    /// Where the queues are, which of them, and whether to print JSON.
    pub(super) fn place(&self, published_at: &Path) -> (Place, Vec<Source>, bool) {
        let (Self::List { place }
        | Self::Show { place, .. }
        | Self::Replay { place, .. }
        | Self::Drop { place, .. }) = self;
        (place.place(published_at), place.sources(), place.json)
    }
}

impl PlaceArguments {
    /// A URL is that of one queue.
    fn sources(&self) -> Vec<Source> {
        match (self.queue, &self.queue_url) {
            (Some(source), _) => vec![source],
            (None, Some(_)) => vec![Source::Deliveries],
            (None, None) => Source::ALL.to_vec(),
        }
    }

    fn place(&self, published_at: &Path) -> Place {
        match (&self.queue_url, self.aws) {
            (Some(url), _) => Place::Aws {
                dead_letters_url: url.clone(),
                source_url: self.source_queue_url.clone(),
            },
            (None, true) => Place::Deployed(self.stack_name.clone()),
            (None, false) => Place::RunningStack(published_at.to_owned()),
        }
    }
}
