//! `str()`, `repr()`, `ascii()` and `format()` as operations: built-in types at once, others by their methods.

use crate::cell::Kind;
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::Vm;

/// What a method that must return a string was called for: `Cont::Text`'s payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum TextOf {
    /// `str()`.
    Str = 1,
    /// `repr()`.
    Repr = 2,
    /// `ascii()`: `repr()`'s result with escapes.
    Ascii = 3,
    /// `format()`.
    Format = 4,
}

impl TextOf {
    const ALL: [Self; 4] = [Self::Str, Self::Repr, Self::Ascii, Self::Format];

    fn from_number(number: i64) -> Self {
        Self::ALL[(number as usize).clamp(1, 4) - 1]
    }

    fn payload(self) -> [Value; 1] {
        [Value::small(self as i32)]
    }
}

impl Vm {
    /// `format(value, "")`: what `{value}` in an f-string is.
    pub fn format_simple(&mut self, value: Value) -> Value {
        match self.text_plain(value, TextOf::Str) {
            Some(text) => text,
            None => self.format_by_method(value, self.empty_str),
        }
    }

    /// `format(value, spec)`: what `{value:spec}` in an f-string is.
    pub fn format_with_spec(&mut self, value: Value, spec: Value) -> Value {
        if !spec.is_kind(Kind::Str) {
            let message = format!("Format specifier must be a string, not {}", self.type_name_of(spec));
            return self.type_error(&message);
        }
        if self.units(spec).is_empty() {
            return self.format_simple(value);
        }
        if !self.is_exact(value) {
            return self.format_by_method(value, spec);
        }
        let result = match value.kind() {
            None if value.is_int() => crate::format::integer::format(self, value, spec),
            None if value.is_float() => crate::format::float::format(self, value, spec),
            Some(Kind::Str) => crate::format::text::format(self, value, spec),
            Some(Kind::Int) => crate::format::integer::format(self, value, spec),
            Some(Kind::Float) => crate::format::float::format(self, value, spec),
            _ => return self.format_by_method(value, spec),
        };
        result.unwrap_or(Value::RAISED)
    }

    fn format_by_method(&mut self, value: Value, spec: Value) -> Value {
        let method = self.lookup(self.type_of(value), self.names.__format__);
        if method.is_undef() {
            let message = format!("Type {} doesn't define __format__", self.type_name_of(value));
            return self.type_error(&message);
        }
        self.call_special(method, value, &[spec], Cont::Text, &TextOf::Format.payload())
    }

    /// A conversion: 1 is `!s`, 2 is `!r`, 3 is `!a`.
    pub fn convert_value(&mut self, value: Value, kind: u32) -> Value {
        let kind = TextOf::from_number(kind.into());
        if let Some(text) = self.text_plain(value, kind) {
            return text;
        }
        let name = if kind == TextOf::Str { self.names.__str__ } else { self.names.__repr__ };
        let method = self.lookup(self.type_of(value), name);
        debug_assert!(!method.is_undef(), "object has both");
        self.call_special(method, value, &[], Cont::Text, &kind.payload())
    }

    /// The text of an exact number, string or constant.
    pub(crate) fn text_plain(&mut self, value: Value, kind: TextOf) -> Option<Value> {
        if value.is_kind(Kind::Str) && self.is_exact(value) {
            return match kind {
                TextOf::Str | TextOf::Format => Some(value),
                _ => Some(self.repr_of_str(value, kind == TextOf::Ascii)),
            };
        }
        if let Some(int) = value.as_int() {
            return Some(self.decimal_str(int));
        }
        if value.is_float() || value.is_kind(Kind::Float) && self.is_exact(value) {
            let float = self.float_of(value)?;
            return Some(self.float_repr(float));
        }
        match value {
            Value::NONE => Some(self.new_str("None")),
            Value::TRUE => Some(self.new_str("True")),
            Value::FALSE => Some(self.new_str("False")),
            Value::ELLIPSIS => Some(self.new_str("Ellipsis")),
            Value::NOT_IMPLEMENTED => Some(self.new_str("NotImplemented")),
            _ => None,
        }
    }

