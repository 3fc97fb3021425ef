//! `str.format` and `str.format_map`.

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::format::spec::decimal_digit;
use crate::ops::TextOf;
use crate::text_builder::TextBuilder;
use crate::value::Value;

/// How deeply specifications may hold fields themselves.
const MOST_LEVELS: usize = 2;

pub(crate) fn format<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let positional: Vec<Handle<'_>> = args.rest().collect();
    let mut renderer = Renderer {
        positional: Some(&positional),
        keywords: args.opt(1),
        keywords_are_plain: true,
        numbering: None,
    };
    renderer.whole(cx, args.at(0))
}

pub(crate) fn format_map<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut renderer =
        Renderer { positional: None, keywords: Some(args.at(1)), keywords_are_plain: false, numbering: None };
    renderer.whole(cx, args.at(0))
}

/// How fields without names are numbered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbering {
    /// By their order; the next number.
    Automatic(usize),
    /// By the template.
    Manual,
}

struct Renderer<'r> {
    positional: Option<&'r [Handle<'r>]>,
    keywords: Option<Handle<'r>>,
    /// The keywords are a dict made for the call.
    keywords_are_plain: bool,
    numbering: Option<Numbering>,
}

/// A replacement field.
#[derive(Clone, Copy)]
struct Field<'t> {
    name: &'t [u32],
    conversion: Option<u32>,
    spec: &'t [u32],
    spec_has_fields: bool,
}

const fn code(c: char) -> u32 {
    c as u32
}

const OPEN: u32 = code('{');
const CLOSE: u32 = code('}');

fn fail<T>(cx: &Cx, message: &str) -> Result<T, Raised> {
    Err(cx.vm().raise_value_error(message))
}

impl Renderer<'_> {
    fn whole<'a>(&mut self, cx: &'a mut Cx, template: Handle<'_>) -> Res<'a> {
        let points: Vec<u32> = cx.vm().units(template.value()).iter().collect();
        let value = self.render(cx, &points, MOST_LEVELS)?;
        Ok(cx.local(value))
    }

    /// A template with its fields replaced.
    fn render(&mut self, cx: &mut Cx, template: &[u32], levels: usize) -> Result<Value, Raised> {
        if levels == 0 {
            return fail(cx, "Max string recursion exceeded");
        }
        let mut text = TextBuilder::new();
        let mut at = 0;
        while at < template.len() {
            let point = template[at];
            at += 1;
            if point != OPEN && point != CLOSE {
                text.push(point);
            } else if template.get(at) == Some(&point) {
                text.push(point);
                at += 1;
            } else if point == CLOSE {
                return fail(cx, "Single '}' encountered in format string");
            } else if at == template.len() {
                return fail(cx, "Single '{' encountered in format string");
            } else {
                let field = parse_field(cx, template, &mut at)?;
                let value = self.render_field(cx, field, levels)?;
                text.push_units(cx.vm().units(value.value()));
            }
        }
        text.finish(cx.vm())
    }

    fn render_field(&mut self, cx: &mut Cx, field: Field<'_>, levels: usize) -> Result<Root, Raised> {
        let mut value = self.field_value(cx, field.name)?;
        if let Some(conversion) = field.conversion {
            value = convert(cx, &value, conversion)?;
        }
        let spec = if field.spec_has_fields {
            self.render(cx, field.spec, levels - 1)?
        } else {
            cx.vm().str_or_memory_error(field.spec)?
        };
        let spec = cx.root_value(spec);
        cx.format(value.handle(), spec.handle())
    }

    /// The object that a field's name leads to.
    fn field_value(&mut self, cx: &mut Cx, name: &[u32]) -> Result<Root, Raised> {
        let end = name.iter().position(|point| is_accessor(*point)).unwrap_or(name.len());
        let (first, mut rest) = name.split_at(end);
        let mut value = self.first_value(cx, first)?;
        while let [accessor, behind @ ..] = rest {
            if *accessor == code('.') {
                let end = behind.iter().position(|point| is_accessor(*point)).unwrap_or(behind.len());
                let (attribute, behind) = behind.split_at(end);
                value = attribute_of(cx, &value, attribute)?;
                rest = behind;
            } else if *accessor == code('[') {
                let Some(end) = behind.iter().position(|point| *point == code(']')) else {
                    return fail(cx, "Missing ']' in format string");
                };
                value = item_of(cx, &value, &behind[..end])?;
                rest = &behind[end + 1..];
            } else {
                return fail(cx, "Only '.' or '[' may follow ']' in format field specifier");
            }
        }
        Ok(value)
    }

    fn first_value(&mut self, cx: &mut Cx, name: &[u32]) -> Result<Root, Raised> {
        let number = index(cx, name)?;
        if !name.is_empty() && number.is_none() {
            return self.keyword(cx, name);
        }
        let number = self.position(cx, number)?;
        let Some(positional) = self.positional else {
            return fail(cx, "Format string contains positional fields");
        };
        match positional.get(number) {
            Some(value) => Ok(cx.root_value(value.value())),
            None => {
                let message = format!("Replacement index {number} out of range for positional args tuple");
                Err(cx.vm().raise_index_error(&message))
            }
        }
    }

    /// The number of a field with or without one.
    fn position(&mut self, cx: &Cx, number: Option<usize>) -> Result<usize, Raised> {
        match (number, self.numbering) {
            (Some(_), Some(Numbering::Automatic(_))) => {
                fail(cx, "cannot switch from automatic field numbering to manual field specification")
            }
            (None, Some(Numbering::Manual)) => {
                fail(cx, "cannot switch from manual field specification to automatic field numbering")
            }
            (Some(number), _) => {
                self.numbering = Some(Numbering::Manual);
                Ok(number)
            }
            (None, numbering) => {
                let next = if let Some(Numbering::Automatic(next)) = numbering { next } else { 0 };
                self.numbering = Some(Numbering::Automatic(next + 1));
                Ok(next)
            }
        }
    }

    fn keyword(&mut self, cx: &mut Cx, name: &[u32]) -> Result<Root, Raised> {
        let key = cx.vm().str_or_memory_error(name)?;
        let key = cx.root_value(key);
        match self.keywords {
            Some(keywords) if self.keywords_are_plain => match cx.dict_get(keywords, key.handle())? {
                Some(value) => Ok(value),
                None => Err(cx.vm().raise_key_error(key.value())),
            },
            Some(mapping) => cx.get_item(mapping, key.handle()),
            None => Err(cx.vm().raise_key_error(key.value())),
        }
    }
}

