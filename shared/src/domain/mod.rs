//! The values and rules of logistics, valid by construction.
//!
//! Nothing here knows JSON, HTTP, AWS, the clock or an aggregator. All values are valid: they were parsed once, at the
//! edge, and their fields are private or cannot be invalid.

pub mod account;
pub mod account_request;
pub mod address;
pub mod audit;
pub mod booking;
pub mod channel_account_request;
pub mod channel_order;
pub mod channel_return;
pub mod claim;
pub mod claim_end;
pub mod claim_record;
pub mod claim_use;
pub mod client;
pub mod courier;
pub mod credential;
pub mod customs;
pub mod delivery;
pub mod document_url;
pub mod draft;
pub mod endpoint;
pub mod endpoint_key;
pub mod endpoint_limits;
pub mod endpoint_request;
pub mod exchange;
pub mod facts;
pub mod form;
pub mod given_id;
pub mod health;
pub mod invoice;
pub mod left_order;
pub mod measure;
pub mod message;
pub mod money;
pub mod notification;
pub mod order;
pub mod partner_request;
pub mod personal;
pub mod present_booking;
pub mod proof;
pub mod push_news;
pub mod reopening;
pub mod returning;
pub mod secrets;
pub mod shipment;
pub mod shipment_id;
pub mod signing;
pub mod slowness;
pub mod span;
pub mod text;
pub mod throttle;
pub mod timeline;
pub mod version;
pub mod wanted_booking;
