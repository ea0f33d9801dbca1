#!/usr/bin/env bash
# to_unit() of the crate dinero 0.0.11 gives an amount with so many digits, by a rule for halves. Half to even, the "bankers rounding",
# it does for amounts above zero: what was rounded up to an odd cent is taken down by one. Below zero that is a cent further away:
# -24.125 is -24.14, where +24.125 is 24.12, and -24.135 rounded to an odd cent is -24.15. Half up moves a loss down. Nothing is raised.
# Guessed: -24.12, -24.13, and -24.12 for half up.
# Rust 1.95. Output seen:
#   24.125: even 24.12, up 24.13; -24.125: even -24.14, up -24.13; 24.135: odd 24.13; -24.135: odd -24.15
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
dinero = "=0.0.11"
TOML
cat >src/main.rs <<'RUST'
use dinero::currencies::USD;
use dinero::format::{to_unit, RoundingMode};
use dinero::Dinero;

/// An amount of thousandths of a dollar, to the cent.
fn cents(thousandths: i128, mode: RoundingMode) -> f64 {
    to_unit(Dinero::new(thousandths, USD, Some(3)), Some(2), Some(mode))
}

fn main() {
    let even = |thousandths| cents(thousandths, RoundingMode::HalfEven);
    let up = |thousandths| cents(thousandths, RoundingMode::HalfUp);
    let odd = |thousandths| cents(thousandths, RoundingMode::HalfOdd);
    let seen = format!(
        "24.125: even {}, up {}; -24.125: even {}, up {}; 24.135: odd {}; -24.135: odd {}",
        even(24125),
        up(24125),
        even(-24125),
        up(-24125),
        odd(24135),
        odd(-24135)
    );
    println!("{seen}");
    assert_eq!(
        seen,
        "24.125: even 24.12, up 24.13; -24.125: even -24.14, up -24.13; 24.135: odd 24.13; -24.135: odd -24.15"
    );
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
