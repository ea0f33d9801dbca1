#!/usr/bin/env bash
# The client yatws 0.1.7 for Rust asks TWS about all accounts of a login, and keeps what is told of the first one. Positions and
# values of any other are dropped with a line in the log: list_open_positions(), "all open positions", answers without them, and
# nothing in the answer says so. There is no way to ask for those of the other account.
# Guessed: all positions, each with its account; or an error where there is more than one account.
# Rust 1.95, and a TWS of its own on this machine. Output seen, of two accounts with 400 shares each:
#   told KEY PRI 400, KEY PRK 400; held KEY PRI 400; worth 100000 of 350000
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
yatws = "=0.1.7"

[profile.dev]
debug = 0
TOML
cat >src/main.rs <<'RUST'
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use yatws::IBKRClient;

const ACCOUNTS: [&str; 2] = ["DU1111111", "DU2222222"];

fn send(line: &mut TcpStream, fields: &[&str]) {
    let payload: String = fields.iter().map(|field| format!("{field}\0")).collect();
    line.write_all(&(payload.len() as u32).to_be_bytes()).unwrap();
    line.write_all(payload.as_bytes()).unwrap();
}

fn read(line: &mut TcpStream) -> Option<Vec<String>> {
    let mut length = [0; 4];
    line.read_exact(&mut length).ok()?;
    let mut payload = vec![0; u32::from_be_bytes(length) as usize];
    line.read_exact(&mut payload).ok()?;
    Some(String::from_utf8_lossy(&payload).split('\0').map(str::to_string).collect())
}

/// Play a TWS of version 176 with a login of two accounts.
fn serve(mut line: TcpStream) {
    line.read_exact(&mut [0; 4]).unwrap(); // "API" and a zero.
    read(&mut line);
    send(&mut line, &["176", "20261127 12:00:00 EST"]);
    while let Some(request) = read(&mut line) {
        match request[0].as_str() {
            "71" => {
                send(&mut line, &["15", "1", &ACCOUNTS.join(",")]);
                send(&mut line, &["9", "1", "1"]);
            }
            "62" => {
                for (account, worth) in ACCOUNTS.iter().zip(["100000.00", "250000.00"]) {
                    send(&mut line, &["63", "1", &request[2], account, "NetLiquidation", worth, "USD"]);
                }
                send(&mut line, &["64", "1", &request[2]]);
            }
            "61" => {
                for (account, (id, series)) in ACCOUNTS.iter().zip([("901", "KEY PRI"), ("902", "KEY PRK")]) {
                    send(&mut line, &["61", "3", account, id, "KEY", "STK", "", "0.0", "", "", "NYSE", "USD", series, series,
                        "400", "20.0"]);
                }
                send(&mut line, &["62", "1"]);
            }
            _ => {}
        }
    }
}

fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || serve(listener.accept().unwrap().0));
    let client = IBKRClient::new("127.0.0.1", port, 1, None).unwrap();
    let held: Vec<String> = client
        .account()
        .list_open_positions()
        .unwrap()
        .iter()
        .map(|each| format!("{} {}", each.contract.local_symbol.as_deref().unwrap(), each.quantity))
        .collect();
    let seen = format!("told KEY PRI 400, KEY PRK 400; held {}; worth {} of 350000", held.join(", "),
        client.account().get_net_liquidation().unwrap());
    println!("{seen}");
    assert_eq!(seen, "told KEY PRI 400, KEY PRK 400; held KEY PRI 400; worth 100000 of 350000");
    std::process::exit(0);
}
RUST
CARGO_TARGET_DIR="$folder/target" cargo run --quiet
