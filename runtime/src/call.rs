//! Calls: from a callee and its arguments to a pushed frame or a native's result.
//!
//! Nothing here recurses for Python code: a Python function's frame is pushed and its result reaches the caller through
//! the continuation; a native runs at once.

#![expect(unsafe_code, reason = "arguments lie on the value stack")]

use crate::cell::*;
use crate::cx::{Args, Cx, Raised};
use crate::frame::{Cont, HIGH};
use crate::native::{Binding, NativeDef};
use crate::type_object::{CallCache, type_flag};
use crate::value::Value;
use crate::vm::{Vm, shape_id};

/// Arguments of a call: positional ones, then keyword ones named by a tuple.
#[derive(Clone, Copy)]
pub struct CallArgs<'a> {
    /// What comes before the values, the receiver of a method; Undef: nothing.
    first: Value,
    values: &'a [Value],
    /// The tuple of the last ones' names; Undef: all are positional.
    names: Value,
}

impl<'a> CallArgs<'a> {
    /// Positional arguments only.
    #[inline(always)]
    pub fn positional(values: &'a [Value]) -> Self {
        Self { first: Value::UNDEF, values, names: Value::UNDEF }
    }

    /// Arguments of which the last ones are named by the tuple `names` (Undef: none).
    #[inline(always)]
    pub fn named(values: &'a [Value], names: Value) -> Self {
        Self { first: Value::UNDEF, values, names }
    }

    /// A receiver and positional arguments.
    #[inline(always)]
    pub fn method(receiver: Value, values: &'a [Value]) -> Self {
        Self { first: receiver, values, names: Value::UNDEF }
    }

    /// The same with `first` before the rest. `spare` is written to if there is a first one already.
    fn led_by<'b>(self, first: Value, spare: &'b mut Vec<Value>) -> CallArgs<'b>
    where
        'a: 'b,
    {
        if self.first.is_undef() {
            return Self { first, ..self };
        }
        spare.push(self.first);
        spare.extend_from_slice(self.values);
        CallArgs { first, values: spare, names: self.names }
    }

    /// How many there are.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.values.len() + usize::from(!self.first.is_undef())
    }

    pub(crate) fn names(&self) -> &'a [Value] {
        // SAFETY: names are a live tuple of the caller.
        if self.names.is_undef() { &[] } else { unsafe { TupleCell::items(self.names.cast()) } }
    }

    /// The values of the keyword arguments.
    pub(crate) fn keywords(&self) -> &'a [Value] {
        &self.values[self.values.len() - self.names().len()..]
    }

    /// The positional arguments: the first, if there is one, and the others.
    pub(crate) fn positionals(&self) -> (Option<Value>, &'a [Value]) {
        let first = if self.first.is_undef() { None } else { Some(self.first) };
        (first, &self.values[..self.values.len() - self.names().len()])
    }

    /// Writes the first `count` positional arguments to consecutive slots.
    ///
    /// # Safety
    /// There are as many, and there is room for them at `to`.
    #[inline(always)]
    pub(crate) unsafe fn write(&self, count: usize, mut to: *mut Value) {
        // SAFETY: by contract.
        unsafe {
            let mut count = count;
            if !self.first.is_undef() && count > 0 {
                to.write(self.first);
                to = to.add(1);
                count -= 1;
            }
            debug_assert!(count <= self.values.len());
            for i in 0..count {
                to.add(i).write(*self.values.get_unchecked(i));
            }
        }
    }
}

impl Vm {
    /// Calls anything. Returns its result, `RAISED`, or `PUSHED` with the continuation set.
    pub fn call(&mut self, callee: Value, args: CallArgs<'_>, cont: Cont) -> Value {
        match callee.kind() {
            Some(Kind::Function) => self.call_function(callee, args, cont),
            Some(Kind::Native) => self.call_native(callee, args, cont),
            Some(Kind::Method) => {
                let method = callee.cast::<MethodCell>();
                // SAFETY: the method is live.
                let (function, self_) = unsafe { ((*method).function, (*method).self_) };
                self.call(function, args.led_by(self_, &mut Vec::new()), cont)
            }
            Some(Kind::Type) => self.call_type(callee, args, cont),
            _ => self.call_object(callee, args, cont),
        }
    }

