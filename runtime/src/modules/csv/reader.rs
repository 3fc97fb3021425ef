//! Readers: lines to rows.

use std::cell::{Cell, RefCell};

use super::dialect::Dialect;
use super::{State, error, make_dialect, quoting};
use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::types::functional::native_state;
use crate::types::shared::ITER_ITSELF;
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::getter("dialect", |cx, args| {
        let dialect = cx.state::<Reader>(args.at(0))?.dialect.value();
        Ok(cx.local(dialect))
    }),
    NativeDef::getter("line_num", |cx, args| {
        let lines = cx.state::<Reader>(args.at(0))?.lines.get();
        let lines = cx.vm().new_int(lines);
        Ok(cx.local(lines))
    }),
];

native_state!(
    /// A reader's state.
    Reader { lines_of, dialect ; ; lines: Cell<i64> }
);

/// Makes the type.
pub(super) fn init(vm: &mut Vm) -> Value {
    vm.new_module_type("_csv", "reader", Kind::Boxed, crate::type_object::type_flag::NO_NEW, METHODS)
}

/// `reader(iterable, dialect='excel', **options)`.
pub(super) fn reader<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.iter(args.at(0))?;
    let dialect = make_dialect(cx, args.rest(), args.opt(1))?;
    let state =
        Reader { lines_of: Slot::of(iterator.value()), dialect: Slot::of(dialect.value()), lines: 0.into() };
    let class = cx.root_value(cx.vm().module_state::<State>().reader);
    let made = cx.make_object(class.handle(), Box::new(state))?;
    Ok(cx.local(made))
}

/// Where in a record the reader is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    RecordStart,
    FieldStart,
    Escaped,
    InField,
    InQuoted,
    EscapedInQuoted,
    QuoteInQuoted,
    LineEnd,
    EscapedLineEnd,
}

/// A field: its text, whether it was quoted.
struct Field {
    text: Vec<u32>,
    quoted: bool,
}

/// Reads one record, which may be several lines.
struct Parser<'d> {
    dialect: &'d Dialect,
    place: Place,
    fields: Vec<Field>,
    field: Field,
    limit: i64,
}

/// The end of a line.
const END: u32 = u32::MAX;

fn is_line_end(point: u32) -> bool {
    matches!(point, 10 | 13)
}

impl Parser<'_> {
    fn add(&mut self, point: u32) -> Result<(), String> {
        if self.field.text.len() as i64 >= self.limit {
            return Err(format!("field larger than field limit ({})", self.limit));
        }
        self.field.text.push(point);
        Ok(())
    }

    fn save(&mut self) {
        let field = std::mem::replace(&mut self.field, Field { text: Vec::new(), quoted: false });
        self.fields.push(field);
    }

    /// After a field: at a line's end, or before the next field.
    fn end_field(&mut self, point: u32) {
        self.save();
        self.place = match point {
            END => Place::RecordStart,
            point if is_line_end(point) => Place::LineEnd,
            _ => Place::FieldStart,
        };
    }

    fn start_field(&mut self, point: u32) -> Result<(), String> {
        let dialect = self.dialect;
        if point == END || is_line_end(point) || point == dialect.delimiter {
            self.end_field(point);
        } else if Some(point) == dialect.quote && dialect.quoting != quoting::NONE {
            self.field.quoted = true;
            self.place = Place::InQuoted;
        } else if Some(point) == dialect.escape {
            self.place = Place::Escaped;
        } else if point == u32::from(b' ') && dialect.skip_space {
            self.place = Place::FieldStart;
        } else {
            self.place = Place::InField;
            return self.add(point);
        }
        Ok(())
    }

    fn step(&mut self, point: u32) -> Result<(), String> {
        let dialect = self.dialect;
        match self.place {
            Place::RecordStart if point == END => {}
            Place::RecordStart if is_line_end(point) => self.place = Place::LineEnd,
            Place::RecordStart | Place::FieldStart => return self.start_field(point),
            Place::Escaped => {
                if is_line_end(point) {
                    self.place = Place::EscapedLineEnd;
                    return self.add(point);
                }
                self.place = Place::InField;
                return self.add(if point == END { 10 } else { point });
            }
            Place::EscapedLineEnd if point == END => {}
            Place::InField | Place::EscapedLineEnd => {
                self.place = Place::InField;
                if point == END || is_line_end(point) || point == dialect.delimiter {
                    self.end_field(point);
                } else if Some(point) == dialect.escape {
                    self.place = Place::Escaped;
                } else {
                    return self.add(point);
                }
            }
            Place::InQuoted if point == END => {}
            Place::InQuoted => return self.in_quoted(point),
            Place::EscapedInQuoted => {
                self.place = Place::InQuoted;
                return self.add(if point == END { 10 } else { point });
            }
            Place::QuoteInQuoted => return self.behind_quote(point),
            Place::LineEnd if point == END => self.place = Place::RecordStart,
            Place::LineEnd if is_line_end(point) => {}
            Place::LineEnd => {
                return Err(String::from(
                    "new-line character seen in unquoted field - do you need to open the file with newline=''?",
                ));
            }
        }
        Ok(())
    }

    fn in_quoted(&mut self, point: u32) -> Result<(), String> {
        let dialect = self.dialect;
        if Some(point) == dialect.escape {
            self.place = Place::EscapedInQuoted;
        } else if Some(point) == dialect.quote && dialect.quoting != quoting::NONE {
            self.place = if dialect.double_quote { Place::QuoteInQuoted } else { Place::InField };
        } else {
            return self.add(point);
        }
        Ok(())
    }

    /// After a quote in a quoted field: a second one, or the field's end.
    fn behind_quote(&mut self, point: u32) -> Result<(), String> {
        let dialect = self.dialect;
        if dialect.quoting != quoting::NONE && Some(point) == dialect.quote {
            self.place = Place::InQuoted;
            return self.add(point);
        }
        if point == END || is_line_end(point) || point == dialect.delimiter {
            self.end_field(point);
            return Ok(());
        }
        if dialect.strict {
            let show = |point: Option<u32>| point.and_then(char::from_u32).unwrap_or('\u{fffd}');
            return Err(format!(
                "'{}' expected after '{}'",
                show(Some(dialect.delimiter)),
                show(dialect.quote)
            ));
        }
        self.place = Place::InField;
        self.add(point)
    }
}

