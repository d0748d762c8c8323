//! The use cases, one a file: each is a sequence that a reader can follow from top to bottom.
//!
//! A flow owns its order of effects and nothing else: rules are the domain's, words the contract's, statuses the edge's.

pub mod account;
pub mod attempt_delivery;
pub mod book_shipment;
pub mod cancel_booking;
pub mod check_account;
pub mod claim_order;
pub mod create_order;
pub mod desk;
pub mod endpoint_desk;
pub mod failure;
pub mod fetch_document;
pub mod find_booking;
pub mod find_notifications;
pub mod forward_notification;
pub mod live_shipments;
pub mod mind_health;
pub mod mint_api_key;
pub mod receive_notification;
pub mod recommend_couriers;
pub mod recover_deliveries;
pub mod remove_account;
pub mod remove_endpoint;
pub mod resolve_shipment;
pub mod resume_endpoint;
pub mod resume_endpoints;
pub mod rotate_secret;
pub mod save_account;
pub mod save_endpoint;
mod sessions;
pub mod settle_claim;
pub mod test_endpoint;
pub mod track_shipment;
pub mod waiting_deliveries;
