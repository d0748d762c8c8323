//! Pushes: receive them, find their shipments, and show the results.

mod complete_notification;
pub mod dependencies;
pub mod find_notifications;
mod find_return;
pub mod find_still;
pub mod find_unmapped;
mod group_events;
mod learn_shipment;
mod pass_on;
pub mod present_states;
pub mod prove_push;
pub mod receive_failure;
pub mod receive_notification;
mod receive_portion;
mod record_notification;
pub mod replay_unmapped;
pub mod resolve_shipment;
pub mod store_event;
mod tell_unmapped;
pub mod track_order;
pub mod track_shipment;
