//! Names as small numbers.
//!
//! A compilation meets the same few names thousands of times; interning them once makes every table of the symbol
//! table and of the code generator one of integers. Symbols number in order of first use, so nothing that iterates
//! over them depends on a hash.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// An interned name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct Symbol(pub u32);

/// A fast hasher for integers and short names (the multiply-rotate scheme known as Fx).
#[derive(Default, Clone, Copy)]
pub(crate) struct FxHasher(u64);

impl FxHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x51_7c_c1_b7_27_22_0a_95);
    }
}

impl Hasher for FxHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<8>();
        for chunk in chunks {
            self.add(u64::from_le_bytes(*chunk));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.add(u64::from_le_bytes(last));
    }

    fn write_u8(&mut self, value: u8) {
        self.add(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.add(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.add(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.add(value as u64);
    }
}

/// A hash map with the fast hasher. Never iterated over.
pub(crate) type FxHashMap<K, V> = HashMap<K, V, BuildHasherDefault<FxHasher>>;
/// A hash set with the fast hasher. Never iterated over where the order could show.
pub(crate) type FxHashSet<K> = std::collections::HashSet<K, BuildHasherDefault<FxHasher>>;

/// The names of one compilation.
pub(crate) struct Interner {
    names: Vec<Arc<str>>,
    index: FxHashMap<Arc<str>, Symbol>,
}

impl Interner {
    /// An interner that holds the names of [`known`] under their fixed numbers.
    pub fn new() -> Self {
        let mut interner = Self { names: Vec::new(), index: FxHashMap::default() };
        for name in known::ALL {
            interner.intern(name);
        }
        interner
    }

    /// The symbol of `name`.
    pub fn intern(&mut self, name: &str) -> Symbol {
        if let Some(symbol) = self.index.get(name) {
            return *symbol;
        }
        let symbol = Symbol(self.names.len() as u32);
        let name: Arc<str> = name.into();
        self.names.push(Arc::clone(&name));
        self.index.insert(name, symbol);
        symbol
    }

    /// The name of `symbol`.
    pub fn get(&self, symbol: Symbol) -> &str {
        &self.names[symbol.0 as usize]
    }

    /// `name` as it is spelled inside class `class`: `__x` becomes `_Class__x`.
    pub fn mangle(&mut self, class: Option<Symbol>, name: Symbol) -> Symbol {
        let Some(class) = class else { return name };
        let text = self.get(name);
        if !text.starts_with("__") || text.ends_with("__") || text.contains('.') {
            return name;
        }
        let class = self.get(class).trim_start_matches('_');
        if class.is_empty() {
            return name;
        }
        let mangled = format!("_{class}{text}");
        self.intern(&mangled)
    }
}

macro_rules! known_names {
    ($($id:ident = $text:literal,)*) => {
        /// Names the compiler itself speaks of.
        pub(crate) mod known {
            use super::Symbol;
            #[repr(u32)]
            #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "one variant a name below")]
            enum Index { $($id),* }
            $(pub const $id: Symbol = Symbol(Index::$id as u32);)*
            pub(super) const ALL: &[&str] = &[$($text),*];
        }
    };
}

known_names! {
    EMPTY = "",
    CLASS = "__class__",
    CLASSDICT = "__classdict__",
    CLASSCELL = "__classcell__",
    CLASSDICTCELL = "__classdictcell__",
    DOC = "__doc__",
    NAME = "__name__",
    MODULE = "__module__",
    QUALNAME = "__qualname__",
    FIRSTLINENO = "__firstlineno__",
    STATIC_ATTRIBUTES = "__static_attributes__",
    ANNOTATIONS = "__annotations__",
    TYPE_PARAMS = "__type_params__",
    DOT_TYPE_PARAMS = ".type_params",
    DOT_GENERIC_BASE = ".generic_base",
    DOT_DEFAULTS = ".defaults",
    DOT_KWDEFAULTS = ".kwdefaults",
    DOT_ZERO = ".0",
    DEBUG = "__debug__",
    SUPER = "super",
    SELF = "self",
    RETURN = "return",
    JOIN = "join",
    STAR = "*",
    ANON_MODULE = "<module>",
    ANON_LAMBDA = "<lambda>",
    ANON_LISTCOMP = "<listcomp>",
    ANON_SETCOMP = "<setcomp>",
    ANON_DICTCOMP = "<dictcomp>",
    ANON_GENEXPR = "<genexpr>",
}
