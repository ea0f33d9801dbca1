#!/usr/bin/env bash
# An order book of the crate bourse-book 0.4.0 finds an order by its price and the time at which it came. Of two bids of
# one price and one time the second takes the place of the first, which is still active, counted and in the level's
# volume, and can never be matched. A sale of what is told to be there finds a part of it, the rest stands as an ask at
# the price of a bid, and there is no best bid. The notes advise a new time for each order "to reduce any ambiguity in
# ordering".
# Guessed: two orders whose turn is not certain.
# Rust 1.95. Output seen: "300 in 2 orders; sold 200 of 300; first bid active with 100 left, level 2450: 100 in 1
# orders; best bid 0, best ask 2450".
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
bourse-book = "=0.4.0"
TOML
cat >src/main.rs <<'RUST'
use bourse_book::types::{Side, Status};
use bourse_book::OrderBook;

fn main() {
    let mut book: OrderBook = OrderBook::new(0, 1, true);
    let mut place = |side, shares| {
        let id = book.create_and_place_order(side, shares, 1, Some(2450)).unwrap();
        (id, book.bid_best_vol_and_orders())
    };
    let (first, _) = place(Side::Bid, 100);
    let (_, (volume, orders)) = place(Side::Bid, 200);
    let (sale, _) = place(Side::Ask, 300);
    let sold = 300 - book.order(sale).vol;
    let bid = book.order(first);
    let state = if bid.status == Status::Active { "active" } else { "not active" };
    let (left, count) = book.bid_best_vol_and_orders();
    let (best_bid, best_ask) = book.bid_ask();
    let seen = format!(
        "{volume} in {orders} orders; sold {sold} of 300; first bid {state} with {} left, level 2450: {left} in {count} \
         orders; best bid {best_bid}, best ask {best_ask}",
        bid.vol
    );
    println!("{seen}");
    assert_eq!(
        seen,
        "300 in 2 orders; sold 200 of 300; first bid active with 100 left, level 2450: 100 in 1 orders; best bid 0, \
         best ask 2450"
    );
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