    /// The decimal text of an inline int.
    pub(crate) fn decimal_str(&mut self, int: i64) -> Value {
        if let Some(digit) = u8::try_from(int).ok().filter(|digit| *digit < 10) {
            return self.latin1[usize::from(b'0' + digit)];
        }
        let mut buffer = [0_u8; 20];
        let mut at = buffer.len();
        let mut rest = int.unsigned_abs();
        while rest > 0 {
            at -= 1;
            buffer[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        if int < 0 {
            at -= 1;
            buffer[at] = b'-';
        }
        self.str_from_latin1(&buffer[at..])
    }

    /// `repr(float)`.
    pub(crate) fn float_repr(&mut self, float: f64) -> Value {
        let mut text = String::new();
        bytecode::repr::write_float(&mut text, float).expect("strings take all");
        self.new_str(&text)
    }

    /// `repr` or `ascii` of a string.
    pub(crate) fn repr_of_str(&mut self, string: Value, ascii: bool) -> Value {
        use bytecode::repr::Escape;
        let units = self.units(string);
        let escape = if ascii { Escape::NotAscii } else { Escape::NotPrintable };
        let mut text = String::with_capacity(units.len() + 2);
        match units {
            crate::str_object::Units::One(units) if units.iter().all(|unit| is_plain(*unit)) => {
                text.push('\'');
                text.push_str(std::str::from_utf8(units).expect("ASCII"));
                text.push('\'');
            }
            _ => {
                let points: Vec<u32> = units.iter().collect();
                bytecode::repr::write_str(&mut text, points.into_iter(), escape).expect("strings take all");
            }
        }
        self.new_str(&text)
    }

    /// The continuation of a method that must return a string.
    pub(crate) fn finish_text(&mut self, result: Value, payload: Value) -> Value {
        let kind = TextOf::from_number(payload.int());
        if result.is_kind(Kind::Str) {
            if kind == TextOf::Ascii {
                return self.escaped(result);
            }
            return result;
        }
        let ty = self.type_name_of(result);
        let message = match kind {
            TextOf::Str => format!("__str__ returned non-string (type {ty})"),
            TextOf::Format => format!("__format__ must return a str, not {ty}"),
            _ => format!("__repr__ returned non-string (type {ty})"),
        };
        self.type_error(&message)
    }

    /// A string with everything beyond ASCII escaped.
    pub(crate) fn escaped(&mut self, string: Value) -> Value {
        use std::fmt::Write;
        let units = self.units(string);
        if units.iter().all(|point| point < 0x80) {
            return string;
        }
        let mut text = String::with_capacity(units.len() * 4);
        for point in units.iter() {
            match point {
                0..0x80 => text.push(point as u8 as char),
                0x80..0x100 => write!(text, "\\x{point:02x}").expect("strings take all"),
                0x100..0x1_0000 => write!(text, "\\u{point:04x}").expect("strings take all"),
                _ => write!(text, "\\U{point:08x}").expect("strings take all"),
            }
        }
        self.new_str(&text)
    }

    /// The concatenation of strings: `BUILD_STRING`.
    pub fn build_string(&mut self, parts: &[Value]) -> Value {
        match self.join_strings(parts.iter().copied(), None) {
            Some(string) => string,
            None => {
                self.raise_memory_error();
                Value::RAISED
            }
        }
    }

    /// Raises nothing itself: `Err` stands for MemoryError raised.
    pub(crate) fn str_or_memory_error(&mut self, points: &[u32]) -> Result<Value, crate::cx::Raised> {
        match self.try_str_from_points(points) {
            Some(string) => Ok(string),
            None => Err(self.raise_memory_error()),
        }
    }
}

/// Whether a character stands for itself in a `repr` in single quotes.
fn is_plain(unit: u8) -> bool {
    (0x20..0x7F).contains(&unit) && unit != b'\'' && unit != b'\\'
}
