//! Formulas of indicators and rules: arithmetic over reported sums, parsed with positions and
//! evaluated exactly.

use std::cmp::Ordering;
use std::ops::Range;

use num_traits::Zero;

use super::quantity::{Decimal, Fixed, Fraction, Sum};

/// A field of a form, by their places in the plan.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FieldRef {
    /// The form's index in [`super::Plan::forms`].
    pub form: usize,
    /// The field's index in [`super::form::Form::fields`].
    pub field: usize,
}

/// What stands for a number in a formula.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Operand {
    /// `form.field`: the sum over the organisations in view, a yes counting as 1.
    Field(FieldRef),
    /// `organisations(kind)`: how many organisations of that kind the register obliges to report.
    Organisations(String),
}

/// A name in a formula, before the plan has said what it means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Name {
    /// `field` or `form.field`.
    Field {
        /// The part before the dot.
        form: Option<String>,
        /// The part after it.
        field: String,
    },
    /// `organisations(kind)`.
    Organisations(String),
}

/// The four operations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operation {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// How a rule compares its two sides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `=` or `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    GreaterOrEqual,
    /// `>`
    Greater,
}

impl Relation {
    /// Whether two sides that compare like this satisfy the relation.
    #[inline]
    pub fn holds(self, ordering: Ordering) -> bool {
        match self {
            Relation::Less => ordering.is_lt(),
            Relation::LessOrEqual => ordering.is_le(),
            Relation::Equal => ordering.is_eq(),
            Relation::NotEqual => ordering.is_ne(),
            Relation::GreaterOrEqual => ordering.is_ge(),
            Relation::Greater => ordering.is_gt(),
        }
    }
}

/// A node of a formula; leaves are indices into the formula's names or operands.
#[derive(Clone, PartialEq, Debug)]
pub enum Node {
    /// A decimal constant.
    Constant(Fraction),
    /// The operand with this index.
    Operand(usize),
    /// Unary minus.
    Negate(Box<Node>),
    /// An operation on two sides.
    Binary(Operation, Box<Node>, Box<Node>),
}

impl Node {
    /// The exact value; `None` where an operand has none or something is divided by zero.
    pub fn evaluate(&self, operand: &impl Fn(usize) -> Option<Fraction>) -> Option<Fraction> {
        match self {
            Node::Constant(value) => Some(value.clone()),
            Node::Operand(index) => operand(*index),
            Node::Negate(inner) => Some(-inner.evaluate(operand)?),
            Node::Binary(operation, left, right) => {
                let (left, right) = (left.evaluate(operand)?, right.evaluate(operand)?);
                match operation {
                    Operation::Add => Some(left + right),
                    Operation::Subtract => Some(left - right),
                    Operation::Multiply => Some(left * right),
                    Operation::Divide if right.is_zero() => None,
                    Operation::Divide => Some(left / right),
                }
            }
        }
    }
}

/// A term of a sum: added or taken away.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Term {
    /// The operand with this index; false: taken away.
    Operand(usize, bool),
    /// A constant, its sign included.
    Constant(Decimal),
}

/// The terms of a formula that only adds and subtracts, as nearly all do: such a formula can be
/// evaluated row by row without fractions.
pub fn terms(node: &Node, positive: bool, terms: &mut Vec<Term>) -> bool {
    match node {
        Node::Operand(index) => {
            terms.push(Term::Operand(*index, positive));
            true
        }
        Node::Constant(value) => {
            let constant = Fixed::exact(value)
                .and_then(|fixed| Decimal::parse(fixed.plain().as_bytes()).ok().flatten());
            if let Some(constant) = constant {
                terms.push(Term::Constant(if positive {
                    constant
                } else {
                    constant.negated()
                }));
            }
            constant.is_some()
        }
        Node::Negate(inner) => self::terms(inner, !positive, terms),
        Node::Binary(Operation::Add, left, right) => {
            self::terms(left, positive, terms) && self::terms(right, positive, terms)
        }
        Node::Binary(Operation::Subtract, left, right) => {
            self::terms(left, positive, terms) && self::terms(right, !positive, terms)
        }
        Node::Binary(..) => false,
    }
}

