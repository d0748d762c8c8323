//! Wires `POST /invoices`.

use std::convert::Infallible;

use invoices::App;
use lambda_http::{Error, service_fn};
use logistics::flows::messaging::publish_message::PublishDependencies;
use logistics::queue::sender::Sender;
use logistics::store::{
    configuring::api_keys::ApiKeys, configuring::endpoints::Endpoints,
    messaging::messages::Messages,
};
use logistics::{aws, config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::configuration().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
    let endpoints = config::required(config::ENDPOINTS_TABLE)?;
    let messages = config::required(config::NOTIFICATIONS_TABLE)?;
    let queue_url = config::required(config::DELIVERY_QUEUE_URL)?;
    let app = App {
        api_keys: ApiKeys::new(
            dynamodb.clone(),
            config::required(config::API_KEYS_TABLE)?,
            config::required(config::KEY_USES_TABLE)?,
            config::required_as(config::CLIENT_RATE)?,
        ),
        publishing: PublishDependencies {
            endpoints: Endpoints::without_secrets(dynamodb.clone(), endpoints),
            messages: Messages::new(dynamodb, messages),
            queue: Sender::new(aws_sdk_sqs::Client::new(&aws), queue_url),
            ttl_days: config::required_as(config::NOTIFICATION_TTL_DAYS)?,
        },
    };
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(invoices::handle(&app, request).await)
    }))
    .await
}
