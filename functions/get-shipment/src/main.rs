//! Wires `GET /shipments/{orderNumber}`.

use std::convert::Infallible;

use get_shipment::App;
use lambda_http::{Error, service_fn};
use logistics::store::{
    booking::shipments::Shipments, configuring::api_keys::ApiKeys, messaging::history::History,
};
use logistics::{aws, config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::configuration().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
    let app = App {
        api_keys: ApiKeys::new(
            dynamodb.clone(),
            config::required(config::API_KEYS_TABLE)?,
            config::required(config::KEY_USES_TABLE)?,
            config::required_as(config::CLIENT_RATE)?,
        ),
        shipments: Shipments::new(dynamodb.clone(), config::required(config::SHIPMENTS_TABLE)?),
        history: History::new(dynamodb, config::required(config::NOTIFICATIONS_TABLE)?),
    };
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(get_shipment::handle(&app, request).await)
    }))
    .await
}
