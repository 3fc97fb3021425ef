//! What opargs mean: the kinds of binary operators and comparisons, the internal functions, the attributes of functions.

macro_rules! oparg_enum {
    ($(#[$meta:meta])* $type:ident { $($(#[doc = $doc:literal])+ $variant:ident = $number:literal $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $type {
            $($(#[doc = $doc])+ $variant = $number,)*
        }

        impl $type {
            /// All kinds, by number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The kind with CPython's number.
            pub fn from_number(number: u32) -> Option<Self> {
                match number {
                    $($number => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// CPython's number.
            pub fn number(self) -> u32 {
                self as u32
            }

            /// What `dis` prints.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

oparg_enum! {
    /// The operator of `BINARY_OP`: its oparg.
    BinOp {
        /// `lhs + rhs`
        Add = 0 "+",
        /// `lhs & rhs`
        And = 1 "&",
        /// `lhs // rhs`
        FloorDivide = 2 "//",
        /// `lhs << rhs`
        LShift = 3 "<<",
        /// `lhs @ rhs`
        MatrixMultiply = 4 "@",
        /// `lhs * rhs`
        Multiply = 5 "*",
        /// `lhs % rhs`
        Remainder = 6 "%",
        /// `lhs | rhs`
        Or = 7 "|",
        /// `lhs ** rhs`
        Power = 8 "**",
        /// `lhs >> rhs`
        RShift = 9 ">>",
        /// `lhs - rhs`
        Subtract = 10 "-",
        /// `lhs / rhs`
        TrueDivide = 11 "/",
        /// `lhs ^ rhs`
        Xor = 12 "^",
        /// `lhs += rhs`
        InplaceAdd = 13 "+=",
        /// `lhs &= rhs`
        InplaceAnd = 14 "&=",
        /// `lhs //= rhs`
        InplaceFloorDivide = 15 "//=",
        /// `lhs <<= rhs`
        InplaceLShift = 16 "<<=",
        /// `lhs @= rhs`
        InplaceMatrixMultiply = 17 "@=",
        /// `lhs *= rhs`
        InplaceMultiply = 18 "*=",
        /// `lhs %= rhs`
        InplaceRemainder = 19 "%=",
        /// `lhs |= rhs`
        InplaceOr = 20 "|=",
        /// `lhs **= rhs`
        InplacePower = 21 "**=",
        /// `lhs >>= rhs`
        InplaceRShift = 22 ">>=",
        /// `lhs -= rhs`
        InplaceSubtract = 23 "-=",
        /// `lhs /= rhs`
        InplaceTrueDivide = 24 "/=",
        /// `lhs ^= rhs`
        InplaceXor = 25 "^=",
    }
}

impl BinOp {
    /// Whether it is an augmented assignment's operator.
    pub fn is_inplace(self) -> bool {
        self as u8 >= Self::InplaceAdd as u8
    }

    /// The operator without the assignment.
    #[must_use]
    pub fn plain(self) -> Self {
        if self.is_inplace() { Self::ALL[self as usize - Self::InplaceAdd as usize] } else { self }
    }
}

oparg_enum! {
    /// The operator of `COMPARE_OP`: bits 5 and up of its oparg.
    CompareOp {
        /// `lhs < rhs`
        Lt = 0 "<",
        /// `lhs <= rhs`
        Le = 1 "<=",
        /// `lhs == rhs`
        Eq = 2 "==",
        /// `lhs != rhs`
        Ne = 3 "!=",
        /// `lhs > rhs`
        Gt = 4 ">",
        /// `lhs >= rhs`
        Ge = 5 ">=",
    }
}

impl CompareOp {
    /// The oparg's bit that asks for an exact bool.
    pub const TO_BOOL: u32 = 16;

    /// The operator in an oparg of `COMPARE_OP`.
    pub fn from_oparg(oparg: u32) -> Option<Self> {
        Self::from_number(oparg >> 5)
    }

    /// The oparg of `COMPARE_OP` for the operator.
    pub fn oparg(self, to_bool: bool) -> u32 {
        (self.number() << 5) | (u32::from(to_bool) * Self::TO_BOOL) | self.outcomes()
    }

    /// CPython's mask of the outcomes that make it true: 1 unordered, 2 less, 4 greater, 8 equal.
    pub fn outcomes(self) -> u32 {
        match self {
            Self::Lt => 2,
            Self::Le => 2 | 8,
            Self::Eq => 8,
            Self::Ne => 1 | 2 | 4,
            Self::Gt => 4,
            Self::Ge => 4 | 8,
        }
    }

    /// The operator that gives the same answer with sides exchanged.
    #[must_use]
    pub fn swapped(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            Self::Eq | Self::Ne => self,
        }
    }
}

oparg_enum! {
    /// The function of `CALL_INTRINSIC_1`: its oparg.
    Intrinsic1 {
        /// Raises SystemError.
        Invalid = 0 "INTRINSIC_1_INVALID",
        /// Calls `sys.displayhook` with the value.
        Print = 1 "INTRINSIC_PRINT",
        /// Takes over all public names of a module.
        ImportStar = 2 "INTRINSIC_IMPORT_STAR",
        /// Turns StopIteration and StopAsyncIteration into RuntimeError.
        StopIterationError = 3 "INTRINSIC_STOPITERATION_ERROR",
        /// Wraps what an asynchronous generator yields.
        AsyncGenWrap = 4 "INTRINSIC_ASYNC_GEN_WRAP",
        /// `+value`
        UnaryPositive = 5 "INTRINSIC_UNARY_POSITIVE",
        /// Makes the list a tuple.
        ListToTuple = 6 "INTRINSIC_LIST_TO_TUPLE",
        /// A new `TypeVar` of that name.
        TypeVar = 7 "INTRINSIC_TYPEVAR",
        /// A new `ParamSpec` of that name.
        ParamSpec = 8 "INTRINSIC_PARAMSPEC",
        /// A new `TypeVarTuple` of that name.
        TypeVarTuple = 9 "INTRINSIC_TYPEVARTUPLE",
        /// `typing.Generic[params]`
        SubscriptGeneric = 10 "INTRINSIC_SUBSCRIPT_GENERIC",
        /// A new `TypeAliasType` of (name, type parameters, value).
        TypeAlias = 11 "INTRINSIC_TYPEALIAS",
    }
}

oparg_enum! {
    /// The function of `CALL_INTRINSIC_2`: its oparg.
    Intrinsic2 {
        /// Raises SystemError.
        Invalid = 0 "INTRINSIC_2_INVALID",
        /// What `except*` raises in the end: of the original exception and the list of raised ones.
        PrepReraiseStar = 1 "INTRINSIC_PREP_RERAISE_STAR",
        /// A new `TypeVar` of that name and bound.
        TypeVarWithBound = 2 "INTRINSIC_TYPEVAR_WITH_BOUND",
        /// A new `TypeVar` of that name and constraints.
        TypeVarWithConstraints = 3 "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS",
        /// Sets a function's `__type_params__`.
        SetFunctionTypeParams = 4 "INTRINSIC_SET_FUNCTION_TYPE_PARAMS",
        /// Sets a type parameter's default.
        SetTypeparamDefault = 5 "INTRINSIC_SET_TYPEPARAM_DEFAULT",
    }
}

oparg_enum! {
    /// The attribute that `SET_FUNCTION_ATTRIBUTE` sets: its oparg.
    FunctionAttribute {
        /// `__defaults__`, a tuple.
        Defaults = 1 "defaults",
        /// `__kwdefaults__`, a dict.
        KwDefaults = 2 "kwdefaults",
        /// `__annotations__`, a tuple of names and values in turn.
        Annotations = 4 "annotations",
        /// `__closure__`, a tuple of cells.
        Closure = 8 "closure",
    }
}

oparg_enum! {
    /// The function of `CONVERT_VALUE`: its oparg.
    Conversion {
        /// `str(value)`
        Str = 1 "str",
        /// `repr(value)`
        Repr = 2 "repr",
        /// `ascii(value)`
        Ascii = 3 "ascii",
    }
}

/// Bits of `RESUME`'s oparg.
pub mod resume {
    /// The part that says where it stands.
    pub const LOCATION_MASK: u32 = 3;
    /// At the start of the code.
    pub const AT_START: u32 = 0;
    /// After a `yield`.
    pub const AFTER_YIELD: u32 = 1;
    /// After a `yield from`.
    pub const AFTER_YIELD_FROM: u32 = 2;
    /// After an `await`.
    pub const AFTER_AWAIT: u32 = 3;
    /// Set where only the generator's own wrapper handles exceptions, so that `close()` may skip the frame.
    pub const DEPTH1_MASK: u32 = 4;
}
