//! What is shown on a terminal while reading takes long.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use unicode_width::UnicodeWidthStr;

use super::interrupt;
use crate::document::picture::Bar;
use crate::read::meter::Meter;
use crate::render::sketch;

/// When the line is first drawn, and how often it is drawn again.
#[derive(Clone, Copy, Debug)]
struct Pace {
    first: Duration,
    again: Duration,
}

const PACE: Pace = Pace {
    first: Duration::from_secs(1),
    again: Duration::from_millis(200),
};

/// Does the work; where somebody waits for it, shows how much of `total` is read.
pub fn watched<T>(meter: &Meter, total: Option<u64>, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    let (working, done) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || watch(&done, meter, total, PACE, &mut io::stderr()));
        let result = work();
        drop(working);
        result
    })
}

/// Draws until the work is done, then leaves the line as it was found.
fn watch(
    done: &Receiver<()>,
    meter: &Meter,
    total: Option<u64>,
    pace: Pace,
    terminal: &mut impl Write,
) {
    let begun = Instant::now();
    let mut wait = pace.first;
    let mut drawn = 0;
    while done.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        wait = pace.again;
        let text = fitting(line(meter.read(), total, begun.elapsed()), width());
        // Whoever interrupts wipes the line that stands by then.
        let mut unfinished = interrupt::hold();
        // The rest of a longer line goes; a terminal that is gone is nobody's loss.
        let _ = write!(terminal, "\r{text}{}", blank(drawn, text.width()));
        let _ = terminal.flush();
        drawn = text.width();
        unfinished.drawn(drawn);
    }
    if drawn > 0 {
        let mut unfinished = interrupt::hold();
        unfinished.drawn(0);
        let _ = write!(terminal, "\r{}\r", blank(drawn, 0));
        let _ = terminal.flush();
    }
}

fn blank(before: usize, now: usize) -> String {
    " ".repeat(before.saturating_sub(now))
}

/// Columns for the line; it must not reach the last one, where some terminals wrap.
fn width() -> usize {
    let known = terminal_size::terminal_size_of(io::stderr());
    known
        .map_or(80, |(width, _)| usize::from(width.0))
        .saturating_sub(1)
}

/// As many of its parts as fit.
fn fitting(mut line: String, width: usize) -> String {
    while line.width() > width {
        match line.rfind(", ") {
            Some(end) => line.truncate(end),
            None => drop(line.pop()),
        }
    }
    line
}

/// «читаю отчёты: ████░░░░░░ 45 %, 12,3 из 27,0 МБ, 6,1 МБ/с, осталось 3 с».
fn line(read: u64, total: Option<u64>, elapsed: Duration) -> String {
    const MILLIS: u128 = 1000;
    let elapsed = elapsed.as_millis().max(1);
    let speed = u128::from(read) * MILLIS / elapsed;
    let speed = format!(
        "{}\u{a0}МБ/с",
        megabytes(u64::try_from(speed).unwrap_or(u64::MAX))
    );
    let Some(total) = total else {
        return format!("читаю отчёты: {}\u{a0}МБ, {speed}", megabytes(read));
    };
    if read >= total {
        return format!("отчёты прочитаны: {}\u{a0}МБ, свожу", megabytes(total));
    }
    let part = |of: u64| (u128::from(read) * u128::from(of) / u128::from(total)) as u16;
    let bar = sketch::bar(Bar {
        value: part(1000),
        goal: None,
    });
    let mut line = format!(
        "читаю отчёты: {bar} {}\u{a0}%, {} из {}\u{a0}МБ, {speed}",
        part(100),
        megabytes(read),
        megabytes(total)
    );
    if read > 0 {
        let left = (u128::from(total - read) * elapsed).div_ceil(u128::from(read));
        line.push_str(&format!(", осталось {}", duration(left.div_ceil(MILLIS))));
    }
    line
}

/// Millions of bytes, to a tenth.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.saturating_add(50_000) / 100_000;
    format!("{},{}", tenths / 10, tenths % 10)
}

