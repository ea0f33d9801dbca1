#!/usr/bin/env bash
# An order that rests in a book of the crate limitbook 0.1.0 does not remember what was filled of it: of 100 shares offered
# at 25.50, 60 are bought, and then 100 more from the same order. Four orders of 60 after each other buy 240 shares of it:
# only an order as large as it was takes it away.
# Guessed: 100 shares are sold, and no more.
# Rust 1.95. Output seen: "bought of 100 offered: 60, 60, 60, 60, then 100; 340 in all; left behind: none".
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
limitbook = "=0.1.0"
rust_decimal = "=1.37.2"
TOML
cat >src/main.rs <<'RUST'
use limitbook::{OrderBook, OrderSide};
use rust_decimal::Decimal;

/// How many shares a limit order at 25.50 buys.
fn bought(book: &mut OrderBook, quantity: i64) -> Decimal {
    let (_, fills) = book
        .add_limit_order(OrderSide::Buy, Decimal::new(2550, 2), Decimal::from(quantity))
        .unwrap();
    fills.iter().map(|fill| fill.quantity).sum()
}

fn main() {
    let mut book = OrderBook::new(Decimal::new(1, 2)).unwrap();
    book.add_limit_order(OrderSide::Sell, Decimal::new(2550, 2), Decimal::from(100))
        .unwrap();
    let parts: Vec<Decimal> = (0..4).map(|_| bought(&mut book, 60)).collect();
    let rest = bought(&mut book, 100);
    let all: Decimal = parts.iter().sum::<Decimal>() + rest;
    let told: Vec<String> = parts.iter().map(|part| part.to_string()).collect();
    let after = bought(&mut book, 60);
    let left = if after.is_zero() { "none".to_string() } else { after.to_string() };
    let seen = format!(
        "bought of 100 offered: {}, then {rest}; {all} in all; left behind: {left}",
        told.join(", ")
    );
    println!("{seen}");
    assert_eq!(seen, "bought of 100 offered: 60, 60, 60, 60, then 100; 340 in all; left behind: none");
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
