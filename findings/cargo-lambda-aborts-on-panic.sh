#!/usr/bin/env bash
# The same Rust program catches its panics when Cargo builds it, and ends at the first one when cargo-lambda does.
#
# cargo-lambda, which `sam build` calls for `BuildMethod: rust-cargolambda`, has release settings of its own for what the profile in
# Cargo.toml does not say, among them panic = "abort", where Cargo's default is "unwind". Nothing in the build's output says so.
# With "abort" neither std::panic::catch_unwind nor the one in the Lambda runtime of Rust returns: a batch function that lets a
# record fail alone when its handler panics does so in every test, and in AWS loses the process and the batch with it, again and again.
# Seen with cargo-lambda 1.9.2 (PyPI) and Rust 1.95, November 2026; the program prints how it was built and catches a panic of its own:
#
#   built by                                                     prints                    exit code
#   cargo build --release                                        unwind, caught, goes on   0
#   cargo lambda build --release                                 abort                     134 (SIGABRT)
#   the same, with panic = "unwind" under [profile.release]      unwind, caught, goes on   0
#   the same, with --disable-optimizations instead               unwind, caught, goes on   0
#
# A setting that the profile has is kept, even if it is Cargo's default. So a project that relies on unwinding says so in Cargo.toml;
# through SAM there is no place for the option.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check cargo-lambda==1.9.2
# `lambda` is then a subcommand of cargo. RUSTFLAGS of the caller would go into both builds.
export PATH="$work/python/bin:$PATH" CARGO_TARGET_DIR="$work/target" CARGO_TERM_COLOR=never
unset RUSTFLAGS RUSTC_WORKSPACE_WRAPPER

mkdir src
cat > src/main.rs <<'RUST'
fn main() {
    println!("{}", if cfg!(panic = "abort") { "abort" } else { "unwind" });
    let caught = std::panic::catch_unwind(|| panic!("one record of a batch"));
    println!("{}", if caught.is_err() { "caught" } else { "nothing to catch" });
    println!("goes on");
}
RUST
manifest() { printf '[package]\nname = "batch"\nversion = "0.0.0"\nedition = "2024"\n%b' "$1" > Cargo.toml; }
run() {
    local code=0
    "$1" >printed 2>/dev/null || code=$?
    echo "$(paste -s -d, printed), exit code $code"
}
by_lambda() {
    cargo lambda build --release --quiet "$@" --target "$(rustc -vV | sed -n 's/^host: //p')" >build.log 2>&1 || { cat build.log >&2; exit 1; }
    run target/lambda/batch/bootstrap
}

manifest ''
cargo build --release --quiet
plain="$(run target/release/batch)"
lambda="$(by_lambda)"
optionless="$(by_lambda --disable-optimizations)"
manifest '[profile.release]\npanic = "unwind"\n'
said="$(by_lambda)"
printf '%-50s %s\n' 'cargo build --release' "$plain" 'cargo lambda build --release' "$lambda" \
    '  with panic = "unwind" in the profile' "$said" '  with --disable-optimizations' "$optionless"

[ "$plain" = 'unwind,caught,goes on, exit code 0' ]
[ "$lambda" = 'abort, exit code 134' ]
[ "$said" = "$plain" ]
[ "$optionless" = "$plain" ]
echo "as described above"
