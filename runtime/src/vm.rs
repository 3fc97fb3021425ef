//! The thread state: what a machine's handlers reach through `vm`.

#![expect(unsafe_code, reason = "the value stack and the records are raw memory")]

use std::ptr;

use bytecode::CodeObject;
use hashbrown::HashTable;

use crate::cell::Kind;
use crate::code::Executable;
use crate::cx::Roots;
use crate::frame::{Cont, ExcItem, Frame};
use crate::heap::Heap;
use crate::interrupt::Interruption;
use crate::shape::Shapes;
use crate::type_object::MethodCache;
use crate::value::Value;

/// Slots of the value stack: address space only, until they are used.
const STACK_SLOTS: usize = 64 << 20;
/// Slots kept free above the limit, for payloads and natives' arguments.
const STACK_RESERVE: usize = 1 << 12;
/// Slots by which the limit rises, so that the collector knows how far the stack was used.
const STACK_STEP: usize = 1 << 12;
/// Records of frames: address space only.
const FRAMES: usize = 8 << 20;
/// Records beyond the recursion limit, for what runs while RecursionError is handled.
const FRAME_RESERVE: usize = 64;

/// Records below a program's first frame, which the recursion limit does not count: natives' entries.
const OUTER_RECORDS: usize = 2;
/// `sys.getrecursionlimit()` at the start.
const RECURSION_LIMIT: usize = 1000;

macro_rules! builtin_types {
    ($($field:ident $id:ident $name:literal $kind:ident $base:ident;)*) => {
        /// Ids of the built-in types' shapes, fixed.
        pub mod shape_id {
            #![allow(dead_code, reason = "a constant a row, whether or not the runtime names it")]

            #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "named as the constants are")]
            enum Order { $($id,)* }
            $(pub const $id: u32 = Order::$id as u32;)*

            /// Below it are the root shapes of these types.
            pub const END: u32 = [$($id),*].len() as u32;
        }

        /// The built-in types that the runtime names.
        #[derive(Clone, Copy)]
        pub struct Types { $(pub(crate) $field: Value,)* }

        impl Types {
            pub(crate) const UNMADE: Self = Self { $($field: Value::UNDEF,)* };

            /// All of them in order of their shape ids: place, name, layout of instances, base.
            pub(crate) fn table() -> Vec<BuiltinType> {
                vec![$(BuiltinType {
                    name: $name,
                    kind: Kind::$kind,
                    place: |types| &mut types.$field,
                    base: |types| types.$base,
                },)*]
            }

            pub(crate) fn all(&self) -> impl Iterator<Item = Value> {
                [$(self.$field,)*].into_iter()
            }
        }
    };
}

/// A row of the table of built-in types.
pub(crate) struct BuiltinType {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) place: fn(&mut Types) -> &mut Value,
    pub(crate) base: fn(&Types) -> Value,
}