    /// Calls with a continuation that has payload; applies the continuation at once if no frame was pushed.
    pub(crate) fn call_then(
        &mut self,
        callee: Value,
        args: CallArgs<'_>,
        cont: Cont,
        payload: &[Value],
    ) -> Value {
        debug_assert_eq!(payload.len(), cont.payload());
        let base = self.push_values(payload);
        let depth = self.frame;
        let result = self.call(callee, args, cont);
        if result == Value::PUSHED {
            return result;
        }
        debug_assert_eq!(depth, self.frame, "a native leaves no frame behind");
        self.top = base;
        if result == Value::RAISED {
            return self.raised_into(cont, payload);
        }
        self.continue_with(cont, payload, result)
    }

    fn call_object(&mut self, callee: Value, args: CallArgs<'_>, cont: Cont) -> Value {
        let ty = self.type_of(callee);
        let call = self.lookup(ty, self.names.__call__);
        if call.is_undef() {
            let message = format!("'{}' object is not callable", self.type_name(ty));
            return self.type_error(&message);
        }
        if call.is_kind(Kind::Function) || self.is_method_native(call) {
            return self.call(call, args.led_by(callee, &mut Vec::new()), cont);
        }
        if matches!(call.kind(), Some(Kind::StaticMethod)) {
            // SAFETY: the wrapper is live.
            let function = unsafe { (*call.cast::<WrapperCell>()).function };
            return self.call(function, args, cont);
        }
        // A callable may be the `__call__` of its own class: each step needs native stack.
        if self.native_depth >= MAX_NATIVE_DEPTH {
            self.raise_recursion_error("maximum recursion depth exceeded while calling a Python object");
            return Value::RAISED;
        }
        let base = self.keep_arguments(args);
        let bound = self.enter(|cx| {
            let (call, callee) = (cx.root_value(call), cx.root_value(callee));
            cx.bind_descriptor(call.handle(), callee.handle())
        });
        self.top = base;
        let Ok(bound) = bound else { return Value::RAISED };
        self.native_depth += 1;
        let result = self.call(bound, args, cont);
        self.native_depth -= 1;
        result
    }

    /// Raises TypeError; returns the signal.
    #[cold]
    pub(crate) fn type_error(&mut self, message: &str) -> Value {
        self.raise_type_error(message);
        Value::RAISED
    }

    /// Whether a native binds its instance when it is read from a type.
    #[inline]
    pub(crate) fn is_method_native(&self, value: Value) -> bool {
        value.as_cell::<NativeCell>().is_some_and(|native| {
            // SAFETY: the native is live.
            let native = unsafe { &*native };
            !native.owner.is_undef() && native.self_.is_undef() && native.definition.binding == Binding::Plain
        })
    }

    // ---- Python functions -------------------------------------------------------------------------------------

    /// Calls a Python function: pushes its frame.
    pub(crate) fn call_function(&mut self, callee: Value, args: CallArgs<'_>, cont: Cont) -> Value {
        // SAFETY: the function is live, and so is its code.
        unsafe {
            let function = callee.cast::<FunctionCell>();
            let code = (*function).code_data;
            if (*code).entry.is_null() && self.prepare((*function).code).is_err() {
                return Value::RAISED;
            }
            let fp = self.top;
            let count = args.len();
            if !self.push_frame(callee, fp, (*code).frame_size as usize, cont) {
                return Value::RAISED;
            }
            let is_plain = (*code).simple_argc as usize == count && args.names.is_undef();
            let written = if is_plain { count } else { 0 };
            args.write(written, fp);
            for i in written..(*code).nlocalsplus as usize {
                fp.add(i).write(Value::UNDEF);
            }
            if !is_plain && self.bind_arguments(function, fp, args).is_err() {
                self.frame = self.frame.sub(1);
                self.top = fp;
                return Value::RAISED;
            }
            (*self.frame).pc = (*code).entry as u64 | u64::from((*code).nlocalsplus) << HIGH;
            Value::PUSHED
        }
    }

