//! Exceptions: the built-in classes, making and raising them from Rust.

#![expect(unsafe_code, reason = "exceptions are reached through cells")]

use crate::cell::{ExceptionCell, Kind, TupleCell};
use crate::cx::Raised;
use crate::value::Value;
use crate::vm::Vm;

macro_rules! exception_types {
    ($($field:ident $name:literal $base:ident;)*) => {
        /// The built-in exception types.
        #[derive(Clone, Copy)]
        pub struct ExceptionTypes { $(pub(crate) $field: Value,)* }

        impl ExceptionTypes {
            pub(crate) const UNMADE: Self = Self { $($field: Value::UNDEF,)* };

            /// All of them, bases first: name, place, base.
            pub(crate) fn table() -> Vec<(&'static str, fn(&mut Self) -> &mut Value, fn(&Self) -> Value)> {
                vec![$(($name, |types| &mut types.$field, |types| types.$base),)*]
            }

            pub(crate) fn all(&self) -> impl Iterator<Item = Value> {
                [$(self.$field,)*].into_iter()
            }
        }
    };
}

exception_types! {
    base_exception "BaseException" base_exception;
    exception "Exception" base_exception;
    base_exception_group "BaseExceptionGroup" base_exception;
    generator_exit "GeneratorExit" base_exception;
    keyboard_interrupt "KeyboardInterrupt" base_exception;
    system_exit "SystemExit" base_exception;
    arithmetic_error "ArithmeticError" exception;
    floating_point_error "FloatingPointError" arithmetic_error;
    overflow_error "OverflowError" arithmetic_error;
    zero_division_error "ZeroDivisionError" arithmetic_error;
    assertion_error "AssertionError" exception;
    attribute_error "AttributeError" exception;
    buffer_error "BufferError" exception;
    eof_error "EOFError" exception;
    import_error "ImportError" exception;
    module_not_found_error "ModuleNotFoundError" import_error;
    lookup_error "LookupError" exception;
    index_error "IndexError" lookup_error;
    key_error "KeyError" lookup_error;
    memory_error "MemoryError" exception;
    name_error "NameError" exception;
    unbound_local_error "UnboundLocalError" name_error;
    os_error "OSError" exception;
    blocking_io_error "BlockingIOError" os_error;
    child_process_error "ChildProcessError" os_error;
    connection_error "ConnectionError" os_error;
    broken_pipe_error "BrokenPipeError" connection_error;
    connection_aborted_error "ConnectionAbortedError" connection_error;
    connection_refused_error "ConnectionRefusedError" connection_error;
    connection_reset_error "ConnectionResetError" connection_error;
    file_exists_error "FileExistsError" os_error;
    file_not_found_error "FileNotFoundError" os_error;
    interrupted_error "InterruptedError" os_error;
    is_a_directory_error "IsADirectoryError" os_error;
    not_a_directory_error "NotADirectoryError" os_error;
    permission_error "PermissionError" os_error;
    process_lookup_error "ProcessLookupError" os_error;
    timeout_error "TimeoutError" os_error;
    reference_error "ReferenceError" exception;
    runtime_error "RuntimeError" exception;
    not_implemented_error "NotImplementedError" runtime_error;
    python_finalization_error "PythonFinalizationError" runtime_error;
    recursion_error "RecursionError" runtime_error;
    stop_async_iteration "StopAsyncIteration" exception;
    stop_iteration "StopIteration" exception;
    syntax_error "SyntaxError" exception;
    incomplete_input_error "_IncompleteInputError" syntax_error;
    indentation_error "IndentationError" syntax_error;
    tab_error "TabError" indentation_error;
    system_error "SystemError" exception;
    type_error "TypeError" exception;
    value_error "ValueError" exception;
    unicode_error "UnicodeError" value_error;
    unicode_decode_error "UnicodeDecodeError" unicode_error;
    unicode_encode_error "UnicodeEncodeError" unicode_error;
    unicode_translate_error "UnicodeTranslateError" unicode_error;
    warning "Warning" exception;
    bytes_warning "BytesWarning" warning;
    deprecation_warning "DeprecationWarning" warning;
    encoding_warning "EncodingWarning" warning;
    future_warning "FutureWarning" warning;
    import_warning "ImportWarning" warning;
    pending_deprecation_warning "PendingDeprecationWarning" warning;
    resource_warning "ResourceWarning" warning;
    runtime_warning "RuntimeWarning" warning;
    syntax_warning "SyntaxWarning" warning;
    unicode_warning "UnicodeWarning" warning;
    user_warning "UserWarning" warning;
}

