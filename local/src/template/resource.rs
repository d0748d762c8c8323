//! The typed model of what the local stack runs, creates and polls.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::template::event_filter::EventFilter;
use crate::template::value::Value;

/// A Lambda function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionResource {
    /// The key under `Resources`.
    pub logical_id: String,
    /// The binary's name: the last component of `CodeUri`.
    pub binary: String,
    /// Time limit of an invocation.
    pub timeout: Duration,
    /// Passed to the function; not enforced.
    pub memory_mb: u32,
    /// `ReservedConcurrentExecutions`: maximum concurrent instances.
    pub reserved_concurrency: Option<usize>,
    /// The environment variables, including those of `Globals`.
    pub environment: BTreeMap<String, Value>,
    /// The statements of its policies.
    pub policies: Vec<Statement>,
    /// What invokes it.
    pub events: Vec<Event>,
}

/// What a policy allows; a `*` at the end of an action or a resource matches any suffix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Actions such as `dynamodb:GetItem`.
    pub actions: Vec<String>,
    /// The ARNs on which they are allowed.
    pub resources: Vec<String>,
}

/// What invokes a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A route of the HTTP API.
    Http(Route),
    /// A queue's messages.
    Queue(QueueEvent),
    /// A schedule.
    Schedule(ScheduleEvent),
}

/// A route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Matches requests that no other route matches.
    Default,
    /// Matches one method (or `ANY`) on one path, which may have `{parameter}` and a final `{parameter+}`.
    Path {
        /// The method in capitals.
        method: String,
        /// The path, with a leading slash.
        path: String,
    },
}

/// A queue's messages in batches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueEvent {
    /// The logical id of the queue.
    pub queue: String,
    /// Maximum number of messages per invocation.
    pub batch_size: usize,
    /// How long a batch that is not full waits for more messages.
    pub batching_window: Duration,
    /// Whether the function names the messages that failed (`ReportBatchItemFailures`).
    pub reports_item_failures: bool,
    /// The number of concurrent batches that `ScalingConfig` or `ProvisionedPollerConfig` allows.
    pub maximum_concurrency: Option<usize>,
    /// Which messages the function gets.
    pub filter: EventFilter,
}

/// A schedule of `EventBridge`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleEvent {
    /// The key under `Events`.
    pub name: String,
    /// The time between two invocations.
    pub every: Duration,
    /// The function's input instead of `EventBridge`'s event.
    pub input: Option<String>,
}

/// A DynamoDB table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableResource {
    /// The key under `Resources`.
    pub logical_id: String,
    /// `TableName`, or the logical id.
    pub name: String,
    /// Name and type (`S`, `N`, `B`) of each key attribute.
    pub attributes: Vec<(String, String)>,
    /// The table's own key.
    pub key: Vec<KeyElement>,
    /// Global secondary indexes.
    pub indexes: Vec<IndexResource>,
    /// The attribute with the time at which an item expires.
    pub time_to_live: Option<String>,
}

/// One element of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyElement {
    /// The attribute.
    pub attribute: String,
    /// `HASH` or `RANGE`.
    pub kind: String,
}

/// A global secondary index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexResource {
    /// `IndexName`.
    pub name: String,
    /// The index's key.
    pub key: Vec<KeyElement>,
    /// `ALL`, `KEYS_ONLY` or `INCLUDE`.
    pub projection: String,
    /// The attributes that `INCLUDE` adds.
    pub included: Vec<String>,
}

/// An SQS queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueResource {
    /// The key under `Resources`.
    pub logical_id: String,
    /// `QueueName`, or the logical id, with `.fifo` for a FIFO queue.
    pub name: String,
    /// Queue attributes for `CreateQueue`, without `RedrivePolicy`.
    pub attributes: BTreeMap<String, String>,
    /// Where messages that were received too often are moved.
    pub redrive: Option<Redrive>,
}

/// A dead-letter policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redrive {
    /// The logical id of the dead-letter queue.
    pub queue: String,
    /// Receives after which a message is moved.
    pub maximum_receives: u32,
}