builtin_types! {
    internal INTERNAL "<internal>" Free object;
    object OBJECT "object" Object object;
    type_ TYPE "type" Type object;
    int INT "int" Int object;
    bool BOOL "bool" Int int;
    float FLOAT "float" Float object;
    complex COMPLEX "complex" Complex object;
    str STR "str" Str object;
    bytes BYTES "bytes" Bytes object;
    bytearray BYTEARRAY "bytearray" ByteArray object;
    memoryview MEMORYVIEW "memoryview" Boxed object;
    tuple TUPLE "tuple" Tuple object;
    list LIST "list" List object;
    dict DICT "dict" Dict object;
    set SET "set" Set object;
    frozenset FROZENSET "frozenset" FrozenSet object;
    range RANGE "range" Range object;
    slice SLICE "slice" Slice object;
    none NONE "NoneType" Free object;
    not_implemented NOT_IMPLEMENTED "NotImplementedType" Free object;
    ellipsis ELLIPSIS "ellipsis" Free object;
    function FUNCTION "function" Function object;
    method METHOD "method" Method object;
    builtin_function BUILTIN_FUNCTION "builtin_function_or_method" Native object;
    method_descriptor METHOD_DESCRIPTOR "method_descriptor" Native object;
    wrapper_descriptor WRAPPER_DESCRIPTOR "wrapper_descriptor" Native object;
    method_wrapper METHOD_WRAPPER "method-wrapper" Native object;
    classmethod_descriptor CLASSMETHOD_DESCRIPTOR "classmethod_descriptor" Native object;
    getset_descriptor GETSET_DESCRIPTOR "getset_descriptor" Native object;
    member_descriptor MEMBER_DESCRIPTOR "member_descriptor" Boxed object;
    code CODE "code" Code object;
    cell CELL "cell" Cell object;
    module MODULE "module" Module object;
    generator GENERATOR "generator" Generator object;
    coroutine COROUTINE "coroutine" Generator object;
    async_generator ASYNC_GENERATOR "async_generator" Generator object;
    base_exception BASE_EXCEPTION "BaseException" Exception object;
    traceback TRACEBACK "traceback" Traceback object;
    frame FRAME "frame" Frame object;
    property PROPERTY "property" Property object;
    staticmethod STATICMETHOD "staticmethod" StaticMethod object;
    classmethod CLASSMETHOD "classmethod" ClassMethod object;
    super_ SUPER "super" Boxed object;
    weakref WEAKREF "ReferenceType" WeakRef object;
    list_iterator LIST_ITERATOR "list_iterator" SeqIter object;
    list_reverse_iterator LIST_REVERSE_ITERATOR "list_reverseiterator" SeqIter object;
    tuple_iterator TUPLE_ITERATOR "tuple_iterator" SeqIter object;
    str_iterator STR_ITERATOR "str_iterator" SeqIter object;
    str_ascii_iterator STR_ASCII_ITERATOR "str_ascii_iterator" SeqIter object;
    bytes_iterator BYTES_ITERATOR "bytes_iterator" SeqIter object;
    bytearray_iterator BYTEARRAY_ITERATOR "bytearray_iterator" SeqIter object;
    sequence_iterator SEQUENCE_ITERATOR "iterator" SeqIter object;
    range_iterator RANGE_ITERATOR "range_iterator" RangeIter object;
    dict_key_iterator DICT_KEY_ITERATOR "dict_keyiterator" DictIter object;
    dict_value_iterator DICT_VALUE_ITERATOR "dict_valueiterator" DictIter object;
    dict_item_iterator DICT_ITEM_ITERATOR "dict_itemiterator" DictIter object;
    dict_keys DICT_KEYS "dict_keys" Boxed object;
    dict_values DICT_VALUES "dict_values" Boxed object;
    dict_items DICT_ITEMS "dict_items" Boxed object;
    set_iterator SET_ITERATOR "set_iterator" Boxed object;
    coroutine_wrapper COROUTINE_WRAPPER "coroutine_wrapper" Boxed object;
    mappingproxy MAPPINGPROXY "mappingproxy" Boxed object;
    dict_reverse_key_iterator DICT_REVERSE_KEY_ITERATOR "dict_reversekeyiterator" DictIter object;
    dict_reverse_value_iterator DICT_REVERSE_VALUE_ITERATOR "dict_reversevalueiterator" DictIter object;
    dict_reverse_item_iterator DICT_REVERSE_ITEM_ITERATOR "dict_reverseitemiterator" DictIter object;
    longrange_iterator LONGRANGE_ITERATOR "longrange_iterator" Boxed object;
    enumerate ENUMERATE "enumerate" Boxed object;
    zip ZIP "zip" Boxed object;
    map MAP "map" Boxed object;
    filter FILTER "filter" Boxed object;
    reversed REVERSED "reversed" Boxed object;
    callable_iterator CALLABLE_ITERATOR "callable_iterator" Boxed object;
    async_wrapped ASYNC_WRAPPED "async_generator_wrapped_value" Cell object;
}

macro_rules! interned_names {
    ($($name:ident)*) => {
        /// Names that the runtime looks up: interned strings.
        #[derive(Clone, Copy)]
        pub struct Names { $(pub(crate) $name: Value,)* }

        impl Names {
            pub(crate) const UNMADE: Self = Self { $($name: Value::UNDEF,)* };

            /// Interns them all.
            pub(crate) fn make(vm: &mut Vm) -> Self {
                Self { $($name: vm.intern(stringify!($name)),)* }
            }

            pub(crate) fn all(&self) -> impl Iterator<Item = Value> {
                [$(self.$name,)*].into_iter()
            }
        }
    };
}

