#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| aleysk_fuzz::cells::hold(bytes));
