//! Wires `GET /notifications`.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use list_notifications::App;
use logistics::flows::notifying::find_notifications::SearchDependencies;
use logistics::store::{
    booking::shipments::Shipments, configuring::api_keys::ApiKeys,
    configuring::endpoints::Endpoints, delivering::parked::ParkedDeliveries,
    delivering::undelivered::UndeliveredIndex, messaging::history::History,
    notifying::unmapped::UnmappedIndex,
};
use logistics::{aws, config, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::configuration().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
    let notifications = config::required(config::NOTIFICATIONS_TABLE)?;
    let parked = config::required(config::PARKED_DELIVERIES_TABLE)?;
    let app = App {
        api_keys: ApiKeys::new(
            dynamodb.clone(),
            config::required(config::API_KEYS_TABLE)?,
            config::required(config::KEY_USES_TABLE)?,
            config::required_as(config::CLIENT_RATE)?,
        ),
        unmapped: UnmappedIndex::new(dynamodb.clone(), notifications.clone()),
        archive: SearchDependencies {
            shipments: Shipments::new(dynamodb.clone(), config::required(config::SHIPMENTS_TABLE)?),
            history: History::new(dynamodb.clone(), notifications.clone()),
            undelivered: UndeliveredIndex::new(dynamodb.clone(), notifications),
            endpoints: Endpoints::without_secrets(
                dynamodb.clone(),
                config::required(config::ENDPOINTS_TABLE)?,
            ),
            parked: ParkedDeliveries::new(dynamodb, parked),
        },
    };
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(list_notifications::handle(&app, request).await)
    }))
    .await
}
