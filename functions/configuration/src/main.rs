//! Wires the routes of a client's configuration.

use std::convert::Infallible;

use configuration::App;
use lambda_http::{Error, service_fn};
use logistics::flows::save_endpoint::EndpointDesk;
use logistics::outbound::client::Outbound;
use logistics::sealing::vault::Vault;
use logistics::store::{
    api_keys::ApiKeys, audit::AuditLog, endpoints::Endpoints, health::EndpointHealths,
    parked::ParkedDeliveries, undelivered::UndeliveredIndex,
};
use logistics::{aws, config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::configuration().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
    let audit = AuditLog::new(dynamodb.clone(), config::required(config::AUDIT_TABLE)?);
    let vault = Vault::new(&aws, config::required(config::SEALING_KEYRING)?);
    let app = App {
        api_keys: ApiKeys::new(
            dynamodb.clone(),
            config::required(config::API_KEYS_TABLE)?,
            config::required(config::KEY_USES_TABLE)?,
            config::required_as(config::CLIENT_RATE)?,
        ),
        endpoints: EndpointDesk {
            endpoints: Endpoints::new(
                dynamodb.clone(),
                config::required(config::ENDPOINTS_TABLE)?,
                vault,
            ),
            undelivered: UndeliveredIndex::new(
                dynamodb.clone(),
                config::required(config::NOTIFICATIONS_TABLE)?,
            ),
            healths: EndpointHealths::new(
                dynamodb.clone(),
                config::required(config::ENDPOINT_HEALTH_TABLE)?,
            ),
            parked: ParkedDeliveries::new(
                dynamodb.clone(),
                config::required(config::PARKED_DELIVERIES_TABLE)?,
            ),
            audit: audit.clone(),
            outbound: Outbound::new(config::allowed_targets())?,
        },
        audit,
    };
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(configuration::handle(&app, request).await)
    }))
    .await
}
