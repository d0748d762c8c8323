//! Entry point of the function that tells what the OMS did not confirm in time.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use logistics::wiring::Start;
use outbound_sweep::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    let handle = async |event: LambdaEvent<_>| outbound_sweep::handle(&app, event).await;
    lambda_runtime::run(service_fn(handle)).await
}
