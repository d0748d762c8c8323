//! Entry point of `POST /v3/fulfillment/pgi` and `POST /v3/fulfillment/order-status`.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use logistics::wiring::Start;
use warehouse_reports::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(warehouse_reports::handle(&app, request).await)
    }))
    .await
}
