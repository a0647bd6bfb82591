//! Words of a proposal that may set a target: «78,45%», «в каждом», «до 31 декабря».

use std::cmp::Ordering;
use std::ops::Range;

use jiff::civil::Date;

use super::calendar::{self, Due};
use super::words::{Word, ends_sentence, words};
use crate::model::period::Period;
use crate::model::quantity::Decimal;

/// What the words demand, as far as they tell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Bound {
    /// Not less than this, in figures with a decimal point.
    AtLeast(String),
    /// Not more.
    AtMost(String),
    /// More than there was.
    MoreThanBase,
    /// Something, but the words do not plainly say what.
    Open,
    /// They name a deadline only.
    Unknown,
}

/// A target that some words may set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aim {
    /// The words, exactly as they stand.
    pub quote: String,
    /// What they demand.
    pub bound: Bound,
    /// It is to be kept up.
    pub maintain: bool,
    /// The deadline.
    pub due: Option<Period>,
    /// Why all that may be otherwise.
    pub doubts: Vec<String>,
}

/// An amount that a text names.
struct Amount {
    range: Range<usize>,
    bound: Bound,
    maintain: bool,
    /// How many of the words that follow it into its quote: they say of what.
    following: usize,
    doubt: Option<String>,
}

/// Finds what may be targets in a proposal's text or point; `held`: the day of the resolution.
pub(super) fn find(text: &str, held: Option<Date>) -> Vec<Aim> {
    let view = View::new(text, held);
    let mut amounts: Vec<Amount> = (0..view.words.len())
        .filter(|at| !view.is_in_due(&view.words[*at].range))
        .filter_map(|at| view.amount(at))
        .collect();
    if amounts.is_empty() {
        amounts.extend((0..view.words.len()).find_map(|at| view.growth(at)));
    }
    if amounts.is_empty() {
        return view.dues.iter().map(|due| view.only_due(due)).collect();
    }
    view.explain_brackets(&mut amounts);
    let mut aims: Vec<Aim> = (0..amounts.len())
        .map(|at| view.aim(&amounts, at, held))
        .collect();
    doubt_repeated(&mut aims);
    aims
}

/// A resolution takes one target an indicator from a proposal: the earlier levels are milestones.
fn doubt_repeated(aims: &mut [Aim]) {
    for at in 1..aims.len() {
        let (earlier, others) = aims.split_at_mut(at);
        let apart = |one: &Bound, other: &Bound| {
            matches!(
                (one, other),
                (Bound::AtLeast(_), Bound::AtMost(_)) | (Bound::AtMost(_), Bound::AtLeast(_))
            )
        };
        let alike = |one: &&Aim| !apart(&one.bound, &others[0].bound);
        let Some(first) = earlier.iter().find(alike) else {
            continue;
        };
        let example = match (&first.bound, first.due) {
            (Bound::AtLeast(value) | Bound::AtMost(value), Some(due)) => {
                format!("{{ period = \"{due}\", value = {value} }}")
            }
            _ => "{ period = \"…\", value = … }".to_owned(),
        };
        others[0].doubts.push(format!(
            "целей здесь несколько: если показатель у них один, оставьте одну, с последним сроком, \
             а прежние уровни запишите в ней вехами: milestones = [ {example} ]"
        ));
    }
}

/// What a verb says of the number that goes with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    /// «довести», «обеспечить»: a level from below.
    Reach,
    /// «сохранить»
    Keep,
    /// «увеличить»: a level with «до», else perhaps a change.
    Raise,
    /// «снизить»
    Lower,
}

const VERBS: [(Verb, &[&str]); 4] = [
    (
        Verb::Reach,
        &[
            "довест",
            "доведен",
            "обеспеч",
            "достич",
            "достиг",
            "достиж",
            "охват",
        ],
    ),
    (Verb::Keep, &["сохран", "поддерж", "удерж"]),
    (
        Verb::Raise,
        &["повы", "увелич", "нараст", "наращ", "рост", "расшир"],
    ),
    (
        Verb::Lower,
        &["сниз", "сниж", "сократ", "сокращ", "уменьш", "огранич"],
    ),
];

