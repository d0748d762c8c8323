//! Wires the routes of a client's configuration.

use std::convert::Infallible;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use configuration::App;
use lambda_http::{Error, service_fn};
use logistics::config::{Misconfigured, required};
use logistics::flows::configuring::endpoint_desk::EndpointDependencies;
use logistics::flows::configuring::save_account::AccountDependencies;
use logistics::outbound::client::Outbound;
use logistics::sealing::vault::Vault;
use logistics::store::{
    booking::sessions::Sessions, booking::shipments::Shipments, configuring::accounts::Accounts,
    configuring::api_keys::ApiKeys, configuring::audit::AuditLog,
    configuring::endpoints::Endpoints, configuring::push_credentials::PushCredentials,
    delivering::health::EndpointHealths, delivering::parked::ParkedDeliveries,
    delivering::undelivered::UndeliveredIndex, messaging::history::History,
};
use logistics::{aws, config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::configuration().await;
    let dynamodb = Client::new(&aws);
    let outbound = Outbound::new(config::allowed_targets())?;
    let vault = Vault::new(&aws, required(config::SEALING_KEYRING)?);
    let app = App {
        api_keys: ApiKeys::new(
            dynamodb.clone(),
            required(config::API_KEYS_TABLE)?,
            required(config::KEY_USES_TABLE)?,
            config::required_as(config::CLIENT_RATE)?,
        ),
        accounts: accounts(&dynamodb, &outbound, &vault)?,
        endpoints: endpoints(&dynamodb, &outbound, &vault)?,
        audit: AuditLog::new(dynamodb, required(config::AUDIT_TABLE)?),
    };
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(configuration::handle(&app, request).await)
    }))
    .await
}

fn accounts(
    dynamodb: &Client,
    outbound: &Outbound,
    vault: &Arc<Vault>,
) -> Result<AccountDependencies, Misconfigured> {
    let client = || dynamodb.clone();
    Ok(AccountDependencies {
        accounts: Accounts::new(client(), required(config::ACCOUNTS_TABLE)?, vault.clone()),
        push_credentials: PushCredentials::new(client(), required(config::PUSH_CREDENTIALS_TABLE)?),
        sessions: Sessions::new(client(), required(config::SESSIONS_TABLE)?, vault.clone()),
        shipments: Shipments::new(client(), required(config::SHIPMENTS_TABLE)?),
        history: History::new(client(), required(config::NOTIFICATIONS_TABLE)?),
        audit: AuditLog::new(client(), required(config::AUDIT_TABLE)?),
        outbound: outbound.clone(),
    })
}

fn endpoints(
    dynamodb: &Client,
    outbound: &Outbound,
    vault: &Arc<Vault>,
) -> Result<EndpointDependencies, Misconfigured> {
    let client = || dynamodb.clone();
    Ok(EndpointDependencies {
        endpoints: Endpoints::new(client(), required(config::ENDPOINTS_TABLE)?, vault.clone()),
        healths: EndpointHealths::new(client(), required(config::ENDPOINT_HEALTH_TABLE)?),
        undelivered: UndeliveredIndex::new(client(), required(config::NOTIFICATIONS_TABLE)?),
        parked: ParkedDeliveries::new(client(), required(config::PARKED_DELIVERIES_TABLE)?),
        audit: AuditLog::new(client(), required(config::AUDIT_TABLE)?),
        outbound: outbound.clone(),
    })
}
