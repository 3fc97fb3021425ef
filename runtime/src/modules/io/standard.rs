//! `sys.stdin`, `sys.stdout` and `sys.stderr`.

use std::rc::Rc;

use crate::codecs::Encoding;
use crate::cx::Slot;
use crate::modules::posix::syscalls;
use crate::value::Value;
use crate::vm::Vm;

use super::buffered::Buffered;
use super::file_io::FileState;
use super::raw::{Access, Core, RawFile, Stream};
use super::text::Text;

/// Puts the three text files into `sys`, under their own and their original names.
pub(super) fn install(vm: &mut Vm) {
    let errors = if is_c_locale() { "surrogateescape" } else { "strict" };
    for (name, stream, errors) in [
        ("stdin", Stream::Input, errors),
        ("stdout", Stream::Output, errors),
        ("stderr", Stream::Error, "backslashreplace"),
    ] {
        let file = text_file(vm, name, stream, errors);
        vm.keep(file);
        match stream {
            Stream::Output => vm.out.plain_out = file,
            Stream::Error => vm.out.plain_err = file,
            _ => {}
        }
        let sys = vm.sys_dict;
        crate::modules::set(vm, sys, name, file);
        crate::modules::set(vm, sys, &format!("__{name}__"), file);
    }
}

/// Whether the environment asks for no language's conventions: then bytes that are no text pass through the streams.
fn is_c_locale() -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    set.is_none_or(|locale| matches!(locale.as_str(), "C" | "POSIX" | "C.UTF-8" | "C.utf8" | "UTF-8"))
}

fn set_attribute(vm: &mut Vm, object: Value, name: &str, value: &str) {
    let value = vm.intern(value);
    let dict = vm.instance_dict(object).expect("files have one");
    crate::modules::set(vm, dict, name, value);
}

fn text_file(vm: &mut Vm, name: &str, stream: Stream, errors: &str) -> Value {
    let types = vm.io_types();
    let (fd, readable) = match stream {
        Stream::Input => (0, true),
        Stream::Output => (1, false),
        _ => (2, false),
    };
    let access = Access { readable, writable: !readable, ..Access::default() };
    let raw = Rc::new(RawFile::new(fd, access, false, stream));
    let shape = vm.shape_of_type(types.file);
    let file = vm.new_boxed(shape, Box::new(FileState::of(raw.clone())));
    let shown = format!("<{name}>");
    set_attribute(vm, file, "name", &shown);
    let core = Core::new(raw);
    let buffered = Buffered { raw: Slot::of(file), ..Buffered::default() };
    *buffered.core.borrow_mut() = Some(core.clone());
    let shape = vm.shape_of_type(if readable { types.reader } else { types.writer });
    let buffered = vm.new_boxed(shape, Box::new(buffered));
    let text = Text { buffer: Slot::of(buffered), ..Text::default() };
    *text.core.borrow_mut() = Some(core);
    *text.encoding.borrow_mut() = String::from("utf-8");
    *text.errors.borrow_mut() = String::from(errors);
    text.reads.set(readable.then_some(Encoding::Utf8));
    text.writes.set((!readable).then_some(Encoding::Utf8));
    let is_terminal = syscalls::isatty(fd);
    text.line_buffering.set(stream == Stream::Error || is_terminal);
    if stream == Stream::Output {
        vm.out.by_line = is_terminal;
    }
    let shape = vm.shape_of_type(types.text);
    let text = vm.new_boxed(shape, Box::new(text));
    set_attribute(vm, text, "mode", if readable { "r" } else { "w" });
    text
}
