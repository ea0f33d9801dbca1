#!/usr/bin/env bash
# The crate fixparser 0.1.5 reads messages of FIX with their repeating groups, and says that it needs no dictionary for that. What
# belongs to a group it takes from the first entry: where the first bid of a snapshot has no size, as is allowed, the size of the ask
# is not one of the group, and stands beside the symbol as a size of the message; the ask has none. And a group of one entry is no
# group: its price is one of the message, where that of two entries is in a list.
# Guessed: 268=2 says how many entries there are, and all behind the second 269 up to the trailer is the second's.
# Rust 1.95. Output seen:
#   both sized: 268 [269=0 270=24.5 271=300, 269=1 270=24.75 271=100], 271 none
#   ask sized: 268 [269=0 270=24.5, 269=1 270=24.75], 271 100
#   bid alone: 268 "1", 271 300
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
fixparser = "=0.1.5"
serde_json = "=1.0.145"
TOML
cat >src/main.rs <<'RUST'
use fixparser::FixMessage;
use serde_json::Value;

/// What is told of the group of entries (268), and of a size (271) outside it.
fn told(entries: &str) -> String {
    let text = format!("8=FIX.4.4|9=63|35=W|49=BROKER|56=US|34=2|55=KEY PRK|{entries}|10=123");
    let message = FixMessage::from_tag_value(&text).unwrap().to_json();
    let group = match &message["268"] {
        Value::Array(found) => {
            let texts: Vec<String> = found.iter().map(fields).collect();
            format!("[{}]", texts.join(", "))
        }
        other => other.to_string(),
    };
    format!("268 {group}, 271 {}", message["271"].as_str().unwrap_or("none"))
}

fn fields(entry: &Value) -> String {
    let found = entry.as_object().unwrap().iter();
    let texts: Vec<String> = found.map(|(tag, value)| format!("{tag}={}", value.as_str().unwrap())).collect();
    texts.join(" ")
}

fn main() {
    let seen = [
        told("268=2|269=0|270=24.5|271=300|269=1|270=24.75|271=100"),
        told("268=2|269=0|270=24.5|269=1|270=24.75|271=100"),
        told("268=1|269=0|270=24.5|271=300"),
    ];
    println!("both sized: {}\nask sized: {}\nbid alone: {}", seen[0], seen[1], seen[2]);
    assert_eq!(seen[0], "268 [269=0 270=24.5 271=300, 269=1 270=24.75 271=100], 271 none");
    assert_eq!(seen[1], "268 [269=0 270=24.5, 269=1 270=24.75], 271 100");
    assert_eq!(seen[2], "268 \"1\", 271 300");
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet 2>/dev/null
