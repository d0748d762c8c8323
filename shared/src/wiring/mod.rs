//! Builds a function's dependencies from its variables: a `main` takes from [`Start`] what its function's struct needs,
//! and the handler's test takes the same from the variables in the deployment template.
//!
//! Each method builds one dependency and reads only its variables. A function therefore contains no code that it does
//! not use, and fails at start if the template does not set a variable. Expensive dependencies are built once, on first
//! use: the outbound connection pool, the SQS client, the vault.

mod booking;
mod channelling;
mod configuring;
mod delivering;
mod failure;
mod fulfilling;
mod messaging;
mod notifying;
mod returning;

use std::sync::{Arc, OnceLock};

use crate::aws::{Aws, DynamoDb, Sqs};
use crate::config::{self, Misconfigured, Variables};
use crate::outbound::client::Outbound;
use crate::queue::sender::Sender;
use crate::sealing::vault::Vault;
use crate::{aws, telemetry};
pub use failure::WiringFailure;

/// The start of a function: its variables and its AWS configuration.
pub struct Start {
    variables: Variables,
    aws: Aws,
    dynamodb: DynamoDb,
    sqs: OnceLock<Sqs>,
    outbound: OnceLock<Outbound>,
    vault: OnceLock<Arc<Vault>>,
}

impl Start {
    /// Starts logging, and reads the rest from the environment.
    pub fn of_environment() -> Self {
        telemetry::start();
        Self::with(Variables::of_environment(), aws::configuration())
    }

    /// The start of a function with these variables and this AWS configuration.
    pub fn with(variables: Variables, aws: Aws) -> Self {
        Self {
            variables,
            dynamodb: DynamoDb::new(&aws),
            aws,
            sqs: OnceLock::new(),
            outbound: OnceLock::new(),
            vault: OnceLock::new(),
        }
    }

    /// The outbound connection pool.
    pub fn outbound(&self) -> Result<Outbound, WiringFailure> {
        if let Some(outbound) = self.outbound.get() {
            return Ok(outbound.clone());
        }
        let made = Outbound::new(self.variables.allowed_targets())?;
        Ok(self.outbound.get_or_init(|| made).clone())
    }

    /// Builds a store with `make` for the table that a variable names.
    fn table<T>(
        &self,
        variable: &'static str,
        make: impl FnOnce(DynamoDb, String) -> T,
    ) -> Result<T, WiringFailure> {
        self.table_by(&self.dynamodb, variable, make)
    }

    /// The same with another client.
    fn table_by<T>(
        &self,
        dynamodb: &DynamoDb,
        variable: &'static str,
        make: impl FnOnce(DynamoDb, String) -> T,
    ) -> Result<T, WiringFailure> {
        let table = self.variables.required(variable)?;
        Ok(make(dynamodb.clone(), table))
    }

    /// A sender for the queue whose URL a variable contains.
    fn sender(&self, variable: &'static str) -> Result<Sender, Misconfigured> {
        Ok(Sender::new(self.sqs(), self.variables.required(variable)?))
    }

    fn sqs(&self) -> Sqs {
        let make = || Sqs::new(&self.aws);
        self.sqs.get_or_init(make).clone()
    }

    /// The function's only vault: KMS unwraps the keyring once for all secrets.
    fn vault(&self) -> Result<Arc<Vault>, Misconfigured> {
        let wrapped = self.variables.required(config::SEALING_KEYRING)?;
        let vault = self
            .vault
            .get_or_init(|| Vault::new(&self.aws.sdk, wrapped));
        Ok(Arc::clone(vault))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn start(variables: &[(&str, &str)]) -> Start {
        let pairs = variables.iter();
        let owned = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let variables = Variables::given(owned.collect::<BTreeMap<_, _>>());
        let aws = aws::configuration_by(&variables);
        Start::with(variables, aws)
    }

    #[test]
    fn a_missing_variable_is_named() {
        let failure = start(&[]).shipments().unwrap_err();
        assert_eq!(
            failure.to_string(),
            "the environment variable SHIPMENTS_TABLE is not set"
        );
    }

    #[test]
    fn an_invalid_variable_is_named() {
        let given = [
            ("API_KEYS_TABLE", "keys"),
            ("KEY_USES_TABLE", "uses"),
            ("CLIENT_RATE", "often"),
        ];
        let failure = start(&given).api_keys().unwrap_err();
        let text = failure.to_string();
        assert!(
            text.starts_with("the environment variable CLIENT_RATE is invalid: "),
            "{text}"
        );
    }

    #[test]
    fn unused_dependencies_need_no_variables() {
        assert!(
            start(&[("SHIPMENTS_TABLE", "shipments")])
                .shipments()
                .is_ok()
        );
    }

    #[test]
    fn all_secrets_share_one_vault() {
        let start = start(&[("SEALING_KEYRING", "")]);
        assert!(Arc::ptr_eq(
            &start.vault().unwrap(),
            &start.vault().unwrap()
        ));
    }
}
