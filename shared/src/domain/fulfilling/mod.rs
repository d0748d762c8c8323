//! Outbound orders: sales orders that a client's platform hands to its order management system (OMS) through RMS, what the OMS
//! and the warehouse say about them, and the state that follows from that.
//!
//! The orders of one request are a group. The state is never stored: it is the fold of what happened.

pub mod deadline;
pub mod event;
pub mod group;
pub mod judged_list;
pub mod judged_result;
pub mod local_time;
pub mod outbound_order;
pub mod requested;
pub mod state;
pub mod timeline;
pub mod tracking;
pub mod warehouse_report;
pub mod warehouse_state;
