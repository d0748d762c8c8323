//! Wires `POST /webhook-endpoints/{id}/recover`.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use logistics::flows::delivering::recover_deliveries::RecoveryDependencies;
use logistics::queue::sender::Sender;
use logistics::store::{
    booking::shipments::Shipments, configuring::api_keys::ApiKeys,
    configuring::endpoints::Endpoints, delivering::deliveries::Deliveries,
    delivering::undelivered::UndeliveredIndex, messaging::history::History,
};
use logistics::{aws, config, telemetry};
use recover_endpoint::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::configuration().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
    let notifications = config::required(config::NOTIFICATIONS_TABLE)?;
    let queue_url = config::required(config::DELIVERY_QUEUE_URL)?;
    let app = App {
        api_keys: ApiKeys::new(
            dynamodb.clone(),
            config::required(config::API_KEYS_TABLE)?,
            config::required(config::KEY_USES_TABLE)?,
            config::required_as(config::CLIENT_RATE)?,
        ),
        recovery: RecoveryDependencies {
            endpoints: Endpoints::without_secrets(
                dynamodb.clone(),
                config::required(config::ENDPOINTS_TABLE)?,
            ),
            shipments: Shipments::new(dynamodb.clone(), config::required(config::SHIPMENTS_TABLE)?),
            history: History::new(dynamodb.clone(), notifications.clone()),
            undelivered: UndeliveredIndex::new(dynamodb.clone(), notifications.clone()),
            deliveries: Deliveries::new(dynamodb, notifications),
            queue: Sender::new(aws_sdk_sqs::Client::new(&aws), queue_url),
        },
    };
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(recover_endpoint::handle(&app, request).await)
    }))
    .await
}
