//! The dependencies of a client's configuration: keys, accounts, endpoints and the audit log. Every function that
//! clients call uses the keys.

use crate::config;
use crate::flows::configuring::endpoint_desk::EndpointDependencies;
use crate::flows::configuring::open_console::ConsoleDependencies;
use crate::flows::configuring::save_account::AccountDependencies;
use crate::flows::configuring::save_channel_account::ChannelAccountDependencies;
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::configuring::accounts::Accounts;
use crate::store::configuring::api_keys::ApiKeys;
use crate::store::configuring::audit::AuditLog;
use crate::store::configuring::channel_accounts::ChannelAccounts;
use crate::store::configuring::console_seals::ConsoleSeals;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::configuring::used_links::UsedLinks;
use crate::wiring::{Start, WiringFailure};

impl Start {
    /// The API keys and the rate limit of a client.
    pub fn api_keys(&self) -> Result<ApiKeys, WiringFailure> {
        let uses = self.variables.required(config::KEY_USES_TABLE)?;
        let rate = self.variables.required_as(config::CLIENT_RATE)?;
        self.table(config::API_KEYS_TABLE, |client, table| {
            ApiKeys::new(client, table, uses, rate)
        })
    }

    /// The logistic accounts and the dependencies of changing one.
    pub fn accounts(&self) -> Result<AccountDependencies, WiringFailure> {
        Ok(AccountDependencies {
            accounts: self.accounts_with_secrets()?,
            versions: self.versions()?,
            push_credentials: self.push_credentials()?,
            sessions: self.sessions()?,
            shipments: self.shipments()?,
            history: self.history()?,
            audit: self.audit()?,
            outbound: self.outbound()?,
        })
    }

    /// The channel accounts and the dependencies of changing one.
    pub fn channel_accounts(&self) -> Result<ChannelAccountDependencies, WiringFailure> {
        Ok(ChannelAccountDependencies {
            accounts: self.channel_accounts_with_secrets()?,
            versions: self.versions()?,
            push_credentials: self.push_credentials()?,
            sessions: self.sessions()?,
            audit: self.audit()?,
            outbound: self.outbound()?,
            polls: self.order_polls()?,
        })
    }

    /// The channel accounts with access to their secrets.
    pub fn channel_accounts_with_secrets(&self) -> Result<ChannelAccounts, WiringFailure> {
        let vault = self.vault()?;
        self.table(config::CHANNEL_ACCOUNTS_TABLE, |client, table| {
            ChannelAccounts::new(client, table, vault)
        })
    }

    /// The webhook endpoints and the dependencies of changing one.
    pub fn endpoints(&self) -> Result<EndpointDependencies, WiringFailure> {
        Ok(EndpointDependencies {
            endpoints: self.endpoints_with_secrets()?,
            limits: self.variables.required_as(config::ENDPOINT_LIMITS)?,
            versions: self.versions()?,
            healths: self.healths()?,
            undelivered: self.undelivered()?,
            parked: self.parked()?,
            audit: self.audit()?,
            outbound: self.outbound()?,
        })
    }

    /// The versions of clients' configurations.
    pub fn versions(&self) -> Result<ConfigurationVersions, WiringFailure> {
        let table = self
            .variables
            .required(config::CONFIGURATION_VERSIONS_TABLE)?;
        Ok(ConfigurationVersions::new(table))
    }

    /// The audit log of configuration changes.
    pub fn audit(&self) -> Result<AuditLog, WiringFailure> {
        self.table(config::AUDIT_TABLE, AuditLog::new)
    }

    /// What opens the console.
    pub fn console(&self) -> Result<ConsoleDependencies, WiringFailure> {
        Ok(ConsoleDependencies {
            api_keys: self.api_keys()?,
            seals: self.console_seals()?,
            used_links: self.table(config::SESSIONS_TABLE, UsedLinks::new)?,
            audit: self.audit()?,
        })
    }

    /// Seals sessions and links of the console.
    pub fn console_seals(&self) -> Result<ConsoleSeals, WiringFailure> {
        Ok(ConsoleSeals::new(self.vault()?))
    }

    /// The logistic accounts with access to their secrets.
    pub fn accounts_with_secrets(&self) -> Result<Accounts, WiringFailure> {
        let vault = self.vault()?;
        self.table(config::ACCOUNTS_TABLE, |client, table| {
            Accounts::new(client, table, vault)
        })
    }

    pub(super) fn accounts_without_secrets(&self) -> Result<Accounts, WiringFailure> {
        self.table(config::ACCOUNTS_TABLE, Accounts::without_secrets)
    }

    pub(super) fn endpoints_with_secrets(&self) -> Result<Endpoints, WiringFailure> {
        let vault = self.vault()?;
        self.table(config::ENDPOINTS_TABLE, |client, table| {
            Endpoints::new(client, table, vault)
        })
    }

    pub(super) fn endpoints_without_secrets(&self) -> Result<Endpoints, WiringFailure> {
        self.table(config::ENDPOINTS_TABLE, Endpoints::without_secrets)
    }
}
