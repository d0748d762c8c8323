//! A function that does nothing: the benchmark compares the other functions with it.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(async |_: LambdaEvent<()>| Ok::<_, Error>(()))).await
}
