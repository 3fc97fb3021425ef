//! Matching arguments to parameters: of Python functions (into a frame's first slots) and of natives (into slots on
//! the value stack), with CPython's messages.

#![expect(unsafe_code, reason = "arguments are written into the value stack")]

use bytecode::CodeFlags;

use crate::call::CallArgs;
use crate::cell::*;
use crate::cx::Raised;
use crate::dict_ops::dict_data;
use crate::native::Params;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

impl Vm {
    /// Writes a call's arguments into the slots at `fp`, which are all undefined.
    pub(crate) fn bind_arguments(
        &mut self,
        function: *mut FunctionCell,
        fp: *mut Value,
        args: CallArgs<'_>,
    ) -> Result<(), Raised> {
        // SAFETY: the function is live; the frame has localsplus slots.
        unsafe {
            let code = &*(*function).code_data;
            let object = &*code.object;
            let (argc, kwonly) = (object.argcount as usize, object.kwonlyargcount as usize);
            let total = argc + kwonly;
            let varargs = object.flags.has(CodeFlags::VARARGS);
            let varkw = object.flags.has(CodeFlags::VARKEYWORDS);
            let slots = std::slice::from_raw_parts_mut(fp, code.nlocalsplus as usize);
            let (names, keywords) = (args.names(), args.keywords());
            let given = args.len() - names.len();

            let kwargs = if varkw {
                let dict = self.new_dict();
                slots[total + usize::from(varargs)] = dict;
                Some(dict)
            } else {
                None
            };
            let taken = given.min(argc);
            args.write(taken, fp);
            if varargs {
                let rest = match args.positionals() {
                    (Some(first), others) if taken == 0 => {
                        let all: Vec<Value> = std::iter::once(first).chain(others.iter().copied()).collect();
                        self.try_tuple(&all)
                    }
                    (first, others) => self.try_tuple(&others[taken - usize::from(first.is_some())..]),
                };
                slots[total] = rest.ok_or(Raised).map_err(|_| self.raise_memory_error())?;
            }
            for (name, value) in names.iter().zip(keywords) {
                self.bind_keyword(function, slots, total, kwargs, *name, *value)?;
            }
            if given > argc && !varargs {
                return Err(self.too_many_positional(function, slots, given));
            }
            if given < argc {
                self.bind_defaults(function, slots, given)?;
            }
            if kwonly > 0 {
                self.bind_keyword_defaults(function, slots)?;
            }
            Ok(())
        }
    }

    unsafe fn bind_keyword(
        &mut self,
        function: *mut FunctionCell,
        slots: &mut [Value],
        total: usize,
        kwargs: Option<Value>,
        name: Value,
        value: Value,
    ) -> Result<(), Raised> {
        // SAFETY: the function is live.
        let code = unsafe { &*(*function).code_data };
        if !name.is_kind(Kind::Str) {
            let message =
                format!("{}() keywords must be strings", self.str_lossy(unsafe { (*function).qualname }));
            return Err(self.raise_type_error(&message));
        }
        let posonly = code.object.posonlyargcount as usize;
        let params = &code.local_names[..total];
        let found = (posonly..total)
            .find(|i| params[*i] == name)
            .or_else(|| (posonly..total).find(|i| self.str_eq(params[*i], name)));
        if let Some(i) = found {
            if !slots[i].is_undef() {
                let message = format!(
                    "{}() got multiple values for argument '{}'",
                    self.str_lossy(unsafe { (*function).qualname }),
                    self.str_lossy(name)
                );
                return Err(self.raise_type_error(&message));
            }
            slots[i] = value;
            return Ok(());
        }
        if let Some(kwargs) = kwargs {
            self.dict_set_str(kwargs, name, value);
            return Ok(());
        }
        Err(unsafe { self.unexpected_keyword(function, name) })
    }

    unsafe fn unexpected_keyword(&mut self, function: *mut FunctionCell, name: Value) -> Raised {
        // SAFETY: the function is live.
        let code = unsafe { &*(*function).code_data };
        let qualname = self.str_lossy(unsafe { (*function).qualname });
        let posonly = code.object.posonlyargcount as usize;
        if code.local_names[..posonly].iter().any(|param| self.str_eq(*param, name)) {
            let message = format!(
                "{qualname}() got some positional-only arguments passed as keyword arguments: '{}'",
                self.str_lossy(name)
            );
            return self.raise_type_error(&message);
        }
        let total = (code.object.argcount + code.object.kwonlyargcount) as usize;
        let candidates: Vec<String> =
            code.local_names[posonly..total].iter().map(|param| self.str_lossy(*param)).collect();
        let name = self.str_lossy(name);
        let hint = crate::suggest::closest(&name, candidates.iter().map(String::as_str))
            .map_or(String::new(), |hint| format!(". Did you mean '{hint}'?"));
        let message = format!("{qualname}() got an unexpected keyword argument '{name}'{hint}");
        self.raise_type_error(&message)
    }