/// A figure as written.
struct Figure {
    /// With a decimal point.
    number: String,
    /// How many words it takes, its sign of percent included.
    used: usize,
    is_percent: bool,
    /// «тыс.», «процентных пунктов»: it says something else than its figures.
    is_more: bool,
}

/// What a number demands, whether it is to be kept up, why that may be otherwise.
type Known = (Bound, bool, Option<String>);

/// A text as it is searched.
struct View<'t> {
    text: &'t str,
    words: Vec<Word>,
    dues: Vec<Due>,
    /// Where its sentences end.
    ends: Vec<usize>,
    /// «(…)»
    brackets: Vec<Range<usize>>,
}

impl<'t> View<'t> {
    fn new(text: &'t str, held: Option<Date>) -> View<'t> {
        let words = words(text);
        let ends = text
            .match_indices(['.', '!', '?', ';'])
            .filter(|(at, end)| {
                let rest = &text[at + end.len()..];
                let next = rest.trim_start().chars().next();
                let parted = rest.starts_with(char::is_whitespace);
                let large = *end == ";" || next.is_some_and(char::is_uppercase);
                parted && large && ends_sentence(&text[..at + end.len()])
            });
        let brackets = text.match_indices('(').filter_map(|(open, _)| {
            let close = text[open..].find(')')?;
            Some(open..open + close)
        });
        View {
            text,
            dues: calendar::dues(&words, held),
            ends: ends.map(|(at, _)| at).collect(),
            brackets: brackets.collect(),
            words,
        }
    }

    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.text.as_str())
    }

    /// The word so many places before another one.
    fn before(&self, at: usize, back: usize) -> &str {
        at.checked_sub(back).map_or("", |at| self.word(at))
    }

    fn is_in_due(&self, range: &Range<usize>) -> bool {
        let covers = |due: &Due| due.range.start <= range.start && range.end <= due.range.end;
        self.dues.iter().any(covers)
    }

    /// The number of the sentence in which a byte stands.
    fn sentence(&self, at: usize) -> usize {
        self.ends.partition_point(|end| *end < at)
    }

    fn is_beside(&self, one: &Range<usize>, other: &Range<usize>) -> bool {
        self.sentence(one.start) == self.sentence(other.start)
    }

    fn bracket(&self, range: &Range<usize>) -> Option<&Range<usize>> {
        let holds = |bracket: &&Range<usize>| bracket.contains(&range.start);
        self.brackets.iter().find(holds)
    }

    fn only_due(&self, due: &Due) -> Aim {
        let mut words = 0..self.words.len();
        let number = words.any(|at| self.is_number(at) || self.is_multiple(at));
        let (bound, doubt) = match number {
            true => (
                Bound::Open,
                "числу в этом пункте смысла не найдено: впишите at_least или at_most сами",
            ),
            false => (
                Bound::Unknown,
                "рядом со сроком числа нет: at_least здесь только образец записи",
            ),
        };
        Aim {
            quote: self.text[due.range.clone()].to_owned(),
            bound,
            maintain: false,
            due: Some(due.period),
            doubts: due
                .doubt
                .clone()
                .into_iter()
                .chain([doubt.to_owned()])
                .collect(),
        }
    }

    /// Whether a word, not of a deadline, is a number or a part: «5», «80%», «2/3».
    fn is_number(&self, at: usize) -> bool {
        let word = &self.words[at];
        let numeric =
            |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '/' | '%' | '-' | '–');
        let is_day = word.text.split('.').count() == 3;
        word.text.starts_with(|c: char| c.is_ascii_digit())
            && word.text.chars().all(numeric)
            && !is_day
            && !self.is_in_due(&word.range)
    }

    /// «вдвое», «в полтора раза»
    fn is_multiple(&self, at: usize) -> bool {
        let stems = ["вдво", "втро", "полтор", "наполовин", "процент"];
        let word = self.word(at);
        stems.iter().any(|stem| word.starts_with(stem)) || matches!(word, "раз" | "раза")
    }

    /// What stands in brackets behind an amount explains it: «80% (в 2025 году – 75%)».
    fn explain_brackets(&self, amounts: &mut Vec<Amount>) {
        if amounts.iter().all(|one| self.bracket(&one.range).is_some()) {
            return;
        }
        let mut at = 1;
        while at < amounts.len() {
            let Some(bracket) = self.bracket(&amounts[at].range) else {
                at += 1;
                continue;
            };
            let words = &self.text[bracket.start + 1..bracket.end];
            let doubt = format!("рядом в скобках ещё число: «{words}»");
            amounts.remove(at);
            amounts[at - 1].doubt.get_or_insert(doubt);
        }
    }

    fn aim(&self, amounts: &[Amount], at: usize, held: Option<Date>) -> Aim {
        let amount = &amounts[at];
        let mut doubts: Vec<String> = amount.doubt.clone().into_iter().collect();
        let mut range = amount.range.clone();
        let mut due = self.due(amounts, at);
        match due {
            Some(found) if held.is_some_and(|held| found.period.end() < held) => {
                doubts.push(format!(
                    "срок «{}» раньше дня принятия: возможно, это прежний уровень, а не цель",
                    &self.text[found.range.clone()]
                ));
                due = None;
            }
            Some(found) => {
                range = range.start.min(found.range.start)..range.end.max(found.range.end);
                if amount.maintain {
                    doubts.push(format!(
                        "сохранять и срок вместе не пишутся: если важен срок, вместо maintain — \
                         due = \"{}\"",
                        found.period
                    ));
                    due = None;
                }
                doubts.extend(found.doubt.clone());
            }
            None => doubts.extend(self.unclear_due(amount)),
        }
        range.end = range.end.max(self.end_of_words(amount));
        Aim {
            quote: self.text[range].to_owned(),
            bound: amount.bound.clone(),
            maintain: amount.maintain,
            due: due.map(|due| due.period),
            doubts,
        }
    }

    /// The deadline of an amount, where it is plain: as many in the sentence of one as of the other,
    /// by turns.
    fn due(&self, amounts: &[Amount], at: usize) -> Option<&Due> {
        let own = &amounts[at].range;
        let amounts = amounts.iter().map(|one| &one.range);
        let amounts: Vec<_> = amounts.filter(|one| self.is_beside(one, own)).collect();
        let apart = |due: &&Due| {
            let within = |one: &&&Range<usize>| one.contains(&due.range.start);
            let bracket = self.bracket(&due.range);
            let explains = bracket.is_some_and(|bracket| self.holds_number(bracket));
            !amounts.iter().any(|one| within(&one)) && (!explains || self.bracket(own).is_some())
        };
        let dues = self
            .dues
            .iter()
            .filter(|due| self.is_beside(&due.range, own));
        let dues: Vec<&Due> = dues.filter(apart).collect();
        let place = amounts.iter().position(|one| *one == own)?;
        let mut all: Vec<(usize, bool)> = amounts.iter().map(|one| (one.start, true)).collect();
        all.extend(dues.iter().map(|due| (due.range.start, false)));
        all.sort_unstable();
        let by_turns = all.windows(2).all(|pair| pair[0].1 != pair[1].1);
        let due = *dues.get(place)?;
        (by_turns && dues.len() == amounts.len()).then_some(due)
    }

    fn holds_number(&self, range: &Range<usize>) -> bool {
        (0..self.words.len())
            .any(|at| range.contains(&self.words[at].range.start) && self.is_number(at))
    }

    /// A deadline that may be meant for an amount, or a year that was not understood.
    fn unclear_due(&self, amount: &Amount) -> Option<String> {
        let outside = |due: &&Due| {
            self.bracket(&due.range).is_none() && !amount.range.contains(&due.range.start)
        };
        let beside = |due: &&Due| self.is_beside(&due.range, &amount.range);
        let mut dues = self.dues.iter().filter(outside);
        if let Some(due) = dues.clone().find(beside) {
            return Some(format!(
                "неясно, к этому ли числу относится срок «{}»: если да, впишите due = \"{}\"",
                &self.text[due.range.clone()],
                due.period
            ));
        }
        if let Some(due) = dues.next() {
            return Some(format!(
                "срок «{}» стоит в другом предложении: если он относится сюда, впишите due = \"{}\"",
                &self.text[due.range.clone()],
                due.period
            ));
        }
        let time = self.words.iter().find(|word| {
            let is_year = word.text.len() == 4
                && word.text.starts_with("20")
                && word.text.bytes().all(|byte| byte.is_ascii_digit());
            let part = word.text.starts_with("квартал") || word.text.starts_with("полугоди");
            (is_year || part)
                && !self.is_in_due(&word.range)
                && !amount.range.contains(&word.range.start)
                && self.bracket(&word.range).is_none()
        })?;
        Some(format!(
            "срок со словом «{}» не понят: если он относится сюда, впишите due",
            &self.text[time.range.clone()]
        ))
    }

    /// The end of the few words that follow an amount, up to the next punctuation; no preposition
    /// last.
    fn end_of_words(&self, amount: &Amount) -> usize {
        let (mut end, mut last) = (amount.range.end, amount.range.end);
        let first = self.words.partition_point(|word| word.range.start < end);
        for word in self.words[first..].iter().take(amount.following) {
            let joins = ["и", "а", "но", "или", "не"].contains(&word.text.as_str());
            let between = &self.text[last..word.range.start];
            let parted = !between.chars().all(char::is_whitespace);
            if joins || parted || self.is_in_due(&word.range) {
                break;
            }
            last = word.range.end;
            if word.text.chars().count() > 2 {
                end = last;
            }
        }
        end
    }

    /// The amount that stands at a word.
    fn amount(&self, at: usize) -> Option<Amount> {
        let Some(figure) = self.figure(at) else {
            return self.every(at);
        };
        let end = self.words[at + figure.used - 1].range.end;
        let amount = |first: usize, bound: Bound, maintain: bool, doubt: Option<String>| {
            Some(Amount {
                range: self.words[first].range.start..end,
                bound,
                maintain,
                following: 3,
                doubt,
            })
        };
        let open =
            |first: usize, doubt: &str| amount(first, Bound::Open, false, Some(doubt.to_owned()));
        let times = matches!(self.word(at + figure.used), "раз" | "раза");
        if times && self.before(at, 1) == "в" {
            return open(
                at - 1,
                "«в … раз» — во сколько раз против прежнего: посчитайте уровень и впишите его",
            );
        }
        let limit = self.limit(at);
        if limit.is_none() && !figure.is_percent || self.is_start(at) {
            return None;
        }
        let to = matches!(self.before(at, 1), "на" | "до");
        let first = limit
            .as_ref()
            .map_or(at - usize::from(to), |limit| limit.first);
        if figure.is_more {
            return open(
                first,
                "число записано не только цифрами: впишите его целиком",
            );
        }
        if self.before(at, 1) == "на" {
            return open(
                first,
                "«на …» — изменение или уровень? впишите уровень: at_least, а при снижении at_most",
            );
        }
        if let Some(limit) = limit {
            let strict = limit.strict.then(|| {
                "слова без «не» требуют строго больше или меньше, а цель допускает и само число"
                    .to_owned()
            });
            return amount(first, limit.bound(figure.number), false, strict);
        }
        let start = self.start(at);
        let (bound, maintain, doubt) = match start {
            Some(start) => self.since(start, figure.number),
            None => self.by_verb(at, figure.number),
        };
        let first = match start {
            Some(start) => start - 1,
            None if maintain && self.before(at, 1) != "уровне" => at - 1,
            None => first,
        };
        amount(first, bound, maintain, doubt)
    }

    /// «с 60% до 80%»: what the earlier number makes of the later one.
    fn since(&self, start: usize, number: String) -> Known {
        let earlier = self.figure(start);
        let earlier = earlier.and_then(|figure| decimal(&figure.number));
        let plain = self.before(start, 1) != "от";
        match earlier.partial_cmp(&decimal(&number)).filter(|_| plain) {
            Some(Ordering::Less) => (Bound::AtLeast(number), false, None),
            Some(Ordering::Greater) => (Bound::AtMost(number), false, None),
            _ => {
                let doubt = "чисел два: это границы или прежний и новый уровень?";
                (Bound::Open, false, Some(doubt.to_owned()))
            }
        }
    }

    /// What the verb of its sentence makes of a number.
    fn by_verb(&self, at: usize, number: String) -> Known {
        let level = matches!(self.before(at, 1), "до" | "уровне");
        let open = |doubt: String| (Bound::Open, false, Some(doubt));
        let Some((verb, place)) = self.verb(at) else {
            return open(format!(
                "не сказано, не меньше или не больше: впишите at_least = {number} или at_most = \
                 {number}"
            ));
        };
        match verb {
            Verb::Reach => (Bound::AtLeast(number), false, None),
            Verb::Keep if place + 1 == at || self.before(at, 1) == "уровне" => {
                (Bound::AtLeast(number), true, None)
            }
            Verb::Raise if level => (Bound::AtLeast(number), false, None),
            Verb::Lower if level => (Bound::AtMost(number), false, None),
            Verb::Keep => open(format!(
                "слово «{}» стоит не рядом с числом: если уровень надо держать, впишите at_least = \
                 {number} и maintain = true",
                self.word(place)
            )),
            Verb::Raise | Verb::Lower => open(format!(
                "число при слове «{}» — изменение или уровень? впишите уровень: at_least, а при \
                 снижении at_most",
                self.word(place)
            )),
        }
    }

    /// The verb, or the noun made of one, that goes with a number: the last before it in its
    /// sentence, else the first behind it.
    fn verb(&self, at: usize) -> Option<(Verb, usize)> {
        let own = &self.words[at].range;
        let verb = |at: usize| {
            let word = self.words.get(at)?;
            let is_one = |stems: &&[&str]| stems.iter().any(|stem| word.text.starts_with(stem));
            let (verb, _) = VERBS.iter().find(|(_, stems)| is_one(stems))?;
            self.is_beside(&word.range, own).then_some((*verb, at))
        };
        let before = (0..at).rev().find_map(verb);
        before.or_else(|| (at + 1..self.words.len()).find_map(verb))
    }

    /// «с 60%» for the number of «до 80%» in the same sentence.
    fn start(&self, at: usize) -> Option<usize> {
        if self.before(at, 1) != "до" || self.figure(at).is_none() {
            return None;
        }
        let own = &self.words[at].range;
        let earlier = |start: &usize| self.is_number(*start);
        let start = (0..at - 1).rev().find(earlier)?;
        let opens = matches!(self.before(start, 1), "с" | "со" | "от");
        (opens && self.is_beside(&self.words[start].range, own) && self.figure(start).is_some())
            .then_some(start)
    }

    fn is_start(&self, at: usize) -> bool {
        (at + 1..self.words.len()).any(|later| self.start(later) == Some(at))
    }

    /// A figure: «1 200», «78,5 %», «≥80%».
    fn figure(&self, at: usize) -> Option<Figure> {
        let word = self.words.get(at)?;
        let mut number = word.text.trim_start_matches(SIGNS).to_owned();
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let mut used = 1;
        // The thousands of a number are set off by one space.
        while digits(&number) && !number.is_empty() && (used > 1 || number.len() <= 3) {
            let Some(next) = self.words.get(at + used) else {
                break;
            };
            let gap = &self.text[self.words[at + used - 1].range.end..next.range.start];
            let whole = next.text.trim_end_matches('%').split(',').next();
            let three = whole.is_some_and(|whole| whole.len() == 3 && digits(whole));
            if !three || gap.chars().count() != 1 {
                break;
            }
            number.push_str(&next.text);
            used += 1;
        }
        let next = self.word(at + used);
        let is_word = next == "%" || next.starts_with("процент");
        let (number, is_percent) = match number.strip_suffix('%') {
            Some(number) => (number.to_owned(), true),
            None => (number, is_word),
        };
        let is_word = is_word && is_percent && !self.words[at + used - 1].text.ends_with('%');
        let number = normal(&number)?;
        let unit = self.word(at + used + usize::from(is_word));
        let large = ["тыс", "млн", "млрд", "миллион", "миллиард", "процентн"];
        let is_more =
            next.starts_with("процентн") || large.iter().any(|stem| unit.starts_with(stem));
        Some(Figure {
            number,
            used: used + usize::from(is_word),
            is_percent,
            is_more,
        })
    }

    /// The words before a number that make it a limit.
    fn limit(&self, at: usize) -> Option<Limit> {
        let sign = self.word(at);
        let sign = &sign[..sign.len() - sign.trim_start_matches(SIGNS).len()];
        let (sign, mut last) = match (sign, self.before(at, 1)) {
            ("", before) if !before.is_empty() && before.trim_matches(SIGNS).is_empty() => {
                (before, at - 1)
            }
            (sign, _) => (sign, at),
        };
        let known = |is_least: bool, strict: bool, first: usize| {
            Some(Limit {
                is_least,
                strict,
                first,
            })
        };
        match sign {
            ">=" | "≥" | "⩾" => return known(true, false, last),
            "<=" | "≤" | "⩽" => return known(false, false, last),
            ">" => return known(true, true, last),
            "<" => return known(false, true, last),
            _ => {}
        }
        for link in ["на", "до", "чем"] {
            last -= usize::from(self.before(last, 1) == link);
        }
        let word = self.before(last, 1);
        let is_not = |back: usize| self.before(last, back) == "не";
        match word {
            "менее" | "ниже" | "меньше" if is_not(2) => known(true, false, last - 2),
            "более" | "выше" | "больше" if is_not(2) => {
                known(false, false, last - 2)
            }
            "более" | "выше" | "больше" | "свыше" => {
                known(true, true, last - 1)
            }
            "менее" | "ниже" | "меньше" => known(false, true, last - 1),
            "минимум" => known(true, false, last - 1),
            "максимум" => known(false, false, last - 1),
            // «не должна превышать»
            _ if word.starts_with("превы") => match (2..=3).find(|back| is_not(*back)) {
                Some(back) => known(false, false, last - back),
                None => known(true, true, last - 1),
            },
            _ => None,
        }
    }

    /// «в каждом», «во всех»: all of them, that is 100 %.
    fn every(&self, at: usize) -> Option<Amount> {
        let all = ["каждом", "каждой", "каждую", "каждый", "всех", "все"];
        if !matches!(self.word(at), "в" | "во") || !all.contains(&self.word(at + 1)) {
            return None;
        }
        Some(Amount {
            range: self.words[at].range.start..self.words[at + 1].range.end,
            bound: Bound::AtLeast("100".to_owned()),
            maintain: false,
            following: 2,
            doubt: None,
        })
    }

    /// «увеличение …»: more than there was, where no number says by how much.
    fn growth(&self, at: usize) -> Option<Amount> {
        let range = &self.words[at].range;
        let grows = ["увеличение", "увеличить", "увеличения"].contains(&self.word(at));
        let measured = |at: usize| {
            self.is_beside(&self.words[at].range, range)
                && (self.is_multiple(at) || self.is_number(at))
        };
        let measured = (at + 1..self.words.len()).any(measured);
        let doubt =
            "на сколько, сказано словами или числом: впишите уровень, которого надо достичь";
        grows.then(|| Amount {
            range: range.clone(),
            bound: match measured {
                true => Bound::Open,
                false => Bound::MoreThanBase,
            },
            maintain: false,
            following: 5,
            doubt: measured.then(|| doubt.to_owned()),
        })
    }
}

/// Signs that make a number a limit.
const SIGNS: [char; 7] = ['<', '>', '=', '≤', '≥', '⩽', '⩾'];

/// What the words before a number make of it.
struct Limit {
    is_least: bool,
    /// The number itself is not enough.
    strict: bool,
    /// The first of these words.
    first: usize,
}

impl Limit {
    fn bound(&self, number: String) -> Bound {
        match self.is_least {
            true => Bound::AtLeast(number),
            false => Bound::AtMost(number),
        }
    }
}

fn decimal(number: &str) -> Option<Decimal> {
    Decimal::parse(number.as_bytes()).ok().flatten()
}

/// A number with a decimal point and without zeros in front.
fn normal(number: &str) -> Option<String> {
    let number = number.replace(',', ".");
    let (whole, part) = number.split_once('.').unwrap_or((&number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = digits(whole) && digits(part) && number.len() <= 12;
    let normal = match whole.trim_start_matches('0') {
        "" => format!("0{}", &number[whole.len()..]),
        trimmed => number[whole.len() - trimmed.len()..].to_owned(),
    };
    fits.then_some(normal)
}
