#!/usr/bin/env bash
# The crate trade_aggregation 13.1.0 ends a candle of a minute with the first trade after that minute, and begins the next
# minute where that one ended, whatever the time is by then. After an hour without a trade, as preferreds have many a day,
# the next sixty trades are sixty candles: each has one price, at which it opens and closes. The rule that keeps candles on
# whole minutes does the same.
# Guessed: the trades of one minute are one candle.
# Rust 1.95. Output seen, for TimeRule and for AlignedTimeRule: "15:00 2 trades, 16:00 1 trades, 16:00 1 trades, 16:00 1
# trades" of two trades at 15:00 and four at 16:00, the last of which is in the candle to come.
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
trade_aggregation = "=13.1.0"
TOML
cat >src/main.rs <<'RUST'
use trade_aggregation::candle_components::{NumTrades, OpenTimeStamp};
use trade_aggregation::{
    aggregate_all_trades, AggregationRule, AlignedTimeRule, Candle, CandleComponent, CandleComponentUpdate,
    GenericAggregator, ModularCandle, TimeRule, TimestampResolution, Trade, M1,
};

#[derive(Debug, Default, Clone, Candle)]
struct Minute {
    opened: OpenTimeStamp<i64>,
    trades: NumTrades<u32>,
}

/// The candles that a rule makes of trades at these seconds after 15:00.
fn minutes(rule: impl AggregationRule<Minute, Trade>, seconds: &[i64]) -> String {
    let start = 1_795_791_600_000;
    let trades: Vec<Trade> =
        seconds.iter().map(|each| Trade { timestamp: start + each * 1000, price: 25.0, size: 100.0 }).collect();
    let mut aggregator = GenericAggregator::<Minute, _, Trade>::new(rule, false);
    let candles: Vec<Minute> = aggregate_all_trades(&trades, &mut aggregator);
    let told = candles.iter().map(|candle| {
        let minute = (candle.opened() - start) / 60_000;
        format!("{}:{:02} {} trades", 15 + minute / 60, minute % 60, candle.trades())
    });
    told.collect::<Vec<_>>().join(", ")
}

fn main() {
    let seconds = [0, 30, 3605, 3610, 3615, 3620];
    let timed = minutes(TimeRule::new(M1, TimestampResolution::Millisecond), &seconds);
    let aligned = minutes(AlignedTimeRule::new(M1, TimestampResolution::Millisecond), &seconds);
    println!("{timed}; aligned: {aligned}");
    assert_eq!(timed, "15:00 2 trades, 16:00 1 trades, 16:00 1 trades, 16:00 1 trades");
    assert_eq!(aligned, timed);
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