/// The sum of terms; `None` where an operand has no value.
#[inline]
pub fn sum_of(terms: &[Term], operand: impl Fn(usize) -> Option<Decimal>) -> Option<Sum> {
    let mut sum = Sum::default();
    for term in terms {
        sum.add(match *term {
            Term::Operand(index, true) => operand(index)?,
            Term::Operand(index, false) => operand(index)?.negated(),
            Term::Constant(constant) => constant,
        });
    }
    Some(sum)
}

/// A formula whose names are known: `node` refers to `operands` by index.
#[derive(Clone, PartialEq, Debug)]
pub struct Formula {
    /// As written in the data file.
    pub text: String,
    /// The arithmetic.
    pub node: Node,
    /// What the leaves stand for.
    pub operands: Vec<Operand>,
}

/// A formula as parsed, its names not looked up yet.
#[derive(Clone, PartialEq, Debug)]
pub struct Parsed {
    /// The arithmetic; operands are indices into `names`.
    pub node: Node,
    /// The names with the bytes of the text where they stand.
    pub names: Vec<(Name, Range<usize>)>,
}

/// A comparison as parsed: formula, relation, formula; the names of both sides in one list.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// The left side.
    pub left: Node,
    /// How the sides must compare.
    pub relation: Relation,
    /// The right side.
    pub right: Node,
    /// The names with the bytes of the text where they stand.
    pub names: Vec<(Name, Range<usize>)>,
}

/// What is wrong with a formula, and where in its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Bytes of the formula's text.
    pub span: Range<usize>,
    /// In Russian, lower case, without a full stop.
    pub message: String,
}

/// Parses an indicator's numerator or denominator.
///
/// # Errors
/// The first place that cannot be read, with what was expected there.
pub fn parse(text: &str) -> Result<Parsed, Fault> {
    let mut parser = Parser::new(text)?;
    let node = parser.sum(0)?;
    parser.end()?;
    Ok(Parsed {
        node,
        names: parser.names,
    })
}

/// Parses a rule's `assert`.
///
/// # Errors
/// The first place that cannot be read, with what was expected there.
pub fn parse_comparison(text: &str) -> Result<Comparison, Fault> {
    let mut parser = Parser::new(text)?;
    let left = parser.sum(0)?;
    let Token::Relation(relation) = parser.token.clone() else {
        return Err(parser.fault("сравнение: <=, <, >=, >, = или !="));
    };
    parser.advance()?;
    let right = parser.sum(0)?;
    parser.end()?;
    Ok(Comparison {
        left,
        relation,
        right,
        names: parser.names,
    })
}

/// Parentheses and minuses nest no deeper than this, so that no text can exhaust the stack.
const DEEPEST: usize = 64;

/// Bytes of a formula; a chain of operations nests as deep as it is long.
const LONGEST: usize = 4000;

#[derive(Clone, PartialEq, Debug)]
enum Token {
    Number(Fraction),
    Word(String),
    Dot,
    Open,
    Close,
    Operation(Operation),
    Relation(Relation),
    End,
}