    unsafe fn bind_defaults(
        &mut self,
        function: *mut FunctionCell,
        slots: &mut [Value],
        given: usize,
    ) -> Result<(), Raised> {
        // SAFETY: the function and its defaults are live.
        let (argc, defaults) = unsafe {
            let defaults = (*function).defaults;
            let items: &[Value] = if defaults.is_undef() { &[] } else { TupleCell::items(defaults.cast()) };
            ((&*(*function).code_data).object.argcount as usize, items)
        };
        let required = argc.saturating_sub(defaults.len());
        let missing: Vec<usize> = (given..required).filter(|i| slots[*i].is_undef()).collect();
        if !missing.is_empty() {
            return Err(unsafe { self.missing_arguments(function, &missing, "positional") });
        }
        let surplus = defaults.len().saturating_sub(argc);
        for i in given.max(required)..argc {
            if slots[i].is_undef() {
                slots[i] = defaults[i - required + surplus];
            }
        }
        Ok(())
    }

    unsafe fn bind_keyword_defaults(
        &mut self,
        function: *mut FunctionCell,
        slots: &mut [Value],
    ) -> Result<(), Raised> {
        // SAFETY: the function is live.
        let (code, kwdefaults) = unsafe { (&*(*function).code_data, (*function).kwdefaults) };
        let argc = code.object.argcount as usize;
        let total = argc + code.object.kwonlyargcount as usize;
        let mut missing = Vec::new();
        for (i, slot) in slots.iter_mut().enumerate().take(total).skip(argc) {
            if slot.is_undef() {
                let default = if kwdefaults.is_undef() {
                    None
                } else {
                    self.dict_get_str(kwdefaults, code.local_names[i])
                };
                match default {
                    Some(value) => *slot = value,
                    None => missing.push(i),
                }
            }
        }
        if missing.is_empty() {
            Ok(())
        } else {
            Err(unsafe { self.missing_arguments(function, &missing, "keyword-only") })
        }
    }

    unsafe fn missing_arguments(
        &mut self,
        function: *mut FunctionCell,
        missing: &[usize],
        kind: &str,
    ) -> Raised {
        // SAFETY: the function is live.
        let code = unsafe { &*(*function).code_data };
        let names: Vec<String> =
            missing.iter().map(|i| format!("'{}'", self.str_lossy(code.local_names[*i]))).collect();
        let message = format!(
            "{}() missing {} required {kind} argument{}: {}",
            self.str_lossy(unsafe { (*function).qualname }),
            names.len(),
            if names.len() == 1 { "" } else { "s" },
            enumerate_names(&names)
        );
        self.raise_type_error(&message)
    }

    unsafe fn too_many_positional(
        &mut self,
        function: *mut FunctionCell,
        slots: &[Value],
        given: usize,
    ) -> Raised {
        // SAFETY: the function is live.
        let code = unsafe { &*(*function).code_data };
        let argc = code.object.argcount as usize;
        let defaults = unsafe {
            let defaults = (*function).defaults;
            if defaults.is_undef() { 0 } else { TupleCell::items(defaults.cast()).len() }
        };
        let kwonly_given =
            (argc..argc + code.object.kwonlyargcount as usize).filter(|i| !slots[*i].is_undef()).count();
        let takes = if defaults > 0 {
            format!("from {} to {argc}", argc - defaults.min(argc))
        } else {
            argc.to_string()
        };
        let plural = if argc == 1 && defaults == 0 { "" } else { "s" };
        let (kwonly, was) = if kwonly_given > 0 {
            let s = if kwonly_given == 1 { "" } else { "s" };
            let positional_s = if given == 1 { "" } else { "s" };
            (
                format!(" positional argument{positional_s} (and {kwonly_given} keyword-only argument{s})"),
                "were",
            )
        } else {
            (String::new(), if given == 1 { "was" } else { "were" })
        };
        let message = format!(
            "{}() takes {takes} positional argument{plural} but {given}{kwonly} {was} given",
            self.str_lossy(unsafe { (*function).qualname }),
        );
        self.raise_type_error(&message)
    }

