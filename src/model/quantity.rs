//! Exact quantities: what a cell says, what a formula gives, what is printed.
//!
//! Nothing here is a floating-point number. A cell is a [`Decimal`] (one machine word), sums and
//! formulas are [`Fraction`]s of unlimited size, and [`Fixed`] is the only place where a value is
//! rounded, just before it is shown.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// An exact fraction of any size; always in lowest terms.
pub type Fraction = num_rational::BigRational;

/// The most significant digits a cell may hold: more than any report needs, and few enough for a
/// value and its scale to stand in one word.
pub const MAX_DIGITS: u32 = 17;

/// The most digits after the decimal separator.
pub const MAX_SCALE: u8 = 15;

const LIMIT: i64 = 100_000_000_000_000_000; // 10^MAX_DIGITS

/// A decimal number as a person writes it: `mantissa / 10^scale`.
///
/// Without trailing zeros after the point, so that equal numbers are equal values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Decimal {
    mantissa: i64,
    scale: u8,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Decimal = Decimal {
        mantissa: 0,
        scale: 0,
    };
    /// One: what a «да» counts.
    pub const ONE: Decimal = Decimal {
        mantissa: 1,
        scale: 0,
    };

    /// `mantissa / 10^scale`, or `None` where it needs more than [`MAX_DIGITS`] digits.
    #[inline]
    pub fn new(mantissa: i64, scale: u8) -> Option<Decimal> {
        let (mut mantissa, mut scale) = (mantissa, scale);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        (mantissa > -LIMIT && mantissa < LIMIT && scale <= MAX_SCALE)
            .then_some(Decimal { mantissa, scale })
    }

    /// Digits, one optional point or comma, an optional minus: no spaces, no exponent.
    ///
    /// `Ok(None)` is not a number; `Err` is a number with too many digits.
    #[inline]
    pub fn parse(text: &[u8]) -> Result<Option<Decimal>, TooLong> {
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, text),
        };
        let mut mantissa: i64 = 0;
        let mut significant = 0u32;
        let mut scale = 0u32;
        let mut point = false;
        let mut any = false;
        // Zeros after the point are held back until a digit follows them: 1,500000000000000000000
        // is a short number.
        let mut zeros = 0u32;
        for &byte in digits {
            match byte {
                b'0'..=b'9' => {
                    any = true;
                    if byte == b'0' && point {
                        zeros += 1;
                        continue;
                    }
                    for pending in (0..=zeros).rev() {
                        let digit = if pending == 0 {
                            i64::from(byte - b'0')
                        } else {
                            0
                        };
                        if significant > 0 || digit != 0 {
                            significant += 1;
                        }
                        if significant > MAX_DIGITS {
                            return shape_only(digits);
                        }
                        mantissa = mantissa * 10 + digit;
                        scale += u32::from(point);
                    }
                    zeros = 0;
                }
                b'.' | b',' if !point && any => point = true,
                _ => return Ok(None),
            }
        }
        if !any || matches!(digits.last(), Some(b'.' | b',')) {
            return Ok(None);
        }
        if scale > u32::from(MAX_SCALE) {
            return Err(TooLong);
        }
        let mantissa = if negative { -mantissa } else { mantissa };
        Ok(Some(Decimal {
            mantissa,
            scale: scale as u8,
        }))
    }

    /// The number with its sign turned.
    #[must_use]
    pub fn negated(self) -> Decimal {
        Decimal {
            mantissa: -self.mantissa,
            scale: self.scale,
        }
    }

    /// The whole number above the point of ten.
    pub fn mantissa(self) -> i64 {
        self.mantissa
    }

    /// How many digits stand after the point.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// A whole number.
    #[inline]
    pub fn is_whole(self) -> bool {
        self.scale == 0
    }

    /// Below zero.
    #[inline]
    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// With a decimal comma, as people write it.
    pub fn russian(self) -> String {
        self.to_string().replace('.', ",")
    }

    /// The same number as a fraction.
    pub fn to_fraction(self) -> Fraction {
        Fraction::new(BigInt::from(self.mantissa), ten_to(u32::from(self.scale)))
    }

    /// The mantissa at a larger scale; it fits, since 17 + 15 digits are fewer than 38.
    #[inline]
    pub fn at_scale(self, scale: u8) -> i128 {
        i128::from(self.mantissa) * 10i128.pow(u32::from(scale.saturating_sub(self.scale)))
    }
}

/// After too many digits: a number all the same, or just text?
fn shape_only(digits: &[u8]) -> Result<Option<Decimal>, TooLong> {
    let points = digits.iter().filter(|b| matches!(b, b'.' | b',')).count();
    let rest_is_digits = digits
        .iter()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
    if rest_is_digits && points <= 1 {
        Err(TooLong)
    } else {
        Ok(None)
    }
}

