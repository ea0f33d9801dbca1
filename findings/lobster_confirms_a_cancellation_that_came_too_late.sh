#!/usr/bin/env bash
# An order book of the crate lobster 0.7.0 answers every cancellation with Canceled: also that of an order that was filled,
# and of one that never was. Its depth, "up to the specified level", has all levels whatever is asked for, and the bids stand
# in it lowest first: who takes the first of each side, as with the asks, has the worst bid.
# Guessed: a refusal, and at depth 1 the best bid and the best ask.
# Rust 1.95. Output seen: "filled: Canceled, unknown: Canceled; depth 1: bids 2500 2540, asks 2560 2600; best bid 2540".
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
lobster = "=0.7.0"
TOML
cat >src/main.rs <<'RUST'
use lobster::{BookLevel, OrderBook, OrderEvent, OrderType, Side};

/// Place a limit order of 100 shares at a price in cents.
fn place(book: &mut OrderBook, id: u128, side: Side, price: u64) -> OrderEvent {
    book.execute(OrderType::Limit { id, side, qty: 100, price })
}

/// What the book answers to the cancellation of an order.
fn cancelled(book: &mut OrderBook, id: u128) -> &'static str {
    match book.execute(OrderType::Cancel { id }) {
        OrderEvent::Canceled { .. } => "Canceled",
        _ => "refused",
    }
}

fn prices(levels: &[BookLevel]) -> String {
    levels.iter().map(|level| level.price.to_string()).collect::<Vec<_>>().join(" ")
}

fn main() {
    let mut book = OrderBook::default();
    place(&mut book, 1, Side::Ask, 2550);
    assert!(matches!(place(&mut book, 2, Side::Bid, 2550), OrderEvent::Filled { .. }));
    let (filled, unknown) = (cancelled(&mut book, 1), cancelled(&mut book, 99));
    place(&mut book, 3, Side::Bid, 2540);
    place(&mut book, 4, Side::Bid, 2500);
    place(&mut book, 5, Side::Ask, 2560);
    place(&mut book, 6, Side::Ask, 2600);
    let depth = book.depth(1);
    let seen = format!(
        "filled: {filled}, unknown: {unknown}; depth 1: bids {}, asks {}; best bid {}",
        prices(&depth.bids),
        prices(&depth.asks),
        book.max_bid().unwrap()
    );
    println!("{seen}");
    assert_eq!(
        seen,
        "filled: Canceled, unknown: Canceled; depth 1: bids 2500 2540, asks 2560 2600; best bid 2540"
    );
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