macro_rules! raisers {
    ($($function:ident $field:ident;)*) => {
        impl Vm {$(
            #[doc = concat!("Raises the exception `", stringify!($field), "` with a message.")]
            #[cold]
            #[inline(never)]
            pub(crate) fn $function(&mut self, message: &str) -> Raised {
                self.raise(self.exceptions.$field, message)
            }
        )*}
    };
}
raisers! {
    raise_type_error type_error;
    raise_value_error value_error;
    raise_index_error index_error;
    raise_attribute_error_text attribute_error;
    raise_name_error_text name_error;
    raise_runtime_error runtime_error;
    raise_overflow_error overflow_error;
    raise_zero_division_error zero_division_error;
    raise_system_error system_error;
    raise_lookup_error lookup_error;
    raise_import_error_text import_error;
    raise_buffer_error buffer_error;
    raise_not_implemented_error not_implemented_error;
    raise_eof_error eof_error;
    raise_assertion_error assertion_error;
    raise_reference_error reference_error;
}

impl Vm {
    /// An exception of a built-in class with these arguments, not raised.
    pub(crate) fn new_exception(&mut self, ty: Value, args: &[Value]) -> Value {
        let args = self.new_tuple(args);
        let shape = self.type_data(ty).shape;
        let exception = self.alloc_cell(Kind::Exception, shape, |header| ExceptionCell {
            header,
            args,
            traceback: Value::NONE,
            context: Value::NONE,
            cause: Value::NONE,
            suppress_context: false,
            fields: Value::UNDEF,
            dict: Value::UNDEF,
        });
        crate::types::exceptions::init_fields(self, exception);
        exception
    }

    /// Raises an exception of class `ty` with a message.
    #[cold]
    #[inline(never)]
    pub(crate) fn raise(&mut self, ty: Value, message: &str) -> Raised {
        let message = self.new_str(message);
        self.raise_with(ty, &[message])
    }

    /// Raises an exception of class `ty` with arguments.
    #[cold]
    #[inline(never)]
    pub(crate) fn raise_with(&mut self, ty: Value, args: &[Value]) -> Raised {
        let exception = self.new_exception(ty, args);
        self.raise_value(exception)
    }

    /// Raises an exception object: what is being handled becomes its context.
    #[cold]
    #[inline(never)]
    pub(crate) fn raise_value(&mut self, exception: Value) -> Raised {
        self.chain_context(exception);
        self.exception = exception;
        Raised
    }

    /// Raises an exception object as it is: its context stays.
    pub(crate) fn raise_again(&mut self, exception: Value) -> Raised {
        self.exception = exception;
        Raised
    }

    /// Sets the context to the exception being handled, breaking a cycle as CPython does.
    fn chain_context(&mut self, exception: Value) {
        let handled = self.handled_exception();
        if handled.is_none() || handled == exception {
            return;
        }
        // SAFETY: contexts are live exceptions or None.
        unsafe {
            let mut at = handled.cast::<ExceptionCell>();
            let mut slow = at;
            let mut step = false;
            loop {
                let context = (*at).context;
                if context.is_none() {
                    break;
                }
                if context == exception {
                    (*at).context = Value::NONE;
                    break;
                }
                at = context.cast();
                step = !step;
                if !step {
                    slow = (*slow).context.cast();
                }
                if at == slow {
                    break;
                }
            }
            (*exception.cast::<ExceptionCell>()).context = handled;
        }
    }