struct Parser<'a> {
    text: &'a str,
    /// Where the token in hand begins and ends.
    span: Range<usize>,
    token: Token,
    names: Vec<(Name, Range<usize>)>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Result<Self, Fault> {
        if text.len() > LONGEST {
            return Err(Fault {
                span: 0..text.len(),
                message: format!(
                    "найдено: {} байт, ожидалось: формула не длиннее {LONGEST}",
                    text.len()
                ),
            });
        }
        let mut parser = Parser {
            text,
            span: 0..0,
            token: Token::End,
            names: Vec::new(),
        };
        parser.advance()?;
        Ok(parser)
    }

    fn fault(&self, expected: &str) -> Fault {
        let found = match self.text.get(self.span.clone()) {
            None | Some("") => "конец формулы".to_owned(),
            Some(text) => format!("«{text}»"),
        };
        Fault {
            span: self.span.clone(),
            message: format!("найдено: {found}, ожидалось: {expected}"),
        }
    }

    fn end(&self) -> Result<(), Fault> {
        match self.token {
            Token::End => Ok(()),
            Token::Word(_) | Token::Number(_) | Token::Open => {
                Err(self.fault("знак действия: +, -, * или /"))
            }
            _ => Err(self.fault("конец формулы")),
        }
    }

    fn sum(&mut self, depth: usize) -> Result<Node, Fault> {
        let mut left = self.product(depth)?;
        while let Token::Operation(operation @ (Operation::Add | Operation::Subtract)) = self.token
        {
            self.advance()?;
            let right = self.product(depth)?;
            left = Node::Binary(operation, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn product(&mut self, depth: usize) -> Result<Node, Fault> {
        let mut left = self.atom(depth)?;
        while let Token::Operation(operation @ (Operation::Multiply | Operation::Divide)) =
            self.token
        {
            self.advance()?;
            let right = self.atom(depth)?;
            left = Node::Binary(operation, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn atom(&mut self, depth: usize) -> Result<Node, Fault> {
        if depth > DEEPEST {
            return Err(self.fault("формула попроще: скобки вложены слишком глубоко"));
        }
        match self.token.clone() {
            Token::Number(value) => {
                self.advance()?;
                Ok(Node::Constant(value))
            }
            Token::Operation(Operation::Subtract) => {
                self.advance()?;
                Ok(Node::Negate(Box::new(self.atom(depth + 1)?)))
            }
            Token::Open => {
                self.advance()?;
                let inner = self.sum(depth + 1)?;
                self.expect(&Token::Close, "закрывающая скобка «)»")?;
                Ok(inner)
            }
            Token::Word(word) => self.name(word),
            _ => Err(self.fault("поле (форма.поле), число или скобка")),
        }
    }

    fn name(&mut self, word: String) -> Result<Node, Fault> {
        let start = self.span.start;
        let mut end = self.span.end;
        self.advance()?;
        let name = match self.token {
            Token::Dot => {
                self.advance()?;
                let Token::Word(field) = self.token.clone() else {
                    return Err(self.fault("имя поля после точки"));
                };
                end = self.span.end;
                self.advance()?;
                Name::Field {
                    form: Some(word),
                    field,
                }
            }
            Token::Open if word == "organisations" => {
                let kind = self.kind()?;
                end = self.span.end;
                self.expect(&Token::Close, "закрывающая скобка «)»")?;
                Name::Organisations(kind)
            }
            Token::Open => {
                return Err(Fault {
                    span: start..end,
                    message: format!(
                        "найдено: «{word}(…)», ожидалось: organisations(вид) — других функций нет"
                    ),
                });
            }
            _ => Name::Field {
                form: None,
                field: word,
            },
        };
        self.names.push((name, start..end));
        Ok(Node::Operand(self.names.len() - 1))
    }

    /// The kind inside `organisations(…)`: any text up to the bracket, since kinds may have hyphens.
    fn kind(&mut self) -> Result<String, Fault> {
        let from = self.span.end;
        let rest = &self.text[from..];
        let length = rest.find(')').unwrap_or(rest.len());
        let kind = rest[..length].trim().to_owned();
        self.span = from..from + length;
        if kind.is_empty() || kind.contains(['(', '+', '*', '/', '.', ' ']) {
            return Err(self.fault("вид организаций, например organisations(kindergarten)"));
        }
        self.span = from + length..from + length;
        self.advance()?;
        Ok(kind)
    }

    fn expect(&mut self, token: &Token, expected: &str) -> Result<(), Fault> {
        if self.token != *token {
            return Err(self.fault(expected));
        }
        self.advance()
    }

    fn advance(&mut self) -> Result<(), Fault> {
        let from = self.span.end;
        let rest = &self.text[from..];
        let start = from + (rest.len() - rest.trim_start().len());
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next() else {
            self.span = start..start;
            self.token = Token::End;
            return Ok(());
        };
        let two = rest.get(..2).unwrap_or("");
        let (token, length) = match (first, two) {
            (_, "<=") => (Token::Relation(Relation::LessOrEqual), 2),
            (_, ">=") => (Token::Relation(Relation::GreaterOrEqual), 2),
            (_, "!=") => (Token::Relation(Relation::NotEqual), 2),
            (_, "==") => (Token::Relation(Relation::Equal), 2),
            ('<', _) => (Token::Relation(Relation::Less), 1),
            ('>', _) => (Token::Relation(Relation::Greater), 1),
            ('=', _) => (Token::Relation(Relation::Equal), 1),
            ('+', _) => (Token::Operation(Operation::Add), 1),
            ('-', _) => (Token::Operation(Operation::Subtract), 1),
            ('*', _) => (Token::Operation(Operation::Multiply), 1),
            ('/', _) => (Token::Operation(Operation::Divide), 1),
            ('(', _) => (Token::Open, 1),
            (')', _) => (Token::Close, 1),
            ('.', _) => (Token::Dot, 1),
            ('0'..='9', _) => return self.number(start),
            (c, _) if c.is_ascii_alphabetic() || c == '_' => {
                let length = rest
                    .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                    .unwrap_or(rest.len());
                (Token::Word(rest[..length].to_owned()), length)
            }
            (other, _) => {
                self.span = start..start + other.len_utf8();
                return Err(self.fault("поле (форма.поле), число, действие или скобка"));
            }
        };
        self.span = start..start + length;
        self.token = token;
        Ok(())
    }

    fn number(&mut self, start: usize) -> Result<(), Fault> {
        let rest = &self.text[start..];
        let length = rest
            .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))
            .unwrap_or(rest.len());
        self.span = start..start + length;
        let written = &rest[..length];
        if written.contains(',') {
            return Err(self.fault("число с точкой, например 0.5"));
        }
        match Decimal::parse(written.as_bytes()) {
            Ok(Some(value)) => {
                self.token = Token::Number(value.to_fraction());
                Ok(())
            }
            Ok(None) => Err(self.fault("число, например 100 или 0.5")),
            Err(_) => Err(self.fault("число не длиннее 17 цифр")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigInt;

    fn value(text: &str, operands: &[i64]) -> Option<String> {
        let parsed = parse(text).expect("a formula");
        parsed
            .node
            .evaluate(&|index| Some(Fraction::from(BigInt::from(operands[index]))))
            .map(|value| value.to_string())
    }

    #[test]
    fn arithmetic_is_exact_and_ordered() {
        assert_eq!(value("1 + 2 * 3", &[]).as_deref(), Some("7"));
        assert_eq!(value("(1 + 2) * 3", &[]).as_deref(), Some("9"));
        assert_eq!(value("7 - 2 - 1", &[]).as_deref(), Some("4"));
        assert_eq!(value("1 / 3 * 3", &[]).as_deref(), Some("1"));
        assert_eq!(value("-(2 - 5)", &[]).as_deref(), Some("3"));
        assert_eq!(value("0.1 + 0.2", &[]).as_deref(), Some("3/10"));
        assert_eq!(value("a.b / (a.b - c.d)", &[6, 6, 4]).as_deref(), Some("3"));
        assert_eq!(value("1 / (2 - 2)", &[]), None);
    }

    #[test]
    fn names_keep_their_places() {
        let parsed = parse("kindergarten.enrolled + organisations(kinder-garten)").expect("ok");
        assert_eq!(parsed.names[0].1, 0..21);
        assert_eq!(
            parsed.names[1].0,
            Name::Organisations("kinder-garten".into())
        );
        assert_eq!(parsed.names[1].1, 24..52);
    }

    #[test]
    fn faults_say_where_and_what() {
        for (text, span, words) in [
            ("", 0..0, "конец формулы"),
            ("a.b +", 5..5, "конец формулы"),
            ("a.b c.d", 4..5, "знак действия"),
            ("a.", 2..2, "имя поля"),
            ("(a.b", 4..4, "закрывающая скобка"),
            ("a.b ÷ 2", 4..6, "«÷»"),
            ("0,5 * a.b", 0..3, "с точкой"),
            ("sum(a.b)", 0..3, "organisations"),
            ("organisations()", 14..14, "вид организаций"),
            ("a.b < 2", 4..5, "конец формулы"),
        ] {
            let fault = parse(text).expect_err(text);
            assert_eq!(fault.span, span, "{text}: {}", fault.message);
            assert!(fault.message.contains(words), "{text}: {}", fault.message);
        }
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&"-".repeat(100_000)).is_err());
    }

    #[test]
    fn comparisons() {
        let rule = parse_comparison("enrolled <= capacity * 1.1").expect("ok");
        assert_eq!(rule.relation, Relation::LessOrEqual);
        assert_eq!(rule.names.len(), 2);
        assert!(parse_comparison("enrolled").is_err());
        assert!(parse_comparison("a <= b <= c").is_err());
    }
}