/// No finer than it can be known.
fn duration(seconds: u128) -> String {
    match seconds {
        0..100 => format!("{seconds}\u{a0}с"),
        100..6000 => format!("{}\u{a0}мин", seconds.div_ceil(60)),
        _ => format!("{}\u{a0}ч", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const SLOW: Pace = Pace {
        first: Duration::ZERO,
        again: Duration::from_millis(1),
    };

    #[test]
    fn the_line_says_how_much_how_fast_and_how_long_still() {
        for (read, total, seconds, expected) in [
            (
                0,
                Some(27_000_000),
                1,
                "читаю отчёты: ░░░░░░░░░░ 0 %, 0,0 из 27,0 МБ, 0,0 МБ/с",
            ),
            (
                12_345_678,
                Some(27_000_000),
                2,
                "читаю отчёты: ████░░░░░░ 45 %, 12,3 из 27,0 МБ, 6,2 МБ/с, осталось 3 с",
            ),
            (
                26_999_999,
                Some(27_000_000),
                9,
                "читаю отчёты: █████████░ 99 %, 27,0 из 27,0 МБ, 3,0 МБ/с, осталось 1 с",
            ),
            (
                1_000_000,
                Some(200_000_000),
                1,
                "читаю отчёты: ░░░░░░░░░░ 0 %, 1,0 из 200,0 МБ, 1,0 МБ/с, осталось 4 мин",
            ),
            (
                1_000_000,
                Some(u64::MAX),
                1,
                "читаю отчёты: ░░░░░░░░░░ 0 %, 1,0 из 18446744073709,5 МБ, 1,0 МБ/с, осталось \
                 5124095577 ч",
            ),
            (
                27_000_001,
                Some(27_000_000),
                3,
                "отчёты прочитаны: 27,0 МБ, свожу",
            ),
            (12_345_678, None, 2, "читаю отчёты: 12,3 МБ, 6,2 МБ/с"),
        ] {
            let line = line(read, total, SECOND * seconds);
            assert_eq!(line.replace('\u{a0}', " "), expected);
        }
    }

    #[test]
    fn what_does_not_fit_is_left_out_by_parts() {
        let line = line(12_345_678, Some(27_000_000), SECOND * 2);
        let fits = |width| fitting(line.clone(), width).replace('\u{a0}', " ");
        assert_eq!(fits(80), line.replace('\u{a0}', " "));
        assert_eq!(
            fits(60),
            "читаю отчёты: ████░░░░░░ 45 %, 12,3 из 27,0 МБ, 6,2 МБ/с"
        );
        assert_eq!(fits(40), "читаю отчёты: ████░░░░░░ 45 %");
        assert_eq!(
            fits(5),
            "читаю отчёты: ████░░░░░░ 45 %"
                .chars()
                .take(5)
                .collect::<String>()
        );
    }

    #[test]
    fn quick_work_draws_nothing() {
        let (working, done) = mpsc::channel();
        drop(working);
        let mut terminal = Vec::new();
        watch(&done, &Meter::default(), None, PACE, &mut terminal);
        assert_eq!(terminal, b"");
    }

    /// A terminal; once a line is drawn all is read, once another is the work is done.
    struct Terminal {
        text: Vec<u8>,
        meter: Meter,
        working: Option<mpsc::Sender<()>>,
    }

    impl Write for Terminal {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.text.extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            match self.meter.read() {
                0 => self.meter.add(2_000_000),
                _ => self.working = None,
            }
            Ok(())
        }
    }

    #[test]
    fn slow_work_is_shown_and_leaves_no_trace() {
        let (working, done) = mpsc::channel();
        let meter = Meter::default();
        let mut terminal = Terminal {
            text: Vec::new(),
            meter: meter.clone(),
            working: Some(working),
        };
        watch(&done, &meter, Some(2_000_000), SLOW, &mut terminal);
        let text = String::from_utf8(terminal.text).expect("UTF-8");
        let (first, second) = (
            "читаю отчёты: ░░░░░░░░░░ 0 %, 0,0 из 2,0 МБ, 0,0 МБ/с",
            "отчёты прочитаны: 2,0 МБ, свожу",
        );
        let (rest, all) = (
            blank(first.width(), second.width()),
            blank(second.width(), 0),
        );
        assert_eq!(
            text.replace('\u{a0}', " "),
            format!("\r{first}\r{second}{rest}\r{all}\r")
        );
    }
}
