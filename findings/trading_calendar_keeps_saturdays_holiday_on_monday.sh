#!/usr/bin/env bash
# The crate trading-calendar 0.2.3 puts every holiday of New York that falls on a Saturday on the Monday after, save
# that of July. The exchange puts it on the Friday before, and New Year's Day, which would then be in the old year,
# nowhere (NYSE, rule 7.2). So from June 2027 to January 2028 the market is told open on two days on which it is closed,
# and closed on three on which it trades. Of a holiday there are hours of trade.
# Guessed: the days of the exchange; no hours on a day without trade.
# Rust 1.95. Output seen: "2027-06-18 open, 2027-06-21 closed, 2027-12-24 open until 13:00, 2027-12-27 closed,
# 2028-01-03 closed; Christmas 2026: Regular 09:30 - 16:00".
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
chrono = "=0.4.41"
trading-calendar = "=0.2.3"
TOML
cat >src/main.rs <<'RUST'
use chrono::NaiveDate;
use trading_calendar::{Market, TradingCalendar};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn main() {
    let calendar = TradingCalendar::new(Market::NYSE).unwrap();
    let told = |date: NaiveDate| match calendar.is_trading_day(date).unwrap() {
        false => format!("{date} closed"),
        true => match calendar.trading_hours(date).early_close {
            Some(close) => format!("{date} open until {}", close.format("%H:%M")),
            None => format!("{date} open"),
        },
    };
    let days = [day(2027, 6, 18), day(2027, 6, 21), day(2027, 12, 24), day(2027, 12, 27), day(2028, 1, 3)];
    let days = days.map(told).join(", ");
    let christmas = calendar.trading_hours(day(2026, 12, 25)).regular;
    let seen = format!("{days}; Christmas 2026: Regular {christmas}");
    println!("{seen}");
    assert_eq!(
        seen,
        "2027-06-18 open, 2027-06-21 closed, 2027-12-24 open until 13:00, 2027-12-27 closed, \
         2028-01-03 closed; Christmas 2026: Regular 09:30 - 16:00"
    );
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