/// A number with more digits than a cell may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLong;

/// The powers of ten by which short numbers are brought to one scale.
const POWERS: [i64; 4] = [1, 10, 100, 1000];

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        if self.scale == other.scale {
            return self.mantissa.cmp(&other.mantissa);
        }
        let scale = self.scale.max(other.scale);
        let short = |own: &Decimal| {
            let factor = POWERS.get(usize::from(scale - own.scale))?;
            own.mantissa.checked_mul(*factor)
        };
        match (short(self), short(other)) {
            (Some(own), Some(other)) => own.cmp(&other),
            _ => self.at_scale(scale).cmp(&other.at_scale(scale)),
        }
    }
}

impl fmt::Display for Decimal {
    /// With a decimal point, as JSON and TOML write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Fixed::new(BigInt::from(self.mantissa), u32::from(self.scale)).plain())
    }
}

/// What a report says of one field, in one word: a value, nothing, or something unusable.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Reported(i64);

impl Reported {
    /// The report has no place for the field.
    pub const ABSENT: Reported = Reported(i64::MIN);
    /// An empty cell or a dash: not reported.
    pub const BLANK: Reported = Reported(i64::MIN + 1);
    /// Something was there that an error left out.
    pub const LEFT_OUT: Reported = Reported(i64::MIN + 2);

    /// Present, but not a number: a date, a text.
    pub const TEXT: Reported = Reported(i64::MIN + 3);

    /// The words from here to there are left out with a mark: above its 32 bits the fault's number.
    const FIRST_MARKED: i64 = i64::MIN + 16;
    const LAST_MARKED: i64 = Self::FIRST_MARKED + (0x101 << 32) - 1;

    /// Something that an error left out, with a mark of what stood there: two reports with the
    /// same slip are the same report, two with different ones are not.
    pub fn left_out(mark: u32) -> Reported {
        Reported(Self::FIRST_MARKED + i64::from(mark))
    }

    /// The same with the number of the fault that left it out.
    #[must_use]
    pub fn because(self, fault: u8) -> Reported {
        let mark = match self {
            Self::LEFT_OUT => 0,
            Reported(word) => (word - Self::FIRST_MARKED) & i64::from(u32::MAX),
        };
        Reported(Self::FIRST_MARKED + ((i64::from(fault) + 1) << 32) + mark)
    }

    /// The number of the fault that left it out, where that is known.
    pub fn fault(self) -> Option<u8> {
        let marked = self.is_left_out() && self != Self::LEFT_OUT;
        let fault = marked.then(|| (self.0 - Self::FIRST_MARKED) >> 32)?;
        u8::try_from(fault - 1).ok()
    }

    /// Whether an error left out what was there.
    #[inline]
    pub fn is_left_out(self) -> bool {
        self == Self::LEFT_OUT || (Self::FIRST_MARKED..=Self::LAST_MARKED).contains(&self.0)
    }

    /// A value: the scale in the low four bits, the mantissa above them.
    #[inline]
    pub fn value(value: Decimal) -> Reported {
        Reported(value.mantissa << 4 | i64::from(value.scale))
    }

    /// A number of few digits, so many of them after the point, where no zero stands last.
    #[inline(always)]
    pub fn short(mantissa: i64, scale: u8) -> Reported {
        debug_assert!(mantissa > -LIMIT && mantissa < LIMIT, "{mantissa}");
        Reported(mantissa << 4 | i64::from(scale))
    }

    /// The value, where there is one.
    #[inline]
    pub fn decimal(self) -> Option<Decimal> {
        self.is_value().then_some(Decimal {
            mantissa: self.0 >> 4,
            scale: (self.0 & 15) as u8,
        })
    }

    /// How two values compare, where both are.
    #[inline]
    pub fn compare(self, other: Reported) -> Option<Ordering> {
        let (own, others) = (self.decimal()?, other.decimal()?);
        Some(match (self.0 ^ other.0) & 15 {
            0 => self.0.cmp(&other.0),
            _ => own.cmp(&others),
        })
    }

    /// Whether there is a value.
    #[inline(always)]
    pub fn is_value(self) -> bool {
        self.0 > Self::LAST_MARKED
    }

    /// Whether all are whole numbers of at most twelve digits: their words add up and compare as they
    /// do, sixteen to one.
    #[inline(always)]
    pub fn are_short_and_whole(values: &[Reported]) -> bool {
        const BOUND: i64 = 1_000_000_000_000 << 4;
        let odd = values.iter().fold(0, |odd, Reported(word)| {
            // A digit after the point, or a word that is too small or too large.
            odd | (word & 15) | word.wrapping_add(BOUND) | BOUND.wrapping_sub(*word)
        });
        odd & (i64::MIN | 15) == 0
    }

