//! Actual against target: reads the reports of schools and kindergartens and says where a city
//! stands against its education resolution.
//!
//! This page is the map of the code: the words, the walk of the data, the rooms, the rounding and
//! the habits. What a user writes and gets is in the README.
//!
//! # Words
//!
//! One word for one thing, in code, TOML, help and output.
//!
//! | Word | По-русски | Where |
//! |---|---|---|
//! | plan | план: резолюции, показатели, реестр, формы | [`model::Plan`], read by [`read::plan::load`] |
//! | resolution | резолюция | [`model::resolution::Resolution`] |
//! | proposal | пункт резолюции | [`model::resolution::Proposal`] |
//! | target | цель, плановое значение | [`model::resolution::Target`] |
//! | quote | слова пункта, которые ставят цель | [`model::resolution::Target`] |
//! | base | базовое значение | [`model::resolution::Base`] |
//! | milestone | контрольная точка, веха | [`model::resolution::Milestone`] |
//! | due | срок | [`model::resolution::Target`] |
//! | watched | показан справочно, без цели | [`model::resolution::Proposal`] |
//! | indicator | показатель | [`model::indicator::Indicator`] |
//! | window | за какое время считается показатель | [`model::indicator::Window`] |
//! | formula | формула | [`model::formula::Formula`] |
//! | form | форма отчётности | [`model::form::Form`] |
//! | field | поле формы, столбец отчёта | [`model::form::Field`] |
//! | doubt, aim | сомнение, заготовка цели: что текст, может быть, значит | [`read::prose`] |
//! | rule | правило: что должно выполняться между полями | [`model::form::Rule`] |
//! | organisation, register | организация, реестр | [`model::organisation`] |
//! | to owe | быть обязанным сдать форму за период | [`model::organisation::Organisation`] |
//! | period | отчётный период | [`model::period::Period`] |
//! | stated | период, как его пишут люди | [`model::period::Stated`] |
//! | header, heading | шапка, заголовок столбца | [`read::header`], [`read::heading`] |
//! | unit | единица измерения числа или столбца | [`read::unit`] |
//! | submission | отчёт одной организации за один период | [`tally::Submission`] |
//! | reported | что сказано в ячейке: значение, ничего или ошибка | [`model::quantity::Reported`] |
//! | tally | свод присланного | [`tally::Tally`] |
//! | meter | сколько прочитано, для того, кто ждёт | [`read::meter::Meter`] |
//! | crew, part | потоки, которые читают один файл, и его части | [`read::crew::Crew`] |
//! | in view | организации, о которых спрошено | [`assess::Question`] |
//! | actual | факт | [`assess::actual::Actual`] |
//! | numerator, denominator | числитель, знаменатель | [`assess::actual::Actual`] |
//! | gap | чьих данных не хватает и почему | [`assess::actual::Gap`] |
//! | provisional | предварительно | [`assess::Row::is_provisional`] |
//! | completeness | полнота: кто отчитался | [`assess::completeness::Completeness`] |
//! | verdict, status | вывод, статус | [`assess::verdict`] |
//! | deviation | отклонение: факт минус план | [`assess::verdict::Verdict`] |
//! | shortfall | сколько не хватает до цели | [`assess::verdict::Verdict`] |
//! | anatomy | из чего сложился показатель | [`assess::explain::Anatomy`] |
//! | part | вклад организации | [`assess::explain::Part`] |
//! | share | доля нехватки, которая приходится на организацию | [`assess::share`] |
//! | page | что значит код замечания | [`diagnostic::pages::Page`] |
//! | breakdown, level | разбивка по организациям, видам или территориям, её строка | [`assess::breakdown`] |
//! | turnout | сколько отчётов должны и сдали | [`assess::breakdown::Turnout`] |
//! | history, outlook | значения по периодам, путь до срока | [`assess::trend`] |
//! | pace, projection | темп, прогноз | [`assess::trend::Projection`] |
//! | arrival | что стало с отчётом, который должны сдать | [`assess::completeness::Arrival`] |
//! | review | вывод за период с оглядкой назад и вперёд | [`assess::review::Review`] |
//! | evidence, fingerprint | прочитанные файлы, контрольная сумма | [`document::report::Evidence`] |
//! | card, chart, grid | карточка цели, график, кто когда отчитался | [`document::picture`] |
//! | lead | главное словами | [`document::Block::Lead`] |
//! | note | обоснование отклонения, словами того, кто за него отвечает | [`read::plan::notes::Note`] |
//! | change | что стало с пунктами двух резолюций | [`compare::Change`] |
//! | part | пункт прежней резолюции или его подпункт | [`compare::Part`] |
//! | fact | что вышло из ячейки отчёта: строка выгрузки | [`query::facts::Fact`] |
//! | inquiry, look | что спрошено у выгрузки; форма, увиденная через окно показателя | [`query::inquiry`] |
//! | segment | слова с общей судьбой: остались, ушли, пришли | [`compare::words::Segment`] |
//! | suggestion | возможная связь, по общим словам | [`compare::suggest::Suggestion`] |
//! | diagnostic | замечание: ошибка, предупреждение, примечание | [`diagnostic::Diagnostic`] |
//! | place | место: файл, строка, столбец, ячейка | [`source::Place`] |
//! | document | документ: таблицы и пояснения как данные | [`document::Document`] |
//! | blank | бланк: отчёт, который ещё заполнят | [`document::blank::Blank`] |
//!
//! # The walk of the data
//!
//! ```text
//! data/*.toml      → read::plan       → Plan           what was promised, and who owes what
//! a resolution     → read::prose      → Prose          its text taken apart, word for word, with doubts
//!                  → render::toml     → a data file    to be completed by a person
//! a file           → read::intake     → tables         a text, or each sheet of a workbook
//! bytes of a text  → read::dialect    → encoding       kept as bytes until something needs letters
//! sheets           → read::workbook   → records        one a row, as if they had been a text
//!                  → read::header     → Candidate      the lines that name the columns
//!                  → read::layout     → Layout         separator, form, column → field
//!                  → read::delimited  → Lines, Record  slices of one buffer, with their places
//!                  → read::identity   → organisation   each distinct spelling looked up once
//!                  → read::cell       → Reported       typed exactly; a fault becomes a Diagnostic
//!                  → read::submission → Submission     one report, held against the form's rules
//!                  → tally            → Tally          by form, organisation, period and field
//! Tally            → query::facts     → Fact           the long table, to be asked elsewhere
//! Tally, Plan      → assess::actual   → Actual         formulas on the sums, as exact fractions
//!                  → assess::verdict  → Verdict        status, deviation, shortfall
//! Actual, places   → assess::explain  → Anatomy        each organisation's part, each cell re-read
//!                  → document         → Document       rounded and worded once
//!                  → render           → text, JSON, CSV, Markdown, HTML, XLSX, DOCX
//! Tally by period  → assess::review   → Review         history, pace, outlook, arrivals
//!                  → document::report → Document       the monthly report: parts, cards, charts, grids
//! Plan             → query::inquiry   → Inquiry        windows, folds, formulas and targets, as data
//!                  → render::sql      → a script       what an engine is to compute
//! two Resolutions  → compare          → Comparison     by the declared links alone
//! Plan             → document::blank  → Blank          a form's columns, a row for whoever owes it
//!                  → render           → CSV, XLSX
//! ```
//!
//! The encodings that are read keep ASCII, so separators, quotes, line ends and digits are found
//! in the raw bytes; UTF-16 is turned into UTF-8 on the way, and a sheet into records of the same
//! make, so that there is one reader. Lines of which nothing is to be said are taken many at a time,
//! column by column ([`read::submission`]'s sweep); any other row is taken by itself, in its turn, and
//! the same comes of both. A large file is cut among threads ([`read::crew`]), and the same comes of
//! that. A submission keeps only where it begins: what a message shows
//! is read again when it is shown. Tallies merge in any order with the same result; what corrected
//! reports say is tallied apart and laid over the rest. There is no clock: a check stands at the
//! end of the checked period.
//!
//! # Rooms
//!
//! | Room | What is in it |
//! |---|---|
//! | [`model`] | what was promised and who owes what: types and pure functions, no files, no printing |
//! | `processor` | much done at once: what the processor's newer instructions are asked for |
//! | [`source`] | the files that were read, their encodings, places in them, excerpts for messages |
//! | [`diagnostic`] | one fault; the sink that counts all faults and keeps a bounded number of each sort; what each code means |
//! | [`tally`] | what was reported: sums that merge, reports that repeat or contradict one another |
//! | [`read`] | the data folder into the model, reports into a tally, every fault with its place |
//! | [`assess`] | actuals, completeness, verdicts: pure functions |
//! | [`compare`] | two resolutions: changes, words, suggestions: pure functions |
//! | [`query`] | what goes beyond one machine: the reports as one long table, what a query over it has to know |
//! | [`document`] | results as tables and notes; here a figure is rounded and worded |
//! | [`render`] | one file a format; none of them computes anything |
//! | [`cli`] | one file a command, each only wiring; only here is anything printed |
//!
//! Imports run one way, from the bottom of this table to its top. [`model`] imports nothing of
//! ours.
//!
//! # Numbers
//!
//! - No floating point. A cell is a [`Decimal`](model::quantity::Decimal) of up to 17 digits, a
//!   sum a [`Sum`](model::quantity::Sum) that cannot overflow, a formula gives a
//!   [`Fraction`](model::quantity::Fraction) of any size.
//! - A formula is evaluated on the sums over the organisations in view: the numerators' over the
//!   denominators', never the mean of shares.
//! - `None` is not reported; zero is a reported zero. Division by zero gives no value.
//! - A verdict compares exact fractions, unless a target says `compare = "rounded"`.
//! - [`Fixed::round`](model::quantity::Fixed::round) rounds half-up, away from zero on both sides,
//!   just before a value is shown: 78,425 is 78,43 and −0,005 is −0,01.
//! - What is short of its target never looks as if it were not. A deviation that would print as 0
//!   gets more decimals until it does not
//!   ([`printed_deviation`](assess::verdict::printed_deviation)); a percentage of the target that
//!   would round to 100 is cut, or raised for a limit from above
//!   ([`printed_percent`](assess::verdict::printed_percent)); an actual that prints as its target
//!   bears a footnote.
//! - A shortfall is the smallest whole number that is missing, with the denominator as it is. It is
//!   shared out among organisations in whole numbers that add up to it ([`assess::share`]).
//!
//! # Habits
//!
//! - `Result` is for what stops the program; [`Diagnostics`](diagnostic::Diagnostics) is for what
//!   is wrong with a user's data. Reading never stops at a fault of the data.
//! - An error leaves out the cells it concerns, as if they had not been reported; a warning and a
//!   note leave out nothing. Whoever is left out is named.
//! - A diagnostic has a kebab-case code that never changes its meaning, what was found, what was
//!   expected, where, and what to do. Texts for people are Russian, lower case, without a full
//!   stop, the user's own words in «…»; what a machine reads is English.
//! - The keys of the data files ([`read::plan`]) and the columns of a table ([`document`]) are
//!   declared once, as data.
//! - Nothing that a user wrote reaches a terminal or a spreadsheet raw:
//!   [`printable`](model::name::printable), [`disarm`](render::csv::disarm); HTML is escaped by its
//!   template engine unless told otherwise, and only its style sheet and the shapes of its signs are;
//!   what XML cannot hold reaches no workbook and no file for Word.
//! - A function fits a screen, a file holds one noun.
//! - Tests compare whole outputs. What the READMEs show is run by `tests/readme.rs`.
//! - A dependency in `Cargo.toml` bears its reason.

pub mod assess;
pub mod cli;
pub mod compare;
pub mod diagnostic;
pub mod document;
pub mod model;
mod processor;
pub mod query;
pub mod read;
pub mod render;
pub mod source;
pub mod tally;
