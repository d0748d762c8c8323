//! Wires `POST /shipping-labels/settle`.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use logistics::store::{booking::shipments::Shipments, configuring::api_keys::ApiKeys};
use logistics::{aws, config, telemetry};
use settle_label::App;

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
        shipments: Shipments::new(dynamodb, config::required(config::SHIPMENTS_TABLE)?),
    };
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(settle_label::handle(&app, request).await)
    }))
    .await
}
