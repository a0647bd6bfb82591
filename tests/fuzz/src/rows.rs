//! Tables from a grammar: headings of a form, organisations of the register, cells that hurt; then
//! a few bytes changed. All that holds of any file holds of them, and they get further into it.

use aleysk::model::form::Form;
use aleysk::source::Encoding;
use arbitrary::{Result, Unstructured};

use super::Data;

const CELLS: [&str; 40] = [
    "",
    "0",
    "1",
    "12",
    "205",
    "1 234",
    "12 345,5",
    "78,45",
    "78.45%",
    "-",
    "–",
    "—",
    "н/д",
    "да",
    "нет",
    "Да.",
    "+",
    "2O5",
    "12*",
    "12¹",
    "20142)",
    "1,5 тыс.",
    "01.мар",
    "1,23E+12",
    "=A1+1",
    "#REF!",
    "31.12.2025",
    "2025-12",
    "декабрь 2025",
    "IV квартал 2025",
    "на 01.10.2025",
    "99999999999999999",
    "999999999999999999",
    "-5",
    "−5",
    "'007",
    "\"",
    "a\"b",
    "x\ny",
    "«»",
];

const FURTHER: [&str; 14] = [
    "№ п/п",
    "ИНН",
    "id",
    "Период",
    "Месяц",
    "Показатель",
    "Значение",
    "Ед. изм.",
    "Примечание",
    "",
    "По состоянию на",
    "Школа",
    "Всего",
    "enrolled",
];

const LINES: [&str; 12] = [
    "Итого",
    "ИТОГО по городу",
    "за ноябрь 2025 года",
    "Сведения за IV квартал 2025 г.",
    "Исп. Иванова И. И., тел. 2-12-85",
    "* сноска",
    "1;2;3;4;5",
    ";;;;",
    "sep=;",
    "Дата сдачи: 09.01.2026",
    "УТОЧНЁННЫЙ ОТЧЁТ",
    "Дошкольные организации",
];

const NAMES: [&str; 3] = ["2025-12.csv", "отчёт.csv", "school 2025.csv"];

pub fn hold(bytes: &[u8]) {
    let mut dice = Unstructured::new(bytes);
    if let Ok((data, name, file)) = table(&mut dice) {
        super::report::check(data, name, &file, false);
    }
}

fn table(dice: &mut Unstructured<'_>) -> Result<(&'static Data, &'static str, Vec<u8>)> {
    let data = match dice.ratio(3, 4)? {
        true => Data::built_in(),
        false => Data::free(),
    };
    let name = *dice.choose(&NAMES)?;
    let delimiter = *dice.choose(&[';', ',', '\t', '|'])?;
    let end = *dice.choose(&["\n", "\r\n", "\r"])?;
    let mut text = String::new();
    for _ in 0..dice.int_in_range(1..=2)? {
        for _ in 0..dice.int_in_range(0..=2)? {
            text += line(dice)?;
            text += end;
        }
        block(dice, data, delimiter, end, &mut text)?;
    }
    let encoding = *dice.choose(&Encoding::ALL)?;
    let mut bytes = match encoding {
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => encoding.encode(&text).unwrap_or_else(|| text.into_bytes()),
    };
    for _ in 0..dice.int_in_range(0..=3)? {
        let at = dice.choose_index(bytes.len().max(1))?;
        if at < bytes.len() {
            bytes[at] = dice.arbitrary()?;
        }
    }
    Ok((data, name, bytes))
}

fn line<'a>(dice: &mut Unstructured<'a>) -> Result<&'a str> {
    match dice.ratio(4, 5)? {
        true => Ok(*dice.choose(&LINES)?),
        false => dice.arbitrary(),
    }
}

/// A header, and rows below it.
fn block(
    dice: &mut Unstructured<'_>,
    data: &Data,
    delimiter: char,
    end: &str,
    text: &mut String,
) -> Result<()> {
    let form = dice.choose(&data.loaded.plan.forms)?;
    let mut headings = vec!["Организация".to_owned()];
    for _ in 0..dice.int_in_range(1..=form.fields.len())? {
        headings.push(heading(dice, form)?);
    }
    for _ in 0..dice.int_in_range(0..=2)? {
        let at = dice.choose_index(headings.len())?;
        headings.insert(at, (*dice.choose(&FURTHER)?).to_owned());
    }
    put(text, &headings, delimiter, end);
    let own = headings.iter().position(|heading| heading == "Организация");
    let own = own.unwrap_or(0);
    for _ in 0..dice.int_in_range(0..=8)? {
        if dice.ratio(1, 10)? {
            *text += line(dice)?;
            *text += end;
            continue;
        }
        if dice.ratio(1, 15)? {
            put(text, &headings, delimiter, end);
            continue;
        }
        let mut cells = Vec::new();
        for (column, heading) in headings.iter().enumerate() {
            cells.push(match heading.as_str() {
                _ if column == own => organisation(dice, data)?,
                "Показатель" => self::heading(dice, form)?,
                _ => cell(dice)?,
            });
        }
        match dice.int_in_range(0..=15)? {
            0 => drop(cells.pop()),
            1 => cells.push(cell(dice)?),
            _ => {}
        }
        put(text, &cells, delimiter, end);
    }
    Ok(())
}

fn heading(dice: &mut Unstructured<'_>, form: &Form) -> Result<String> {
    let field = dice.choose(&form.fields)?;
    let names: Vec<&String> = [&field.header, &field.id]
        .into_iter()
        .chain(&field.aliases)
        .collect();
    let mut name = (*dice.choose(&names)?).clone();
    match dice.int_in_range(0..=9)? {
        0 => name += ", чел.",
        1 => name += " (тыс. чел.)*",
        2 => name = name.replacen('н', "", 1),
        3 => name = name.to_uppercase(),
        4 => name += ", %",
        5 => name = format!("1.2 {name}"),
        _ => {}
    }
    Ok(name)
}

fn organisation(dice: &mut Unstructured<'_>, data: &Data) -> Result<String> {
    let all = &data.loaded.plan.register.organisations;
    if all.is_empty() || dice.ratio(1, 12)? {
        return Ok((*dice.choose(&["Детский сад № 1", "sh-1", "", "Итого", "СОШ 1"])?).into());
    }
    let one = dice.choose(all)?;
    let mut names: Vec<&str> = one.aliases.iter().map(String::as_str).collect();
    names.extend([&*one.id, &*one.name]);
    names.extend(one.inn.as_deref());
    Ok((*dice.choose(&names)?).into())
}

fn cell(dice: &mut Unstructured<'_>) -> Result<String> {
    match dice.int_in_range(0..=9)? {
        0..=3 => Ok(dice.int_in_range(0..=3000u32)?.to_string()),
        4..=8 => Ok((*dice.choose(&CELLS)?).into()),
        _ => {
            let text: &str = dice.arbitrary()?;
            Ok(text.chars().take(12).collect())
        }
    }
}

fn put(text: &mut String, cells: &[String], delimiter: char, end: &str) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            text.push(delimiter);
        }
        if cell.contains([delimiter, '\n', '\r']) {
            *text += &format!("\"{}\"", cell.replace('"', "\"\""));
        } else {
            *text += cell;
        }
    }
    *text += end;
}