    /// Writes a native's arguments to slots at the stack's top; returns how many.
    pub(crate) fn bind_native(
        &mut self,
        callee: Value,
        params: &Params,
        bound: Option<Value>,
        args: CallArgs<'_>,
    ) -> Result<usize, Raised> {
        let (names, keywords) = (args.names(), args.keywords());
        let (first, given) = args.positionals();
        let positional: Vec<Value> = bound.into_iter().chain(first).chain(given.iter().copied()).collect();
        let base = self.top;
        let count = params.slots;
        let mut slots = vec![Value::UNDEF; count];
        let taken = positional.len().min(params.positional);
        slots[..taken].copy_from_slice(&positional[..taken]);
        if positional.len() > params.positional && !params.rest {
            return Err(self.native_count_error(callee, params, positional.len(), names.len()));
        }
        for (name, value) in names.iter().zip(keywords) {
            let text = self.str_lossy(*name);
            match (params.positional_only..params.names.len()).find(|i| params.names[*i] == text) {
                Some(i) if slots[i].is_undef() => slots[i] = *value,
                Some(i) => {
                    let message = format!(
                        "argument for {}() given by name ('{text}') and position ({})",
                        self.native_name(callee),
                        i + 1 - usize::from(params.has_self)
                    );
                    return Err(self.raise_type_error(&message));
                }
                None if params.keywords => {
                    let last = count - 1;
                    if slots[last].is_undef() {
                        slots[last] = self.new_dict();
                    }
                    self.dict_set_str(slots[last], *name, *value);
                }
                None => return Err(self.native_keyword_error(callee, params, &text)),
            }
        }
        let missing = (0..params.names.len()).find(|i| slots[*i].is_undef() && !params.optional[*i]);
        if let Some(missing) = missing {
            return Err(self.native_missing_error(callee, params, missing, positional.len()));
        }
        // SAFETY: the caller made room for the slots and the rest.
        unsafe {
            std::ptr::copy_nonoverlapping(slots.as_ptr(), base, count);
            let rest = &positional[taken..];
            std::ptr::copy_nonoverlapping(rest.as_ptr(), base.add(count), rest.len());
            Ok(count + rest.len())
        }
    }

    fn native_name(&self, callee: Value) -> String {
        // SAFETY: the native is live.
        let native = unsafe { &*callee.cast::<NativeCell>() };
        if matches!(native.definition.name, "__new__" | "__init__") && !native.owner.is_undef() {
            let name = self.type_name(native.owner);
            return name.rsplit('.').next().unwrap_or(&name).to_owned();
        }
        native.definition.name.to_string()
    }

    /// Whether a native stands for a slot of its type, whose errors are worded differently.
    fn is_slot_wrapper(&self, callee: Value) -> bool {
        // SAFETY: the native is live.
        let is_init = unsafe { (*callee.cast::<NativeCell>()).definition.name == "__init__" };
        !is_init && matches!(self.shape_of(callee), shape_id::WRAPPER_DESCRIPTOR | shape_id::METHOD_WRAPPER)
    }

    /// Parameters that messages do not count: `self`, or the class that `__new__` gets.
    fn hidden_params(callee: Value, params: &Params) -> usize {
        // SAFETY: the native is live.
        let is_new = unsafe { (*callee.cast::<NativeCell>()).definition.name == "__new__" };
        usize::from(params.has_self || is_new && params.positional > 0)
    }

    fn native_qualname(&self, callee: Value) -> String {
        // SAFETY: the native is live.
        let native = unsafe { &*callee.cast::<NativeCell>() };
        if native.definition.name == "__new__" && !native.owner.is_undef() {
            return self.type_name(native.owner);
        }
        let is_class = native.definition.binding == crate::native::Binding::Class;
        let owner = if is_class && native.self_.is_kind(Kind::Type) { native.self_ } else { native.owner };
        if owner.is_undef() {
            native.definition.name.to_string()
        } else {
            let owner = self.str_lossy(self.type_data(owner).qualname);
            format!("{owner}.{}", native.definition.name)
        }
    }

    /// Whether a native looks at the number of its positional arguments before it matches any to names.
    fn counts_first(&self, callee: Value) -> bool {
        let name = self.native_name(callee);
        is_constructor(callee) && matches!(name.as_str(), "int" | "str") || name == "sorted"
    }

    fn native_keyword_error(&mut self, callee: Value, params: &Params, keyword: &str) -> Raised {
        let by_name = params.names.len() > params.positional_only;
        let message = if by_name {
            format!("{}() got an unexpected keyword argument '{keyword}'", self.native_name(callee))
        } else if is_constructor(callee) {
            format!("{}() takes no keyword arguments", self.native_name(callee))
        } else {
            format!("{}() takes no keyword arguments", self.native_qualname(callee))
        };
        self.raise_type_error(&message)
    }

