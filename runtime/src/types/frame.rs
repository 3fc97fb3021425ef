//! `frame`: running and ended frames as objects. A frame object reads its frame's slots while the frame runs or is
//! suspended in a generator, and the copies made when the frame ended afterwards.

#![expect(unsafe_code, reason = "frames are reached through pointers")]

use bytecode::CodeFlags;
use bytecode::code::local_kind::{CELL, FREE};

use crate::cell::*;
use crate::code::CodeData;
use crate::cx::{Args, Cx, Handle, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("clear", "$self, /", clear).doc("clear all references held by the frame"),
    NativeDef::getter("f_back", back),
    NativeDef::getter("f_code", code),
    NativeDef::getter("f_globals", globals),
    NativeDef::getter("f_builtins", builtins),
    NativeDef::getter("f_locals", locals),
    NativeDef::attribute("f_lineno", line, set_line),
    NativeDef::getter("f_lasti", lasti),
    NativeDef::attribute("f_trace", get_trace, set_trace),
    NativeDef::attribute("f_trace_lines", get_trace_lines, ignore_trace_flag),
    NativeDef::attribute("f_trace_opcodes", get_trace_opcodes, ignore_trace_flag),
];

/// A frame object's cell; leaf code only.
pub(super) fn cell<'a>(object: Value) -> &'a mut FrameCell {
    // SAFETY: the caller has a live frame object.
    unsafe { &mut *object.cast::<FrameCell>() }
}

fn function<'a>(object: Value) -> &'a FunctionCell {
    // SAFETY: a frame object keeps its function alive.
    unsafe { &*cell(object).function.cast::<FunctionCell>() }
}

/// The code that a frame object's frame runs.
pub(super) fn code_of<'a>(object: Value) -> &'a CodeData {
    // SAFETY: the function keeps its code alive.
    unsafe { &*function(object).code_data }
}

impl Vm {
    /// The slots of a frame object's frame, as far as they are localsplus; `None` if it has ended.
    fn frame_slots(&self, object: Value) -> Option<*mut Value> {
        let frame = cell(object);
        if frame.record >= 0 {
            return Some(self.frames()[frame.record as usize].slots());
        }
        let generator = frame.generator.as_cell::<GeneratorCell>()?;
        // SAFETY: the generator is live: the frame object keeps it.
        let is_done = unsafe { (*generator).state == GeneratorState::Done };
        (!is_done && frame.locals.is_undef()).then(|| GeneratorCell::slots(generator))
    }

    /// Local `index` of a frame, through its cell if it has one; Undef if unbound.
    pub(super) fn frame_local(&self, object: Value, index: usize) -> Value {
        let raw = match self.frame_slots(object) {
            // SAFETY: localsplus slots are initialised while the frame lives.
            Some(slots) => unsafe { *slots.add(index) },
            None if cell(object).locals.is_undef() => Value::UNDEF,
            None => self.sequence_item(cell(object).locals, index).unwrap_or(Value::UNDEF),
        };
        let kind = code_of(object).object().localspluskinds[index];
        if kind & (CELL | FREE) != 0 && raw.is_kind(Kind::Cell) {
            // Before MAKE_CELL ran, a parameter lies in the slot itself; free variables of a frame that has not
            // begun lie in the closure.
            return self.cell_contents(raw);
        }
        if raw.is_undef() && kind & FREE != 0 && self.frame_slots(object).is_some() {
            return self.closure_contents(object, index);
        }
        raw
    }

    /// A free variable of a frame that has not copied its closure yet.
    fn closure_contents(&self, object: Value, index: usize) -> Value {
        let code = code_of(object).object();
        let first = code.nlocalsplus() - code.nfreevars();
        let closure = function(object).closure;
        let in_closure = index.checked_sub(first).filter(|_| !closure.is_undef());
        match in_closure.and_then(|i| self.sequence_item(closure, i)) {
            Some(cell) => self.cell_contents(cell),
            None => Value::UNDEF,
        }
    }

    /// Sets local `index` of a frame, through its cell if it has one.
    pub(super) fn set_frame_local(&mut self, object: Value, index: usize, value: Value) {
        let Some(slots) = self.frame_slots(object) else {
            let locals = cell(object).locals;
            if let Some(tuple) = locals.as_cell::<TupleCell>() {
                // SAFETY: the tuple of copies belongs to the frame object alone.
                unsafe {
                    let place = TupleCell::data(tuple).add(index);
                    if (*place).is_kind(Kind::Cell) {
                        self.set_cell_contents(*place, value);
                    } else {
                        *place = value;
                    }
                }
            }
            return;
        };
        // SAFETY: as in `frame_local`.
        unsafe {
            let place = slots.add(index);
            let kind = code_of(object).object().localspluskinds[index];
            if kind & (CELL | FREE) != 0 && (*place).is_kind(Kind::Cell) {
                self.set_cell_contents(*place, value);
            } else {
                *place = value;
            }
        }
    }

