//! Wires `GET /shipping-labels`.

use std::convert::Infallible;

use get_label::App;
use lambda_http::{Error, service_fn};
use logistics::flows::booking::dependencies::BookingDependencies;
use logistics::outbound::client::Outbound;
use logistics::sealing::vault::Vault;
use logistics::store::{
    booking::sessions::Sessions, booking::shipments::Shipments, configuring::accounts::Accounts,
    configuring::api_keys::ApiKeys,
};
use logistics::{aws, config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::configuration().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
    let vault = Vault::new(&aws, config::required(config::SEALING_KEYRING)?);
    let app = App {
        api_keys: ApiKeys::new(
            dynamodb.clone(),
            config::required(config::API_KEYS_TABLE)?,
            config::required(config::KEY_USES_TABLE)?,
            config::required_as(config::CLIENT_RATE)?,
        ),
        booking: BookingDependencies {
            accounts: Accounts::new(
                dynamodb.clone(),
                config::required(config::ACCOUNTS_TABLE)?,
                vault.clone(),
            ),
            shipments: Shipments::new(dynamodb.clone(), config::required(config::SHIPMENTS_TABLE)?),
            sessions: Sessions::new(dynamodb, config::required(config::SESSIONS_TABLE)?, vault),
            outbound: Outbound::new(config::allowed_targets())?,
        },
    };
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(get_label::handle(&app, request).await)
    }))
    .await
}
