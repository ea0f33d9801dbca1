#!/usr/bin/env bash
# The weight of a position in a portfolio of the crate finlib 0.0.10 is its part of all shares, whatever they are worth: 100 shares
# at 5 dollars weigh as much as 100 at 495, and the mean and the risk of the portfolio are reckoned with it. And its best bid and
# offer of a share that nobody offers are a bid and 1.8e308, with a middle of 9e307, as of one for which nobody bids the bid is 0.
# Guessed: 1 % and 99 %, the parts of the value; and no offer, or NaN.
# Rust 1.95. Output seen:
#   500 and 49500 dollars: weights 0.50 and 0.50; bid alone: bid 24.9, offer 1.8e308, middle 9.0e307
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
finlib = { version = "=0.0.10", default-features = false }
TOML
cat >src/main.rs <<'RUST'
use finlib::portfolio::{Portfolio, PortfolioAsset};
use finlib::price::bbo::calculate_bbo;
use finlib::price::enums::Side;
use finlib::price::price::Price;

fn main() {
    let cheap = PortfolioAsset::new("CIM PRB".to_string(), 100.0, vec![5.0]);
    let dear = PortfolioAsset::new("BAC PRL".to_string(), 100.0, vec![495.0]);
    let values = [cheap.current_total_value(), dear.current_total_value()];
    let weights: Vec<f64> = Portfolio::from(vec![cheap, dear]).get_asset_weight().collect();
    let quote = calculate_bbo([Price { value: 24.9, side: Side::Buy }]);
    let seen = format!(
        "{} and {} dollars: weights {:.2} and {:.2}; bid alone: bid {}, offer {:.1e}, middle {:.1e}",
        values[0],
        values[1],
        weights[0],
        weights[1],
        quote.bid,
        quote.offer,
        quote.midpoint()
    );
    println!("{seen}");
    assert_eq!(
        seen,
        "500 and 49500 dollars: weights 0.50 and 0.50; bid alone: bid 24.9, offer 1.8e308, middle 9.0e307"
    );
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
