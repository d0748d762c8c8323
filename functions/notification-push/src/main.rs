//! Wires `POST /rms-magic/notification/push` and `POST /notifications/{token}`.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use logistics::flows::notifying::dependencies::PushDependencies;
use logistics::queue::sender::Sender;
use logistics::store::{
    booking::shipments::Shipments, configuring::accounts::Accounts,
    configuring::endpoints::Endpoints, configuring::push_credentials::PushCredentials,
    notifying::notifications::Notifications,
};
use logistics::{aws, config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::configuration().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
    let app = PushDependencies {
        credentials: PushCredentials::new(
            dynamodb.clone(),
            config::required(config::PUSH_CREDENTIALS_TABLE)?,
        ),
        accounts: Accounts::without_secrets(
            dynamodb.clone(),
            config::required(config::ACCOUNTS_TABLE)?,
        ),
        endpoints: Endpoints::without_secrets(
            dynamodb.clone(),
            config::required(config::ENDPOINTS_TABLE)?,
        ),
        shipments: Shipments::new(dynamodb.clone(), config::required(config::SHIPMENTS_TABLE)?),
        notifications: Notifications::new(dynamodb, config::required(config::NOTIFICATIONS_TABLE)?),
        queue: Sender::new(
            aws_sdk_sqs::Client::new(&aws),
            config::required(config::DELIVERY_QUEUE_URL)?,
        ),
        ttl_days: config::required_as(config::NOTIFICATION_TTL_DAYS)?,
    };
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(notification_push::handle(&app, request).await)
    }))
    .await
}