    /// In thousandths, if it is a value of at most twelve digits, at most three of them after the
    /// point: so short that thousands of them can be added up; otherwise the second is `false`.
    #[inline(always)]
    pub fn thousandths(self) -> (i64, bool) {
        const BOUND: i64 = 1_000_000_000_000 << 4;
        let Reported(word) = self;
        let scale = word & 15;
        // Without branches, so that many are brought to one scale together.
        let ones = i64::from(scale == 3) + 10 * i64::from(scale == 2);
        let factor = ones + 100 * i64::from(scale == 1) + 1000 * i64::from(scale == 0);
        let is_short = (word > -BOUND) & (word < BOUND) & (factor != 0);
        ((word >> 4).wrapping_mul(factor), is_short)
    }

    /// The word itself, for fingerprints.
    #[inline]
    pub fn bits(self) -> i64 {
        self.0
    }
}

/// A sum of decimals that is exact whatever comes: in one machine word pair while it fits, as a
/// fraction beyond.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    mantissa: i128,
    scale: u8,
    beyond: Option<Fraction>,
}

impl Sum {
    /// Adds one value.
    #[inline]
    pub fn add(&mut self, value: Decimal) {
        if value.scale == self.scale
            && let Some(mantissa) = self.mantissa.checked_add(i128::from(value.mantissa))
        {
            self.mantissa = mantissa;
            return;
        }
        self.add_at_another_scale(value);
    }

    fn add_at_another_scale(&mut self, value: Decimal) {
        let scale = self.scale.max(value.scale);
        let raised = 10i128
            .checked_pow(u32::from(scale - self.scale))
            .and_then(|factor| self.mantissa.checked_mul(factor))
            .and_then(|mantissa| mantissa.checked_add(value.at_scale(scale)));
        match raised {
            Some(mantissa) => {
                self.mantissa = mantissa;
                self.scale = scale;
            }
            None => self.add_fraction(&value.to_fraction()),
        }
    }

    /// The sum as a decimal, where it is short enough for one.
    pub fn to_decimal(&self) -> Option<Decimal> {
        if self.beyond.is_some() {
            return None;
        }
        Decimal::new(i64::try_from(self.mantissa).ok()?, self.scale)
    }

    /// How the sum compares with zero.
    pub fn sign(&self) -> Ordering {
        match self.beyond {
            None => self.mantissa.cmp(&0),
            Some(_) => self.to_fraction().cmp(&Fraction::zero()),
        }
    }

    /// Adds an exact fraction (a mean, a share).
    pub fn add_fraction(&mut self, value: &Fraction) {
        let beyond = self.beyond.take().unwrap_or_else(Fraction::zero);
        self.beyond = Some(beyond + value);
    }

    /// The sum so far.
    pub fn to_fraction(&self) -> Fraction {
        let head = Fraction::new(BigInt::from(self.mantissa), ten_to(u32::from(self.scale)));
        match &self.beyond {
            Some(beyond) => head + beyond,
            None => head,
        }
    }
}

/// A number rounded for the eye: `digits / 10^decimals`, printed with exactly that many decimals.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fixed {
    digits: BigInt,
    decimals: u32,
}

impl Fixed {
    /// `digits / 10^decimals`.
    pub fn new(digits: BigInt, decimals: u32) -> Fixed {
        Fixed { digits, decimals }
    }

    /// Rounded half-up, away from zero on both sides: 78,425 is 78,43 and −0,005 is −0,01.
    /// This is the only function that rounds.
    pub fn round(value: &Fraction, decimals: u32) -> Fixed {
        let twice: BigInt = scaled(value, decimals) * 2 + value.denom();
        let digits = twice.div_floor(&(value.denom() * 2));
        Fixed::new(with_sign(digits, value), decimals)
    }

    /// Cut towards zero: a percentage of a target not reached is never shown as 100.
    pub fn cut(value: &Fraction, decimals: u32) -> Fixed {
        let digits = scaled(value, decimals).div_floor(value.denom());
        Fixed::new(with_sign(digits, value), decimals)
    }

    /// Away from zero: the twin of [`Fixed::cut`] for limits from above.
    pub fn raise(value: &Fraction, decimals: u32) -> Fixed {
        let digits = Integer::div_ceil(&scaled(value, decimals), value.denom());
        Fixed::new(with_sign(digits, value), decimals)
    }

