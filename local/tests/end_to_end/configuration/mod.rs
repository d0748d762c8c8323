//! A client is set up through the API alone, and then served: the real functions in the local stack, everything over
//! HTTP.

mod set_up;
mod world;
