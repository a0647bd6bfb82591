//! Made-up reports of many organisations, and the truth about them.

pub mod dialect;
pub mod dice;
pub mod file;
pub mod report;
pub mod truth;
