//! Entry point of the routes of a client's configuration.

use std::convert::Infallible;

use configuration::App;
use lambda_http::{Error, service_fn};
use logistics::wiring::Start;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(configuration::handle(&app, request).await)
    }))
    .await
}
