//! Entry point of the routes of outbound orders.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use logistics::wiring::Start;
use outbound_order::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(outbound_order::handle(&app, request).await)
    }))
    .await
}