    /// Rounded, with as many more decimals as it takes for a value other than zero not to print
    /// as zero.
    pub fn round_visibly(value: &Fraction, decimals: u32) -> Fixed {
        let mut decimals = decimals;
        loop {
            let fixed = Fixed::round(value, decimals);
            if !fixed.digits.is_zero() || value.is_zero() {
                return fixed;
            }
            decimals += 1;
        }
    }

    /// The exact decimal, where there is one: a denominator of twos and fives only.
    pub fn exact(value: &Fraction) -> Option<Fixed> {
        let mut rest = value.denom().clone();
        let mut decimals = 0u32;
        let ten = BigInt::from(10);
        for prime in [2u32, 5] {
            let prime = BigInt::from(prime);
            let mut power = 0;
            while rest.is_multiple_of(&prime) {
                rest /= &prime;
                power += 1;
            }
            decimals = decimals.max(power);
        }
        rest.is_one().then(|| {
            let digits = value.numer() * (num_traits::pow(ten, decimals as usize) / value.denom());
            Fixed::new(digits, decimals)
        })
    }

    /// How many digits stand after the comma.
    pub fn decimals(&self) -> u32 {
        self.decimals
    }

    /// The rounded number as an exact fraction again.
    pub fn to_fraction(&self) -> Fraction {
        Fraction::new(self.digits.clone(), ten_to(self.decimals))
    }

    /// Zero as printed.
    pub fn is_zero(&self) -> bool {
        self.digits.is_zero()
    }

