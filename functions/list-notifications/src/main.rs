//! Entry point of `GET /notifications`.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use list_notifications::App;
use logistics::wiring::Start;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(list_notifications::handle(&app, request).await)
    }))
    .await
}
