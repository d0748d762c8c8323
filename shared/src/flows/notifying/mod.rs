//! Pushes: take them in, find the shipment that they are about, and show what came of them.

pub mod find_notifications;
pub mod receive_notification;
pub mod resolve_shipment;
pub mod track_shipment;
