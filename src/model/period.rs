//! Periods: months, quarters, half-years, years and school years, and how people write them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A day as Russian readers write it: 31.12.2025.
pub fn russian_date(date: Date) -> String {
    format!("{:02}.{:02}.{}", date.day(), date.month(), date.year())
}

/// How often a form is handed in; the length of a period.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Every {
    /// A calendar month.
    Month,
    /// January to March, and so on.
    Quarter,
    /// January to June, July to December.
    HalfYear,
    /// A calendar year.
    Year,
    /// 1 September to 31 August.
    SchoolYear,
}

impl Every {
    /// All of them, shortest first.
    pub const ALL: [Every; 5] = [
        Every::Month,
        Every::Quarter,
        Every::HalfYear,
        Every::Year,
        Every::SchoolYear,
    ];

    /// As data files name it.
    pub fn id(self) -> &'static str {
        match self {
            Every::Month => "month",
            Every::Quarter => "quarter",
            Every::HalfYear => "half-year",
            Every::Year => "year",
            Every::SchoolYear => "school-year",
        }
    }

    /// The length with this id.
    pub fn from_id(id: &str) -> Option<Every> {
        Every::ALL.into_iter().find(|every| every.id() == id)
    }

    /// Months in a period.
    pub fn months(self) -> i32 {
        match self {
            Every::Month => 1,
            Every::Quarter => 3,
            Every::HalfYear => 6,
            Every::Year | Every::SchoolYear => 12,
        }
    }

    /// How often, as an adverb.
    pub fn title(self) -> &'static str {
        match self {
            Every::Month => "ежемесячно",
            Every::Quarter => "ежеквартально",
            Every::HalfYear => "раз в полугодие",
            Every::Year => "ежегодно",
            Every::SchoolYear => "раз в учебный год",
        }
    }

    /// The period's own name, accusative: «за …».
    pub fn noun(self) -> &'static str {
        match self {
            Every::Month => "месяц",
            Every::Quarter => "квартал",
            Every::HalfYear => "полугодие",
            Every::Year => "год",
            Every::SchoolYear => "учебный год",
        }
    }

    /// Months from January of year 0 to the start of the period numbered 0.
    fn origin(self) -> i32 {
        if self == Every::SchoolYear { 8 } else { 0 }
    }
}

const FIRST_YEAR: i16 = 1900;
const LAST_YEAR: i16 = 2200;

/// Nominative, genitive, prepositional, short, and as file names spell it in Latin letters.
const MONTHS: [[&str; 5]; 12] = [
    ["январь", "января", "январе", "янв", "yanvar"],
    ["февраль", "февраля", "феврале", "фев", "fevral"],
    ["март", "марта", "марте", "мар", "mart"],
    ["апрель", "апреля", "апреле", "апр", "aprel"],
    ["май", "мая", "мае", "май", "may"],
    ["июнь", "июня", "июне", "июн", "iyun"],
    ["июль", "июля", "июле", "июл", "iyul"],
    ["август", "августа", "августе", "авг", "avgust"],
    ["сентябрь", "сентября", "сентябре", "сен", "sentyabr"],
    ["октябрь", "октября", "октябре", "окт", "oktyabr"],
    ["ноябрь", "ноября", "ноябре", "ноя", "noyabr"],
    ["декабрь", "декабря", "декабре", "дек", "dekabr"],
];

/// As an English spreadsheet shortens them: «Dec-25».
const ENGLISH: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

const ROMAN: [&str; 4] = ["I", "II", "III", "IV"];

/// A period; ordered by start, then by end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Period {
    every: Every,
    /// Its first month, counted from January of year 0.
    first: i32,
}

impl Period {
    /// A month, from 1 to 12; `None` for a year or month that is none.
    pub fn month(year: i16, month: i8) -> Option<Period> {
        Self::part(Every::Month, year, month, 12)
    }

    /// A quarter, from 1 to 4.
    pub fn quarter(year: i16, quarter: i8) -> Option<Period> {
        Self::part(Every::Quarter, year, quarter, 4)
    }

    /// A half-year, 1 or 2.
    pub fn half_year(year: i16, half: i8) -> Option<Period> {
        Self::part(Every::HalfYear, year, half, 2)
    }

    /// A calendar year.
    pub fn year(year: i16) -> Option<Period> {
        Self::part(Every::Year, year, 1, 1)
    }

    /// The school year that begins in September of a year.
    pub fn school_year(year: i16) -> Option<Period> {
        Self::part(Every::SchoolYear, year, 1, 1)
    }

