//! Entry point of `POST /exchanges`.

use std::convert::Infallible;

use exchange::App;
use lambda_http::{Error, service_fn};
use logistics::wiring::Start;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(exchange::handle(&app, request).await)
    }))
    .await
}
