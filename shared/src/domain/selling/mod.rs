//! What a client's sales channels keep, and what RMS keeps for them; the requests that change an order there.

pub mod document;
pub mod fulfilment;
pub mod handover;
pub mod invoice;
pub mod left_out;
pub mod listing;
pub mod manifest;
pub mod open_rows;
pub mod order;
pub mod order_poll;
pub mod shipment;
pub mod stock;
pub mod write_claim;
