//! aleysk (work in progress docs)
pub mod assess;
pub mod cli;
pub mod diagnostic;
pub mod document;
pub mod model;
pub mod read;
pub mod render;
pub mod source;
pub mod tally;
