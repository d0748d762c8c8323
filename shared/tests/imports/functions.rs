//! A function's crate has no unit tests: they would not run.

use crate::sources::{none, sources};

#[test]
fn a_function_has_only_its_handler_s_tests() {
    let mut broken = Vec::new();
    for source in sources("functions") {
        let path = format!("{}/../{}", env!("CARGO_MANIFEST_DIR"), source.file);
        let text = std::fs::read_to_string(path).unwrap();
        if text.contains("#[cfg(test)]") || text.contains("#[test]") {
            broken.push(source.file);
        }
    }
    none(
        &broken,
        "functions are built with `test = false`: move these tests to tests/handler.rs, or the rule with its tests to \
         shared/src/domain/",
    );
}