    fn part(every: Every, year: i16, number: i8, parts: i32) -> Option<Period> {
        let number = i32::from(number);
        ((FIRST_YEAR..=LAST_YEAR).contains(&year) && (1..=parts).contains(&number)).then(|| {
            Period {
                every,
                first: i32::from(year) * 12 + (number - 1) * every.months() + every.origin(),
            }
        })
    }

    /// The period of a length that a day lies in.
    pub fn containing(every: Every, date: Date) -> Period {
        let months = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
        let since = (months - every.origin()).rem_euclid(every.months());
        Period {
            every,
            first: months - since,
        }
    }

    /// Its length.
    pub fn every(self) -> Every {
        self.every
    }

    /// The month after its last one, counted like its first.
    fn past(self) -> i32 {
        self.first + self.every.months()
    }

    /// Its first day.
    pub fn start(self) -> Date {
        first_day(self.first)
    }

    /// Its last day.
    pub fn end(self) -> Date {
        let next = first_day(self.past());
        next.yesterday().unwrap_or(next)
    }

    /// Whether it ends later than another, or together and begins later: of two figures as of a
    /// date, which is the newer.
    pub fn ends_after(self, other: Period) -> bool {
        (self.past(), self.first) > (other.past(), other.first)
    }

    /// Whether it is newer than another: it begins later, or begins together and ends sooner.
    pub fn is_newer_than(self, other: Period) -> bool {
        let key = |period: Period| (period.first, -period.every.months());
        key(self) > key(other)
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Period {
        Period {
            first: self.past(),
            ..self
        }
    }

    /// The one before it.
    #[must_use]
    pub fn previous(self) -> Period {
        Period {
            first: self.first - self.every.months(),
            ..self
        }
    }

    /// Whether another period lies wholly inside it.
    pub fn contains(self, other: Period) -> bool {
        self.first <= other.first && other.past() <= self.past()
    }

    /// The periods of a length that lie wholly between two days, in order.
    pub fn between(every: Every, start: Date, end: Date) -> impl Iterator<Item = Period> {
        let mut period = Period::containing(every, start);
        if period.start() < start {
            period = period.next();
        }
        std::iter::successors(Some(period), |period| Some(period.next()))
            .take_while(move |period| period.end() <= end)
    }

    /// As a sentence has it: «декабрь 2025 года», «IV квартал 2025 года», «2025/26 учебный год».
    pub fn title(self) -> String {
        let year = self.start().year();
        let month = self.start().month() as usize - 1;
        match self.every {
            Every::Month => format!("{} {year} года", MONTHS[month][0]),
            Every::Quarter => format!("{} квартал {year} года", ROMAN[month / 3]),
            Every::HalfYear => format!("{} полугодие {year} года", ROMAN[month / 6]),
            Every::Year => format!("{year} год"),
            Every::SchoolYear => format!("{self} учебный год"),
        }
    }

    /// For a narrow column: «дек. 2025», «IV кв. 2025», «2025/26».
    pub fn short(self) -> String {
        let year = self.start().year();
        let month = self.start().month() as usize - 1;
        match self.every {
            Every::Month if month == 4 => format!("май {year}"),
            Every::Month => format!("{}. {year}", MONTHS[month][3]),
            Every::Quarter => format!("{} кв. {year}", ROMAN[month / 3]),
            Every::HalfYear => format!("{} п/г {year}", ROMAN[month / 6]),
            Every::Year | Every::SchoolYear => self.to_string(),
        }
    }
}

/// The first day of a month counted from January of year 0.
fn first_day(months: i32) -> Date {
    let year = months.div_euclid(12);
    let month = months.rem_euclid(12) + 1;
    Date::new(year as i16, month as i8, 1).unwrap_or(Date::MIN)
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // A year and a school year never begin and end together, so equal keys are equal periods.
        (self.first, self.past()).cmp(&(other.first, other.past()))
    }
}

impl fmt::Display for Period {
    /// The id: `2025-12`, `2025-Q4`, `2025-H2`, `2025`, `2025/26`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.start().year();
        let month = self.start().month();
        match self.every {
            Every::Month => write!(f, "{year:04}-{month:02}"),
            Every::Quarter => write!(f, "{year:04}-Q{}", month / 3 + 1),
            Every::HalfYear => write!(f, "{year:04}-H{}", month / 6 + 1),
            Every::Year => write!(f, "{year:04}"),
            Every::SchoolYear => write!(f, "{year:04}/{:02}", (year + 1) % 100),
        }
    }
}

/// A text that is no period's id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotAPeriod(String);

impl fmt::Display for NotAPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "не период: «{}»; пишут 2025-12 (месяц), 2025-Q4 (квартал), 2025-H2 (полугодие), 2025 \
             (год) или 2025/26 (учебный год)",
            self.0
        )
    }
}

