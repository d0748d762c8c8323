//! Entry point of the changes of orders in sales channels.

use std::convert::Infallible;

use channel_changes::App;
use lambda_http::{Error, service_fn};
use logistics::wiring::Start;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(channel_changes::handle(&app, request).await)
    }))
    .await
}
