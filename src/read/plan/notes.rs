//! `--notes`: why a figure is not what was wanted, in the words of whoever answers for it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::Context;

use super::document::{Document, Entry};
use super::faults::Faults;
use super::names::suggestion;
use super::{folder, schema, structure, syntax, text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Plan;
use crate::model::name::printable;
use crate::model::period::Period;
use crate::model::resolution::Resolution;
use crate::source::{Place, Sources};

/// A reason for a deviation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// The proposal's index in the resolution.
    pub proposal: usize,
    /// The target's index within the proposal.
    pub target: usize,
    /// The period whose figure it explains.
    pub period: Period,
    /// The reason: never empty, without blanks at either end.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// Reads the notes of a file. A note with a fault is left out, the others hold.
///
/// # Errors
/// The file cannot be read.
pub fn read(
    path: &Path,
    plan: &Plan,
    resolution: &Resolution,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<Vec<Note>> {
    let name = path.display().to_string();
    let bytes = fs::read(path).with_context(|| format!("файл обоснований «{name}» не прочитан"))?;
    let file = folder::add(name, bytes, sources, diagnostics);
    let mut checked = syntax::check(file, text(sources, file), diagnostics);
    let document = Document::new(&mut checked);
    let mut faults = Faults::default();
    faults.spare(file, document.damage);
    structure::check(document.root(), &schema::NOTES, &mut faults);
    let mut reader = Reader {
        plan,
        resolution,
        first: HashMap::new(),
        faults: &mut faults,
    };
    let entries = document.root().entries("note");
    let notes = entries.into_iter().filter_map(|entry| reader.note(entry));
    let notes = notes.collect();
    let (faulty, advice) = faults.into_diagnostics();
    diagnostics.merge(faulty);
    diagnostics.merge(advice);
    Ok(notes)
}

/// Names the notes of periods that there are no reports for: they can stand beside no figure.
pub fn check_periods(notes: &[Note], reported: &[Period], diagnostics: &mut Diagnostics) {
    for note in notes {
        let own = |period: &Period| note.period.contains(*period) || period.contains(note.period);
        if reported.iter().any(own) {
            continue;
        }
        let message = format!(
            "обоснование ни к чему не относится: отчётов за период {} нет",
            note.period.title()
        );
        diagnostics.push(
            Diagnostic::new(Code::UnknownReference, Some(note.place.clone()), message)
                .label("не показано ни в одном отчёте")
                .found(note.period.to_string())
                .help("исправьте period или уберите раздел"),
        );
    }
}

struct Reader<'a, 'f> {
    plan: &'a Plan,
    resolution: &'a Resolution,
    /// Where each target's note of a period stands.
    first: HashMap<(usize, usize, Period), Place>,
    faults: &'a mut Faults<'f>,
}

impl Reader<'_, '_> {
    /// A note; `None` where it has a fault, or nothing to say.
    fn note(&mut self, entry: Entry<'_>) -> Option<Note> {
        let mut keys = schema::NOTE.keys.iter();
        if keys.any(|key| self.faults.is_damaged(&entry.place(key.name))) {
            return None;
        }
        let number = entry.whole("proposal").filter(|number| *number > 0);
        let proposal = number.and_then(|number| self.proposal(number, entry));
        let target = proposal.and_then(|proposal| self.target(proposal, entry));
        let period = entry.stated("period");
        let text = entry.text("text")?.trim();
        let (proposal, target, period) = (proposal?, target?, period?);
        let number = self.resolution.proposals[proposal].number;
        let place = entry.place("text");
        if text.is_empty() {
            let message = format!("обоснование не вписано: пункт {number}, {}", period.title());
            self.faults.push(
                Diagnostic::new(Code::EmptyNote, Some(place), message)
                    .label("ожидалось, почему факт разошёлся с планом")
                    .help("впишите текст между кавычками или уберите раздел"),
            );
            return None;
        }
        let own = entry.place("proposal");
        if let Some(earlier) = self.first.get(&(proposal, target, period)) {
            let message = format!(
                "обоснование пункта {number} за этот период уже было: {}",
                period.title()
            );
            self.faults.push(
                Diagnostic::new(Code::DuplicateId, Some(own), message)
                    .label("ожидалось одно обоснование цели за период")
                    .help("оставьте одно из них или объедините их тексты")
                    .related(earlier.clone(), "первое из них; взято оно"),
            );
            return None;
        }
        self.first.insert((proposal, target, period), own);
        Some(Note {
            proposal,
            target,
            period,
            text: text.to_owned(),
            place,
        })
    }

    /// The index of a proposal that has a target.
    fn proposal(&mut self, number: u32, entry: Entry<'_>) -> Option<usize> {
        let proposals = &self.resolution.proposals;
        let found = proposals.iter().position(|one| one.number == number);
        if found.is_some_and(|index| !proposals[index].targets.is_empty()) {
            return found;
        }
        let message = match found {
            None => format!("в резолюции {} нет пункта {number}", self.resolution.id),
            Some(_) => format!("у пункта {number} нет измеримой цели"),
        };
        let with_target = proposals.iter().filter(|one| !one.targets.is_empty());
        let numbers: Vec<String> = with_target.map(|one| one.number.to_string()).collect();
        let help = match numbers.is_empty() {
            true => "измеримых целей в этой резолюции нет: уберите раздел".to_owned(),
            false => format!("пункты с целями: {}", numbers.join(", ")),
        };
        self.faults.push(
            Diagnostic::new(
                Code::UnknownReference,
                Some(entry.place("proposal")),
                message,
            )
            .label("ожидался номер пункта, у которого есть цель")
            .found(number.to_string())
            .help(help),
        );
        None
    }

    /// The target meant: the only one, or the one with this indicator.
    fn target(&mut self, proposal: usize, entry: Entry<'_>) -> Option<usize> {
        let proposal = &self.resolution.proposals[proposal];
        let ids = || {
            let targets = proposal.targets.iter();
            targets.map(|target| self.plan.indicators[target.indicator].id.as_str())
        };
        if !entry.has("indicator") {
            if let [_] = proposal.targets[..] {
                return Some(0);
            }
            if entry.is_damaged() {
                return None;
            }
            let quoted: Vec<String> = ids().map(|id| format!("\"{id}\"")).collect();
            let message = format!(
                "у пункта {} несколько целей, а у обоснования нет ключа «indicator»",
                proposal.number
            );
            let help = format!("допишите indicator = {}", quoted.join(" или "));
            self.faults.push(
                Diagnostic::new(Code::MissingKey, Some(entry.place("proposal")), message)
                    .label("ожидалось: indicator — о какой из целей речь")
                    .help(help),
            );
            return None;
        }
        let id = entry.filled("indicator")?;
        let found = ids().position(|own| own == id);
        if found.is_none() {
            let message = format!(
                "у пункта {} нет цели по показателю «{}»",
                proposal.number,
                printable(id)
            );
            let help = suggestion(id, ids(), "цели по показателям");
            self.faults.push(
                Diagnostic::new(
                    Code::UnknownReference,
                    Some(entry.place("indicator")),
                    message,
                )
                .label("ожидался id показателя, по которому у пункта есть цель")
                .found(id)
                .help(help),
            );
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Case;
    use super::*;
    use crate::render::toml::notes::{Template, Wanted};

    /// What is made of a text: the notes as proposal, target, period and text, and the faults.
    fn read_text(text: &str) -> (Vec<Note>, Vec<String>) {
        let case = Case::good();
        let (loaded, mut sources, mut diagnostics) = case.load();
        let plan = loaded.expect("a plan").plan;
        let resolution = plan.newest_adopted().expect("one");
        case.write("notes.toml", text.as_bytes());
        let path = case.folder.path().join("notes.toml");
        let notes = read(&path, &plan, resolution, &mut sources, &mut diagnostics);
        let faults = diagnostics.sorted().into_iter().map(|fault| {
            let (line, column) = sources.line_column(fault.place.as_ref().expect("a place"));
            let place = format!("{}:{}", line.unwrap_or(0), column.unwrap_or(0));
            let severity = fault.severity.title();
            let (code, message) = (fault.code.id(), &fault.message);
            format!(
                "{place} {severity}[{code}] {message} | {} | {}",
                fault.label, fault.help
            )
        });
        (notes.expect("readable"), faults.collect())
    }

    fn told(notes: &[Note]) -> Vec<(usize, usize, String, &str)> {
        let told = |note| {
            let Note {
                proposal,
                target,
                period,
                text,
                ..
            }: &Note = note;
            (*proposal, *target, period.to_string(), text.as_str())
        };
        notes.iter().map(told).collect()
    }

    #[test]
    fn notes_find_their_targets() {
        let (notes, faults) = read_text(
            "[[note]]\nproposal = 1\nperiod = \"декабрь 2025\"\ntext = ' потому '\n\n\
             [[note]]\nproposal = 2\nindicator = \"waiting\"\nperiod = \"2025-Q4\"\n\
             text = '''\nодно\nдругое'''\n",
        );
        assert_eq!(faults, [""; 0]);
        assert_eq!(
            told(&notes),
            [
                (0, 0, "2025-12".to_owned(), "потому"),
                (1, 1, "2025-Q4".to_owned(), "одно\nдругое"),
            ]
        );
    }

    #[test]
    fn faults_cost_their_own_note_only() {
        let (notes, faults) = read_text(
            r#"reason = "x"

[[note]]
proposal = 1
period = "2025-12"
text = "первое"

[[note]]
proposal = 1
period = "декабрь 2025 г."
text = "повтор"

[[note]]
proposal = 7
period = "2025-12"
text = "нет пункта"

[[note]]
proposal = 2
period = "2025-12"
text = "какая из двух"

[[note]]
proposal = 2
indicator = "acess"
period = "2025-12"
text = "описка"

[[note]]
proposal = 2
indicator = "coverage"
period = "зима 2025"
text = "не её показатель, не период"

[[note]]
proposal = "2"
text = 5
perod = "2025-12"

[[note]]
proposal = 2
indicator = "access"
period = "2025-11"
text = "  "

[[note]]
proposal = 2
indicator = "waiting"
period = "2025-12"
txt = "нет текста"

[[note]]
proposal = 2
indicator = "access"
period = "2025-12"
text = "последнее"
"#,
        );
        assert_eq!(
            faults,
            [
                "1:1 ошибка[unknown-key] неизвестный ключ «reason» | у файла обоснований такого ключа нет | уберите его; здесь ещё бывают: note",
                "9:12 ошибка[duplicate-id] обоснование пункта 1 за этот период уже было: декабрь 2025 года | ожидалось одно обоснование цели за период | оставьте одно из них или объедините их тексты",
                "14:12 ошибка[unknown-reference] в резолюции 2025 нет пункта 7 | ожидался номер пункта, у которого есть цель | пункты с целями: 1, 2",
                "19:12 ошибка[missing-key] у пункта 2 несколько целей, а у обоснования нет ключа «indicator» | ожидалось: indicator — о какой из целей речь | допишите indicator = \"access\" или \"waiting\"",
                "25:13 ошибка[unknown-reference] у пункта 2 нет цели по показателю «acess» | ожидался id показателя, по которому у пункта есть цель | возможно, имелось в виду «access»",
                "31:13 ошибка[unknown-reference] у пункта 2 нет цели по показателю «coverage» | ожидался id показателя, по которому у пункта есть цель | есть цели по показателям: access, waiting",
                "32:10 ошибка[wrong-value] ключ «period»: период «зима 2025» не читается | ожидался период | напишите \"2025-12\" (месяц), \"2025-Q4\", \"2025-H2\", \"2025\" или \"2025/26\" (учебный год)",
                "36:12 ошибка[wrong-type] ключ «proposal»: найдено: текст в кавычках, ожидалось: целое число | ожидалось: целое число | уберите кавычки: 2",
                "37:8 ошибка[wrong-type] ключ «text»: найдено: целое число, ожидалось: текст в кавычках | ожидалось: текст в кавычках | возьмите значение в кавычки: \"5\"",
                "38:1 ошибка[unknown-key] неизвестный ключ «perod» | у обоснования такого ключа нет | возможно, имелось в виду «period»",
                "44:8 предупреждение[empty-note] обоснование не вписано: пункт 2, ноябрь 2025 года | ожидалось, почему факт разошёлся с планом | впишите текст между кавычками или уберите раздел",
                "50:1 ошибка[unknown-key] неизвестный ключ «txt» | у обоснования такого ключа нет | возможно, имелось в виду «text»",
            ]
        );
        assert_eq!(
            told(&notes),
            [
                (0, 0, "2025-12".to_owned(), "первое"),
                (1, 0, "2025-12".to_owned(), "последнее"),
            ]
        );
    }

    #[test]
    fn a_broken_notation_costs_its_own_note_only() {
        let (notes, faults) = read_text(
            "[[note]]\nproposal = 1\nperiod = \"2025-12\"\ntext = \"он \"так\" сказал\"\n\n\
             [[note]]\nproposal = 1\nperiod = \"2025-11\"\ntext = \"цело\"\n",
        );
        assert_eq!(faults.len(), 1, "{faults:#?}");
        assert!(faults[0].starts_with("4:"), "{faults:#?}");
        assert_eq!(told(&notes), [(0, 0, "2025-11".to_owned(), "цело")]);
    }

    #[test]
    fn a_template_is_read_and_keeps_what_was_written() {
        let case = Case::good();
        let plan = case.load().0.expect("a plan").plan;
        let resolution = plan.newest_adopted().expect("one");
        let wanted = [(0, 0), (1, 1)].map(|(proposal, target)| Wanted {
            proposal,
            target,
            facts: "факт 77,0\u{a0}%\n[[note]]".to_owned(),
        });
        let period = crate::model::period::meant("2025-12").expect("one");
        let render = |existing: &[Note]| {
            let template = Template {
                plan: &plan,
                resolution,
                period,
                wanted: &wanted,
                existing,
            };
            template.render()
        };
        let empty = render(&[]);
        assert!(
            empty.ends_with(
                "\n# Пункт 1. Охват\n# факт 77,0\u{a0}% [[note]]\n[[note]]\nproposal = 1\n\
                 period = \"2025-12\"\ntext = \"\"\n\n# Пункт 2. Доступность\n# Очередь\n\
                 # факт 77,0\u{a0}% [[note]]\n[[note]]\nproposal = 2\nindicator = \"waiting\"\n\
                 period = \"2025-12\"\ntext = \"\"\n"
            ),
            "{empty}"
        );
        let (notes, faults) = read_text(&empty);
        assert!(notes.is_empty() && faults.len() == 2, "{faults:#?}");
        assert!(
            faults
                .iter()
                .all(|fault| fault.contains("предупреждение[empty-note]"))
        );

        let (before, _) = read_text(
            "[[note]]\nproposal = 2\nindicator = 'waiting'\nperiod = '2025-12'\ntext = \"о'х\\n\\\"\"\n\
             [[note]]\nproposal = 1\nperiod = '2025-11'\ntext = '''\"а\"\nб'''\n",
        );
        let (after, faults) = read_text(&render(&before));
        assert_eq!(faults.len(), 1, "{faults:#?}");
        assert_eq!(told(&after), told(&before));
        assert_eq!(render(&after), render(&before));
    }
}
