//! aleysk (work in progress docs)
pub mod diagnostic;
pub mod model;
pub mod source;
pub mod tally;
/// read
pub mod read {
    #![allow(missing_docs)]
    pub mod cell;
    pub mod delimited;
}
