//! Documents → text, Markdown, CSV, JSON, XLSX: one file a format, none of them computes anything.

pub mod csv;
pub mod diagnostics;
pub mod json;
pub mod markdown;
pub mod text;
pub mod xlsx;