interned_names! {
    __abs__ __add__ __aenter__ __aexit__ __aiter__ __all__ __and__ __anext__ __annotations__ __await__ __bases__
    __bool__ __build_class__ __builtins__ __bytes__ __call__ __cause__ __ceil__ __class__ __class_getitem__
    __classcell__ __classdict__ __closure__ __code__ __complex__ __contains__ __context__ __copy__ __debug__
    __deepcopy__ __defaults__ __del__ __delattr__ __delete__ __delitem__ __dict__ __dir__ __divmod__ __doc__
    __enter__ __eq__ __exit__ __file__ __float__ __floor__ __floordiv__ __format__ __func__ __ge__ __get__
    __getattr__ __getattribute__ __getitem__ __globals__ __gt__ __hash__ __iadd__ __iand__ __ifloordiv__
    __ilshift__ __imatmul__ __imod__ __import__ __imul__ __index__ __init__ __init_subclass__ __instancecheck__
    __int__ __invert__ __ior__ __ipow__ __irshift__ __isub__ __iter__ __itruediv__ __ixor__ __kwdefaults__ __le__
    __len__ __length_hint__ __lshift__ __lt__ __main__ __match_args__ __matmul__ __missing__ __mod__ __module__
    __mro__ __mro_entries__ __mul__ __name__ __ne__ __neg__ __new__ __next__ __notes__ __objclass__ __or__
    __orig_bases__ __package__ __path__ __pos__ __pow__ __prepare__ __qualname__ __radd__ __rand__ __rdivmod__
    __reduce__ __reduce_ex__ __repr__ __reversed__ __rfloordiv__ __rlshift__ __rmatmul__ __rmod__ __rmul__ __ror__
    __round__ __rpow__ __rrshift__ __rshift__ __rsub__ __rtruediv__ __rxor__ __self__ __set__ __set_name__
    __setattr__ __setitem__ __slots__ __spec__ __loader__ __str__ __sub__ __subclasscheck__ __subclasses__
    __subclasshook__ __suppress_context__ __traceback__ __truediv__ __trunc__ __type_params__ __weakref__ __xor__
    __abstractmethods__ __isabstractmethod__ __static_attributes__ __firstlineno__ __getstate__ __cached__
    __origin__ __args__ __typing_subst__ __parameters__ __unpacked__ __sizeof__ __wrapped__ __text_signature__
    __signature__ __excepthook__ __release_buffer__ __buffer__
    builtins sys args name path metaclass keys items values get key send throw close write flush read
    stdout stderr stdin value code msg errno strerror filename filename2 lineno offset text end_lineno end_offset
    print_file_and_line encoding object start end reason obj message exceptions mro fileno modules meta_path
    path_hooks path_importer_cache displayhook excepthook last_exc last_type last_value last_traceback
    _initializing _fix_up_module _find_and_load _handle_fromlist __interactivehook__ ps1 ps2 big little
    append add extend update join format sort pop readline readinto strict surrogateescape ignore replace
    newline closed mode
}

/// What the facade hands to the runtime: the machine in use.
#[derive(Clone, Copy)]
pub struct MachineHooks {
    /// Makes a machine's executable copy of a code object, or says why it cannot.
    pub prepare: fn(&CodeObject) -> Result<Executable, String>,
    /// Runs from the top frame until a native's entry gets its result, which is returned (or `RAISED`).
    ///
    /// # Safety
    /// The state's top frame is ready to run and above a native's entry.
    pub run: unsafe fn(*mut Vm) -> Value,
    /// The machine's name: `stack` or `register`.
    pub name: &'static str,
    /// The instruction that ends the loop with slot 0 of a native's entry.
    pub exit_code: *mut u8,
    /// The instruction that ends the loop with [`Value::EXHAUSTED`].
    pub exhausted_code: *mut u8,
    /// Empties the caches of an executable: cached values are no longer valid.
    pub flush: fn(&mut Executable),
}

