//! Writers: rows to lines.

use super::dialect::Dialect;
use super::{State, error, make_dialect, quoting};
use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::types::functional::native_state;
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::new("writerow", "$self, row, /", write_row),
    NativeDef::new("writerows", "$self, rows, /", write_rows),
    NativeDef::getter("dialect", |cx, args| {
        let dialect = cx.state::<Writer>(args.at(0))?.dialect.value();
        Ok(cx.local(dialect))
    }),
];

native_state!(
    /// A writer's state.
    Writer { write, dialect ; ; }
);

/// Makes the type.
pub(super) fn init(vm: &mut Vm) -> Value {
    vm.new_module_type("_csv", "writer", Kind::Boxed, crate::type_object::type_flag::NO_NEW, METHODS)
}

/// `writer(file, dialect='excel', **options)`.
pub(super) fn writer<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let write = match cx.get_attr_opt(args.at(0), "write")? {
        Some(write) if cx.vm().is_callable(write.value()) => write,
        _ => return Err(cx.vm().raise_type_error("argument 1 must have a \"write\" method")),
    };
    let dialect = make_dialect(cx, args.rest(), args.opt(1))?;
    let state = Writer { write: Slot::of(write.value()), dialect: Slot::of(dialect.value()) };
    let class = cx.root_value(cx.vm().module_state::<State>().writer);
    let made = cx.make_object(class.handle(), Box::new(state))?;
    Ok(cx.local(made))
}

/// A line being made.
struct Line<'d> {
    dialect: &'d Dialect,
    text: Vec<u32>,
    fields: usize,
}

impl Line<'_> {
    /// Whether a field must be quoted by its value alone.
    fn must_quote(&self, is_number: bool, is_str: bool, is_none: bool) -> bool {
        match self.dialect.quoting {
            quoting::NONNUMERIC => !is_number,
            quoting::ALL => true,
            quoting::STRINGS => is_str,
            quoting::NOTNULL => !is_none,
            _ => false,
        }
    }

    /// Appends a field; `None` if a character in it would have to be escaped and cannot.
    fn push(&mut self, field: &[u32], mut quoted: bool) -> Option<()> {
        let dialect = self.dialect;
        let mut text = Vec::with_capacity(field.len());
        for point in field.iter().copied() {
            let is_quote = Some(point) == dialect.quote;
            let is_escape = Some(point) == dialect.escape;
            let is_special = point == dialect.delimiter
                || is_escape
                || is_quote
                || matches!(point, 10 | 13)
                || dialect.terminator.contains(&point);
            let mut escaped = false;
            if is_special {
                if dialect.quoting == quoting::NONE {
                    escaped = true;
                } else if is_quote && dialect.double_quote {
                    text.push(point);
                } else if is_quote || is_escape {
                    escaped = true;
                }
                quoted |= !escaped;
            }
            if escaped {
                text.push(dialect.escape?);
            }
            text.push(point);
        }
        if self.fields > 0 {
            self.text.push(dialect.delimiter);
        }
        self.fields += 1;
        let quote = dialect.quote.filter(|_| quoted);
        self.text.extend(quote.into_iter().chain(text).chain(quote));
        Some(())
    }
}

/// The text of a field that is no string.
fn text_of(cx: &mut Cx, field: Handle<'_>) -> Result<Option<Root>, Raised> {
    if field.value().is_none() { Ok(None) } else { cx.str(field).map(Some) }
}

fn add_field(cx: &mut Cx, line: &mut Line<'_>, field: Handle<'_>) -> Result<(), Raised> {
    let value = field.value();
    let is_str = value.is_kind(Kind::Str);
    let is_number = cx.vm().is_any_int(value)
        || cx.vm().float_of(value).is_some()
        || value.is_kind(Kind::Complex)
        || !is_str && !value.is_none() && has_float(cx, value);
    let mut quoted = line.must_quote(is_number, is_str, value.is_none());
    let text: Vec<u32> = match text_of(cx, field)? {
        Some(text) => cx.vm().units(text.value()).iter().collect(),
        None => Vec::new(),
    };
    let dialect = line.dialect;
    if text.is_empty() && dialect.delimiter == u32::from(b' ') && dialect.skip_space {
        let plain = dialect.quoting == quoting::NONE
            || value.is_none() && matches!(dialect.quoting, quoting::STRINGS | quoting::NOTNULL);
        if plain {
            let message = "empty field must be quoted if delimiter is a space and skipinitialspace is true";
            return Err(error(cx, message));
        }
        quoted = true;
    }
    if dialect.skip_space && text.first() == Some(&u32::from(b' ')) && dialect.quoting != quoting::NONE {
        quoted = true;
    }
    match line.push(&text, quoted) {
        Some(()) => Ok(()),
        None => Err(error(cx, "need to escape, but no escapechar set")),
    }
}

fn has_float(cx: &Cx, value: Value) -> bool {
    let (ty, name) = (cx.vm().type_of(value), cx.vm().names.__float__);
    !cx.vm().lookup(ty, name).is_undef()
}

fn line_of(cx: &mut Cx, writer: Handle<'_>, row: Handle<'_>) -> Result<Vec<u32>, Raised> {
    let dialect = cx.root_value(cx.state::<Writer>(writer)?.dialect.value());
    let dialect = cx.state::<Dialect>(dialect.handle())?.clone();
    if !cx.vm().is_iterable(row.value()) {
        let ty = cx.vm().type_name_of(row.value());
        return Err(error(cx, &format!("iterable expected, not {ty}")));
    }
    let iterator = cx.iter(row)?;
    let mut line = Line { dialect: &dialect, text: Vec::new(), fields: 0 };
    let mut has_null = false;
    while let Some(field) = cx.next(iterator.handle())? {
        has_null = field.value().is_none();
        add_field(cx, &mut line, field.handle())?;
    }
    if line.fields == 1 && line.text.is_empty() {
        let unquoted = dialect.quoting == quoting::NONE
            || has_null && matches!(dialect.quoting, quoting::STRINGS | quoting::NOTNULL);
        if unquoted {
            return Err(error(cx, "single empty field record must be quoted"));
        }
        line.text.extend(dialect.quote.into_iter().chain(dialect.quote));
    }
    line.text.extend_from_slice(&dialect.terminator);
    Ok(line.text)
}

fn write(cx: &mut Cx, writer: Handle<'_>, row: Handle<'_>) -> Result<Root, Raised> {
    let line = line_of(cx, writer, row)?;
    let line = cx.vm().str_from_points(line.into_iter());
    let line = cx.root_value(line);
    let function = cx.root_value(cx.state::<Writer>(writer)?.write.value());
    cx.call(function.handle(), &[line.handle()])
}

fn write_row<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = write(cx, args.at(0), args.at(1))?;
    Ok(cx.local(result.value()))
}

fn write_rows<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let rows = cx.iter(args.at(1))?;
    while let Some(row) = cx.next(rows.handle())? {
        write(cx, args.at(0), row.handle())?;
    }
    Ok(cx.none())
}
