//! Entry point of the console.

use std::convert::Infallible;

use console::App;
use lambda_http::{Error, service_fn};
use logistics::wiring::Start;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(console::handle(&app, request).await)
    }))
    .await
}