    /// With a point and a hyphen-minus: for JSON, TOML, CSV numbers.
    pub fn plain(&self) -> String {
        let digits = self.digits.abs().to_string();
        let decimals = self.decimals as usize;
        let sign = if self.digits.is_negative() { "-" } else { "" };
        if decimals == 0 {
            return format!("{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = decimals + 1);
        let (whole, part) = padded.split_at(padded.len() - decimals);
        format!("{sign}{whole}.{part}")
    }

    /// As a Russian reader expects it: a comma, a true minus, thousands set off by no-break
    /// spaces from five digits on.
    pub fn russian(&self) -> String {
        let plain = self.plain();
        let (sign, plain) = match plain.strip_prefix('-') {
            Some(rest) => ("\u{2212}", rest),
            None => ("", plain.as_str()),
        };
        let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
        let mut out = String::from(sign);
        for (index, digit) in whole.chars().enumerate() {
            let left = whole.len() - index;
            if index > 0 && left.is_multiple_of(3) && whole.len() > 4 {
                out.push('\u{a0}');
            }
            out.push(digit);
        }
        if !part.is_empty() {
            out.push(',');
            out.push_str(part);
        }
        out
    }
}

/// What stands above the line of a value without its sign, times a power of ten: over the same
/// denominator, not reduced.
fn scaled(value: &Fraction, decimals: u32) -> BigInt {
    value.numer().abs() * ten_to(decimals)
}

fn with_sign(digits: BigInt, value: &Fraction) -> BigInt {
    if value.is_negative() { -digits } else { digits }
}

/// Ten to a power, as an unlimited whole number.
pub fn ten_to(power: u32) -> BigInt {
    num_traits::pow(BigInt::from(10), power as usize)
}

/// The smallest whole number not below a value.
pub fn ceil(value: &Fraction) -> BigInt {
    Integer::div_ceil(value.numer(), value.denom())
}

/// The largest whole number not above a value.
pub fn floor(value: &Fraction) -> BigInt {
    value.numer().div_floor(value.denom())
}

/// A whole number for plurals: its last digits decide, so saturating is right.
pub fn count_of(value: &BigInt) -> u128 {
    let hundred = BigInt::from(100);
    value.to_u128().unwrap_or_else(|| {
        let last = value.magnitude() % hundred.magnitude();
        BigInt::from_biguint(Sign::Plus, last)
            .to_u128()
            .unwrap_or(0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(n: i64, d: i64) -> Fraction {
        Fraction::new(BigInt::from(n), BigInt::from(d))
    }

    fn parse(text: &str) -> Option<String> {
        Decimal::parse(text.as_bytes())
            .expect("short enough")
            .map(|d| d.to_string())
    }

    #[test]
    fn decimals_are_read_as_written() {
        for (text, expected) in [
            ("0", "0"),
            ("205", "205"),
            ("78,45", "78.45"),
            ("78.450", "78.45"),
            ("-0,5", "-0.5"),
            ("000123", "123"),
            ("100,00", "100"),
            ("1,0500", "1.05"),
            ("0,0", "0"),
            ("12345678901234567", "12345678901234567"),
            ("1,500000000000000000000000000", "1.5"),
        ] {
            assert_eq!(parse(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "", "-", "2O5", "1,", ",5", "1,2,3", "1 000", "--1", "1e3", "+1",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn too_many_digits_are_told_from_text() {
        assert_eq!(Decimal::parse(b"123456789012345678"), Err(TooLong));
        assert_eq!(Decimal::parse(b"0,0000000000000001"), Err(TooLong));
        assert_eq!(Decimal::parse(b"12345678901234567890x"), Ok(None));
    }

    #[test]
    fn a_word_holds_any_cell() {
        for text in [
            "0",
            "-1",
            "99999999999999999",
            "-99999999999999999",
            "0,000000000000001",
            "-9,5",
        ] {
            let value = Decimal::parse(text.as_bytes())
                .expect("short")
                .expect("a number");
            assert_eq!(Reported::value(value).decimal(), Some(value), "{text}");
        }
        let marked = [0, 7, u32::MAX].map(Reported::left_out);
        assert!(marked.iter().all(|marked| marked.fault().is_none()));
        let faults = [0, 7, u8::MAX];
        let known = faults.map(|fault| marked.map(|marked| marked.because(fault)));
        for (fault, known) in faults.iter().zip(known) {
            assert!(known.iter().all(|known| known.fault() == Some(*fault)));
        }
        let marked: Vec<Reported> = marked.into_iter().chain(known.concat()).collect();
        assert!(marked.iter().all(|marked| marked.is_left_out()));
        let distinct: std::collections::HashSet<&Reported> = marked.iter().collect();
        assert_eq!(distinct.len(), marked.len());
        let others = [
            Reported::ABSENT,
            Reported::BLANK,
            Reported::LEFT_OUT,
            Reported::TEXT,
        ];
        for nothing in others.into_iter().chain(marked) {
            assert_eq!(nothing.decimal(), None);
        }
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(Fixed::round(&fraction(313_700, 4000), 2).plain(), "78.43");
        assert_eq!(
            Fixed::round(&fraction(1_568_900, 20_000), 2).plain(),
            "78.45"
        );
        assert_eq!(Fixed::round(&fraction(-5, 1000), 2).plain(), "-0.01");
        assert_eq!(Fixed::round(&fraction(1, 3), 0).plain(), "0");
        assert_eq!(Fixed::round(&fraction(-2, 3), 0).plain(), "-1");
    }

    #[test]
    fn small_differences_stay_visible() {
        assert_eq!(
            Fixed::round_visibly(&fraction(-4, 1000), 2).plain(),
            "-0.004"
        );
        assert_eq!(Fixed::round_visibly(&fraction(0, 1), 2).plain(), "0.00");
        assert_eq!(Fixed::cut(&fraction(99_996, 1000), 2).plain(), "99.99");
        assert_eq!(Fixed::raise(&fraction(100_001, 1000), 2).plain(), "100.01");
    }

    #[test]
    fn exact_decimals_only_where_they_end() {
        assert_eq!(
            Fixed::exact(&fraction(1, 8)).map(|f| f.plain()).as_deref(),
            Some("0.125")
        );
        assert_eq!(
            Fixed::exact(&fraction(1540, 1))
                .map(|f| f.plain())
                .as_deref(),
            Some("1540")
        );
        assert_eq!(Fixed::exact(&fraction(1, 3)), None);
    }

    #[test]
    fn russian_numbers() {
        let show = |n: i64, d: i64, k| Fixed::round(&fraction(n, d), k).russian();
        assert_eq!(show(-145, 100, 2), "\u{2212}1,45");
        assert_eq!(show(1540, 1, 0), "1540");
        assert_eq!(show(1_234_567, 1, 0), "1\u{a0}234\u{a0}567");
        assert_eq!(show(12_345, 1, 1), "12\u{a0}345,0");
    }

    #[test]
    fn sums_do_not_overflow() {
        let big = Decimal::new(LIMIT - 1, 0).expect("fits");
        let small = Decimal::new(1, MAX_SCALE).expect("fits");
        let mut sum = Sum::default();
        let mut slow = Fraction::zero();
        for _ in 0..2000 {
            for value in [big, small, Decimal::ONE] {
                sum.add(value);
                slow += value.to_fraction();
            }
        }
        for _ in 0..10 {
            sum.mantissa = i128::MAX - 5;
            sum.add(big);
        }
        assert!(sum.beyond.is_some());
        let mut sum = Sum::default();
        for _ in 0..2000 {
            for value in [big, small, Decimal::ONE] {
                sum.add(value);
            }
        }
        assert_eq!(sum.to_fraction(), slow);
    }
}
