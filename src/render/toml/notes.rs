//! The file of reasons, with a place for each that is wanted.

use std::fmt::Write;

use super::{comment, key, string};
use crate::model::Plan;
use crate::model::period::Period;
use crate::model::resolution::Resolution;
use crate::read::plan::notes::Note;

/// A target whose deviation wants a reason.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The proposal's index in the resolution.
    pub proposal: usize,
    /// The target's index within the proposal.
    pub target: usize,
    /// Where it stands: «факт 77,00 %, план 78,45 %, не хватает 29 детей».
    pub facts: String,
}

/// What the file is made of.
#[derive(Clone, Copy, Debug)]
pub struct Template<'a> {
    /// Whose indicators the targets are of.
    pub plan: &'a Plan,
    /// Whose targets they are.
    pub resolution: &'a Resolution,
    /// The period whose figures want reasons.
    pub period: Period,
    /// The targets that want one.
    pub wanted: &'a [Wanted],
    /// What has been written already, none of which is lost.
    pub existing: &'a [Note],
}

impl Template<'_> {
    /// The whole file.
    pub fn render(&self) -> String {
        let mut text = self.heading();
        if self.wanted.is_empty() {
            text.push_str("\n# За этот период обоснований не нужно.\n");
        }
        for wanted in self.wanted {
            let has = |note: &&Note| self.is_for(note, wanted);
            let reason = self.existing.iter().find(has);
            self.push_title(&mut text, wanted.proposal, wanted.target);
            let _ = writeln!(text, "# {}", comment(&wanted.facts));
            let reason = reason.map_or("", |note| note.text.as_str());
            self.push_note(
                &mut text,
                wanted.proposal,
                wanted.target,
                self.period,
                reason,
            );
        }
        let others = self.existing.iter();
        let others = others.filter(|note| !self.wanted.iter().any(|one| self.is_for(note, one)));
        for (index, note) in others.enumerate() {
            if index == 0 {
                text.push_str("\n# Вписано раньше, об этом периоде и других:\n");
            }
            self.push_title(&mut text, note.proposal, note.target);
            self.push_note(
                &mut text,
                note.proposal,
                note.target,
                note.period,
                &note.text,
            );
        }
        text
    }

    fn heading(&self) -> String {
        format!(
            "\
# Обоснования отклонений: {}, резолюция {}.
#
# Что сделать: вписать между кавычками, почему цель не достигнута и что будет сделано.
# Один раздел [[note]] — одна цель за один период. Если в тексте есть кавычки или несколько строк,
# его берут в три апострофа:
#   text = '''
#   Первая строка, и «в ней» \"любые\" кавычки.
#   Вторая строка.'''
# Раздел с пустым текстом ничему не мешает: в отчёте останется сказано, что обоснования нет.
# В отчёт тексты попадут так: aleysk report --notes ЭТОТ_ФАЙЛ …
",
            self.period.title(),
            comment(&self.resolution.id)
        )
    }

    fn is_for(&self, note: &Note, wanted: &Wanted) -> bool {
        let own = (note.proposal, note.target, note.period);
        own == (wanted.proposal, wanted.target, self.period)
    }

    /// What the note is about, for whoever fills it in.
    fn push_title(&self, text: &mut String, proposal: usize, target: usize) {
        let proposal = &self.resolution.proposals[proposal];
        let topic = comment(&proposal.topic);
        let _ = writeln!(text, "\n# Пункт {}. {topic}", proposal.number);
        if proposal.targets.len() > 1 {
            let indicator = &self.plan.indicators[proposal.targets[target].indicator];
            let _ = writeln!(text, "# {}", comment(&indicator.name));
        }
    }

    fn push_note(
        &self,
        text: &mut String,
        proposal: usize,
        target: usize,
        period: Period,
        reason: &str,
    ) {
        let proposal = &self.resolution.proposals[proposal];
        text.push_str("[[note]]\n");
        key(text, "proposal", &proposal.number.to_string());
        if proposal.targets.len() > 1 {
            let indicator = &self.plan.indicators[proposal.targets[target].indicator];
            key(text, "indicator", &format!("\"{}\"", indicator.id));
        }
        key(text, "period", &format!("\"{period}\""));
        match reason {
            "" => key(text, "text", "\"\""),
            reason => key(text, "text", &string(reason)),
        }
    }
}
