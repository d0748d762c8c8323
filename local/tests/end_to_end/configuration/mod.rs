//! A client is configured only through the API and then used: the real functions in the local stack, everything over HTTP.

mod changed_together;
mod delivered_at_once;
mod pushed_at_once;
mod pushing;
mod set_up;
mod used_at_once;
mod world;
