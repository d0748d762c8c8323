//! Entry point of `POST /channels/hooks/{token}`.

use std::convert::Infallible;

use lambda_http::{Error, service_fn};
use logistics::wiring::Start;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let dependencies = Start::of_environment().hooks()?;
    lambda_http::run(service_fn(async |request| {
        Ok::<_, Infallible>(channel_hooks::handle(&dependencies, request).await)
    }))
    .await
}