/// How source becomes code objects, handed in by the facade.
pub trait Compiler {
    /// Compiles source text.
    ///
    /// # Errors
    /// The compile error, for the exception that is raised.
    #[expect(
        clippy::result_large_err,
        reason = "a failure is rare and its parts go into an exception at once"
    )]
    fn compile(&self, request: &CompileRequest<'_>) -> Result<CodeObject, CompileFailure>;

    /// Parses source text to the steps that build its syntax tree.
    ///
    /// # Errors
    /// The compile error, for the exception that is raised.
    #[expect(clippy::result_large_err, reason = "as above")]
    fn parse(&self, request: &CompileRequest<'_>) -> Result<Vec<TreeStep>, CompileFailure>;
}

/// A step of building a syntax tree bottom-up with a stack.
#[derive(Clone, Debug)]
pub enum TreeStep {
    /// Pushes a constant.
    Const(bytecode::Const),
    /// Pops so many parts, pushes a list of them.
    List(usize),
    /// Pops so many fields, pushes a node.
    Node {
        /// The class's name in module `ast`.
        class: &'static str,
        /// How many fields.
        fields: usize,
        /// First line and column, last line and column.
        place: Option<[i64; 4]>,
    },
}

/// A request to compile.
#[derive(Clone, Copy, Debug)]
pub struct CompileRequest<'a> {
    /// Source bytes, decoded as Python decodes a source file.
    pub source: &'a [u8],
    /// The file name to tell in code and errors.
    pub filename: &'a str,
    /// `exec`, `eval` or `single`.
    pub mode: &'a str,
    /// `compile()`'s flags: future features.
    pub flags: u32,
    /// Optimization level 0, 1 or 2.
    pub optimize: u8,
}

/// Why source did not compile: what `SyntaxError` tells.
#[derive(Clone, Debug, Default)]
pub struct CompileFailure {
    /// The exception's class name: `SyntaxError`, `IndentationError`, `TabError`, `ValueError`, `RecursionError`, …
    pub class: &'static str,
    /// The message.
    pub message: String,
    /// Line, from 1.
    pub line: Option<i64>,
    /// Column, from 1.
    pub column: Option<i64>,
    /// Last line.
    pub end_line: Option<i64>,
    /// Column after the end, from 1.
    pub end_column: Option<i64>,
    /// The source line.
    pub text: Option<String>,
}

/// The thread state.
#[repr(C)]
pub struct Vm {
    /// The first free slot of the value stack.
    pub(crate) top: *mut Value,
    /// Slots from here up are not used without asking.
    pub(crate) stack_limit: *mut Value,
    /// The record of the running frame.
    pub(crate) frame: *mut Frame,
    /// The first record that is not used without asking.
    pub(crate) frame_limit: *mut Frame,
    /// The heap; its first field is what safepoints poll.
    pub heap: Heap,
    /// The exception in flight, or Undef.
    pub(crate) exception: Value,
    /// The innermost level of exceptions being handled.
    pub(crate) exc: *mut ExcItem,
    pub(crate) base_exc: ExcItem,
    pub(crate) shapes: Shapes,
    pub(crate) method_cache: MethodCache,
    /// What loading attributes finds, for places that see many classes.
    pub(crate) attr_cache: crate::attr_cache::AttrCache,
    pub(crate) types: Types,
    pub(crate) names: Names,
    /// Exception types by name, built-in ones; a dict of the builtins module has them too.
    pub(crate) exceptions: crate::exception::ExceptionTypes,
    /// The function in the records of natives' entries.
    pub(crate) entry_function: Value,
    /// What a subiterator returned when `SEND` exhausted it.
    pub sent_result: Value,
    /// Where a machine's out-of-line handler leaves its registers: a handler that jumps on must not have let the
    /// address of a local escape.
    pub registers: [usize; 4],
    /// What a machine's loop ends with.
    pub exit_value: Value,
    /// Code cells that have an executable: not traced.
    pub(crate) prepared: Vec<Value>,
    /// Values that live as long as the state.
    pub(crate) permanent: Vec<Value>,
    pub(crate) empty_str: Value,
    pub(crate) empty_tuple: Value,
    pub(crate) empty_bytes: Value,
    /// One-character strings of code points below 256.
    pub(crate) latin1: Vec<Value>,
    /// The namespace of the module `builtins`: a dict.
    pub(crate) builtins: Value,
    /// `sys.modules`: a dict.
    pub(crate) modules: Value,
    /// The module `sys`'s namespace.
    pub(crate) sys_dict: Value,
    pub(crate) interned: HashTable<Value>,
    pub(crate) hash_keys: (u64, u64),
    pub(crate) next_dict_version: u32,
    pub(crate) roots: Box<Roots>,
    pub(crate) stack_base: *mut Value,
    pub(crate) stack_end: *mut Value,
    pub(crate) frames_base: *mut Frame,
    pub(crate) recursion_limit: usize,
    /// What a door is asked for, as RecursionError tells it: `" in comparison"`.
    pub(crate) purpose: &'static str,
    /// RecursionError is being handled: some more frames are allowed.
    pub(crate) overflowed: bool,
    pub(crate) machine: MachineHooks,
    pub(crate) compiler: Option<Box<dyn Compiler>>,
    pub(crate) gc: crate::gc::GcState,
    pub(crate) import: crate::import::ImportState,
    /// `ExceptionGroup`, which has two bases.
    pub(crate) exception_group: Value,
    /// `types.GenericAlias`.
    pub(crate) generic_alias: Value,
    /// The type of `f_locals` of functions' frames.
    pub(crate) frame_locals: Value,
    /// `types.UnionType`.
    pub(crate) union_type: Value,
    /// Types of native modules.
    pub(crate) module_types: crate::modules::ModuleTypes,
    /// State of native modules, by the module's own type.
    pub(crate) module_states: Vec<Box<dyn std::any::Any>>,
    /// Where standard output and error go.
    pub(crate) out: crate::output::Streams,
    pub(crate) ids: crate::object::IdentityNumbers,
    /// Most digits of an int read from or written as decimal text; 0 is no limit.
    pub(crate) int_max_str_digits: usize,
    /// Objects whose representations are being made, the outermost first: they are arguments of running natives.
    pub(crate) repr_active: Vec<Value>,
    /// Depth of natives calling back.
    pub(crate) native_depth: usize,
    /// `sys.argv`.
    pub(crate) argv: Vec<String>,
    /// The folder of the Python standard library.
    pub(crate) stdlib: Option<std::path::PathBuf>,
    /// What a probing machine counts.
    pub counters: Counters,
    pub(crate) interruption: Interruption,
    /// Texts of code that comes from no file, by the name that stands for one.
    pub(crate) sources: std::collections::HashMap<String, String>,
}

