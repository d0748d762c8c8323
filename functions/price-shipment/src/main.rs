//! Entry point of the prices: `POST /v3/fulfillment/pricing/domestic` and `POST /v3/pricing/domestic[/{rate_type}]`.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use logistics::wiring::Start;
use price_shipment::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(price_shipment::handle(&app, request).await)
    }))
    .await
}
