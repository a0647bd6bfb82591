//! The floor of starting up: a program that does nothing.

fn main() {
    println!("hello, world");
}