/// What a counting run counts, defined once for both machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counters {
    /// Executed instructions.
    pub instructions: u64,
    /// Values copied from slot to slot.
    pub moves: u64,
    /// Executed instructions after which the program is ended.
    pub limit: u64,
}

impl Default for Counters {
    fn default() -> Self {
        Self { instructions: 0, moves: 0, limit: u64::MAX }
    }
}

impl Vm {
    /// A state with an empty heap and stack; types and names come with [`Vm::new`](crate::boot).
    pub(crate) fn bare(machine: MachineHooks) -> Box<Self> {
        let stack = reserve::<Value>(STACK_SLOTS);
        let frames = reserve::<Frame>(FRAMES);
        let mut vm = Box::new(Self {
            top: stack,
            stack_limit: stack.wrapping_add(STACK_STEP),
            frame: frames,
            frame_limit: frames.wrapping_add(RECURSION_LIMIT + OUTER_RECORDS),
            heap: Heap::default(),
            exception: Value::UNDEF,
            exc: ptr::null_mut(),
            base_exc: ExcItem { value: Value::NONE, previous: ptr::null_mut() },
            shapes: Shapes::default(),
            method_cache: MethodCache::default(),
            attr_cache: crate::attr_cache::AttrCache::default(),
            types: Types::UNMADE,
            names: Names::UNMADE,
            exceptions: crate::exception::ExceptionTypes::UNMADE,
            entry_function: Value::UNDEF,
            sent_result: Value::UNDEF,
            registers: [0; 4],
            exit_value: Value::UNDEF,
            prepared: Vec::new(),
            permanent: Vec::new(),
            empty_str: Value::UNDEF,
            empty_tuple: Value::UNDEF,
            empty_bytes: Value::UNDEF,
            latin1: Vec::new(),
            builtins: Value::UNDEF,
            modules: Value::UNDEF,
            sys_dict: Value::UNDEF,
            interned: HashTable::new(),
            hash_keys: (0, 0),
            next_dict_version: 1,
            roots: Box::default(),
            stack_base: stack,
            stack_end: stack.wrapping_add(STACK_SLOTS - STACK_RESERVE),
            frames_base: frames,
            recursion_limit: RECURSION_LIMIT,
            purpose: "",
            overflowed: false,
            machine,
            compiler: None,
            gc: crate::gc::GcState::default(),
            import: crate::import::ImportState::default(),
            exception_group: Value::UNDEF,
            generic_alias: Value::UNDEF,
            union_type: Value::UNDEF,
            frame_locals: Value::UNDEF,
            module_types: crate::modules::ModuleTypes::UNMADE,
            module_states: Vec::new(),
            out: crate::output::Streams::default(),
            ids: crate::object::IdentityNumbers::default(),
            int_max_str_digits: 4300,
            repr_active: Vec::new(),
            native_depth: 0,
            argv: Vec::new(),
            stdlib: None,
            counters: Counters::default(),
            interruption: Interruption::default(),
            sources: std::collections::HashMap::new(),
        });
        vm.exc = &raw mut vm.base_exc;
        // SAFETY: the first record is the outermost native's entry; memory for it was reserved.
        unsafe {
            frames.write(Frame {
                callee: Value::UNDEF,
                fp: stack as u64 | (Cont::Exit as u64) << crate::frame::HIGH,
                pc: 0,
                alt: 0,
            });
        }
        vm.top = stack.wrapping_add(1);
        // SAFETY: the slot lies in the reserved stack.
        unsafe { stack.write(Value::UNDEF) };
        vm
    }