    /// Runs a function whose names live in `locals` (a module, a class body, `exec`): pushes its frame.
    pub(crate) fn call_code(&mut self, function: Value) -> Value {
        self.call_function(function, CallArgs::positional(&[]), Cont::Store)
    }

    // ---- natives ----------------------------------------------------------------------------------------------

    /// Calls a native.
    pub(crate) fn call_native(&mut self, callee: Value, args: CallArgs<'_>, _cont: Cont) -> Value {
        let native = callee.cast::<NativeCell>();
        // SAFETY: the native is live.
        let (definition, self_, function, params) =
            unsafe { ((*native).definition, (*native).self_, (*native).function, (*native).params) };
        let params = match params {
            Some(params) => params,
            None => {
                let params = definition.params();
                // SAFETY: as above.
                unsafe { (*native).params = Some(params) };
                params
            }
        };
        let base = self.top;
        let bound = params.has_self && !self_.is_undef();
        let given = args.len() + usize::from(bound);
        let slots = params.slots;
        if base.wrapping_add(given + slots + 16) > self.stack_limit && !self.make_room(given + slots) {
            return Value::RAISED;
        }
        let count = if args.names.is_undef() && params.takes(given) {
            // SAFETY: room was made.
            unsafe {
                if bound {
                    base.write(self_);
                }
                args.write(args.len(), base.add(usize::from(bound)));
                lay_out(base, given, params)
            }
        } else {
            match self.bind_native(callee, params, bound.then_some(self_), args) {
                Ok(count) => count,
                Err(Raised) => return Value::RAISED,
            }
        };
        if !bound && params.has_self && !self.check_self(callee, base) {
            return Value::RAISED;
        }
        self.run_native(definition, slots, function, base, count)
    }

    /// Calls a native that needs no matching of arguments to parameters; `None` if the callee is something else.
    #[inline]
    pub fn call_native_directly(&mut self, callee: Value, args: &[Value]) -> Option<Value> {
        let native = callee.as_cell::<NativeCell>()?;
        let (base, count) = (self.top, args.len());
        // SAFETY: the native is live; the arguments are written where there is room for them.
        unsafe {
            let params = (*native).params?;
            let is_bound = params.has_self && !(*native).self_.is_undef();
            if let Some(short) = (*native).definition.at_once {
                let result = match args {
                    [] if is_bound => short(self, &[(*native).self_]),
                    [one] if is_bound => short(self, &[(*native).self_, *one]),
                    _ if is_bound => None,
                    args => short(self, args),
                };
                if result.is_some() {
                    return result;
                }
            }
            let room = base.wrapping_add(count + params.slots + 16) <= self.stack_limit;
            if is_bound || !room || !params.takes(count) {
                return None;
            }
            std::ptr::copy_nonoverlapping(args.as_ptr(), base, count);
            let laid_out = lay_out(base, count, params);
            if params.has_self && !self.check_self(callee, base) {
                return Some(Value::RAISED);
            }
            Some(self.run_native((*native).definition, params.slots, (*native).function, base, laid_out))
        }
    }

    /// Room for a native's arguments; false: RecursionError is raised.
    #[cold]
    fn make_room(&mut self, slots: usize) -> bool {
        if self.top.wrapping_add(slots + 16) > self.stack_end {
            self.raise_recursion_error("stack overflow");
            return false;
        }
        self.ensure_stack(slots);
        true
    }

    /// Makes room for `slots` values above the top.
    pub(crate) fn ensure_stack(&mut self, slots: usize) {
        let top = self.top.wrapping_add(slots);
        if top > self.stack_limit {
            self.grow_stack(top, self.frame);
        }
    }

    #[inline(always)]
    fn run_native(
        &mut self,
        definition: &'static NativeDef,
        params: usize,
        function: crate::native::NativeFn,
        base: *mut Value,
        count: usize,
    ) -> Value {
        self.top = base.wrapping_add(count);
        // SAFETY: `count` values lie at `base`, below the top.
        let args = unsafe { Args::new(base, params, count) };
        let mut cx = Cx::new(self);
        let result = match function(&mut cx, args) {
            Ok(local) => local.value(),
            Err(Raised) => {
                // A `__next__` that a program calls itself: now it takes an exception.
                if self.exception == Value::EXHAUSTED {
                    self.raise_stop_iteration(Value::NONE);
                }
                Value::RAISED
            }
        };
        self.top = base;
        debug_assert!(
            (result == Value::RAISED) != self.exception.is_undef(),
            "{}: an exception in flight and a result, or neither",
            definition.name
        );
        result
    }

