//! Entry point of `POST /webhook-endpoints/{id}/recover`.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use logistics::wiring::Start;
use recover_endpoint::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(recover_endpoint::handle(&app, request).await)
    }))
    .await
}
