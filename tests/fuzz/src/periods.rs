//! Periods: what is read can be written in any way a period is, and is read back the same.

use aleysk::model::period::{self, Every, Period, Stated, russian_date};

pub fn hold(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let found = [
        period::read(&text),
        period::find(&text),
        period::find_in_name(&text),
    ];
    for stated in found.into_iter().flatten() {
        comes_back(stated);
    }
    if let Ok(parsed) = text.parse::<Period>() {
        assert_eq!(parsed.to_string(), text);
        assert_eq!(period::read(&text), Some(Stated::Period(parsed)));
    }
}

fn comes_back(stated: Stated) {
    for every in Every::ALL {
        if let Some(resolved) = stated.resolve(every) {
            is_sound(resolved);
        }
    }
    match stated {
        Stated::Period(period) => is_sound(period),
        Stated::BareYear(year) => {
            assert_eq!(year.every(), Every::Year);
            is_sound(year);
        }
        Stated::AsOf(day) => {
            let next = day.tomorrow().expect("not the last of all days");
            let said = if next.day() == 1 { next } else { day };
            // An evening of the first can only be meant by «на» the second, which it is not.
            if day.day() != 1 {
                let text = format!("на {}", russian_date(said));
                assert_eq!(period::read(&text), Some(stated), "{text}");
                assert_eq!(period::find(&text), Some(stated), "{text}");
            }
        }
        Stated::Through(day) => {
            let text = format!("за {} месяцев {}", day.month(), day.year());
            assert_eq!(period::read(&text), Some(stated), "{text}");
            assert_eq!(period::find(&text), Some(stated), "{text}");
        }
    }
}

fn is_sound(one: Period) {
    assert!(one.start() <= one.end());
    assert_eq!(Period::containing(one.every(), one.start()), one);
    assert_eq!(Period::containing(one.every(), one.end()), one);
    assert_eq!(one.next().previous(), one);
    assert!(one.contains(one) && one.next() > one && one.next().is_newer_than(one));
    // Beyond the years that are read a period may be computed, but not written.
    if !(1900..=2199).contains(&one.start().year()) {
        return;
    }
    let id = one.to_string();
    assert_eq!(id.parse(), Ok(one));
    for text in [id, one.title(), one.short(), format!("за {}", one.title())] {
        assert_eq!(period::read(&text), Some(Stated::Period(one)), "{text}");
    }
    let title = format!("Отчёт за {}", one.title());
    if one.every() != Every::Year {
        assert_eq!(period::find(&title), Some(Stated::Period(one)), "{title}");
    }
}