    /// Gives the outermost record, a native's entry, its function.
    pub(crate) fn set_first_entry(&mut self) {
        // SAFETY: the first record was written when the state was made.
        unsafe {
            (*self.frames_base).callee = self.entry_function;
            (*self.frames_base).pc = self.machine.exit_code as u64;
        }
    }

    /// Makes room for a frame that ends at `top` and whose record is `next`, or raises RecursionError.
    #[cold]
    #[inline(never)]
    pub(crate) fn grow_stack(&mut self, top: *mut Value, next: *mut Frame) -> bool {
        if next >= self.frame_limit || top > self.stack_end {
            self.raise_too_deep();
            return false;
        }
        while top > self.stack_limit {
            self.stack_limit = self.stack_limit.wrapping_add(STACK_STEP).min(self.stack_end);
        }
        // The caller tries again: there is room now.
        true
    }

    /// Sets `sys.setrecursionlimit`'s limit.
    pub(crate) fn set_recursion_limit(&mut self, limit: usize) {
        self.recursion_limit = limit.min(FRAMES - FRAME_RESERVE);
        self.update_frame_limit();
    }

    /// The limit, with some frames more while RecursionError is handled.
    pub(crate) fn update_frame_limit(&mut self) {
        let extra = if self.overflowed { FRAME_RESERVE / 2 } else { 0 };
        self.frame_limit = self.frames_base.wrapping_add(self.recursion_limit + OUTER_RECORDS + extra);
    }

    /// Clears the slots above the stack's top as far as it was used: none of them may be read as a value later.
    pub(crate) fn clear_above_top(&mut self) {
        let mut slot = self.top;
        let end = self.stack_limit.wrapping_add(STACK_RESERVE);
        while slot < end.min(self.stack_end.wrapping_add(STACK_RESERVE)) {
            // SAFETY: the slot lies in the reserved stack.
            unsafe { slot.write(Value::UNDEF) };
            slot = slot.wrapping_add(1);
        }
        let used = self.top as usize - self.stack_base as usize;
        let steps = used / size_of::<Value>() / STACK_STEP + 1;
        self.stack_limit = self.stack_base.wrapping_add(steps * STACK_STEP).min(self.stack_end);
    }

    /// The slots in use.
    pub(crate) fn stack_values(&self) -> &[Value] {
        // SAFETY: every slot below the top holds a value.
        unsafe { std::slice::from_raw_parts(self.stack_base, self.top.offset_from(self.stack_base) as usize) }
    }

    /// Whether a safepoint has something to do.
    #[inline(always)]
    pub fn is_interrupted(&self) -> bool {
        self.heap.flags() != 0
    }

    /// The machine's name.
    pub fn machine_name(&self) -> &'static str {
        self.machine.name
    }
}

impl Drop for Vm {
    fn drop(&mut self) {
        self.forget_signals();
        release(self.stack_base, STACK_SLOTS);
        release(self.frames_base, FRAMES);
    }
}

/// Address space that the system backs with zeroed memory where it is touched.
fn reserve<T>(count: usize) -> *mut T {
    let (access, kind) =
        (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE);
    // SAFETY: a new anonymous mapping touches no other memory.
    let base = unsafe { libc::mmap(std::ptr::null_mut(), count * size_of::<T>(), access, kind, -1, 0) };
    assert!(base != libc::MAP_FAILED, "no address space for the stacks");
    base.cast()
}

/// Gives back what [`reserve`] gave for as many.
fn release<T>(base: *mut T, count: usize) {
    // SAFETY: the mapping was made with this size and is not used any more.
    unsafe { libc::munmap(base.cast(), count * size_of::<T>()) };
}
