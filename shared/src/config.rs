//! All environment variables of the functions. They are read once, at start.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::str::FromStr;
use std::sync::Arc;

use crate::outbound::target::AllowedTargets;

/// DynamoDB table of API keys.
pub const API_KEYS_TABLE: &str = "API_KEYS_TABLE";
/// DynamoDB table of the days on which API keys were last used.
pub const KEY_USES_TABLE: &str = "KEY_USES_TABLE";
/// Request limit of a client at one instance of a function, as `50/300`: sustained requests per second and burst size.
pub const CLIENT_RATE: &str = "CLIENT_RATE";
/// DynamoDB table of the credentials with which aggregators send pushes.
pub const PUSH_CREDENTIALS_TABLE: &str = "PUSH_CREDENTIALS_TABLE";
/// DynamoDB table of logistic accounts.
pub const ACCOUNTS_TABLE: &str = "ACCOUNTS_TABLE";
/// DynamoDB table of channel accounts.
pub const CHANNEL_ACCOUNTS_TABLE: &str = "CHANNEL_ACCOUNTS_TABLE";
/// DynamoDB table of what is known about orders in sales channels.
pub const CHANNEL_ORDERS_TABLE: &str = "CHANNEL_ORDERS_TABLE";
/// DynamoDB table of how far the orders and the requests for returns of channel accounts were read.
pub const CHANNEL_POLLS_TABLE: &str = "CHANNEL_POLLS_TABLE";
/// DynamoDB table of manifests.
pub const MANIFESTS_TABLE: &str = "MANIFESTS_TABLE";
/// DynamoDB table of the sessions with partners.
pub const SESSIONS_TABLE: &str = "SESSIONS_TABLE";
/// Limits of a client's webhook endpoints, as `50/512`: their number, and the sum of their lanes.
pub const ENDPOINT_LIMITS: &str = "ENDPOINT_LIMITS";
/// DynamoDB table of webhook endpoints.
pub const ENDPOINTS_TABLE: &str = "ENDPOINTS_TABLE";
/// DynamoDB table of the versions of clients' configurations.
pub const CONFIGURATION_VERSIONS_TABLE: &str = "CONFIGURATION_VERSIONS_TABLE";
/// DynamoDB table of endpoint health: failing, suspended, drained.
pub const ENDPOINT_HEALTH_TABLE: &str = "ENDPOINT_HEALTH_TABLE";
/// DynamoDB table of deliveries that wait for a suspended endpoint.
pub const PARKED_DELIVERIES_TABLE: &str = "PARKED_DELIVERIES_TABLE";
/// DynamoDB table of shipments and their claims.
pub const SHIPMENTS_TABLE: &str = "SHIPMENTS_TABLE";
/// DynamoDB table of return orders and their events.
pub const RETURN_ORDERS_TABLE: &str = "RETURN_ORDERS_TABLE";
/// DynamoDB table of outbound orders and what the warehouse says about them.
pub const OUTBOUND_ORDERS_TABLE: &str = "OUTBOUND_ORDERS_TABLE";
/// DynamoDB table of notifications and their deliveries.
pub const NOTIFICATIONS_TABLE: &str = "NOTIFICATIONS_TABLE";
/// DynamoDB table of configuration changes and who made them.
pub const AUDIT_TABLE: &str = "AUDIT_TABLE";
/// DynamoDB table of statistics: what was accepted, delivered and given up.
pub const STATISTICS_TABLE: &str = "STATISTICS_TABLE";
/// Days after which a notification expires; 0 keeps it forever.
pub const NOTIFICATION_TTL_DAYS: &str = "NOTIFICATION_TTL_DAYS";
/// URL of the delivery queue.
pub const DELIVERY_QUEUE_URL: &str = "DELIVERY_QUEUE_URL";
/// URL of the delivery dead-letter queue.
pub const DELIVERY_DEAD_LETTER_QUEUE_URL: &str = "DELIVERY_DEAD_LETTER_QUEUE_URL";
/// URL of the queue of return requests that are to be read from their channel.
pub const CHANNEL_READ_QUEUE_URL: &str = "CHANNEL_READ_QUEUE_URL";
/// The keyring that seals secrets in tables: wrapped by KMS, in base64.
pub const SEALING_KEYRING: &str = "SEALING_KEYRING";
/// `host:port` list of the local stack's sink and simulators, which may be called although their addresses are not
/// public. The deployment template does not define it, so it is never set in AWS.
pub const LOCAL_TARGETS: &str = "LOCAL_TARGETS";
/// Log levels: `info`, or per target as in `info,logistics=debug`.
pub const RUST_LOG: &str = "RUST_LOG";
/// The CloudWatch namespace of the metrics: the stack's name, so that stacks of one account are kept apart.
pub const METRICS_NAMESPACE: &str = "METRICS_NAMESPACE";
/// The function's name, a dimension of metrics. Set by Lambda.
pub const AWS_LAMBDA_FUNCTION_NAME: &str = "AWS_LAMBDA_FUNCTION_NAME";
/// The AWS region. Set by Lambda.
pub const AWS_REGION: &str = "AWS_REGION";
/// The AWS region if `AWS_REGION` is not set.
pub const AWS_DEFAULT_REGION: &str = "AWS_DEFAULT_REGION";
/// Endpoint URL of an AWS service, with the suffix `_<SERVICE>`, if it is not the default. Set by the local stack.
pub const AWS_ENDPOINT_URL: &str = "AWS_ENDPOINT_URL";

/// A required environment variable is missing or invalid.
#[derive(Debug, thiserror::Error)]
pub enum Misconfigured {
    /// The variable is not set.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    /// The value is invalid.
    #[error("the environment variable {name} is invalid: {reason}")]
    Wrong {
        /// The variable.
        name: &'static str,
        /// Why it is invalid.
        reason: String,
    },
}

/// Reads an optional environment variable.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
pub fn optional(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A function's variables: from its environment, or in tests from the deployment template.
#[derive(Clone)]
pub struct Variables(Arc<LookUp>);

type LookUp = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Prints no values, because one of them is the keyring.
impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Variables").finish_non_exhaustive()
    }
}

impl Variables {
    /// The variables of the process environment.
    pub fn of_environment() -> Self {
        Self(Arc::new(optional))
    }

    /// Only the given variables, by name.
    pub fn given(variables: BTreeMap<String, String>) -> Self {
        Self(Arc::new(move |name| variables.get(name).cloned()))
    }

    /// Reads an optional variable.
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.0)(name)
    }

    /// Reads a required variable.
    pub fn required(&self, name: &'static str) -> Result<String, Misconfigured> {
        self.optional(name).ok_or(Misconfigured::Missing(name))
    }

    /// Reads and parses a required variable.
    pub fn required_as<T: FromStr<Err: Display>>(
        &self,
        name: &'static str,
    ) -> Result<T, Misconfigured> {
        self.required(name)?
            .parse()
            .map_err(|error: T::Err| Misconfigured::Wrong {
                name,
                reason: error.to_string(),
            })
    }

    /// The endpoint URL of an AWS service, by its SDK id, if it is not the default.
    pub fn endpoint_url(&self, service_id: &str) -> Option<String> {
        let service = service_id.to_ascii_uppercase().replace(' ', "_");
        self.optional(&format!("{AWS_ENDPOINT_URL}_{service}"))
    }

    /// Targets that may be called although they are not public. Empty outside the local stack.
    pub fn allowed_targets(&self) -> AllowedTargets {
        self.optional(LOCAL_TARGETS)
            .map(|list| AllowedTargets::parse(&list))
            .unwrap_or_default()
    }
}
