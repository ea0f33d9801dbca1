#!/usr/bin/env bash
# The crate option-symbology 0.2.0 reads the symbol of an option as IBKR's statements have it, and writes the one of the OCC: a root,
# a day, C or P, and the strike in thousandths, with eight digits. It writes the strike as the float that a multiplication leaves: of
# 32.01, the example in its own source, not 00032010 but 32009.999999999996, in a symbol of 31 letters that it does not read
# itself. And set_ymd() answers Ok to a new day, and keeps the old one.
# Guessed: KO    210528C00032010; and the new day.
# Rust 1.95. Output seen:
#   KO 28MAY21 32.5 C: KO    210528C00032500; KO 28MAY21 32.01 C: KO    210528C32009.999999999996, read again NoResult;
#   set to 2021-06-18: Ok, 2021-05-28
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
option-symbology = "=0.2.0"
TOML
cat >src/main.rs <<'RUST'
use option_symbology::options::OptionData;

/// What is written of an option that is read from an IBKR statement.
fn written(statement: &str) -> String {
    OptionData::parse_ib_activity_statement_trades_symbol(statement).unwrap().to_osi_string()
}

fn main() {
    let half = written("KO 28MAY21 32.5 C");
    assert_eq!(OptionData::parse_osi(&half).unwrap().strike_price, 32.5);
    let cents = written("KO 28MAY21 32.01 C");
    let again = OptionData::parse_osi(&cents).map(|_| ()).unwrap_err();
    let option = OptionData::parse_osi(&half).unwrap();
    let answer = if option.set_ymd(2021, 6, 18).is_ok() { "Ok" } else { "refused" };
    let seen = format!(
        "KO 28MAY21 32.5 C: {half}; KO 28MAY21 32.01 C: {cents}, read again {again:?}; \
         set to 2021-06-18: {answer}, {}-{:02}-{}",
        option.get_expiration_year(),
        option.get_expiration_month(),
        option.get_expiration_day()
    );
    println!("{seen}");
    assert_eq!(
        seen,
        "KO 28MAY21 32.5 C: KO    210528C00032500; KO 28MAY21 32.01 C: KO    210528C32009.999999999996, read again \
         NoResult; set to 2021-06-18: Ok, 2021-05-28"
    );
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
