//! Entry point of `GET /unmapped-statuses` and `POST /unmapped-statuses/replay`.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use logistics::wiring::Start;
use unmapped_statuses::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(unmapped_statuses::handle(&app, request).await)
    }))
    .await
}