    /// The exception being handled, or None.
    pub(crate) fn handled_exception(&self) -> Value {
        let mut item = self.exc;
        while !item.is_null() {
            // SAFETY: levels are those of the thread and of running generators.
            let level = unsafe { &*item };
            if !level.value.is_none() {
                return level.value;
            }
            item = level.previous;
        }
        Value::NONE
    }

    /// Takes the exception in flight.
    pub(crate) fn take_exception(&mut self) -> Value {
        debug_assert!(!self.exception.is_undef(), "an exception is in flight");
        std::mem::replace(&mut self.exception, Value::UNDEF)
    }

    /// Whether the exception in flight is an instance of `ty`.
    pub(crate) fn is_raised(&self, ty: Value) -> bool {
        !self.exception.is_undef() && self.is_instance(self.exception, ty)
    }

    /// Drops the exception in flight if it is an instance of `ty`.
    pub(crate) fn clear_if(&mut self, ty: Value) -> bool {
        let matches = self.is_raised(ty);
        if matches {
            self.exception = Value::UNDEF;
        }
        matches
    }

    /// The arguments of an exception.
    pub(crate) fn exception_args(&self, exception: Value) -> Vec<Value> {
        // SAFETY: exceptions' args are a live tuple.
        unsafe { TupleCell::items((*exception.cast::<ExceptionCell>()).args.cast()).to_vec() }
    }

    /// Raises MemoryError.
    #[cold]
    #[inline(never)]
    pub(crate) fn raise_memory_error(&mut self) -> Raised {
        self.raise_with(self.exceptions.memory_error, &[])
    }

    /// Raises RecursionError, telling what was asked for at that depth.
    #[cold]
    pub(crate) fn raise_too_deep(&mut self) {
        let purpose = std::mem::take(&mut self.purpose);
        self.raise_recursion_error(&format!("maximum recursion depth exceeded{purpose}"));
    }

    /// Raises RecursionError.
    #[cold]
    #[inline(never)]
    pub(crate) fn raise_recursion_error(&mut self, message: &str) -> Raised {
        self.overflowed = true;
        self.update_frame_limit();
        let raised = self.raise(self.exceptions.recursion_error, message);
        self.overflowed = false;
        self.update_frame_limit();
        raised
    }

    /// Ends the program: there is no memory for something small. Sizes that a program chooses are asked for with the
    /// `try_` functions, which lead to MemoryError.
    #[cold]
    pub(crate) fn out_of_memory(&mut self) -> ! {
        panic!("out of memory: {} bytes in use", self.heap.bytes())
    }

    /// Raises StopIteration with a value.
    pub(crate) fn raise_stop_iteration(&mut self, value: Value) -> Raised {
        let args: &[Value] = if value.is_none() { &[] } else { &[value] };
        self.raise_with(self.exceptions.stop_iteration, args)
    }

    /// Raises KeyError with the key.
    pub(crate) fn raise_key_error(&mut self, key: Value) -> Raised {
        self.raise_with(self.exceptions.key_error, &[key])
    }

    /// Raises UnboundLocalError for a variable.
    pub fn raise_unbound_local(&mut self, name: Value) -> Raised {
        let name = self.str_lossy(name);
        let message =
            format!("cannot access local variable '{name}' where it is not associated with a value");
        self.raise(self.exceptions.unbound_local_error, &message)
    }

    /// Raises AttributeError for an object and a name.
    pub(crate) fn raise_attribute_error(&mut self, object: Value, name: Value) -> Raised {
        let ty = self.type_of(object);
        let attribute = self.str_lossy(name);
        let message = if ty == self.types.module || self.is_subtype(ty, self.types.module) {
            match crate::types::module::name_of(self, object) {
                Some(module) => format!("module '{module}' has no attribute '{attribute}'"),
                None => format!("module has no attribute '{attribute}'"),
            }
        } else if object.is_kind(Kind::Type) {
            format!("type object '{}' has no attribute '{attribute}'", self.type_name(object))
        } else {
            format!("'{}' object has no attribute '{attribute}'", self.type_name(ty))
        };
        let raised = self.raise(self.exceptions.attribute_error, &message);
        crate::types::exceptions::set_name_and_object(self, name, object);
        raised
    }
}
