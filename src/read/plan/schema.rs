//! Which keys the data files have: declared once, as data. The checks of `super::structure` and the
//! JSON Schemas of `crate::render::schema` follow from it.

/// A table of a data file: the file itself, `[[field]]`, `base = { … }`.
#[derive(Debug)]
pub struct Table {
    /// What it describes, in Russian: «показатель».
    pub title: &'static str,
    /// The same in the genitive: «показателя».
    pub of: &'static str,
    /// The keys it may have, in the order in which they are usually written.
    pub keys: &'static [Key],
    /// Keys of which exactly one must be there.
    pub one_of: &'static [&'static str],
    /// What the value of one key asks of the others. The checks of `super` word each of these
    /// themselves; an editor is told by the schema.
    pub cases: &'static [Case],
}

/// Where a key has one of these values (any value, where none is listed), some keys must be there
/// and others must not.
#[derive(Debug)]
pub struct Case {
    /// The key.
    pub key: &'static str,
    /// Its words, or `true` of a flag.
    pub words: &'static [&'static str],
    /// Keys that must be there.
    pub needs: &'static [&'static str],
    /// Keys that must not.
    pub never: &'static [&'static str],
}

const fn case(
    key: &'static str,
    words: &'static [&'static str],
    needs: &'static [&'static str],
    never: &'static [&'static str],
) -> Case {
    Case {
        key,
        words,
        needs,
        never,
    }
}

/// A data file that a schema is made of.
#[derive(Debug)]
pub struct DataFile {
    /// As `aleysk schema` and the schema's own file name it.
    pub name: &'static str,
    /// Where such files stand in the data folder; notes may stand anywhere.
    pub path: &'static str,
    /// What it holds.
    pub table: &'static Table,
}

/// Every kind of TOML file that people write: those of a data folder, and the notes.
pub static FILES: [DataFile; 5] = [
    DataFile {
        name: "resolution",
        path: "resolutions/*.toml",
        table: &RESOLUTION,
    },
    DataFile {
        name: "indicators",
        path: "indicators.toml",
        table: &INDICATORS,
    },
    DataFile {
        name: "organisations",
        path: "organisations.toml",
        table: &ORGANISATIONS,
    },
    DataFile {
        name: "form",
        path: "forms/*.toml",
        table: &FORM,
    },
    DataFile {
        name: "notes",
        path: "notes.toml",
        table: &NOTES,
    },
];

