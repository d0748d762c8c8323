//! What sales channels keep and RMS keeps for them, as callers see it, and the requests that change an order there.

pub mod cursor;
pub mod handover;
pub mod invoice;
pub mod item;
pub mod listing;
pub mod manifest;
pub mod order;
pub mod order_status;
pub mod shipment;
pub mod stock;
pub mod track;
