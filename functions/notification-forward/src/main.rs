//! Wires the consumer of the delivery queue.

use std::convert::Infallible;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use logistics::delivery::successes::Successes;
use logistics::flows::forward_notification::{Forwarder, Suspects};
use logistics::outbound::client::Outbound;
use logistics::queue::{batch::Batches, sender::Sender};
use logistics::sealing::vault::Vault;
use logistics::store::{
    deliveries::Deliveries, endpoints::Endpoints, notifications::Notifications,
};
use logistics::{aws, config, telemetry};
use notification_forward::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::configuration().await;
    let (dynamodb, sqs) = (
        aws_sdk_dynamodb::Client::new(&aws),
        aws_sdk_sqs::Client::new(&aws),
    );
    let vault = Vault::new(&aws, config::required(config::SEALING_KEYRING)?);
    let notifications = config::required(config::NOTIFICATIONS_TABLE)?;
    let app = App {
        batches: Batches::new(sqs.clone(), config::required(config::DELIVERY_QUEUE_URL)?),
        forwarder: Forwarder {
            endpoints: Endpoints::new(
                dynamodb.clone(),
                config::required(config::ENDPOINTS_TABLE)?,
                vault,
            ),
            notifications: Notifications::new(dynamodb.clone(), notifications.clone()),
            deliveries: Deliveries::new(dynamodb, notifications),
            outbound: Outbound::new(config::allowed_targets())?,
            dead_letters: Sender::new(
                sqs,
                config::required(config::DELIVERY_DEAD_LETTER_QUEUE_URL)?,
            ),
            ttl_days: config::required_as(config::NOTIFICATION_TTL_DAYS)?,
            suspects: Suspects::default(),
            successes: Successes::default(),
        },
    };
    let handle = async |event: LambdaEvent<_>| {
        Ok::<_, Infallible>(notification_forward::handle(&app, event).await)
    };
    lambda_runtime::run(service_fn(handle)).await
}
