//! Entry point of the consumer of the queue of readings.

use std::convert::Infallible;

use channel_read::App;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use logistics::wiring::Start;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    let handle =
        async |event: LambdaEvent<_>| Ok::<_, Infallible>(channel_read::handle(&app, event).await);
    lambda_runtime::run(service_fn(handle)).await
}
