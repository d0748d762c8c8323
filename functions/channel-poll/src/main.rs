//! Entry point of the function that finds what changed in channels without a webhook.

use channel_poll::App;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use logistics::wiring::Start;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    let handle = async |event: LambdaEvent<_>| channel_poll::handle(&app, event).await;
    lambda_runtime::run(service_fn(handle)).await
}
