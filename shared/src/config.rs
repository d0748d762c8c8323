//! Everything that a function is told by its environment, read once when it starts.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::str::FromStr;
use std::sync::Arc;

use crate::outbound::target::AllowedTargets;

/// Table of API keys.
pub const API_KEYS_TABLE: &str = "API_KEYS_TABLE";
/// Table of the days on which API keys were last used.
pub const KEY_USES_TABLE: &str = "KEY_USES_TABLE";
/// How many requests a client may make to one instance of a function, as `50/300`: so many a second, and so many at once.
pub const CLIENT_RATE: &str = "CLIENT_RATE";
/// Table of the credentials with which aggregators push.
pub const PUSH_CREDENTIALS_TABLE: &str = "PUSH_CREDENTIALS_TABLE";
/// Table of logistic accounts.
pub const ACCOUNTS_TABLE: &str = "ACCOUNTS_TABLE";
/// Table of sessions at aggregators.
pub const SESSIONS_TABLE: &str = "SESSIONS_TABLE";
/// Table of webhook endpoints.
pub const ENDPOINTS_TABLE: &str = "ENDPOINTS_TABLE";
/// Table of the versions of clients' configurations.
pub const CONFIGURATION_VERSIONS_TABLE: &str = "CONFIGURATION_VERSIONS_TABLE";
/// Table of the health of endpoints: failing, suspended, drained.
pub const ENDPOINT_HEALTH_TABLE: &str = "ENDPOINT_HEALTH_TABLE";
/// Table of deliveries that wait for a suspended endpoint.
pub const PARKED_DELIVERIES_TABLE: &str = "PARKED_DELIVERIES_TABLE";
/// Table of shipments and their claims.
pub const SHIPMENTS_TABLE: &str = "SHIPMENTS_TABLE";
/// Table of notifications and their deliveries.
pub const NOTIFICATIONS_TABLE: &str = "NOTIFICATIONS_TABLE";
/// Table of who changed which configuration.
pub const AUDIT_TABLE: &str = "AUDIT_TABLE";
/// Days after which a notification expires; 0 keeps it.
pub const NOTIFICATION_TTL_DAYS: &str = "NOTIFICATION_TTL_DAYS";
/// URL of the queue between acceptance and delivery.
pub const DELIVERY_QUEUE_URL: &str = "DELIVERY_QUEUE_URL";
/// URL of the queue of messages that cannot be processed.
pub const DELIVERY_DEAD_LETTER_QUEUE_URL: &str = "DELIVERY_DEAD_LETTER_QUEUE_URL";
/// The keyring that seals secrets in tables, wrapped by KMS, as base64.
pub const SEALING_KEYRING: &str = "SEALING_KEYRING";
/// `host:port` list of the local stack's sink and simulators, which may be called although they are not public. The
/// deployment template does not know it, so it is never set in AWS.
pub const LOCAL_TARGETS: &str = "LOCAL_TARGETS";
/// What is logged: `info`, or levels by target as in `info,logistics=debug`.
pub const RUST_LOG: &str = "RUST_LOG";
/// The region of all that is used in AWS. Lambda sets it.
pub const AWS_REGION: &str = "AWS_REGION";
/// The same, where `AWS_REGION` is not set.
pub const AWS_DEFAULT_REGION: &str = "AWS_DEFAULT_REGION";
/// With `_<SERVICE>` behind it: where a service of AWS is, if not in AWS. The local stack sets it.
pub const AWS_ENDPOINT_URL: &str = "AWS_ENDPOINT_URL";

/// A variable that a function needs is missing or wrong.
#[derive(Debug, thiserror::Error)]
pub enum Misconfigured {
    /// It is not set.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    /// Its value is wrong.
    #[error("the environment variable {name} is wrong: {reason}")]
    Wrong {
        /// The variable.
        name: &'static str,
        /// Why.
        reason: String,
    },
}

/// Reads a variable of the environment that may be absent.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
pub fn optional(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The variables of a function: those of its environment, or in a test those that the template gives it.
#[derive(Clone)]
pub struct Variables(Arc<LookUp>);

type LookUp = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Without values: there is the keyring among them.
impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Variables").finish_non_exhaustive()
    }
}

impl Variables {
    /// The environment.
    pub fn of_environment() -> Self {
        Self(Arc::new(optional))
    }

    /// These and no others, by name.
    pub fn given(variables: BTreeMap<String, String>) -> Self {
        Self(Arc::new(move |name| variables.get(name).cloned()))
    }

    /// Reads a variable that may be absent.
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.0)(name)
    }

    /// Reads a variable that must be set.
    pub fn required(&self, name: &'static str) -> Result<String, Misconfigured> {
        self.optional(name).ok_or(Misconfigured::Missing(name))
    }

    /// Reads a variable that must be set and has a form.
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

    /// Where a service of AWS is, by the SDK's id of it, if not in AWS.
    pub fn endpoint_url(&self, service_id: &str) -> Option<String> {
        let service = service_id.to_ascii_uppercase().replace(' ', "_");
        self.optional(&format!("{AWS_ENDPOINT_URL}_{service}"))
    }

    /// The targets that may be called although they are not public: none but in the local stack.
    pub fn allowed_targets(&self) -> AllowedTargets {
        self.optional(LOCAL_TARGETS)
            .map(|list| AllowedTargets::parse(&list))
            .unwrap_or_default()
    }
}
