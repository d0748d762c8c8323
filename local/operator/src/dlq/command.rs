//! The words of the command line.

use std::path::Path;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::in_aws;

use crate::dlq::filter::Filter;
use crate::dlq::queues::Place;

/// What is to be done with the dead-letter queue.
#[derive(Debug, Clone, Subcommand)]
pub enum DlqCommand {
    /// List the messages: ids and times, nothing of the payload.
    List {
        /// Where.
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Show one message.
    Show {
        /// Its id, as `list` gives it.
        message_id: String,
        /// Show the payload too: it tells of a customer's order.
        #[arg(long)]
        payload: bool,
        /// Where.
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Send messages to the delivery queue again; all that can be read, or those that every filter lets through.
    Replay {
        /// Which.
        #[command(flatten)]
        filter: FilterArguments,
        /// Where.
        #[command(flatten)]
        place: PlaceArguments,
    },
}

/// Where the queues are; without any of these in the running local stack.
#[derive(Debug, Clone, Args)]
pub struct PlaceArguments {
    /// In AWS, with the credentials and the region of the environment.
    #[arg(long)]
    aws: bool,
    /// In AWS: the name of the deployed stack.
    #[arg(long, value_name = "NAME", default_value = in_aws::STACK_NAME)]
    stack_name: String,
    /// In AWS: the dead-letter queue.
    #[arg(long, value_name = "URL")]
    queue_url: Option<String>,
    /// In AWS: the delivery queue, which a replay sends to.
    #[arg(long, value_name = "URL", requires = "queue_url")]
    source_queue_url: Option<String>,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// Which messages.
#[derive(Debug, Clone, Args)]
pub struct FilterArguments {
    /// Of the order, or the return order, with this number.
    #[arg(long, value_name = "N")]
    order: Option<String>,
    /// Of this AWB.
    #[arg(long, value_name = "A")]
    awb: Option<String>,
    /// To this webhook endpoint.
    #[arg(long, value_name = "ID")]
    endpoint: Option<String>,
    /// In the dead-letter queue since then.
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
    /// Where, and whether JSON is wanted.
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
