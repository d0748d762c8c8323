//! The command line of `cargo local dlq`.

use std::path::Path;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::in_aws;

use crate::dlq::filter::Filter;
use crate::dlq::queues::Place;

/// What to do with the dead-letter queue.
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
    /// Send messages to the delivery queue again: all readable messages, or those that match every filter.
    Replay {
        /// Which messages.
        #[command(flatten)]
        filter: FilterArguments,
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
    /// In AWS: URL of the dead-letter queue.
    #[arg(long, value_name = "URL")]
    queue_url: Option<String>,
    /// In AWS: URL of the delivery queue that a replay sends to.
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
    /// Where the queues are, and whether to print JSON.
    pub(super) fn place(&self, published_at: &Path) -> (Place, bool) {
        let (Self::List { place } | Self::Show { place, .. } | Self::Replay { place, .. }) = self;
        (place.place(published_at), place.json)
    }
}

impl PlaceArguments {
    fn place(&self, published_at: &Path) -> Place {
        match (&self.queue_url, self.aws) {
            (Some(url), _) => Place::Aws {
                dead_letters_url: url.clone(),
                deliveries_url: self.source_queue_url.clone(),
            },
            (None, true) => Place::Deployed(self.stack_name.clone()),
            (None, false) => Place::RunningStack(published_at.to_owned()),
        }
    }
}