impl Table {
    /// The key with this name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// A key of a table.
#[derive(Debug)]
pub struct Key {
    /// As the file writes it.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// It must be there (a list of tables: with at least one).
    pub required: bool,
    /// What it means, in Russian, in a few words.
    pub doc: &'static str,
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Any text.
    Text,
    /// A text with at least one visible letter.
    Filled,
    /// `[a-z][a-z0-9_]*`: formulas name it.
    Identifier,
    /// Latin letters, digits, hyphens and underscores.
    Id,
    /// One of these words.
    Choice(&'static [Word]),
    /// A period by its id: `"2025-12"`.
    Period,
    /// A period by its id or as people write it: `"декабрь 2025"`.
    Stated,
    /// A TOML local date.
    Date,
    /// An exact decimal, whole or not.
    Number,
    /// A whole number within limits.
    Whole {
        /// The smallest.
        min: u32,
        /// The largest.
        max: u32,
    },
    /// `true` or `false`.
    Flag,
    /// `true` only.
    True,
    /// A list of filled texts; of so many, where a number is given.
    Texts(Option<usize>),
    /// A list of filled texts, none of them twice, each of this pattern.
    Distinct(&'static str),
    /// A filled text or a list of them.
    TextOrTexts,
    /// A table.
    Table(&'static Table),
    /// A list of tables.
    Tables(&'static Table),
}

/// A word that a key may have, and what it means.
pub type Word = (&'static str, &'static str);

const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        required: true,
        doc,
    }
}

const fn optional(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        required: false,
        doc,
    }
}

/// `resolutions/ID.toml`.
pub static RESOLUTION: Table = Table {
    title: "резолюция",
    of: "резолюции",
    keys: &[
        required("id", Kind::Id, "короткое имя резолюции"),
        required("title", Kind::Filled, "название дословно"),
        optional("event", Kind::Text, "конференция, принявшая резолюцию"),
        required("date", Kind::Date, "дата принятия"),
        required(
            "status",
            Kind::Choice(&[
                ("adopted", "принята"),
                ("draft", "проект; без --resolution для проверки не берётся"),
            ]),
            "принята или проект",
        ),
        optional("source", Kind::Text, "откуда взят текст"),
        optional(
            "preamble",
            Kind::Text,
            "дословно всё, что стоит перед пунктами",
        ),
        required("proposal", Kind::Tables(&PROPOSAL), "пункты резолюции"),
    ],
    one_of: &[],
    cases: &[],
};

/// `[[proposal]]`.
pub static PROPOSAL: Table = Table {
    title: "пункт резолюции",
    of: "пункта резолюции",
    keys: &[
        required("number", Kind::Whole { min: 1, max: 9999 }, "номер пункта"),
        required("topic", Kind::Filled, "короткий заголовок для таблиц"),
        required("text", Kind::Filled, "текст пункта дословно, без номера"),
        optional("items", Kind::Texts(None), "подпункты дословно, без тире"),
        optional(
            "continues",
            Kind::Distinct(r"^.+/0*[1-9]\d*(\.0*[1-9]\d*)?$"),
            "пункты прежних резолюций, которые продолжает этот",
        ),
        optional(
            "why",
            Kind::Text,
            "слова обоих текстов, из которых видно продолжение",
        ),
        optional("note", Kind::Text, "примечание для читателя"),
        optional(
            "watch",
            Kind::Distinct(r"\S"),
            "показатели, которые показаны справочно, без цели",
        ),
        optional("target", Kind::Tables(&TARGET), "измеримые цели пункта"),
    ],
    one_of: &[],
    cases: &[case("continues", &[], &["why"], &[])],
};

/// `[[proposal.target]]`.
pub static TARGET: Table = Table {
    title: "цель",
    of: "цели",
    keys: &[
        required(
            "indicator",
            Kind::Filled,
            "id показателя из indicators.toml",
        ),
        optional("at_least", Kind::Number, "не меньше"),
        optional("at_most", Kind::Number, "не больше"),
        optional("more_than_base", Kind::True, "больше базового значения"),
        optional(
            "due",
            Kind::Period,
            "период, к концу которого цель должна быть достигнута",
        ),
        optional(
            "maintain",
            Kind::Flag,
            "цель действует на каждую отчётную дату",
        ),
        optional("base", Kind::Table(&BASE), "базовое значение"),
        optional(
            "path",
            Kind::Choice(&[("linear", "по дням, от конца периода базы до конца срока")]),
            "прямая от базы к сроку",
        ),
        optional(
            "milestones",
            Kind::Tables(&MILESTONE),
            "промежуточные значения",
        ),
        optional(
            "compare",
            Kind::Choice(&[
                ("exact", "точное значение (так и без этого ключа)"),
                ("rounded", "то, что напечатано"),
            ]),
            "сравнивать точное или напечатанное",
        ),
        required(
            "quote",
            Kind::Filled,
            "слова пункта, которые ставят эту цель",
        ),
    ],
    one_of: &["at_least", "at_most", "more_than_base"],
    cases: &[
        case("maintain", &["true"], &[], &["due"]),
        case("path", &[], &["base", "due"], &["more_than_base"]),
    ],
};

/// `base = { period = …, value = … }`.
pub static BASE: Table = Table {
    title: "базовое значение",
    of: "базового значения",
    keys: &[
        required(
            "period",
            Kind::Period,
            "период, к которому относится значение",
        ),
        required("value", Kind::Number, "значение в единицах показателя"),
    ],
    one_of: &[],
    cases: &[],
};

/// A table of `milestones = […]`.
pub static MILESTONE: Table = Table {
    title: "веха",
    of: "вехи",
    keys: &[
        required(
            "period",
            Kind::Period,
            "период, с конца которого веха действует",
        ),
        required("value", Kind::Number, "значение в единицах показателя"),
    ],
    one_of: &[],
    cases: &[],
};

/// `indicators.toml`.
pub static INDICATORS: Table = Table {
    title: "файл показателей",
    of: "файла показателей",
    keys: &[optional(
        "indicator",
        Kind::Tables(&INDICATOR),
        "показатели",
    )],
    one_of: &[],
    cases: &[],
};

/// `[[indicator]]`.
pub static INDICATOR: Table = Table {
    title: "показатель",
    of: "показателя",
    keys: &[
        required("id", Kind::Id, "короткое имя показателя"),
        required("name", Kind::Filled, "название показателя"),
        required(
            "unit",
            Kind::Choice(&[
                ("percent", "100 × числитель / знаменатель"),
                ("ratio", "числитель / знаменатель"),
                ("count", "только числитель"),
            ]),
            "единица: процент, отношение, количество",
        ),
        required("numerator", Kind::Filled, "формула числителя"),
        optional("denominator", Kind::Filled, "формула знаменателя"),
        optional(
            "decimals",
            Kind::Whole { min: 0, max: 12 },
            "сколько знаков после запятой печатать",
        ),
        optional(
            "counts",
            Kind::Texts(Some(3)),
            "что считает числитель: для одного, двух и пяти",
        ),
        optional(
            "better",
            Kind::Choice(&[
                ("higher", "больше — лучше (так и без этого ключа)"),
                ("lower", "меньше — лучше"),
            ]),
            "что лучше: больше или меньше",
        ),
        optional("share", Kind::Flag, "числитель — часть знаменателя"),
        optional(
            "window",
            Kind::Choice(&[
                ("period", "отчётный период (так и без этого ключа)"),
                ("year-to-date", "с начала календарного года"),
                ("school-year-to-date", "с 1 сентября"),
            ]),
            "за какое время считать",
        ),
        optional("method", Kind::Text, "откуда взята формула"),
    ],
    one_of: &[],
    cases: &[
        case("unit", &["percent", "ratio"], &["denominator"], &[]),
        case("unit", &["count"], &[], &["denominator"]),
    ],
};

/// `organisations.toml`.
pub static ORGANISATIONS: Table = Table {
    title: "реестр организаций",
    of: "реестра организаций",
    keys: &[required(
        "organisation",
        Kind::Tables(&ORGANISATION),
        "организации",
    )],
    one_of: &[],
    cases: &[],
};

/// `[[organisation]]`.
pub static ORGANISATION: Table = Table {
    title: "организация",
    of: "организации",
    keys: &[
        required("id", Kind::Id, "короткое имя организации"),
        optional("name", Kind::Text, "полное название"),
        optional(
            "aliases",
            Kind::Texts(None),
            "другие названия, под которыми она приходит в отчётах",
        ),
        optional("kind", Kind::Text, "вид: по нему форма находит своих"),
        optional(
            "parent",
            Kind::Filled,
            "id организации или группы, в которую она входит",
        ),
        optional("inn", Kind::Text, "ИНН текстом"),
        optional(
            "opened",
            Kind::Date,
            "первый день, за который она отчитывается",
        ),
        optional(
            "closed",
            Kind::Date,
            "последний день, за который она отчитывается",
        ),
    ],
    one_of: &[],
    cases: &[],
};

/// `forms/ID.toml`.
pub static FORM: Table = Table {
    title: "форма",
    of: "формы",
    keys: &[
        required("id", Kind::Identifier, "имя формы для формул"),
        required("title", Kind::Filled, "название формы"),
        optional(
            "kind",
            Kind::TextOrTexts,
            "виды организаций, которые её сдают; без него — все",
        ),
        required(
            "every",
            Kind::Choice(&[
                ("month", "каждый месяц"),
                ("quarter", "раз в квартал"),
                ("half-year", "раз в полугодие"),
                ("year", "раз в календарный год"),
                ("school-year", "раз в учебный год"),
            ]),
            "как часто сдаётся",
        ),
        optional(
            "due_days",
            Kind::Whole { min: 0, max: 3660 },
            "сколько дней на сдачу после конца периода",
        ),
        required("field", Kind::Tables(&FIELD), "поля формы"),
        optional(
            "rule",
            Kind::Tables(&RULE),
            "правила, которым подчиняются значения",
        ),
    ],
    one_of: &[],
    cases: &[],
};

/// `[[field]]`.
pub static FIELD: Table = Table {
    title: "поле формы",
    of: "поля формы",
    keys: &[
        required("id", Kind::Identifier, "имя поля для формул"),
        required("header", Kind::Filled, "заголовок столбца"),
        optional(
            "aliases",
            Kind::Texts(None),
            "другие заголовки того же столбца",
        ),
        required(
            "type",
            Kind::Choice(&[
                ("count", "целое число, не меньше 0"),
                ("number", "число, можно дробное"),
                ("percent", "процент; в формулы показателей не входит"),
                ("flag", "да или нет"),
                ("date", "день"),
                ("text", "текст"),
            ]),
            "что стоит в ячейке",
        ),
        optional("required", Kind::Flag, "пустая ячейка — ошибка"),
        optional(
            "over_time",
            Kind::Choice(&[
                ("last", "на дату: последнее из значений"),
                ("sum", "за период: значения складываются"),
                ("to-date", "нарастающим итогом"),
                ("average", "среднее"),
                ("max", "наибольшее"),
            ]),
            "как из значений за несколько периодов получается одно",
        ),
        optional(
            "missing",
            Kind::Choice(&[
                (
                    "exclude",
                    "организация не входит в показатель и названа (так и без этого ключа)",
                ),
                ("zero", "отсутствующее значение — 0"),
            ]),
            "что значит отсутствие значения",
        ),
        optional("min", Kind::Number, "наименьшее допустимое значение"),
        optional("max", Kind::Number, "наибольшее допустимое значение"),
        optional("one_of", Kind::Texts(None), "единственно допустимые тексты"),
        optional(
            "pattern",
            Kind::Filled,
            "регулярное выражение для всего текста",
        ),
    ],
    one_of: &[],
    cases: &[
        case(
            "type",
            &["count", "number"],
            &["over_time"],
            &["one_of", "pattern"],
        ),
        case("type", &["percent"], &[], &["one_of", "pattern"]),
        case("type", &["flag"], &[], &["min", "max", "one_of", "pattern"]),
        case(
            "type",
            &["date"],
            &[],
            &["over_time", "min", "max", "one_of", "pattern"],
        ),
        case("type", &["text"], &[], &["over_time", "min", "max"]),
    ],
};

/// `[[rule]]`.
pub static RULE: Table = Table {
    title: "правило",
    of: "правила",
    keys: &[
        required("id", Kind::Id, "короткое имя правила"),
        required("assert", Kind::Filled, "формула, сравнение, формула"),
        optional(
            "severity",
            Kind::Choice(&[
                (
                    "error",
                    "ошибка: названные ячейки в расчёт не идут (так и без этого ключа)",
                ),
                ("warning", "предупреждение: значения учтены"),
            ]),
            "ошибка или предупреждение",
        ),
        required(
            "message",
            Kind::Filled,
            "что сказать, когда правило нарушено",
        ),
    ],
    one_of: &[],
    cases: &[],
};

/// `--notes`.
pub static NOTES: Table = Table {
    title: "обоснования отклонений",
    of: "файла обоснований",
    keys: &[optional("note", Kind::Tables(&NOTE), "обоснования")],
    one_of: &[],
    cases: &[],
};

/// `[[note]]`.
pub static NOTE: Table = Table {
    title: "обоснование",
    of: "обоснования",
    keys: &[
        required(
            "proposal",
            Kind::Whole { min: 1, max: 9999 },
            "номер пункта резолюции",
        ),
        optional(
            "indicator",
            Kind::Filled,
            "id показателя, если целей у пункта несколько",
        ),
        required("period", Kind::Stated, "за какой период отклонение"),
        required("text", Kind::Text, "почему факт разошёлся с планом"),
    ],
    one_of: &[],
    cases: &[],
};