    /// Whether argument 0 is an instance of the type that the method belongs to.
    #[inline]
    fn check_self(&mut self, callee: Value, base: *mut Value) -> bool {
        // SAFETY: the native is live and argument 0 was written.
        let (owner, self_, definition) = unsafe {
            let native = callee.cast::<NativeCell>();
            ((*native).owner, *base, (*native).definition)
        };
        if owner.is_undef() || definition.binding != Binding::Plain && definition.binding != Binding::Getter {
            return true;
        }
        if self.type_of(self_) == owner || self.is_instance(self_, owner) {
            return true;
        }
        self.wrong_self(callee, self_)
    }

    #[cold]
    #[inline(never)]
    fn wrong_self(&mut self, callee: Value, self_: Value) -> bool {
        // SAFETY: the native is live.
        let (owner, definition) = unsafe {
            let native = callee.cast::<NativeCell>();
            ((*native).owner, (*native).definition)
        };
        let is_slot =
            matches!(self.shape_of(callee), shape_id::WRAPPER_DESCRIPTOR | shape_id::METHOD_WRAPPER);
        let (name, owner, ty) = (definition.name, self.type_name(owner), self.type_name_of(self_));
        let message = if is_slot {
            format!("descriptor '{name}' requires a '{owner}' object but received a '{ty}'")
        } else {
            format!("descriptor '{name}' for '{owner}' objects doesn't apply to a '{ty}' object")
        };
        self.raise_type_error(&message);
        false
    }

    // ---- types ------------------------------------------------------------------------------------------------

    fn call_type(&mut self, ty: Value, args: CallArgs<'_>, cont: Cont) -> Value {
        let metatype = self.type_of(ty);
        if metatype != self.types.type_ {
            let call = self.lookup(metatype, self.names.__call__);
            if call.is_kind(Kind::Function) {
                return self.call(call, args.led_by(ty, &mut Vec::new()), cont);
            }
        }
        self.instantiate(ty, args, cont)
    }

    /// `type.__call__`: makes an instance by `__new__` and initialises it by `__init__`.
    pub(crate) fn instantiate(&mut self, ty: Value, args: CallArgs<'_>, cont: Cont) -> Value {
        if ty == self.types.type_ && args.len() == 1 && args.names.is_undef() {
            let (first, others) = args.positionals();
            return self.type_of(first.unwrap_or_else(|| others[0]));
        }
        if ty == self.types.type_ && args.len() - args.names().len() != 3 {
            return self.type_error("type() takes 1 or 3 arguments");
        }
        let cache = self.call_cache(ty);
        if cache.plain_new && !self.type_data(ty).has(type_flag::ABSTRACT) {
            if cache.init.is_undef() && args.len() != 0 {
                let message = format!("{}() takes no arguments", self.type_name(ty));
                return self.type_error(&message);
            }
            let instance = self.new_object(ty);
            if cache.init.is_undef() {
                return instance;
            }
            return self.call_init(cache.init, instance, args);
        }
        let _ = cont;
        let made = if cache.new.is_kind(Kind::Native) {
            let kept = (!cache.init.is_undef()).then(|| self.keep_arguments(args));
            let made = self.call_native(cache.new, args.led_by(ty, &mut Vec::new()), Cont::Store);
            self.top = kept.unwrap_or(self.top);
            made
        } else {
            self.call_new_through_door(cache.new, ty, args)
        };
        if made == Value::RAISED || !self.is_subtype(self.type_of(made), ty) {
            return made;
        }
        let init = self.call_cache(self.type_of(made)).init;
        if init.is_undef() {
            return made;
        }
        self.call_init(init, made, args)
    }

    /// Keeps a call's arguments alive on the stack while `__new__` runs: `__init__` gets them too. Returns the top to
    /// restore.
    fn keep_arguments(&mut self, args: CallArgs<'_>) -> *mut Value {
        self.ensure_stack(args.values.len() + 2);
        let base = self.push_values(&[args.first, args.names]);
        self.push_values(args.values);
        base
    }

