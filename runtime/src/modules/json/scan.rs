//! Reading a document: `make_scanner`.

use std::any::Any;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::str_object::Units;
use crate::value::Value;

use super::raise_decode_error;
use super::text::scan_string;

/// What a scanner is told by its decoder.
struct Scanner {
    strict: bool,
    object_hook: Slot,
    object_pairs_hook: Slot,
    parse_float: Slot,
    parse_int: Slot,
    parse_constant: Slot,
}

impl Payload for Scanner {
    fn trace(&self, marker: &mut Marker) {
        let slots = [&self.object_hook, &self.object_pairs_hook, &self.parse_float, &self.parse_int];
        for slot in slots.into_iter().chain([&self.parse_constant]) {
            slot.trace(marker);
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, context", new),
    NativeDef::new("__call__", "$self, string, idx", call),
    NativeDef::getter("strict", strict),
    NativeDef::getter("object_hook", object_hook),
    NativeDef::getter("object_pairs_hook", object_pairs_hook),
    NativeDef::getter("parse_float", parse_float),
    NativeDef::getter("parse_int", parse_int),
    NativeDef::getter("parse_constant", parse_constant),
];

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let context = args.at(1);
    let strict = cx.get_attr(context, "strict")?;
    let scanner = Scanner {
        strict: cx.truth(strict.handle())?,
        object_hook: Slot::of(cx.get_attr(context, "object_hook")?.value()),
        object_pairs_hook: Slot::of(cx.get_attr(context, "object_pairs_hook")?.value()),
        parse_float: Slot::of(cx.get_attr(context, "parse_float")?.value()),
        parse_int: Slot::of(cx.get_attr(context, "parse_int")?.value()),
        parse_constant: Slot::of(cx.get_attr(context, "parse_constant")?.value()),
    };
    let vm = cx.vm();
    let shape = vm.shape_of_type(args.at(0).value());
    let scanner = vm.new_boxed(shape, Box::new(scanner));
    Ok(cx.local(scanner))
}

fn own<'a>(cx: &'a Cx, args: Args<'_>) -> &'a Scanner {
    cx.payload::<Scanner>(args.at(0)).expect("methods of scanners get one")
}

fn strict<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let strict = own(cx, args).strict;
    Ok(cx.bool(strict))
}

fn object_hook<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = own(cx, args).object_hook.value();
    Ok(cx.local(value))
}

fn object_pairs_hook<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = own(cx, args).object_pairs_hook.value();
    Ok(cx.local(value))
}

fn parse_float<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = own(cx, args).parse_float.value();
    Ok(cx.local(value))
}

fn parse_int<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = own(cx, args).parse_int.value();
    Ok(cx.local(value))
}

fn parse_constant<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = own(cx, args).parse_constant.value();
    Ok(cx.local(value))
}

/// A container whose end was not read yet.
enum Open {
    Array(Root),
    /// A dict or a list of pairs, and the key of the value that is being read.
    Object(Root, Root),
}

fn call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let document = args.at(1);
    if !document.value().is_kind(Kind::Str) {
        let ty = cx.vm().type_name_of(document.value());
        let message = format!("first argument must be a string, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    let index = cx.c_long(args.at(2))?;
    let Ok(start) = usize::try_from(index) else {
        return Err(cx.vm().raise_value_error("idx cannot be negative"));
    };
    let mut reader = Reader { args, document, at: start, open: Vec::new() };
    let value = reader.read(cx)?;
    let end = cx.vm().new_int(reader.at as i64);
    let pair = cx.vm().new_tuple(&[value.value(), end]);
    Ok(cx.local(pair))
}

struct Reader<'r> {
    args: Args<'r>,
    document: Handle<'r>,
    /// What is read next.
    at: usize,
    open: Vec<Open>,
}

