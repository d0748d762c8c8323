//! Entry point of the function that ends suspensions.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use logistics::wiring::Start;
use notification_resume::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::new(&Start::of_environment())?;
    let handle = async |event: LambdaEvent<_>| notification_resume::handle(&app, event).await;
    lambda_runtime::run(service_fn(handle)).await
}
