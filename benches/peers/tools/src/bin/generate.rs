//! Writes a made-up report of many organisations and months, and the truth about it.
//!
//!     generate FILE --organisations N --months N --rows N [OPTIONS]
//!
//! | Option | Meaning |
//! |---|---|
//! | `--dialect D` | `utf-8` (comma, decimal point, LF, ids as headings), `windows-1251` (`;`, decimal comma, CRLF, Russian headings), `utf-16` (the same with tabs) |
//! | `--order O` | `months` (as reports arrive: month by month, organisations mixed) or `organisations` |
//! | `--quoted` | every cell in quotes |
//! | `--faults P` | a fault in P % of the rows (0.2); with none nothing comes twice either |
//! | `--faulty-cells` | a fault in every cell but period and organisation |
//! | `--copies N` | the columns of figures N times |
//! | `--register` | not the reports but `organisations.csv` for whoever reports |
//!
//! The truth stands in FILE.truth.json. A row depends on its organisation and month alone: files of
//! the same size hold the same reports, whatever their dialect and order.

use std::error::Error;

use aleysk_peers::report::{Order, Recipe};
use aleysk_peers::{dialect::Dialect, file};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("generate FILE OPTION…")?;
    let mut recipe = Recipe::default();
    let mut dialect = Dialect::of("utf-8")?;
    let (mut quoted, mut register) = (false, false);
    while let Some(option) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{option}: no value"));
        match option.as_str() {
            "--organisations" => recipe.organisations = value()?.parse()?,
            "--months" => recipe.months = value()?.parse()?,
            "--rows" => recipe.rows = value()?.parse()?,
            "--faults" => recipe.faults = value()?.parse::<f64>()? / 100.0,
            "--faulty-cells" => recipe.faulty_cells = true,
            "--copies" => recipe.copies = value()?.parse()?,
            "--order" => recipe.order = Order::of(&value()?)?,
            "--dialect" => dialect = Dialect::of(&value()?)?,
            "--quoted" => quoted = true,
            "--register" => register = true,
            _ => return Err(format!("no such option: {option}").into()),
        }
    }
    dialect.quoted = quoted;
    let most = u64::from(recipe.organisations) * u64::from(recipe.months);
    recipe.rows = recipe.rows.min(most);
    match register {
        true => file::register(path.as_ref(), &recipe),
        false => file::write(path.as_ref(), &recipe, &dialect),
    }
}
