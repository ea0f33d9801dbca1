#!/usr/bin/env bash
# A value of the crate currency_rs 1.3.1 tells its dollars and its cents. Of a gain of 25.75 these are 25 and 75, of a loss of
# 25.75 they are -25 and 0: the cents are kept below zero and told by a type that has no numbers there. Divided by -4, or by 0, a
# hundred dollars are a hundred dollars: what is not above zero is left out, without an error.
# Guessed: 75, or -75; -25, and an error for 0.
# Rust 1.95. Output seen: "25.75: 25 and 75; -25.75: -25 and 0; 100 / 4 = 25.00, 100 / -4 = 100.00, 100 / 0 = 100.00".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "seen"
version = "0.1.0"
edition = "2021"

[dependencies]
currency_rs = "=1.3.1"
TOML
cat >src/main.rs <<'RUST'
use currency_rs::Currency;

fn parts(value: f64) -> String {
    let told = Currency::new_float(value, None);
    format!("{value}: {} and {}", told.dollars(), told.cents())
}

fn shared(by: f64) -> String {
    format!("100 / {by} = {}", Currency::new_float(100.0, None).divide(by).format().replace('$', ""))
}

fn main() {
    let seen = format!(
        "{}; {}; {}, {}, {}",
        parts(25.75),
        parts(-25.75),
        shared(4.0),
        shared(-4.0),
        shared(0.0)
    );
    println!("{seen}");
    assert_eq!(seen, "25.75: 25 and 75; -25.75: -25 and 0; 100 / 4 = 25.00, 100 / -4 = 100.00, 100 / 0 = 100.00");
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
