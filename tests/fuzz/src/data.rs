//! Data folders: one file of a small folder is anything at all. A folder with a fault is not
//! loaded, one without is; every fault lies in its file and can be shown.

use std::cell::RefCell;

use aleysk::diagnostic::Diagnostics;
use aleysk::read::plan::{DataFolder, Loaded, load};
use aleysk::read::vocabulary::Vocabulary;
use aleysk::source::Sources;

use super::Folder;

/// A data folder as small as one can be, the register last.
pub const FILES: [(&str, &str); 5] = [
    (
        "resolutions/2025.toml",
        r#"id = "2025"
title = "Резолюция"
event = "Конференция"
date = 2025-08-27
status = "adopted"
source = "https://example.org"
preamble = """Предлагают:"""

[[proposal]]
number = 1
topic = "Охват"
text = "Достичь 78,45% в декабре 2025 года"

[[proposal.target]]
indicator = "coverage"
at_least = 78.45
due = "2025-12"
base = { period = "2024", value = 7 }
milestones = [ { period = "2025-09", value = 77.5 } ]
quote = "78,45% в декабре 2025 года"
"#,
    ),
    (
        "indicators.toml",
        r#"[[indicator]]
id = "coverage"
name = "Охват"
unit = "percent"
numerator = "school.enrolled"
denominator = "school.enrolled + school.waiting"
decimals = 2
counts = ["ребёнок", "ребёнка", "детей"]
better = "higher"
share = true
window = "period"
method = "Своя"
"#,
    ),
    (
        "forms/school.toml",
        r#"id = "school"
title = "Отчёт школы"
every = "month"
due_days = 5

[[field]]
id = "enrolled"
header = "Занимается детей"
aliases = ["Детей"]
type = "count"
required = true
over_time = "last"
min = 0

[[field]]
id = "waiting"
header = "Ждут"
type = "count"
over_time = "last"
missing = "zero"

[[field]]
id = "plan"
header = "План принят"
type = "flag"
over_time = "last"

[[rule]]
id = "few-wait"
assert = "waiting <= enrolled"
severity = "warning"
message = "ждут больше, чем занимается"
"#,
    ),
    (
        "organisations.toml",
        r#"[[organisation]]
id = "sh-1"
name = "МБОУ «СОШ № 1»"
aliases = ["Школа 1"]
kind = "school"
parent = "town"
inn = "0000000101"
opened = 2019-09-01
"#,
    ),
    (
        "organisations.csv",
        "id;name;aliases;kind;parent;inn;opened\nsh-1;МБОУ «СОШ № 1»;Школа 1|СОШ 1;school;town;0000000101;2019-09-01\n",
    ),
];

thread_local! {
    static FOLDER: RefCell<Option<Folder>> = const { RefCell::new(None) };
}

pub fn hold(bytes: &[u8]) {
    let Some(([choice], bytes)) = super::choices(bytes) else {
        return;
    };
    let (changed, _) = FILES[usize::from(choice) % FILES.len()];
    FOLDER.with_borrow_mut(|folder| {
        let folder = folder.get_or_insert_with(|| {
            let folder = Folder::new();
            for (path, text) in &FILES[..3] {
                folder.write(path, text.as_bytes());
            }
            folder
        });
        folder.write(changed, bytes);
        check(folder);
        // As it was: the register is not always there.
        match FILES[..3].iter().find(|(path, _)| *path == changed) {
            Some((path, text)) => folder.write(path, text.as_bytes()),
            None => {
                let path = folder.path().join(changed);
                std::fs::remove_file(&path).expect("the file is there");
                path
            }
        };
    });
}

fn check(folder: &Folder) {
    let (loaded, said) = read(folder);
    let (again, said_again) = read(folder);
    assert_eq!(said, said_again);
    let (Some(loaded), Some(again)) = (&loaded, &again) else {
        assert!(loaded.is_none() && again.is_none());
        return;
    };
    let plan = &loaded.plan;
    assert_eq!(plan.indicators.len(), again.plan.indicators.len());
    assert_eq!(loaded.rule_places.len(), plan.forms.len());
    assert_eq!(loaded.field_places.len(), plan.forms.len());
    assert_eq!(loaded.indicator_places.len(), plan.indicators.len());
    Vocabulary::new(plan);
    for (index, one) in plan.register.organisations.iter().enumerate() {
        let here = plan.register.subtree(index as u32);
        assert!(here.contains(&(index as u32)), "{}", one.id);
    }
}

fn read(folder: &Folder) -> (Option<Loaded>, Vec<String>) {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let folder = DataFolder::Folder(folder.path().into());
    let loaded = load(&folder, &mut sources, &mut diagnostics).expect("the folder is there");
    assert_eq!(loaded.is_none(), diagnostics.has_errors());
    super::can_be_shown(&diagnostics, &sources);
    let said = diagnostics.sorted();
    let said = said.iter().map(|one| format!("{one:?}")).collect();
    (loaded, said)
}
