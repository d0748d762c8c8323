//! A client is configured only through the API and then used: the real functions in the local stack, everything over HTTP.

mod set_up;
mod world;
