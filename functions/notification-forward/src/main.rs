//! Entry point of the consumer of the delivery queue.

use std::convert::Infallible;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use logistics::wiring::Start;
use notification_forward::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    let handle = async |event: LambdaEvent<_>| {
        Ok::<_, Infallible>(notification_forward::handle(&app, event).await)
    };
    lambda_runtime::run(service_fn(handle)).await
}
