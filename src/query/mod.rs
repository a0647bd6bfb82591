//! Beyond one machine: the accepted values as one long table, and what a query over it has to know.

pub mod facts;
pub mod inquiry;
pub mod whole;
