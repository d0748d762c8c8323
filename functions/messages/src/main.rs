//! Wires `GET /messages` and `GET /messages/{messageId}`.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use logistics::flows::messaging::find_messages::MessageSearchDependencies;
use logistics::store::{
    configuring::api_keys::ApiKeys, configuring::endpoints::Endpoints,
    delivering::deliveries::Deliveries, delivering::parked::ParkedDeliveries,
    delivering::undelivered::UndeliveredIndex, messaging::history::History,
    messaging::kind_index::KindIndex, messaging::messages::Messages,
};
use logistics::{aws, config, telemetry};
use messages::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::configuration().await;
    let dynamodb = || aws_sdk_dynamodb::Client::new(&aws);
    let table = || config::required(config::NOTIFICATIONS_TABLE);
    let app = App {
        api_keys: ApiKeys::new(
            dynamodb(),
            config::required(config::API_KEYS_TABLE)?,
            config::required(config::KEY_USES_TABLE)?,
            config::required_as(config::CLIENT_RATE)?,
        ),
        searching: MessageSearchDependencies {
            messages: Messages::new(dynamodb(), table()?),
            history: History::new(dynamodb(), table()?),
            deliveries: Deliveries::new(dynamodb(), table()?),
            kinds: KindIndex::new(dynamodb(), table()?),
            undelivered: UndeliveredIndex::new(dynamodb(), table()?),
            endpoints: Endpoints::without_secrets(
                dynamodb(),
                config::required(config::ENDPOINTS_TABLE)?,
            ),
            parked: ParkedDeliveries::new(
                dynamodb(),
                config::required(config::PARKED_DELIVERIES_TABLE)?,
            ),
        },
    };
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(messages::handle(&app, request).await)
    }))
    .await
}
