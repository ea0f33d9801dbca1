#!/usr/bin/env bash
# The calendar of the United States of RustQuant (RustQuant_time 0.3.1) says that its market is XNYS, the New York Stock
# Exchange. Its holidays are the federal ones: Good Friday, when the exchange is closed, is a day of business; Columbus Day,
# Veterans Day and a 31 December before a New Year's Day on a Saturday, when it is open, are none.
# Guessed: the days of the market that it names.
# Rust 1.95. Output seen:
#   market XNYS: 2027-03-26 (Good Friday) true, 2026-10-12 (Columbus Day) false, 2026-11-11 (Veterans Day) false,
#   2027-12-31 (Friday) false
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
RustQuant_time = "=0.3.1"
time = { version = "=0.3.55", features = ["macros"] }
TOML
cat >src/main.rs <<'RUST'
use time::macros::date;
use RustQuant_time::{countries::north_america::united_states::UnitedStatesCalendar, Calendar};

fn main() {
    let calendar = UnitedStatesCalendar::new();
    let days = [
        (date!(2027 - 03 - 26), "Good Friday"),
        (date!(2026 - 10 - 12), "Columbus Day"),
        (date!(2026 - 11 - 11), "Veterans Day"),
        (date!(2027 - 12 - 31), "Friday"),
    ];
    let told = days.map(|(day, name)| format!("{day} ({name}) {}", calendar.is_business_day(day)));
    let seen = format!("market {}: {}", calendar.market_identifier_code().operating_mic, told.join(", "));
    println!("{seen}");
    assert_eq!(
        seen,
        "market XNYS: 2027-03-26 (Good Friday) true, 2026-10-12 (Columbus Day) false, 2026-11-11 (Veterans Day) false, \
         2027-12-31 (Friday) false"
    );
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
