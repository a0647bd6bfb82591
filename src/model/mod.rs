//! What was promised and who owes what: types and pure functions, no files, no printing.

pub mod form;
pub mod formula;
pub mod indicator;
pub mod name;
pub mod organisation;
pub mod period;
pub mod plural;
pub mod quantity;
pub mod resolution;
mod spelling;

use form::{Field, Form};
use formula::FieldRef;
use indicator::Indicator;
use organisation::Register;
use resolution::{Adoption, Resolution};

/// A data folder, read and checked: everything that reports are held against.
#[derive(Clone, Debug)]
pub struct Plan {
    /// In the order of their dates.
    pub resolutions: Vec<Resolution>,
    /// In the order of the file.
    pub indicators: Vec<Indicator>,
    /// Who must report.
    pub register: Register,
    /// In the order of their ids.
    pub forms: Vec<Form>,
}

impl Plan {
    /// The resolution with this id.
    pub fn resolution(&self, id: &str) -> Option<&Resolution> {
        self.resolutions
            .iter()
            .find(|resolution| resolution.id == id)
    }

    /// The newest adopted resolution: what is checked unless another is asked for.
    pub fn newest_adopted(&self) -> Option<&Resolution> {
        self.resolutions
            .iter()
            .filter(|resolution| resolution.status == Adoption::Adopted)
            .max_by_key(|resolution| resolution.date)
    }

    /// The indicator with this id.
    pub fn indicator(&self, id: &str) -> Option<usize> {
        self.indicators
            .iter()
            .position(|indicator| indicator.id == id)
    }

    /// The form with this id.
    pub fn form(&self, id: &str) -> Option<usize> {
        self.forms.iter().position(|form| form.id == id)
    }

    /// The field that a reference means.
    pub fn field(&self, field: FieldRef) -> &Field {
        &self.forms[field.form].fields[field.field]
    }

    /// `form.field`, as formulas write it.
    pub fn field_path(&self, field: FieldRef) -> String {
        format!("{}.{}", self.forms[field.form].id, self.field(field).id)
    }
}
