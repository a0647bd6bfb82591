//! Files → what they say: the data folder into the model, reports into a tally, a resolution's text
//! into its parts.

pub mod cell;
pub mod columns;
pub mod crew;
pub mod delimited;
pub mod dialect;
pub mod fingerprint;
pub mod header;
pub mod heading;
pub mod identity;
pub mod inputs;
pub mod inspection;
pub mod intake;
pub mod layout;
pub mod letters;
pub mod mark;
pub mod meter;
pub mod misfit;
pub mod plan;
pub mod prose;
pub mod remarks;
pub mod repeats;
pub mod report;
pub mod rules;
pub mod structure;
pub mod submission;
pub mod totals;
pub mod unit;
pub mod vocabulary;
pub mod workbook;
