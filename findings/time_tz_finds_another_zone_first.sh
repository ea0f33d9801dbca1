#!/usr/bin/env bash
# timezones::find_by_name of the crate time-tz 2.0.0 gives every zone whose name has the text in it, in no order that
# means anything, also where a zone has exactly that name. Who takes the first, as for the zone that TWS tells at the
# handshake, gets that of Denver for MST, which is Phoenix's and an hour off all summer, and one ten hours off for
# Etc/GMT-1. get_by_name gives the zone asked for.
# Guessed: the zone of that very name comes first.
# Rust 1.95. Output seen, in hours from UTC in July: "MST: MST7MDT -6, by get_by_name -7; Etc/GMT-1: Etc/GMT-11 11, by
# get_by_name 1".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
# The order comes from the tables that phf builds.
cat >Cargo.toml <<'TOML'
[package]
name = "seen"
version = "0.1.0"
edition = "2021"

[dependencies]
time = "=0.3.55"
time-tz = "=2.0.0"
phf = "=0.11.3"

[build-dependencies]
phf_codegen = "=0.11.3"
phf_generator = "=0.11.3"
TOML
echo "fn main() {}" >build.rs
cat >src/main.rs <<'RUST'
use time::OffsetDateTime;
use time_tz::{timezones, OffsetDateTimeExt, TimeZone, Tz};

/// Hours from UTC on the first of July 2026.
fn hours(zone: &'static Tz) -> i8 {
    let july = OffsetDateTime::from_unix_timestamp(1_782_907_200).unwrap();
    july.to_timezone(zone).offset().whole_hours()
}

fn main() {
    let seen: Vec<String> = ["MST", "Etc/GMT-1"]
        .iter()
        .map(|name| {
            let first = timezones::find_by_name(name)[0];
            let exact = timezones::get_by_name(name).unwrap();
            assert_eq!(exact.name(), *name);
            format!("{name}: {} {}, by get_by_name {}", first.name(), hours(first), hours(exact))
        })
        .collect();
    println!("{}", seen.join("; "));
    assert_eq!(
        seen,
        [
            "MST: MST7MDT -6, by get_by_name -7",
            "Etc/GMT-1: Etc/GMT-11 11, by get_by_name 1",
        ]
    );
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