impl std::error::Error for NotAPeriod {}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Period, NotAPeriod> {
        parse_id(text).ok_or_else(|| NotAPeriod(text.to_owned()))
    }
}

fn parse_id(text: &str) -> Option<Period> {
    let year = text.get(..4).filter(|y| all_digits(y))?.parse().ok()?;
    let rest = &text[4..];
    if rest.is_empty() {
        return Period::year(year);
    }
    if let Some(second) = rest.strip_prefix('/') {
        return school_years(year, second);
    }
    let part = rest.strip_prefix('-')?;
    if part.len() == 2 && all_digits(part) {
        return Period::month(year, part.parse().ok()?);
    }
    let number = |part: &str| (part.len() == 1).then(|| part.parse().ok()).flatten();
    match part.split_at_checked(1)? {
        ("Q", number_text) => Period::quarter(year, number(number_text)?),
        ("H", number_text) => Period::half_year(year, number(number_text)?),
        _ => None,
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The school year of a year and the next one, written in two or four digits.
fn school_years(first: i16, second: &str) -> Option<Period> {
    let written: i16 = second.parse().ok()?;
    let consecutive = match second.len() {
        2 => written == (first + 1) % 100,
        4 => written == first + 1,
        _ => false,
    };
    (consecutive && all_digits(second))
        .then(|| Period::school_year(first))
        .flatten()
}

/// What a person wrote about time, before it is known how often the form is handed in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stated {
    /// A period.
    Period(Period),
    /// A day: the figures are as of its evening.
    AsOf(Date),
    /// From the start of the year to a day: «за 9 месяцев 2025».
    Through(Date),
    /// A year in a file's name that may be no more than that: it tells the period of a yearly form
    /// only.
    BareYear(Period),
}

impl Stated {
    /// The period of a form handed in this often. A period stated outright stands as it is, even
    /// where its length is another: what that means is for the caller to say.
    pub fn resolve(self, every: Every) -> Option<Period> {
        match self {
            Stated::Period(period) => Some(period),
            Stated::AsOf(date) => Some(Period::containing(every, date)),
            Stated::BareYear(period) => Some(period).filter(|_| every == Every::Year),
            Stated::Through(date) => {
                Some(Period::containing(every, date)).filter(|period| period.end() == date)
            }
        }
    }

    /// How specific it is: the shorter, the more.
    fn rank(self) -> i32 {
        match self {
            Stated::Period(period) | Stated::BareYear(period) => period.every().months(),
            Stated::Through(_) => 12,
            Stated::AsOf(_) => 100,
        }
    }
}

/// Reads a whole text as a period: a cell of a period column, `--period`.
///
/// A bare day there stands for the period it lies in: spreadsheets turn «дек.25» into 01.12.2025.
pub fn read(text: &str) -> Option<Stated> {
    let tokens = tokens(text);
    let skip = usize::from(matches!(tokens.first(), Some(Token::Word(w)) if w == "за"));
    let scan = Scan {
        tokens: &tokens,
        strict: true,
    };
    let (meaning, used) = scan.at(skip)?;
    let rest = &tokens[skip + used..];
    let tail = rest.iter().all(|token| match token {
        Token::Word(word) => matches!(word.as_str(), "г" | "год" | "года" | "году"),
        Token::Sign(sign) => *sign == '.',
        Token::Number(_) => false,
    });
    match meaning {
        _ if !tail => None,
        Meaning::Stated(stated) => Some(stated),
        Meaning::Day(date) => Some(Stated::AsOf(date)),
        Meaning::BareYear(period) => Some(Stated::Period(period)),
    }
}

/// The period that a person means, by its id or in words; a day stands for its month.
pub fn meant(text: &str) -> Option<Period> {
    let in_words = || match read(text)? {
        Stated::Period(period) => Some(period),
        other => other.resolve(Every::Month),
    };
    text.parse().ok().or_else(in_words)
}

/// Reads a period whose year is not written beside it: «декабрь» in a table for 2025.
pub fn read_within(text: &str, whole: Stated) -> Option<Stated> {
    let (start, end) = match whole {
        Stated::Period(period) | Stated::BareYear(period) => (period.start(), period.end()),
        Stated::AsOf(date) | Stated::Through(date) => (date.first_of_year(), date),
    };
    let mut years = [start.year(), end.year()].into_iter();
    years.find_map(|year| match read(&format!("{text} {year}"))? {
        Stated::Period(period) if start <= period.start() && period.end() <= end => {
            Some(Stated::Period(period))
        }
        _ => None,
    })
}

/// Finds the period in a title line: the most specific one stated. `None` where there is none, or
/// where two of the same length contradict each other.
pub fn find(text: &str) -> Option<Stated> {
    search(text, false)
}

/// Finds the period in the name of a file or folder, where words are set off by `_` and `-` too,
/// and a bare year may be one.
pub fn find_in_name(name: &str) -> Option<Stated> {
    search(name, false)
        .or_else(|| search(&name.replace(['_', '-'], " "), false))
        .or_else(|| search(name, true))
}

fn search(text: &str, bare_years: bool) -> Option<Stated> {
    let tokens = tokens(text);
    let scan = Scan {
        tokens: &tokens,
        strict: false,
    };
    let mut found: Vec<Stated> = Vec::new();
    let mut years: Vec<Stated> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match scan.at(at) {
            Some((Meaning::Stated(stated), used)) => {
                found.push(stated);
                at += used;
            }
            Some((Meaning::BareYear(period), used)) => {
                years.push(Stated::BareYear(period));
                at += used;
            }
            Some((Meaning::Day(_), used)) => at += used,
            None => at += 1,
        }
    }
    if found.is_empty() && bare_years {
        found = years;
    }
    let best = found.iter().map(|stated| stated.rank()).min()?;
    let mut best = found.into_iter().filter(|stated| stated.rank() == best);
    let first = best.next()?;
    best.all(|other| other == first).then_some(first)
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Token {
    Number(String),
    Word(String),
    Sign(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut open = false;
    // A title is short; what is longer than this is no title.
    for letter in text.chars().take(2000).flat_map(char::to_lowercase) {
        let letter = match letter {
            'ё' => 'е',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            // Ukrainian i, palochka: what people type for a Roman one.
            '\u{456}' | '\u{4cf}' => 'i',
            other => other,
        };
        match (tokens.last_mut(), letter) {
            (Some(Token::Number(number)), '0'..='9') if open => number.push(letter),
            (Some(Token::Word(word)), _) if open && letter.is_alphabetic() => word.push(letter),
            (_, '0'..='9') => tokens.push(Token::Number(letter.to_string())),
            _ if letter.is_alphabetic() => tokens.push(Token::Word(letter.to_string())),
            _ if letter.is_whitespace() => {}
            _ => tokens.push(Token::Sign(letter)),
        }
        open = letter.is_alphanumeric();
    }
    tokens
}

/// What stands at a place in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Meaning {
    Stated(Stated),
    /// A day with nothing before it: in a title the date of an order, in a cell the period.
    Day(Date),
    /// Four digits that could be a year.
    BareYear(Period),
}

struct Scan<'a> {
    tokens: &'a [Token],
    /// The text is a period and nothing else, so that shorter forms are trusted.
    strict: bool,
}

