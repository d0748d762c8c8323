//! Entry point of `POST …/processing` of a return order.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use logistics::wiring::Start;
use return_processing::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(return_processing::handle(&app, request).await)
    }))
    .await
}
