//! Wires the consumer of the delivery queue.

use std::convert::Infallible;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use logistics::delivery::successes::Successes;
use logistics::flows::delivering::dependencies::AttemptDependencies;
use logistics::flows::delivering::forward_message::{ForwardDependencies, Suspects};
use logistics::outbound::client::Outbound;
use logistics::queue::{backlog::Backlog, batch::Batches, sender::Sender};
use logistics::sealing::vault::Vault;
use logistics::store::{
    configuring::endpoints::Endpoints, delivering::deliveries::Deliveries,
    delivering::health::EndpointHealths, delivering::parked::ParkedDeliveries,
    messaging::messages::Messages,
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
    let health = config::required(config::ENDPOINT_HEALTH_TABLE)?;
    let parked = config::required(config::PARKED_DELIVERIES_TABLE)?;
    let notifications = config::required(config::NOTIFICATIONS_TABLE)?;
    let queue = config::required(config::DELIVERY_QUEUE_URL)?;
    let dead_letters = config::required(config::DELIVERY_DEAD_LETTER_QUEUE_URL)?;
    let app = App {
        batches: Batches::new(sqs.clone(), queue.clone()),
        forwarder: ForwardDependencies {
            parked: ParkedDeliveries::new(dynamodb.clone(), parked),
            backlog: Backlog::new(sqs.clone(), queue),
            dead_letters: Sender::new(sqs, dead_letters),
            suspects: Suspects::default(),
            attempting: AttemptDependencies {
                endpoints: Endpoints::new(
                    dynamodb.clone(),
                    config::required(config::ENDPOINTS_TABLE)?,
                    vault,
                ),
                healths: EndpointHealths::new(dynamodb.clone(), health),
                messages: Messages::new(dynamodb.clone(), notifications.clone()),
                deliveries: Deliveries::new(dynamodb, notifications),
                outbound: Outbound::new(config::allowed_targets())?,
                ttl_days: config::required_as(config::NOTIFICATION_TTL_DAYS)?,
                successes: Successes::default(),
            },
        },
    };
    let handle = async |event: LambdaEvent<_>| {
        Ok::<_, Infallible>(notification_forward::handle(&app, event).await)
    };
    lambda_runtime::run(service_fn(handle)).await
}