type Match = Option<(Meaning, usize)>;

impl Scan<'_> {
    /// What begins at a token, and how many tokens it takes.
    fn at(&self, at: usize) -> Match {
        self.as_of(at)
            .or_else(|| self.days(at))
            .or_else(|| self.day(at))
            .or_else(|| self.part_of_year(at))
            .or_else(|| self.months_of_year(at))
            .or_else(|| self.named_month(at))
            .or_else(|| self.school_year(at))
            .or_else(|| self.iso(at))
            .or_else(|| self.month_and_year(at))
            .or_else(|| self.year(at))
    }

    fn word(&self, at: usize) -> Option<&str> {
        match self.tokens.get(at) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn number(&self, at: usize, digits: std::ops::RangeInclusive<usize>) -> Option<i16> {
        match self.tokens.get(at) {
            Some(Token::Number(number)) if digits.contains(&number.len()) => number.parse().ok(),
            _ => None,
        }
    }

    fn sign(&self, at: usize, signs: &[char]) -> bool {
        matches!(self.tokens.get(at), Some(Token::Sign(sign)) if signs.contains(sign))
    }

    /// Skips full stops.
    fn past_dots(&self, at: usize) -> usize {
        at + usize::from(self.sign(at, &['.']))
    }

    /// A year of four digits (of two where the text is nothing else), dots before it skipped.
    fn year_at(&self, at: usize) -> Option<(i16, usize)> {
        let at = self.past_dots(at);
        if let Some(year) = self.number(at, 4..=4) {
            return Some((year, at + 1));
        }
        match self.number(at, 2..=2) {
            Some(year) if self.strict => Some((2000 + year, at + 1)),
            _ => None,
        }
    }

    fn month_name(&self, at: usize) -> Option<i8> {
        let word = self.word(at)?;
        MONTHS
            .iter()
            .position(|names| names.contains(&word))
            .or(match word {
                "февр" => Some(1),
                "сент" => Some(8),
                "нояб" => Some(10),
                _ if self.strict => ENGLISH.iter().position(|name| *name == word),
                _ => None,
            })
            .map(|index| index as i8 + 1)
    }

    /// A day in figures or words: how many tokens it takes.
    fn date(&self, at: usize) -> Option<(Date, usize)> {
        let signs = ['.', '/', '-'];
        if let Some(year) = self.number(at, 4..=4)
            && self.sign(at + 1, &signs)
            && let Some(month) = self.number(at + 2, 2..=2)
            && self.sign(at + 3, &signs)
            && let Some(day) = self.number(at + 4, 2..=2)
        {
            return Some((to_date(year, month, day)?, 5));
        }
        let day = self.number(at, 1..=2)?;
        if self.sign(at + 1, &signs)
            && let Some(month) = self.number(at + 2, 1..=2)
            && self.sign(at + 3, &signs)
            && let Some(year) = self.number(at + 4, 4..=4)
        {
            return Some((to_date(year, month, day)?, 5));
        }
        let month = self.month_name(at + 1)?;
        let year = self.number(at + 2, 4..=4)?;
        Some((to_date(year, i16::from(month), day)?, 3))
    }

    /// «на 01.10.2025»: the evening before the first of a month.
    fn as_of(&self, at: usize) -> Match {
        if self.word(at) == Some("по") && self.word(at + 1) == Some("состоянию") {
            let (meaning, used) = self.as_of(at + 2)?;
            return Some((meaning, used + 2));
        }
        if self.word(at) != Some("на") {
            return None;
        }
        let (date, used) = self.date(at + 1)?;
        let evening = if date.day() == 1 {
            date.yesterday().ok()?
        } else {
            date
        };
        Some((Meaning::Stated(Stated::AsOf(evening)), used + 1))
    }

    /// «с 01.12.2025 по 31.12.2025», «01.12.2025-31.12.2025»: the first and the last day of a period.
    fn days(&self, at: usize) -> Match {
        let from = at + usize::from(self.word(at) == Some("с"));
        let (first, used) = self.date(from)?;
        let mut next = from + used;
        while matches!(self.word(next), Some("г" | "года")) || self.sign(next, &['.']) {
            next += 1;
        }
        if self.word(next) != Some("по") && !self.sign(next, &['-']) {
            return None;
        }
        let (last, used) = self.date(next + 1)?;
        let mut periods = Every::ALL.into_iter();
        let period = periods.find_map(|every| {
            let period = Period::containing(every, first);
            (period.start() == first && period.end() == last).then_some(period)
        })?;
        let stated = Meaning::Stated(Stated::Period(period));
        Some((stated, next + 1 + used - at))
    }

    fn day(&self, at: usize) -> Match {
        let (date, used) = self.date(at)?;
        Some((Meaning::Day(date), used))
    }

    /// An ordinal in Arabic or Roman figures, Latin or Cyrillic: how many tokens it takes.
    fn ordinal(&self, at: usize) -> Option<(i8, usize)> {
        if let Some(number) = self.number(at, 1..=1) {
            // 1У is how a typewriter wrote IV.
            if number == 1 && matches!(self.word(at + 1), Some("у" | "v")) {
                return Some((4, 2));
            }
            let dash = usize::from(self.sign(at + 1, &['-']));
            let ending = matches!(
                self.word(at + 1 + dash),
                Some("й" | "го" | "ый" | "ой" | "ий" | "е" | "ое" | "м")
            );
            let used = if ending { 2 + dash } else { 1 };
            return Some((number as i8, used));
        }
        let number = match self.word(at)? {
            "i" | "первый" | "первое" => 1,
            "ii" | "п" | "второй" | "второе" => 2,
            "iii" | "ш" | "третий" => 3,
            "iv" | "iу" | "четвертый" => 4,
            _ => return None,
        };
        Some((number, 1))
    }

    /// «IV квартал 2025», «2 полугодие 2025».
    fn part_of_year(&self, at: usize) -> Match {
        let (number, used) = self.ordinal(at)?;
        let word = self.word(at + used)?;
        let is_quarter = word == "кв" || word.starts_with("квартал");
        let is_half = word.starts_with("полугод");
        let slashed = word == "п"
            && self.sign(at + used + 1, &['/'])
            && self.word(at + used + 2) == Some("г");
        let next = at + used + if slashed { 3 } else { 1 };
        let (year, end) = self.year_at(next)?;
        let period = if is_quarter {
            Period::quarter(year, number)?
        } else if is_half || slashed {
            Period::half_year(year, number)?
        } else {
            return None;
        };
        Some((Meaning::Stated(Stated::Period(period)), end - at))
    }

    /// «за 9 месяцев 2025».
    fn months_of_year(&self, at: usize) -> Match {
        let months = match self.word(at) {
            Some("три") => 3,
            Some("шесть") => 6,
            Some("девять") => 9,
            _ => self.number(at, 1..=2)?,
        };
        let word = self.word(at + 1)?;
        if !(word == "мес" || word.starts_with("месяц")) {
            return None;
        }
        let (year, end) = self.year_at(at + 2)?;
        let last = Period::month(year, i8::try_from(months).ok()?)?;
        Some((Meaning::Stated(Stated::Through(last.end())), end - at))
    }

    /// «декабрь 2025», «октябрь – декабрь 2025»; as a whole text «2025 декабрь» and «Dec-25» too.
    fn named_month(&self, at: usize) -> Match {
        if self.strict
            && let Some(year) = self.number(at, 4..=4)
            && let Some(month) = self.month_name(at + 1)
        {
            let period = Period::month(year, month)?;
            return Some((Meaning::Stated(Stated::Period(period)), 2));
        }
        let first = self.month_name(at)?;
        let dot = self.past_dots(at + 1);
        if self.sign(dot, &['-'])
            && let Some(last) = self.month_name(dot + 1)
        {
            let (year, end) = self.year_at(dot + 2)?;
            let stated = month_range(year, first, last)?;
            return Some((Meaning::Stated(stated), end - at));
        }
        let hyphen = usize::from(self.strict && self.sign(at + 1, &['-']));
        let (year, end) = self.year_at(at + 1 + hyphen)?;
        let period = Period::month(year, first)?;
        Some((Meaning::Stated(Stated::Period(period)), end - at))
    }

    /// «2025-2026 учебный год», «2025/26».
    fn school_year(&self, at: usize) -> Match {
        let year = self.number(at, 4..=4)?;
        if !self.sign(at + 1, &['-', '/']) {
            return None;
        }
        let Some(Token::Number(second)) = self.tokens.get(at + 2) else {
            return None;
        };
        let period = school_years(year, second)?;
        let said = self.word(at + 3).is_some_and(|word| word.starts_with("уч"));
        // 2011-12 is a month; 2011/12 and «2011-12 уч. год» are not.
        let is_month = || {
            let month = self.number(at + 2, 2..=2).map(i8::try_from);
            month.is_some_and(|month| month.is_ok_and(|month| (1..=12).contains(&month)))
        };
        if self.sign(at + 1, &['-']) && !said && is_month() {
            return None;
        }
        let mut end = at + 3;
        if said {
            end = self.past_dots(end + 1);
            if matches!(self.word(end), Some("г" | "год" | "года" | "году")) {
                end = self.past_dots(end + 1);
            }
        }
        Some((Meaning::Stated(Stated::Period(period)), end - at))
    }

    /// «2025-12», «2025_12», «2025.12», «2025-Q4», «2025-H2».
    fn iso(&self, at: usize) -> Match {
        let year = self.number(at, 4..=4)?;
        let sign = usize::from(self.sign(at + 1, &['-', '_', '.']));
        if sign == 1
            && let Some(month) = self.number(at + 2, 2..=2)
        {
            let period = Period::month(year, i8::try_from(month).ok()?)?;
            return Some((Meaning::Stated(Stated::Period(period)), 3));
        }
        let number = i8::try_from(self.number(at + sign + 2, 1..=1)?).ok()?;
        let period = match self.word(at + sign + 1)? {
            "q" => Period::quarter(year, number)?,
            "h" => Period::half_year(year, number)?,
            _ => return None,
        };
        Some((Meaning::Stated(Stated::Period(period)), sign + 3))
    }

    /// «12.2025», «12/2025».
    fn month_and_year(&self, at: usize) -> Match {
        let month = self.number(at, 2..=2)?;
        if !self.sign(at + 1, &['.', '/', '_', '-']) {
            return None;
        }
        let year = self.number(at + 2, 4..=4)?;
        let period = Period::month(year, i8::try_from(month).ok()?)?;
        Some((Meaning::Stated(Stated::Period(period)), 3))
    }

    /// «2025 год», «за 2025»; in names and cells a bare year too.
    fn year(&self, at: usize) -> Match {
        let period = Period::year(self.number(at, 4..=4)?)?;
        let named = matches!(self.word(at + 1), Some("год" | "года" | "году"));
        let during = at > 0 && self.word(at - 1) == Some("за");
        if named || during {
            return Some((
                Meaning::Stated(Stated::Period(period)),
                1 + usize::from(named),
            ));
        }
        Some((Meaning::BareYear(period), 1))
    }
}

