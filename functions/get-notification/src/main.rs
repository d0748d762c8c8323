//! Wires `GET /notifications/{id}`.

use std::convert::Infallible;

use get_notification::App;
use lambda_http::{Error, service_fn};
use logistics::store::{
    configuring::api_keys::ApiKeys, delivering::deliveries::Deliveries,
    notifying::notifications::Notifications,
};
use logistics::{aws, config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::configuration().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
    let notifications = config::required(config::NOTIFICATIONS_TABLE)?;
    let app = App {
        api_keys: ApiKeys::new(
            dynamodb.clone(),
            config::required(config::API_KEYS_TABLE)?,
            config::required(config::KEY_USES_TABLE)?,
            config::required_as(config::CLIENT_RATE)?,
        ),
        notifications: Notifications::new(dynamodb.clone(), notifications.clone()),
        deliveries: Deliveries::new(dynamodb, notifications),
    };
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(get_notification::handle(&app, request).await)
    }))
    .await
}