fn is_accessor(point: u32) -> bool {
    point == code('.') || point == code('[')
}

/// Reads a field; `at` stands behind its opening brace and is moved behind the closing one.
fn parse_field<'t>(cx: &Cx, template: &'t [u32], at: &mut usize) -> Result<Field<'t>, Raised> {
    let start = *at;
    let mut point = 0;
    while *at < template.len() {
        point = template[*at];
        *at += 1;
        if point == OPEN {
            return fail(cx, "unexpected '{' in field name");
        }
        if point == code('[') {
            while *at < template.len() && template[*at] != code(']') {
                *at += 1;
            }
        } else if point == CLOSE || point == code(':') || point == code('!') {
            break;
        }
    }
    let ends = point == CLOSE || point == code(':') || point == code('!');
    let name = &template[start..if ends { *at - 1 } else { *at }];
    let mut field = Field { name, conversion: None, spec: &[], spec_has_fields: false };
    if point == CLOSE {
        return Ok(field);
    }
    if !ends {
        return fail(cx, "expected '}' before end of string");
    }
    if point == code('!') {
        let Some(conversion) = template.get(*at) else {
            return fail(cx, "end of string while looking for conversion specifier");
        };
        field.conversion = Some(*conversion);
        *at += 1;
        if let Some(next) = template.get(*at) {
            *at += 1;
            if *next == CLOSE {
                return Ok(field);
            }
            if *next != code(':') {
                return fail(cx, "expected ':' after conversion specifier");
            }
        }
    }
    parse_spec(cx, template, at, &mut field)?;
    Ok(field)
}

fn parse_spec<'t>(cx: &Cx, template: &'t [u32], at: &mut usize, field: &mut Field<'t>) -> Result<(), Raised> {
    let start = *at;
    let mut depth = 1;
    while *at < template.len() {
        let point = template[*at];
        *at += 1;
        if point == OPEN {
            field.spec_has_fields = true;
            depth += 1;
        } else if point == CLOSE {
            depth -= 1;
            if depth == 0 {
                field.spec = &template[start..*at - 1];
                return Ok(());
            }
        }
    }
    fail(cx, "unmatched '{' in format spec")
}

/// The number that a name is; `None` if it is none.
fn index(cx: &Cx, name: &[u32]) -> Result<Option<usize>, Raised> {
    let mut number = 0_usize;
    for point in name {
        let Some(digit) = decimal_digit(*point) else { return Ok(None) };
        let next = number.checked_mul(10).and_then(|n| n.checked_add(digit));
        match next.filter(|n| isize::try_from(*n).is_ok()) {
            Some(next) => number = next,
            None => return fail(cx, "Too many decimal digits in format string"),
        }
    }
    Ok((!name.is_empty()).then_some(number))
}

fn attribute_of(cx: &mut Cx, value: &Root, name: &[u32]) -> Result<Root, Raised> {
    if name.is_empty() {
        return fail(cx, "Empty attribute in format string");
    }
    let name = cx.vm().str_or_memory_error(name)?;
    let name = cx.vm().intern_str(name);
    cx.get_attr_value(value.handle(), name)
}

fn item_of(cx: &mut Cx, value: &Root, key: &[u32]) -> Result<Root, Raised> {
    if key.is_empty() {
        return fail(cx, "Empty attribute in format string");
    }
    let key = match index(cx, key)? {
        Some(number) => cx.vm().new_int(number as i64),
        None => cx.vm().str_or_memory_error(key)?,
    };
    let key = cx.root_value(key);
    cx.get_item(value.handle(), key.handle())
}

fn convert(cx: &mut Cx, value: &Root, conversion: u32) -> Result<Root, Raised> {
    match char::from_u32(conversion) {
        Some('r') => cx.repr(value.handle()),
        Some('s') => cx.str(value.handle()),
        Some('a') => {
            let text = cx.repr(value.handle())?;
            let escaped = cx.vm().escaped(text.value());
            Ok(cx.root_value(escaped))
        }
        Some(c) if (33..127).contains(&conversion) => fail(cx, &format!("Unknown conversion specifier {c}")),
        _ => fail(cx, &format!("Unknown conversion specifier \\x{conversion:x}")),
    }
}

impl Cx {
    /// `format(value, spec)`: a string.
    pub(crate) fn format(&mut self, value: Handle<'_>, spec: Handle<'_>) -> Result<Root, Raised> {
        let (value, spec) = (value.value(), spec.value());
        let vm = self.vm();
        if spec.is_kind(Kind::Str)
            && vm.units(spec).is_empty()
            && let Some(text) = vm.text_plain(value, TextOf::Str)
        {
            return Ok(self.root_value(text));
        }
        let text = vm.door(|vm| vm.format_with_spec(value, spec))?;
        Ok(self.root_value(text))
    }
}