fn to_date(year: i16, month: i16, day: i16) -> Option<Date> {
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Months from one to another: a quarter, half-year or year, or from January on.
fn month_range(year: i16, first: i8, last: i8) -> Option<Stated> {
    let start = Period::month(year, first)?.start();
    let end = Period::month(year, last)?.end();
    [Every::Quarter, Every::HalfYear, Every::Year]
        .into_iter()
        .map(|every| Period::containing(every, start))
        .find(|period| period.start() == start && period.end() == end)
        .map(Stated::Period)
        .or((first == 1 && first < last).then_some(Stated::Through(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(stated: Option<Stated>) -> String {
        match stated {
            None => "—".into(),
            Some(Stated::Period(period)) => period.to_string(),
            Some(Stated::AsOf(date)) => format!("as of {date}"),
            Some(Stated::Through(date)) => format!("through {date}"),
            Some(Stated::BareYear(period)) => format!("perhaps {period}"),
        }
    }

    #[test]
    fn ids_round_trip() {
        for year in FIRST_YEAR..=LAST_YEAR {
            let mut periods: Vec<Period> =
                (1..=12).filter_map(|m| Period::month(year, m)).collect();
            periods.extend((1..=4).filter_map(|q| Period::quarter(year, q)));
            periods.extend((1..=2).filter_map(|h| Period::half_year(year, h)));
            periods.extend(Period::year(year));
            periods.extend(Period::school_year(year));
            assert_eq!(periods.len(), 20);
            for period in periods {
                assert_eq!(period.to_string().parse(), Ok(period));
                assert_eq!(Period::containing(period.every(), period.start()), period);
                assert_eq!(Period::containing(period.every(), period.end()), period);
                assert_eq!(period.next().previous(), period);
                assert_eq!(
                    period.next().start(),
                    period.end().tomorrow().expect("a day")
                );
            }
        }
        for text in [
            "", "2025-1", "2025-13", "2025-Q5", "2025-q4", "2025/27", "25-12", "1899",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn cells() {
        for (text, expected) in [
            ("2025-12", "2025-12"),
            ("2011-12", "2011-12"),
            ("2101-02", "2101-02"),
            ("2011/12", "2011/12"),
            ("1998-99", "1998/99"),
            ("2025-Q4", "2025-Q4"),
            ("2025-H2", "2025-H2"),
            ("2025", "2025"),
            ("2025/26", "2025/26"),
            ("2025-2026", "2025/26"),
            ("2025–2026 уч. г.", "2025/26"),
            ("2025-2026 учебный год", "2025/26"),
            ("2025/2026 уч.год", "2025/26"),
            ("декабрь 2025", "2025-12"),
            ("Декабрь 2025 г.", "2025-12"),
            ("за декабрь 2025 года", "2025-12"),
            ("дек. 2025", "2025-12"),
            ("дек.25", "2025-12"),
            ("12.2025", "2025-12"),
            ("12/2025", "2025-12"),
            ("2025.12", "2025-12"),
            ("IV квартал 2025 г.", "2025-Q4"),
            ("ІV кв. 2025", "2025-Q4"),
            ("1У квартал 2025", "2025-Q4"),
            ("П квартал 2025", "2025-Q2"),
            ("Ш кв. 2025 г", "2025-Q3"),
            ("4 кв. 2025", "2025-Q4"),
            ("4-й квартал 2025 года", "2025-Q4"),
            ("4кв2025", "2025-Q4"),
            ("I полугодие 2025", "2025-H1"),
            ("2 п/г 2025", "2025-H2"),
            ("2025 год", "2025"),
            ("2025 г.", "2025"),
            ("на 01.10.2025", "as of 2025-09-30"),
            ("на 1 октября 2025 г.", "as of 2025-09-30"),
            ("по состоянию на 20.09.2025", "as of 2025-09-20"),
            ("01.12.2025", "as of 2025-12-01"),
            ("2025-12-31", "as of 2025-12-31"),
            ("за 9 месяцев 2025", "through 2025-09-30"),
            ("9 мес. 2025 г.", "through 2025-09-30"),
            ("январь-сентябрь 2025", "through 2025-09-30"),
            ("октябрь – декабрь 2025", "2025-Q4"),
            ("2025-1", "—"),
            ("5 квартал 2025", "—"),
            ("13.2025", "—"),
            ("декабрь", "—"),
            ("вчера", "—"),
            ("", "—"),
        ] {
            assert_eq!(ids(read(text)), expected, "{text}");
        }
    }

    #[test]
    fn titles() {
        for (text, expected) in [
            (
                "Отчёт о воспитанниках за IV квартал 2025 г. (МБДОУ № 5)",
                "2025-Q4",
            ),
            ("за декабрь 2025 (2025-2026 учебный год)", "2025-12"),
            ("Сведения на 01.10.2025", "as of 2025-09-30"),
            ("Приказ от 01.09.2025 № 15", "—"),
            (
                "Приказ от 5 мая 2025 г. о сдаче отчётов за ноябрь 2025 года",
                "2025-11",
            ),
            ("за ноябрь 2025 и за декабрь 2025", "—"),
            ("за декабрь 2025, декабрь 2025 года", "2025-12"),
            ("Школа № 2025", "—"),
            ("Отчёт за 2025 год", "2025"),
            ("Дата сдачи: 20.01.2026", "—"),
            ("ОТЧЕТ ЗА 9 МЕСЯЦЕВ 2025 ГОДА", "through 2025-09-30"),
        ] {
            assert_eq!(ids(find(text)), expected, "{text}");
        }
    }

    #[test]
    fn names_of_files() {
        for (text, expected) in [
            ("kindergarten-2025-12", "2025-12"),
            ("сад_2025_12", "2025-12"),
            ("2025-Q4", "2025-Q4"),
            ("2025-Q4-real", "2025-Q4"),
            ("Отчет за декабрь 2025", "2025-12"),
            ("dop_2025", "perhaps 2025"),
            ("сады_декабрь_2025", "2025-12"),
            ("сады-декабрь-2025", "2025-12"),
            ("sady_dekabr_2025", "2025-12"),
            ("IV_кв_2025", "2025-Q4"),
            ("4_квартал_2025", "2025-Q4"),
            ("отчет_за_декабрь_2025", "2025-12"),
            ("сад 5 на 01.01.2026", "as of 2025-12-31"),
            ("ds-101", "—"),
            ("отчёт 12.2025 исправленный", "2025-12"),
            ("2025", "perhaps 2025"),
        ] {
            assert_eq!(ids(find_in_name(text)), expected, "{text}");
        }
    }

    #[test]
    fn a_day_means_the_period_of_the_form() {
        let resolve = |text: &str, every| {
            read(text)
                .and_then(|stated| stated.resolve(every))
                .map_or_else(|| "—".into(), |period| period.to_string())
        };
        assert_eq!(resolve("на 01.10.2025", Every::Month), "2025-09");
        assert_eq!(resolve("на 01.10.2025", Every::Quarter), "2025-Q3");
        assert_eq!(resolve("на 01.01.2026", Every::Year), "2025");
        assert_eq!(resolve("за 9 месяцев 2025", Every::Month), "2025-09");
        assert_eq!(resolve("за 9 месяцев 2025", Every::Quarter), "2025-Q3");
        assert_eq!(resolve("за 9 месяцев 2025", Every::Year), "—");
        assert_eq!(resolve("за 12 месяцев 2025", Every::Year), "2025");
        assert_eq!(resolve("01.12.2025", Every::Month), "2025-12");
        assert_eq!(resolve("декабрь 2025", Every::Quarter), "2025-12");
        let year = find_in_name("2025").expect("a year");
        assert_eq!(year.resolve(Every::Month), None);
        assert_eq!(year.resolve(Every::Year), Period::year(2025));
    }

    #[test]
    fn periods_in_order() {
        let period = |id: &str| id.parse::<Period>().expect(id);
        assert!(period("2025-12") > period("2025-11"));
        assert!(period("2025-Q4") > period("2025-10"));
        assert!(period("2025-Q4").contains(period("2025-12")));
        assert!(!period("2025").contains(period("2025/26")));
        let quarter = period("2025-Q4");
        let months: Vec<String> = Period::between(Every::Month, quarter.start(), quarter.end())
            .map(|p| p.to_string())
            .collect();
        assert_eq!(months, ["2025-10", "2025-11", "2025-12"]);
        assert_eq!(quarter.title(), "IV квартал 2025 года");
        assert_eq!(period("2025-12").short(), "дек. 2025");
        assert_eq!(period("2025/26").title(), "2025/26 учебный год");
    }

    #[test]
    fn no_text_makes_it_panic() {
        let alphabet: Vec<char> =
            "0123456789 .-/_–qh ivпшуIVквартал месяц год года на за декабря №ё"
                .chars()
                .collect();
        let mut seed = 12345u64;
        for _ in 0..100_000 {
            let mut text = String::new();
            for _ in 0..12 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text.push(alphabet[(seed >> 33) as usize % alphabet.len()]);
            }
            for stated in [read(&text), find(&text), find_in_name(&text)] {
                for every in Every::ALL {
                    let _ = stated.and_then(|stated| stated.resolve(every));
                }
            }
        }
    }
}
