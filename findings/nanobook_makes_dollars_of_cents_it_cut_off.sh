#!/usr/bin/env bash
# A position of the crate nanobook 0.19.3 keeps what its shares have cost, to the cent, and their average, in whole cents: what is behind
# them is cut off. Its gains, realized or not, are reckoned from the average. Of 400 shares that cost 10,003.00 the average is 25.00,
# where it is 25.0075: sold for 10,004.00 they have gained 4.00, and sold for what they had cost less 3.00 they have gained nothing. Of
# a short position the same cents are lost. The notes say that figures are in cents, and not that gains are made of cut ones.
# Guessed: 1.00 and -3.00; and 3.00 for the shares that were sold first.
# Rust 1.95. Output seen, in cents, of 100 shares at 25.00 and 300 at 25.01:
#   cost 1000300, average 2500; open at 25.01: 400; sold at 25.01: 400, at 25.00: 0; sold first, bought back at 25.00: 0
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
nanobook = { version = "=0.19.3", default-features = false, features = ["portfolio"] }

[profile.dev]
debug = 0
TOML
cat >src/main.rs <<'RUST'
use nanobook::portfolio::{Position, Shares};
use nanobook::Symbol;

/// A position of 100 shares at 25.00 and 300 at 25.01, bought (1) or sold (-1).
fn opened(side: i64) -> Position {
    let mut position = Position::new(Symbol::new("KEY"));
    position.apply_fill(Shares::from_whole(side * 100), 2500);
    position.apply_fill(Shares::from_whole(side * 300), 2501);
    position
}

/// What is gained when all of it is closed at a price.
fn closed(side: i64, price: i64) -> i64 {
    let mut position = opened(side);
    position.apply_fill(Shares::from_whole(side * -400), price);
    assert!(position.is_flat());
    position.realized_pnl
}

fn main() {
    let bought = opened(1);
    let seen = format!(
        "cost {}, average {}; open at 25.01: {}; sold at 25.01: {}, at 25.00: {}; sold first, bought back at 25.00: {}",
        bought.total_cost,
        bought.avg_entry_price,
        bought.unrealized_pnl(2501),
        closed(1, 2501),
        closed(1, 2500),
        closed(-1, 2500)
    );
    println!("{seen}");
    assert_eq!(
        seen,
        "cost 1000300, average 2500; open at 25.01: 400; sold at 25.01: 400, at 25.00: 0; \
         sold first, bought back at 25.00: 0"
    );
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