    fn native_count_error(
        &mut self,
        callee: Value,
        params: &Params,
        given: usize,
        keywords: usize,
    ) -> Raised {
        let hidden = Self::hidden_params(callee, params);
        let (most, given) = (params.positional - hidden, given.saturating_sub(hidden));
        let least = params.required.saturating_sub(hidden);
        let only_positional = params.positional_only == params.names.len();
        let message = if self.is_slot_wrapper(callee) && only_positional {
            slot_count_message(least, most, most, "at most ", given)
        } else if only_positional && most == 0 {
            format!("{}() takes no arguments ({given} given)", self.native_qualname(callee))
        } else if only_positional && most == 1 && least == 1 && !is_constructor(callee) {
            format!("{}() takes exactly one argument ({given} given)", self.native_qualname(callee))
        } else if most == 0 {
            format!("{}() takes no positional arguments", self.native_name(callee))
        } else if only_positional || self.counts_first(callee) {
            let bound = if least == most { "" } else { "at most " };
            format!(
                "{} expected {bound}{most} argument{}, got {given}",
                self.native_name(callee),
                if most == 1 { "" } else { "s" }
            )
        } else {
            let all = params.names.len() - hidden;
            let (bound, kind) = if most < all { ("at most ", "positional ") } else { ("at most ", "") };
            // A comparison's key object is called `K` and counts as C's older functions do.
            let is_key = params.names.last() == Some(&"obj") && self.native_name(callee) == "__call__";
            format!(
                "{}() takes {}{most} {kind}argument{} ({} given)",
                if is_key { String::from("K") } else { self.native_name(callee) },
                if least == most && most == all && !is_key { "exactly " } else { bound },
                if most == 1 { "" } else { "s" },
                given + if kind.is_empty() { keywords } else { 0 }
            )
        };
        self.raise_type_error(&message)
    }

    fn native_missing_error(
        &mut self,
        callee: Value,
        params: &Params,
        missing: usize,
        given: usize,
    ) -> Raised {
        let hidden = Self::hidden_params(callee, params);
        if missing < hidden && self.is_slot_wrapper(callee) {
            // SAFETY: the native is live.
            let owner = unsafe { (*callee.cast::<NativeCell>()).owner };
            let (name, owner) = (self.native_name(callee), self.type_name(owner));
            return self
                .raise_type_error(&format!("descriptor '{name}' of '{owner}' object needs an argument"));
        }
        if missing < hidden {
            let message = format!("unbound method {}() needs an argument", self.native_qualname(callee));
            return self.raise_type_error(&message);
        }
        let (most, least) = (params.positional - hidden, params.required - hidden.min(params.required));
        let given = given.saturating_sub(hidden);
        let message = if self.is_slot_wrapper(callee) && params.positional_only == params.names.len() {
            slot_count_message(least, most, least, "at least ", given)
        } else if params.positional_only == params.names.len() {
            if most == 1 && least == 1 && !is_constructor(callee) {
                format!("{}() takes exactly one argument ({given} given)", self.native_qualname(callee))
            } else {
                let bound = if least == most { "" } else { "at least " };
                format!(
                    "{} expected {bound}{least} argument{}, got {given}",
                    self.native_name(callee),
                    if least == 1 { "" } else { "s" }
                )
            }
        } else if missing < params.positional_only {
            let least = least.min(params.positional_only - hidden);
            let bound = if least < most { "at least" } else { "exactly" };
            let plural = if least == 1 { "" } else { "s" };
            let name = self.native_name(callee);
            format!("{name}() takes {bound} {least} positional argument{plural} ({given} given)")
        } else if is_constructor(callee) && self.native_name(callee) == "enumerate" {
            String::from("enumerate() missing required argument 'iterable'")
        } else {
            format!(
                "{}() missing required argument '{}' (pos {})",
                self.native_name(callee),
                params.names[missing],
                missing + 1 - hidden
            )
        };
        self.raise_type_error(&message)
    }

    /// `**keywords` of a call as names and values, in order.
    pub(crate) fn keywords_of(&mut self, dict: Value) -> (Vec<Value>, Vec<Value>) {
        dict_data(dict).iter().map(|entry| (entry.key, entry.value)).unzip()
    }
}

/// Whether a native is a type's `__new__` or `__init__`.
fn is_constructor(callee: Value) -> bool {
    // SAFETY: the native is live.
    matches!(unsafe { (*callee.cast::<NativeCell>()).definition.name }, "__new__" | "__init__")
}

/// What a slot's wrapper says of a wrong number of arguments: with a gap where its name would be if it takes several.
fn slot_count_message(least: usize, most: usize, count: usize, bound: &str, given: usize) -> String {
    let gap = if most <= 1 { "" } else { " " };
    let bound = if least == most { "" } else { bound };
    format!("{gap}expected {bound}{count} argument{}, got {given}", if count == 1 { "" } else { "s" })
}

fn enumerate_names(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [firsts @ .., last] => format!("{}, and {last}", firsts.join(", ")),
    }
}