    fn call_new_through_door(&mut self, new: Value, ty: Value, args: CallArgs<'_>) -> Value {
        let base = self.keep_arguments(args);
        let result = self.enter(|cx| {
            let new = cx.root_value(new);
            let ty = cx.root_value(ty);
            let names = cx.root_value(args.names);
            let vm = cx.vm();
            let function = match new.value().kind() {
                Some(Kind::StaticMethod) => {
                    // SAFETY: the wrapper is live.
                    unsafe { (*new.value().cast::<WrapperCell>()).function }
                }
                _ => new.value(),
            };
            let args = CallArgs { names: names.value(), ..args };
            vm.door(|vm| vm.call(function, args.led_by(ty.value(), &mut Vec::new()), Cont::Store))
        });
        self.top = base;
        match result {
            Ok(value) => value,
            Err(Raised) => Value::RAISED,
        }
    }

    fn call_init(&mut self, init: Value, instance: Value, args: CallArgs<'_>) -> Value {
        if init.is_kind(Kind::Function) || self.is_method_native(init) {
            return self.call_then(init, args.led_by(instance, &mut Vec::new()), Cont::Init, &[instance]);
        }
        let bound = self.enter(|cx| {
            let (init, instance) = (cx.root_value(init), cx.root_value(instance));
            cx.bind_descriptor(init.handle(), instance.handle())
        });
        match bound {
            Ok(bound) => self.call_then(bound, args, Cont::Init, &[instance]),
            Err(Raised) => Value::RAISED,
        }
    }

    /// What calling the type does.
    pub(crate) fn call_cache(&mut self, ty: Value) -> CallCache {
        let cache = self.type_data(ty).call_cache;
        if cache.version != 0 && cache.version == self.type_data(ty).version {
            return cache;
        }
        let version = self.type_version(ty);
        let new = self.lookup(ty, self.names.__new__);
        let init = self.lookup(ty, self.names.__init__);
        let object_new = self.lookup(self.types.object, self.names.__new__);
        let object_init = self.lookup(self.types.object, self.names.__init__);
        let plain_new = new == object_new && self.type_data(ty).kind == Kind::Object;
        let init = if init == object_init && (plain_new || new != object_new) { Value::UNDEF } else { init };
        let cache = CallCache { version, plain_new, init, new };
        self.type_data(ty).call_cache = cache;
        cache
    }

    // ---- doors ------------------------------------------------------------------------------------------------

    /// Runs `operation` with a native's view; the native may keep roots.
    pub(crate) fn enter<T>(&mut self, operation: impl FnOnce(&mut Cx) -> T) -> T {
        operation(&mut Cx::new(self))
    }

    /// Runs an operation that may push a frame to its end: the machine's loop is entered if it does.
    pub(crate) fn door(&mut self, operation: impl FnOnce(&mut Self) -> Value) -> Result<Value, Raised> {
        if !self.enter_native() {
            return Err(Raised);
        }
        let base = self.current().slots();
        let mut result = operation(self);
        if result == Value::PUSHED {
            self.native_depth += 1;
            // SAFETY: the operation left a frame on top that is ready to run, above the entry just made.
            result = unsafe { (self.machine.run)(self) };
            self.native_depth -= 1;
        }
        self.frame = self.frame.wrapping_sub(1);
        self.top = base;
        if result == Value::RAISED { Err(Raised) } else { Ok(result) }
    }

    /// A door whose purpose RecursionError tells if this is too deep.
    pub(crate) fn door_for(
        &mut self,
        purpose: &'static str,
        operation: impl FnOnce(&mut Self) -> Value,
    ) -> Result<Value, Raised> {
        self.purpose = purpose;
        self.door(operation)
    }

    /// Pushes a native's entry: a record whose one slot gets a result, after which the machine's loop ends.
    fn enter_native(&mut self) -> bool {
        if self.native_depth >= MAX_NATIVE_DEPTH {
            self.raise_too_deep();
            return false;
        }
        let fp = self.top;
        if !self.push_frame(self.entry_function, fp, 1, Cont::Exit) {
            return false;
        }
        self.purpose = "";
        // SAFETY: the slot was just made room for.
        unsafe {
            fp.write(Value::UNDEF);
            (*self.frame).pc = self.machine.exit_code as u64;
        }
        true
    }

