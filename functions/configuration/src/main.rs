//! Wires the routes of a client's configuration.

use std::convert::Infallible;

use configuration::App;
use lambda_http::{Error, service_fn};
use logistics::store::{api_keys::ApiKeys, audit::AuditLog};
use logistics::{aws, config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::configuration().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
    let app = App {
        api_keys: ApiKeys::new(dynamodb.clone(), config::required(config::API_KEYS_TABLE)?),
        audit: AuditLog::new(dynamodb, config::required(config::AUDIT_TABLE)?),
    };
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(configuration::handle(&app, request).await)
    }))
    .await
}
