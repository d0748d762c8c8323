//! What a sales channel keeps: orders, as they are read there, and lists of them; and the requests that change an order.

pub mod document;
pub mod fulfilment;
pub mod handover;
pub mod invoice;
pub mod listing;
pub mod open_rows;
pub mod order;
pub mod shipment;
pub mod write_claim;
