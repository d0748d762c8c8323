//! Wires `GET /notifications`.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use list_notifications::App;
use logistics::store::{api_keys::ApiKeys, unmapped::UnmappedIndex};
use logistics::{aws, config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::configuration().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
    let app = App {
        api_keys: ApiKeys::new(dynamodb.clone(), config::required(config::API_KEYS_TABLE)?),
        unmapped: UnmappedIndex::new(dynamodb, config::required(config::NOTIFICATIONS_TABLE)?),
    };
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(list_notifications::handle(&app, request).await)
    }))
    .await
}