impl Reader<'_> {
    /// The character at a place; 0 behind the end.
    fn peek(&self, cx: &Cx) -> u32 {
        let units = cx.vm().units(self.document.value());
        if self.at < units.len() { units.at(self.at) } else { 0 }
    }

    fn is_at(&self, cx: &Cx, byte: u8) -> bool {
        self.peek(cx) == u32::from(byte)
    }

    fn skip_space(&mut self, cx: &Cx) {
        let units = cx.vm().units(self.document.value());
        while self.at < units.len() && matches!(units.at(self.at), 9 | 10 | 13 | 32) {
            self.at += 1;
        }
    }

    fn error(&self, cx: &mut Cx, message: &str, at: usize) -> Raised {
        raise_decode_error(cx, message, self.document, at as i64)
    }

    /// There is no value at a place.
    fn nothing(cx: &Cx, at: usize) -> Raised {
        let at = cx.vm().new_int(at as i64);
        cx.vm().raise_stop_iteration(at)
    }

    fn read(&mut self, cx: &mut Cx) -> Result<Root, Raised> {
        loop {
            let Some(mut value) = self.value(cx)? else { continue };
            loop {
                let Some(open) = self.open.pop() else { return Ok(value) };
                match self.add(cx, open, &value)? {
                    Some(container) => value = container,
                    None => break,
                }
            }
        }
    }

    /// Reads a value; none if it is a container with something in it, which is open now.
    fn value(&mut self, cx: &mut Cx) -> Result<Option<Root>, Raised> {
        let scalar = match u8::try_from(self.peek(cx)).unwrap_or(0) {
            b'"' => {
                let strict = own(cx, self.args).strict;
                let (text, end) = scan_string(cx, self.document, self.at + 1, strict)?;
                self.at = end;
                text
            }
            b'{' => return self.object(cx),
            b'[' => return self.array(cx),
            b'n' if self.word(cx, "null") => Value::NONE,
            b't' if self.word(cx, "true") => Value::TRUE,
            b'f' if self.word(cx, "false") => Value::FALSE,
            b'N' if self.word(cx, "NaN") => return self.constant(cx, "NaN").map(Some),
            b'I' if self.word(cx, "Infinity") => return self.constant(cx, "Infinity").map(Some),
            b'-' if self.word(cx, "-Infinity") => return self.constant(cx, "-Infinity").map(Some),
            _ => return self.number(cx).map(Some),
        };
        Ok(Some(cx.root_value(scalar)))
    }

    /// Takes a word if it is what follows.
    fn word(&mut self, cx: &Cx, word: &str) -> bool {
        let units = cx.vm().units(self.document.value());
        let end = self.at + word.len();
        let is_there = end <= units.len()
            && word.bytes().enumerate().all(|(i, byte)| units.at(self.at + i) == u32::from(byte));
        if is_there {
            self.at = end;
        }
        is_there
    }

    fn constant(&self, cx: &mut Cx, name: &str) -> Result<Root, Raised> {
        let function = cx.root_value(own(cx, self.args).parse_constant.value());
        let name = cx.vm().intern(name);
        let name = cx.root_value(name);
        cx.call(function.handle(), &[name.handle()])
    }

    // ---- containers -----------------------------------------------------------------------------------------------

    fn open(&mut self, cx: &mut Cx, open: Open) -> Result<(), Raised> {
        if self.open.len() >= super::DEPTH {
            let what = if matches!(open, Open::Array(_)) { "array" } else { "object" };
            let message = format!(
                "maximum recursion depth exceeded while decoding a JSON {what} from a unicode string"
            );
            return Err(cx.vm().raise_recursion_error(&message));
        }
        self.open.push(open);
        Ok(())
    }

    fn array(&mut self, cx: &mut Cx) -> Result<Option<Root>, Raised> {
        self.at += 1;
        self.skip_space(cx);
        let list = cx.vm().new_list(Vec::new());
        let list = cx.root_value(list);
        if self.is_at(cx, b']') {
            self.at += 1;
            return Ok(Some(list));
        }
        self.open(cx, Open::Array(list))?;
        Ok(None)
    }

    fn object(&mut self, cx: &mut Cx) -> Result<Option<Root>, Raised> {
        self.at += 1;
        self.skip_space(cx);
        let pairs = !own(cx, self.args).object_pairs_hook.value().is_none();
        let target = if pairs { cx.vm().new_list(Vec::new()) } else { cx.vm().new_dict() };
        let target = cx.root_value(target);
        if self.is_at(cx, b'}') {
            self.at += 1;
            return self.hooked(cx, target).map(Some);
        }
        let key = self.key(cx)?;
        self.open(cx, Open::Object(target, key))?;
        Ok(None)
    }

    /// A key and the colon behind it.
    fn key(&mut self, cx: &mut Cx) -> Result<Root, Raised> {
        if !self.is_at(cx, b'"') {
            return Err(self.error(cx, "Expecting property name enclosed in double quotes", self.at));
        }
        let strict = own(cx, self.args).strict;
        let (key, end) = scan_string(cx, self.document, self.at + 1, strict)?;
        let key = cx.root_value(key);
        self.at = end;
        self.skip_space(cx);
        if !self.is_at(cx, b':') {
            return Err(self.error(cx, "Expecting ':' delimiter", self.at));
        }
        self.at += 1;
        self.skip_space(cx);
        Ok(key)
    }

    /// Adds a value to its container; the container, if that was its last one.
    fn add(&mut self, cx: &mut Cx, open: Open, value: &Root) -> Result<Option<Root>, Raised> {
        let (close, what) = match &open {
            Open::Array(list) => {
                crate::ops::list_items(list.value()).push(value.value());
                (b']', "array")
            }
            Open::Object(target, key) => {
                let vm = cx.vm();
                if target.value().is_kind(Kind::List) {
                    let pair = vm.new_tuple(&[key.value(), value.value()]);
                    crate::ops::list_items(target.value()).push(pair);
                } else {
                    vm.dict_set_str(target.value(), key.value(), value.value());
                }
                (b'}', "object")
            }
        };
        self.skip_space(cx);
        if self.is_at(cx, close) {
            self.at += 1;
            return match open {
                Open::Array(list) => Ok(Some(list)),
                Open::Object(target, _) => self.hooked(cx, target).map(Some),
            };
        }
        if !self.is_at(cx, b',') {
            return Err(self.error(cx, "Expecting ',' delimiter", self.at));
        }
        let comma = self.at;
        self.at += 1;
        self.skip_space(cx);
        if self.is_at(cx, close) {
            return Err(self.error(cx, &format!("Illegal trailing comma before end of {what}"), comma));
        }
        let open = match open {
            Open::Array(list) => Open::Array(list),
            Open::Object(target, _) => Open::Object(target, self.key(cx)?),
        };
        self.open.push(open);
        Ok(None)
    }

    /// What the hooks make of an object.
    fn hooked(&self, cx: &mut Cx, object: Root) -> Result<Root, Raised> {
        let scanner = own(cx, self.args);
        let pairs_hook = scanner.object_pairs_hook.value();
        let hook = if pairs_hook.is_none() { scanner.object_hook.value() } else { pairs_hook };
        if hook.is_none() {
            return Ok(object);
        }
        let hook = cx.root_value(hook);
        cx.call(hook.handle(), &[object.handle()])
    }

    // ---- numbers --------------------------------------------------------------------------------------------------

    fn number(&mut self, cx: &mut Cx) -> Result<Root, Raised> {
        let units = cx.vm().units(self.document.value());
        let start = self.at;
        let Some((end, is_float)) = number_end(units, start) else { return Err(Self::nothing(cx, start)) };
        self.at = end;
        let vm = cx.vm();
        let part = units.slice(start, end);
        let scanner = own(cx, self.args);
        let function = if is_float { scanner.parse_float.value() } else { scanner.parse_int.value() };
        if is_float && function == vm.types.float {
            let float = crate::types::float::from_text(part).expect("it has a number's form");
            let float = vm.new_float(float);
            return Ok(cx.root_value(float));
        }
        if !is_float && function == vm.types.int {
            let int = crate::types::int::from_text(vm, part, 10)?.expect("it has a number's form");
            return Ok(cx.root_value(int));
        }
        let text = vm.str_from_part(part);
        let (function, text) = (cx.root_value(function), cx.root_value(text));
        cx.call(function.handle(), &[text.handle()])
    }
}

/// Where a number ends and whether it is a float; none if there is no number.
fn number_end(units: Units<'_>, start: usize) -> Option<(usize, bool)> {
    let at = |i: usize| if i < units.len() { u8::try_from(units.at(i)).unwrap_or(0) } else { 0 };
    let digits = |mut i: usize| {
        while at(i).is_ascii_digit() {
            i += 1;
        }
        i
    };
    let first = start + usize::from(at(start) == b'-');
    let mut end = match at(first) {
        b'0' => first + 1,
        b'1'..=b'9' => digits(first),
        _ => return None,
    };
    let mut is_float = false;
    if at(end) == b'.' && at(end + 1).is_ascii_digit() {
        end = digits(end + 1);
        is_float = true;
    }
    if matches!(at(end), b'e' | b'E') {
        let exponent = end + 1 + usize::from(matches!(at(end + 1), b'+' | b'-'));
        if digits(exponent) > exponent {
            end = digits(exponent);
            is_float = true;
        }
    }
    Some((end, is_float))
}
