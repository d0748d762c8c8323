//! Entry point of `GET /openapi.json` and the gateway's `$default` route.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use logistics::telemetry;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(api_description::handle(request).await)
    }))
    .await
}
