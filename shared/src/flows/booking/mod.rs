//! Labels, return AWBs, orders and exchanges: claim, call the aggregator, record; read, cancel and settle.

pub mod account;
pub mod book_shipment;
pub mod cancel_booking;
mod cancel_left;
mod claim_exchange;
pub mod claim_order;
pub mod count_uncertain;
pub mod create_order;
pub mod dependencies;
pub mod exchange_order;
pub mod fetch_document;
pub mod find_booking;
pub mod find_in_doubt;
pub mod held_claim;
mod kept_refusal;
pub mod price_shipment;
pub mod recommend_couriers;
mod sessions;
pub mod settle_claim;
mod traced;