    /// Whether a record is a native's entry.
    #[inline(always)]
    pub(crate) fn is_entry(&self, callee: Value) -> bool {
        callee == self.entry_function
    }

    /// A native of a definition: unbound, of a module, or a type's.
    pub(crate) fn new_native(
        &mut self,
        definition: &'static NativeDef,
        owner: Value,
        module: Value,
    ) -> Value {
        let shape = if owner.is_undef() {
            shape_id::BUILTIN_FUNCTION
        } else {
            match definition.binding {
                Binding::Class => shape_id::CLASSMETHOD_DESCRIPTOR,
                Binding::Static => shape_id::BUILTIN_FUNCTION,
                Binding::Getter => shape_id::GETSET_DESCRIPTOR,
                Binding::Plain if is_dunder(definition.name) => shape_id::WRAPPER_DESCRIPTOR,
                Binding::Plain => shape_id::METHOD_DESCRIPTOR,
            }
        };
        self.alloc_cell(Kind::Native, shape, |header| NativeCell {
            header,
            function: definition.function,
            definition,
            params: None,
            self_: Value::UNDEF,
            owner,
            module,
        })
    }

    /// A type's native method bound to an instance (or class).
    pub(crate) fn bind_native_method(&mut self, native: Value, self_: Value) -> Value {
        // SAFETY: the native is live.
        let (definition, params, owner, module) = unsafe {
            let native = native.cast::<NativeCell>();
            let params = *(*native).params.get_or_insert_with(|| (*native).definition.params());
            ((*native).definition, params, (*native).owner, (*native).module)
        };
        let is_wrapper = is_dunder(definition.name) && definition.binding == Binding::Plain;
        let shape = if is_wrapper { shape_id::METHOD_WRAPPER } else { shape_id::BUILTIN_FUNCTION };
        self.alloc_cell(Kind::Native, shape, |header| NativeCell {
            header,
            function: definition.function,
            definition,
            params: Some(params),
            self_,
            owner,
            module,
        })
    }
}

/// Gives the `given` positional arguments at `base` the order in which a native gets them: parameters not given are
/// undefined, and the rest lies behind the parameters that cannot be given by position. Returns how many there are.
///
/// # Safety
/// There is room for them, and the native takes as many.
#[inline(always)]
unsafe fn lay_out(base: *mut Value, given: usize, params: &crate::native::Params) -> usize {
    let (positional, slots) = (params.positional, params.slots);
    // SAFETY: by contract.
    unsafe {
        if given > positional && slots > positional {
            std::ptr::copy(base.add(positional), base.add(slots), given - positional);
        }
        for i in given.min(positional)..slots {
            base.add(i).write(Value::UNDEF);
        }
    }
    if given > positional { slots + given - positional } else { slots }
}

/// Natives calling back into Python calling natives: each level needs native stack.
pub(crate) const MAX_NATIVE_DEPTH: usize = 60_000;

fn is_dunder(name: &str) -> bool {
    name.len() > 4
        && name.starts_with("__")
        && name.ends_with("__")
        && !matches!(
            name,
            "__reduce__"
                | "__reduce_ex__"
                | "__getstate__"
                | "__sizeof__"
                | "__dir__"
                | "__format__"
                | "__getnewargs__"
                | "__class_getitem__"
                | "__init_subclass__"
                | "__subclasshook__"
                | "__new__"
                | "__length_hint__"
                | "__reversed__"
                | "__missing__"
                | "__round__"
                | "__trunc__"
                | "__ceil__"
                | "__floor__"
                | "__enter__"
                | "__exit__"
                | "__setstate__"
                | "__import__"
                | "__build_class__"
                | "__instancecheck__"
                | "__subclasscheck__"
                | "__prepare__"
                | "__mro_entries__"
                | "__complex__"
                | "__bytes__"
                | "__copy__"
                | "__deepcopy__"
        )
}
