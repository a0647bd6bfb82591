//! Where the program stands in memory is settled when it is linked, not at each start.

use std::env::var;

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    // Of a program that may stand anywhere Linux writes every address into its tables at each start:
    // 7,000 of them on 40 pages, each page a fault and a copy, a tenth of what a check of a small file
    // takes. Stack, heap and libraries still stand elsewhere at each start. A program without
    // libraries (musl, `crt-static`) is started by other code, which must fit; elsewhere it is the
    // system that asks for programs that may stand anywhere.
    let is = |name: &str, value: &str| var(name).is_ok_and(|found| found == value);
    let features = var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    let is_static = features.split(',').any(|feature| feature == "crt-static");
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && !is_static {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
