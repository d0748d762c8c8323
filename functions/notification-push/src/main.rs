//! Wires `POST /rms-magic/notification/push` and `POST /notifications/{token}`.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use logistics::wiring::Start;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let dependencies = Start::of_environment().push()?;
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(notification_push::handle(&dependencies, request).await)
    }))
    .await
}
