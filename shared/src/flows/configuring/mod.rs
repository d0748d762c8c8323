//! A client's accounts, endpoints and keys: save, check, replace and remove.

pub mod channel_poll;
pub mod check_account;
pub mod check_channel_account;
pub mod endpoint_desk;
pub mod live_shipments;
pub mod make_console_link;
pub mod mint_api_key;
pub mod open_console;
mod partner_desk;
pub mod remove_account;
pub mod remove_channel_account;
pub mod remove_endpoint;
pub mod resume_endpoint;
pub mod rotate_secret;
pub mod save_account;
pub mod save_channel_account;
pub mod save_endpoint;
pub mod test_endpoint;
pub mod waiting_deliveries;
