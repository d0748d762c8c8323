//! JSON pointers (RFC 6901).

/// A name as a token of a pointer.
pub fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
