//! `_string`: how `str.format`'s templates and field names are parsed, for `string.Formatter`.

use crate::cx::{Args, Cx, Raised, Res};
use crate::native::NativeDef;
use crate::str_object::Units;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("formatter_parser", "format_string, /", formatter_parser),
    NativeDef::new("formatter_field_name_split", "field_name, /", field_name_split),
];

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
}

const OPEN: u32 = '{' as u32;
const CLOSE: u32 = '}' as u32;
const COLON: u32 = ':' as u32;
const BANG: u32 = '!' as u32;
const DOT: u32 = '.' as u32;
const BRACKET: u32 = '[' as u32;
const BRACKET_END: u32 = ']' as u32;

/// A replacement field: ranges of the template.
struct Field {
    name: (usize, usize),
    conversion: Option<u32>,
    spec: (usize, usize),
}

/// Reads a template piece by piece.
struct Template<'a> {
    units: Units<'a>,
    at: usize,
}

impl Template<'_> {
    fn take(&mut self) -> Option<u32> {
        (self.at < self.units.len()).then(|| {
            self.at += 1;
            self.units.at(self.at - 1)
        })
    }

    fn peek(&self) -> Option<u32> {
        (self.at < self.units.len()).then(|| self.units.at(self.at))
    }

    /// The next literal text and the field behind it.
    fn piece(&mut self) -> Result<((usize, usize), Option<Field>), &'static str> {
        let start = self.at;
        while let Some(c) = self.take() {
            if c != OPEN && c != CLOSE {
                continue;
            }
            return match self.peek() {
                Some(next) if next == c => {
                    self.at += 1;
                    Ok(((start, self.at - 1), None))
                }
                Some(_) if c == OPEN => Ok(((start, self.at - 1), Some(self.field()?))),
                _ if c == CLOSE => Err("Single '}' encountered in format string"),
                _ => Err("Single '{' encountered in format string"),
            };
        }
        Ok(((start, self.at), None))
    }

    fn field(&mut self) -> Result<Field, &'static str> {
        let start = self.at;
        let mut last = 0;
        while let Some(c) = self.take() {
            last = c;
            match c {
                OPEN => return Err("unexpected '{' in field name"),
                BRACKET => {
                    while self.peek().is_some_and(|c| c != BRACKET_END) {
                        self.at += 1;
                    }
                }
                CLOSE | COLON | BANG => break,
                _ => {}
            }
        }
        let mut field = Field { name: (start, self.at.max(start + 1) - 1), conversion: None, spec: (0, 0) };
        match last {
            CLOSE => return Ok(field),
            BANG => {
                let missing = "end of string while looking for conversion specifier";
                field.conversion = Some(self.take().ok_or(missing)?);
                match self.take() {
                    Some(CLOSE) => return Ok(field),
                    Some(COLON) | None => {}
                    Some(_) => return Err("expected ':' after conversion specifier"),
                }
            }
            COLON => {}
            _ => return Err("expected '}' before end of string"),
        }
        field.spec = self.spec()?;
        Ok(field)
    }

    fn spec(&mut self) -> Result<(usize, usize), &'static str> {
        let (start, mut depth) = (self.at, 1);
        while let Some(c) = self.take() {
            match c {
                OPEN => depth += 1,
                CLOSE => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok((start, self.at - 1));
            }
        }
        Err("unmatched '{' in format spec")
    }
}

fn part(vm: &mut Vm, text: Value, (start, end): (usize, usize)) -> Value {
    let units = vm.units(text).slice(start, end.max(start));
    vm.str_from_part(units)
}

fn parse(vm: &mut Vm, text: Value) -> Result<Vec<Value>, Raised> {
    let mut template = Template { units: vm.units(text), at: 0 };
    let mut pieces = Vec::new();
    while template.peek().is_some() {
        let (literal, field) = match template.piece() {
            Ok(piece) => piece,
            Err(message) => return Err(vm.raise_value_error(message)),
        };
        let literal = part(vm, text, literal);
        let items = match field {
            None => [literal, Value::NONE, Value::NONE, Value::NONE],
            Some(field) => {
                let (name, spec) = (part(vm, text, field.name), part(vm, text, field.spec));
                let conversion =
                    field.conversion.map_or(Value::NONE, |c| vm.str_from_points(std::iter::once(c)));
                [literal, name, spec, conversion]
            }
        };
        pieces.push(vm.new_tuple(&items));
    }
    Ok(pieces)
}

fn formatter_parser<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.check_str(args.at(0), "formatter_parser() argument")?;
    let pieces = parse(cx.vm(), args.at(0).value())?;
    let pieces = cx.vm().new_list(pieces);
    let pieces = cx.root_value(pieces);
    let iterator = cx.iter(pieces.handle())?;
    Ok(iterator.get(cx))
}

/// The number that a run of digits is; `None` if it is none.
fn index(vm: &mut Vm, units: Units<'_>) -> Result<Option<Value>, Raised> {
    if units.is_empty() || !units.iter().all(|c| (48..58).contains(&c)) {
        return Ok(None);
    }
    let digits = units.iter().try_fold(0_i64, |n, c| n.checked_mul(10)?.checked_add(i64::from(c - 48)));
    match digits {
        Some(number) => Ok(Some(vm.new_int(number))),
        None => Err(vm.raise_value_error("Too many decimal digits in format string")),
    }
}

fn name_or_index(vm: &mut Vm, text: Value, range: (usize, usize)) -> Result<Value, Raised> {
    let units = vm.units(text).slice(range.0, range.1);
    Ok(match index(vm, units)? {
        Some(index) => index,
        None => part(vm, text, range),
    })
}

fn split(vm: &mut Vm, text: Value) -> Result<(Value, Vec<Value>), Raised> {
    let units = vm.units(text);
    let len = units.len();
    let ends = |c: u32| c == DOT || c == BRACKET;
    let end = (0..len).find(|i| ends(units.at(*i))).unwrap_or(len);
    let first = name_or_index(vm, text, (0, end))?;
    let (mut at, mut rest) = (end, Vec::new());
    while at < len {
        let is_attribute = units.at(at) == DOT;
        let start = at + 1;
        let (stop, next) = if is_attribute {
            let stop = (start..len).find(|i| ends(units.at(*i))).unwrap_or(len);
            (stop, stop)
        } else {
            let Some(stop) = (start..len).find(|i| units.at(*i) == BRACKET_END) else {
                return Err(vm.raise_value_error("Missing ']' in format string"));
            };
            if stop + 1 < len && !ends(units.at(stop + 1)) {
                let message = "Only '.' or '[' may follow ']' in format field specifier";
                return Err(vm.raise_value_error(message));
            }
            (stop, stop + 1)
        };
        if start == stop {
            return Err(vm.raise_value_error("Empty attribute in format string"));
        }
        let key = if is_attribute {
            part(vm, text, (start, stop))
        } else {
            name_or_index(vm, text, (start, stop))?
        };
        rest.push(vm.new_tuple(&[Value::from_bool(is_attribute), key]));
        at = next;
    }
    Ok((first, rest))
}

fn field_name_split<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.check_str(args.at(0), "formatter_field_name_split() argument")?;
    let (first, rest) = split(cx.vm(), args.at(0).value())?;
    let first = cx.root_value(first);
    let rest = cx.vm().new_list(rest);
    let rest = cx.root_value(rest);
    let iterator = cx.iter(rest.handle())?;
    let pair = cx.vm().new_tuple(&[first.value(), iterator.value()]);
    Ok(cx.local(pair))
}