    /// Whether a frame keeps names in a namespace of its own: modules, class bodies, `exec`.
    pub(super) fn frame_namespace(object: Value) -> Option<Value> {
        let locals = function(object).locals;
        (!code_of(object).flags().has(CodeFlags::OPTIMIZED) && !locals.is_undef()).then_some(locals)
    }

    /// The offset of the instruction that a frame runs or ran last.
    fn frame_offset(&self, object: Value) -> i64 {
        let frame = cell(object);
        if frame.record >= 0 {
            let record = self.frames()[frame.record as usize];
            return code_of(object).offset_before(record.resume_at(), None) as i64;
        }
        if let Some(generator) = frame.generator.as_cell::<GeneratorCell>() {
            // SAFETY: the generator is live.
            unsafe {
                match (*generator).state {
                    GeneratorState::Created => return -1,
                    GeneratorState::Suspended => {
                        return code_of(object).offset_before((*generator).pc, None) as i64;
                    }
                    _ => {}
                }
            }
        }
        frame.lasti
    }

    /// The line that a frame runs or ran last.
    pub(crate) fn frame_line(&self, object: Value) -> Option<i64> {
        let code = code_of(object).object();
        match u32::try_from(self.frame_offset(object)) {
            Ok(offset) => code.line_of(offset).map(i64::from),
            Err(_) => Some(code.firstlineno.into()),
        }
    }

    /// The frame object of the innermost Python frame around record `depth`, if there is one.
    pub(crate) fn frame_before(&mut self, depth: usize) -> Value {
        let outer = self.frames()[..depth].iter().rposition(|frame| !self.is_entry(frame.callee));
        outer.map_or(Value::NONE, |outer| self.frame_object(outer))
    }
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let object = args.at(0).value();
    let number = vm.ids.number(object);
    let file = vm.str_lossy(code_of(object).filename);
    let name = vm.str_lossy(code_of(object).name);
    let line = vm.frame_line(object).unwrap_or(-1);
    let text = format!("<frame at {number:#x}, file '{file}', line {line}, code {name}>");
    let text = vm.new_str(&text);
    Ok(cx.local(text))
}

fn clear<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = args.at(0).value();
    let frame = cell(object);
    if frame.record >= 0 {
        return Err(cx.vm().raise_runtime_error("cannot clear an executing frame"));
    }
    if let Some(generator) = frame.generator.as_cell::<GeneratorCell>() {
        // SAFETY: the generator is live.
        match unsafe { (*generator).state } {
            GeneratorState::Suspended => {
                return Err(cx.vm().raise_runtime_error("cannot clear a suspended frame"));
            }
            GeneratorState::Created => {
                let generator = cx.root_value(frame.generator);
                super::generator::close_generator(cx, generator.handle())?;
            }
            _ => {}
        }
    }
    cell(object).locals = Value::UNDEF;
    Ok(cx.none())
}

fn back<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let frame = cell(args.at(0).value());
    let back = if frame.record >= 0 {
        cx.vm().frame_before(frame.record as usize)
    } else if frame.back.is_undef() {
        Value::NONE
    } else {
        frame.back
    };
    Ok(cx.local(back))
}

fn code<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(function(args.at(0).value()).code))
}

fn globals<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(function(args.at(0).value()).globals))
}

fn builtins<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(function(args.at(0).value()).builtins))
}

fn locals<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = args.at(0).value();
    let locals = match Vm::frame_namespace(object) {
        Some(namespace) => namespace,
        None => super::frame_locals::new_proxy(cx.vm(), object),
    };
    Ok(cx.local(locals))
}

fn line<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let line = cx.vm().frame_line(args.at(0).value());
    let line = line.and_then(Value::from_int).unwrap_or(Value::NONE);
    Ok(cx.local(line))
}

fn set_line<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_value_error("f_lineno can only be set by a trace function"))
}

fn lasti<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let offset = cx.vm().frame_offset(args.at(0).value());
    let offset = if offset < 0 { -1 } else { offset * 2 };
    Ok(cx.local(Value::small(offset as i32)))
}

fn get_trace<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn set_trace<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if args.opt(1).map(Handle::value).is_none_or(Value::is_none) {
        return Ok(cx.none());
    }
    Err(cx.vm().raise_not_implemented_error("trace functions are not supported: frame.f_trace cannot be set"))
}

fn get_trace_lines<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(true))
}

fn get_trace_opcodes<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(false))
}

/// Nothing is traced, so there is nothing to switch.
fn ignore_trace_flag<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}
