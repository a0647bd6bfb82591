//! Documents → text, Markdown, HTML, CSV, JSON, XLSX, DOCX: one file a format, none of them computes anything.

pub mod csv;
pub mod diagnostics;
pub mod docx;
pub mod html;
pub mod json;
pub mod markdown;
mod office;
pub mod parquet;
pub mod schema;
pub mod sketch;
pub mod sql;
pub mod text;
pub mod toml;
pub mod xlsx;
