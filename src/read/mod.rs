//! Files → what they say: the data folder into the model, reports into a tally.

pub mod cell;
pub mod delimited;
pub mod dialect;
pub mod header;
pub mod identity;
pub mod inputs;
pub mod plan;
pub mod remarks;
pub mod report;
pub mod rules;
pub mod submission;
pub mod totals;