/// A field's value.
fn value_of(cx: &mut Cx, dialect: &Dialect, field: Field) -> Result<Value, Raised> {
    let is_empty = field.text.is_empty();
    let text = cx.vm().str_from_points(field.text.into_iter());
    if field.quoted {
        return Ok(text);
    }
    if is_empty && matches!(dialect.quoting, quoting::NOTNULL | quoting::STRINGS) {
        return Ok(Value::NONE);
    }
    let is_number = dialect.quoting == quoting::NONNUMERIC || dialect.quoting == quoting::STRINGS;
    if !is_number || is_empty {
        return Ok(text);
    }
    let (class, text) = (cx.root_value(cx.vm().types.float), cx.root_value(text));
    Ok(cx.call(class.handle(), &[text.handle()])?.value())
}

/// The next line; `None` at the end.
fn next_line(cx: &mut Cx, reader: Handle<'_>) -> Result<Option<Vec<u32>>, Raised> {
    let lines = cx.root_value(cx.state::<Reader>(reader)?.lines_of.value());
    let Some(line) = cx.next(lines.handle())? else { return Ok(None) };
    if !line.value().is_kind(Kind::Str) {
        let ty = cx.vm().type_name_of(line.value());
        let message =
            format!("iterator should return strings, not {ty} (the file should be opened in text mode)");
        return Err(error(cx, &message));
    }
    let reader = cx.state::<Reader>(reader)?;
    reader.lines.set(reader.lines.get() + 1);
    Ok(Some(cx.vm().units(line.value()).iter().collect()))
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dialect = cx.root_value(cx.state::<Reader>(args.at(0))?.dialect.value());
    let dialect = cx.state::<Dialect>(dialect.handle())?.clone();
    let limit = cx.vm().module_state::<State>().limit;
    let parser = Parser {
        dialect: &dialect,
        place: Place::RecordStart,
        fields: Vec::new(),
        field: Field { text: Vec::new(), quoted: false },
        limit,
    };
    let parser = RefCell::new(parser);
    loop {
        let line = next_line(cx, args.at(0))?;
        let mut parser = parser.borrow_mut();
        let Some(line) = line else {
            let unfinished = !parser.field.text.is_empty() || parser.place == Place::InQuoted;
            if !unfinished && parser.fields.is_empty() {
                return Err(cx.vm().raise_stop_iteration(Value::NONE));
            }
            if unfinished && dialect.strict {
                return Err(error(cx, "unexpected end of data"));
            }
            parser.save();
            break;
        };
        for point in line.into_iter().chain([END]) {
            parser.step(point).map_err(|message| error(cx, &message))?;
        }
        if parser.place == Place::RecordStart {
            break;
        }
    }
    let fields = parser.into_inner().fields;
    let row = cx.root_value(cx.vm().new_list(Vec::new()));
    for field in fields {
        let value = value_of(cx, &dialect, field)?;
        crate::ops::list_items(row.value()).push(value);
    }
    Ok(cx.local(row.value()))
}
