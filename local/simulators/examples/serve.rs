//! Serves the simulators alone, on a free port, until it is stopped: for programs that RMS does not know, such as clients that
//! others wrote. It prints one line of JSON, with the URL and the credentials.

use serde_json::json;
use simulators::{
    ClickpostConfig, MagentoConfig, ShiprocketConfig, Simulators, SimulatorsConfig, router,
};

const EMAIL: &str = "rms@brand.example";
const PASSWORD: &str = "a-password-of-the-simulator";
/// The four values of the shop's integration.
const INTEGRATION: [&str; 4] = [
    "consumer-key",
    "consumer-secret",
    "access-token",
    "token-secret",
];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let [
        consumer_key,
        consumer_secret,
        access_token,
        access_token_secret,
    ] = INTEGRATION;
    let simulators = Simulators::new(SimulatorsConfig {
        base_url: url.clone(),
        shiprocket: ShiprocketConfig {
            email: EMAIL.to_owned(),
            password: PASSWORD.to_owned(),
        },
        clickpost: ClickpostConfig {
            username: EMAIL.to_owned(),
            key: PASSWORD.to_owned(),
        },
        magento: MagentoConfig {
            consumer_key: consumer_key.to_owned(),
            consumer_secret: consumer_secret.to_owned(),
            access_token: access_token.to_owned(),
            access_token_secret: access_token_secret.to_owned(),
            username: EMAIL.to_owned(),
            password: PASSWORD.to_owned(),
            ..MagentoConfig::default()
        },
        ..SimulatorsConfig::default()
    })?;
    #[expect(clippy::print_stdout, reason = "the parent process reads the line")]
    {
        println!(
            "{}",
            json!({ "url": url, "email": EMAIL, "password": PASSWORD, "integration": INTEGRATION })
        );
    }
    axum::serve(listener, router(simulators)).await?;
    Ok(())
}
