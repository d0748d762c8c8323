//! JSON pointers (RFC 6901).

/// A name as a token of a pointer.
pub fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The name that a token of a pointer stands for.
pub fn name(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_stands_for_its_name() {
        for plain in ["email", "a/b", "~1", "~/~"] {
            assert_eq!(name(&token(plain)), plain);
        }
    }
}
