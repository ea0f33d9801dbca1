#!/usr/bin/env bash
# detect_wash_sales() of the crate fin-primitives 2.15.2 is told of losses, of purchases and of the days, 30 for the tax office, within
# which a purchase of the same share makes a loss none. It looks neither at the share nor at the days: any purchase that it is told of
# takes the loss away, that of one share of another company and that of five years later, each of them all of it.
# Guessed: none of the two is a wash sale, as the text says: "the same symbol", "within window_days".
# Rust 1.95. Output seen, of a loss on KEY PRK:
#   loss 200; disallowed: BAC PRL 10 days later 200, KEY PRK 1990 days later 200
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
fin-primitives = { version = "=2.15.2", default-features = false }

[profile.dev]
debug = 0
TOML
cat >src/main.rs <<'RUST'
use fin_primitives::tax::{TaxLot, TaxLotManager, TaxMethod};

const BOUGHT: u64 = 20_000;
const SOLD: u64 = 20_010;

fn lot(id: &str, symbol: &str, quantity: f64, cost_basis: f64, acquired_date: u64) -> TaxLot {
    TaxLot { lot_id: id.to_string(), symbol: symbol.to_string(), quantity, cost_basis, acquired_date }
}

fn main() {
    let mut lots = TaxLotManager::new();
    lots.acquire(lot("first", "KEY PRK", 100.0, 2500.0, BOUGHT));
    let gains = lots.dispose("KEY PRK", 100.0, 2300.0, SOLD, &TaxMethod::Fifo);
    let later = [
        lot("BAC PRL 10 days later", "BAC PRL", 1.0, 1200.0, SOLD + 10),
        lot("KEY PRK 1990 days later", "KEY PRK", 100.0, 2400.0, SOLD + 1990),
    ];
    let washed: Vec<String> = TaxLotManager::detect_wash_sales(&gains, &later, 30)
        .iter()
        .map(|sale| format!("{} {}", sale.repurchased_lot_id, sale.disallowed_loss))
        .collect();
    let seen = format!("loss {}; disallowed: {}", -gains[0].gain, washed.join(", "));
    println!("{seen}");
    assert_eq!(seen, "loss 200; disallowed: BAC PRL 10 days later 200, KEY PRK 1990 days later 200");
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
