//! `_md5`, `_sha1`, `_sha2`, `_sha3`, `_blake2`: what `hashlib` uses where there is no OpenSSL.

mod objects;

use blake2::digest::{DynDigest, ExtendableOutput, Update, XofReader};

use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

/// A running computation.
#[derive(Clone)]
enum Hasher {
    /// Of a digest of one size.
    Fixed(Box<dyn DynDigest>),
    Shake128(sha3::Shake128),
    Shake256(sha3::Shake256),
    Blake2b(blake2::Blake2bVar, usize),
    Blake2s(blake2::Blake2sVar, usize),
}

impl Hasher {
    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Fixed(hasher) => hasher.update(bytes),
            Self::Shake128(hasher) => hasher.update(bytes),
            Self::Shake256(hasher) => hasher.update(bytes),
            Self::Blake2b(hasher, _) => hasher.update(bytes),
            Self::Blake2s(hasher, _) => hasher.update(bytes),
        }
    }

    /// The digest so far; `len` is the size that is asked for where it is free.
    fn digest(&self, len: usize) -> Vec<u8> {
        use blake2::digest::VariableOutput;
        let mut bytes = vec![0; if self.is_extendable() { len } else { self.size() }];
        match self.clone() {
            Self::Fixed(hasher) => return hasher.finalize().into_vec(),
            Self::Shake128(hasher) => hasher.finalize_xof().read(&mut bytes),
            Self::Shake256(hasher) => hasher.finalize_xof().read(&mut bytes),
            Self::Blake2b(hasher, _) => {
                hasher.finalize_variable(&mut bytes).expect("the buffer has the size that it was made with");
            }
            Self::Blake2s(hasher, _) => {
                hasher.finalize_variable(&mut bytes).expect("the buffer has the size that it was made with");
            }
        }
        bytes
    }

    fn is_extendable(&self) -> bool {
        matches!(self, Self::Shake128(_) | Self::Shake256(_))
    }

    /// Bytes of a digest; 0 if any number.
    fn size(&self) -> usize {
        match self {
            Self::Fixed(hasher) => hasher.output_size(),
            Self::Shake128(_) | Self::Shake256(_) => 0,
            Self::Blake2b(_, size) | Self::Blake2s(_, size) => *size,
        }
    }
}

fn fixed<D: DynDigest + Default + 'static>() -> Hasher {
    Hasher::Fixed(Box::new(D::default()))
}

/// One of the functions.
struct Kind {
    module: &'static str,
    /// What makes an object of it.
    function: &'static str,
    /// The name of the objects' type.
    ty: &'static str,
    name: &'static str,
    block: usize,
    start: fn() -> Hasher,
}

macro_rules! kinds {
    ($($module:literal $function:ident $ty:literal $block:literal $start:expr;)*) => {
        static KINDS: &[Kind] = &[
            $(Kind {
                module: $module,
                function: stringify!($function),
                ty: $ty,
                name: stringify!($function),
                block: $block,
                start: $start,
            },)*
        ];

        mod constructors {
            use super::*;

            $(
                pub(super) fn $function<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
                    super::construct(cx, args, stringify!($function))
                }
            )*
        }

        static CONSTRUCTORS: &[NativeDef] = &[
            $(NativeDef::new(
                stringify!($function),
                "string=b'', *, usedforsecurity=True",
                constructors::$function,
            ),)*
        ];
    };
}
kinds! {
    "_md5" md5 "md5" 64 fixed::<md5::Md5>;
    "_sha1" sha1 "sha1" 64 fixed::<sha1::Sha1>;
    "_sha2" sha224 "SHA224Type" 64 fixed::<sha2::Sha224>;
    "_sha2" sha256 "SHA256Type" 64 fixed::<sha2::Sha256>;
    "_sha2" sha384 "SHA384Type" 128 fixed::<sha2::Sha384>;
    "_sha2" sha512 "SHA512Type" 128 fixed::<sha2::Sha512>;
    "_sha3" sha3_224 "sha3_224" 144 fixed::<sha3::Sha3_224>;
    "_sha3" sha3_256 "sha3_256" 136 fixed::<sha3::Sha3_256>;
    "_sha3" sha3_384 "sha3_384" 104 fixed::<sha3::Sha3_384>;
    "_sha3" sha3_512 "sha3_512" 72 fixed::<sha3::Sha3_512>;
    "_sha3" shake_128 "shake_128" 168 || Hasher::Shake128(sha3::Shake128::default());
    "_sha3" shake_256 "shake_256" 136 || Hasher::Shake256(sha3::Shake256::default());
}

static BLAKE: &[NativeDef] = &[
    NativeDef::new("blake2b", BLAKE_SIGNATURE, blake2b),
    NativeDef::new("blake2s", BLAKE_SIGNATURE, blake2s),
];

const BLAKE_SIGNATURE: &str = "data=b'', /, *, digest_size=<unrepresentable>, key=b'', salt=b'', person=b'', \
                               fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, \
                               last_node=False, usedforsecurity=True";

static BLAKE2B: Kind = Kind {
    module: "_blake2",
    function: "blake2b",
    ty: "blake2b",
    name: "blake2b",
    block: 128,
    start: || blake2b_of(64),
};

static BLAKE2S: Kind = Kind {
    module: "_blake2",
    function: "blake2s",
    ty: "blake2s",
    name: "blake2s",
    block: 64,
    start: || blake2s_of(32),
};

fn blake2b_of(size: usize) -> Hasher {
    use blake2::digest::VariableOutput;
    Hasher::Blake2b(blake2::Blake2bVar::new(size).expect("the size was checked"), size)
}

fn blake2s_of(size: usize) -> Hasher {
    use blake2::digest::VariableOutput;
    Hasher::Blake2s(blake2::Blake2sVar::new(size).expect("the size was checked"), size)
}

fn init(vm: &mut Vm, dict: Value, module: &str) {
    for (kind, constructor) in KINDS.iter().zip(CONSTRUCTORS).filter(|(kind, _)| kind.module == module) {
        crate::modules::add_functions(vm, dict, std::slice::from_ref(constructor));
        let ty = objects::type_of(vm, kind);
        let name =
            if kind.ty == kind.function { format!("{}Type", kind.ty.to_uppercase()) } else { kind.ty.into() };
        crate::modules::set(vm, dict, &name, ty);
    }
}

/// Fills the namespace of `_md5`.
pub(super) fn init_md5(vm: &mut Vm, dict: Value) {
    init(vm, dict, "_md5");
}

/// Fills the namespace of `_sha1`.
pub(super) fn init_sha1(vm: &mut Vm, dict: Value) {
    init(vm, dict, "_sha1");
}

/// Fills the namespace of `_sha2`.
pub(super) fn init_sha2(vm: &mut Vm, dict: Value) {
    init(vm, dict, "_sha2");
}

/// Fills the namespace of `_sha3`.
pub(super) fn init_sha3(vm: &mut Vm, dict: Value) {
    init(vm, dict, "_sha3");
}

/// Fills the namespace of `_blake2`.
pub(super) fn init_blake2(vm: &mut Vm, dict: Value) {
    crate::modules::add_functions(vm, dict, BLAKE);
    for (name, value) in [
        ("BLAKE2B_MAX_DIGEST_SIZE", 64),
        ("BLAKE2B_MAX_KEY_SIZE", 64),
        ("BLAKE2B_PERSON_SIZE", 16),
        ("BLAKE2B_SALT_SIZE", 16),
        ("BLAKE2S_MAX_DIGEST_SIZE", 32),
        ("BLAKE2S_MAX_KEY_SIZE", 32),
        ("BLAKE2S_PERSON_SIZE", 8),
        ("BLAKE2S_SALT_SIZE", 8),
    ] {
        crate::modules::set(vm, dict, name, Value::small(value));
    }
}

/// The bytes that a hash is to be made of.
fn data(cx: &mut Cx, value: Handle<'_>) -> Result<Vec<u8>, Raised> {
    if value.value().is_kind(crate::cell::Kind::Str) {
        return Err(cx.vm().raise_type_error("Strings must be encoded before hashing"));
    }
    match crate::types::bytes::buffer_of(cx.vm(), value.value()) {
        Some(bytes) => Ok(bytes.to_vec()),
        None => Err(cx.vm().raise_type_error("object supporting the buffer API required")),
    }
}

fn construct<'a>(cx: &'a mut Cx, args: Args<'_>, function: &str) -> Res<'a> {
    let kind = KINDS.iter().find(|kind| kind.function == function).expect("each function has a row");
    let mut hasher = (kind.start)();
    if let Some(given) = args.opt(0) {
        hasher.update(&data(cx, given)?);
    }
    Ok(objects::make(cx, kind, hasher))
}

/// Raises an error if an argument of BLAKE2 that is not supported has another value than its default.
fn check_plain(cx: &mut Cx, args: Args<'_>) -> Result<(), Raised> {
    let names = ["key", "salt", "person"];
    for (index, name) in (2..).zip(names) {
        let Some(value) = args.opt(index) else { continue };
        if !cx.bytes_like(value)?.is_empty() {
            return Err(cx
                .vm()
                .raise_not_implemented_error(&format!("BLAKE2's argument '{name}' is not supported")));
        }
    }
    let numbers = [
        ("fanout", 1),
        ("depth", 1),
        ("leaf_size", 0),
        ("node_offset", 0),
        ("node_depth", 0),
        ("inner_size", 0),
    ];
    for (index, (name, default)) in (5..).zip(numbers.into_iter().chain([("last_node", 0)])) {
        let Some(value) = args.opt(index) else { continue };
        if cx.c_long(value)? != default {
            return Err(cx
                .vm()
                .raise_not_implemented_error(&format!("BLAKE2's argument '{name}' is not supported")));
        }
    }
    Ok(())
}

fn blake<'a>(
    cx: &'a mut Cx,
    args: Args<'_>,
    kind: &'static Kind,
    most: i64,
    of_size: fn(usize) -> Hasher,
) -> Res<'a> {
    let size = args.opt(1).map_or(Ok(most), |size| cx.c_long(size))?;
    if !(1..=most).contains(&size) {
        let message = format!(
            "digest_size for {} must be between 1 and {most} bytes, here it is {size}",
            match most {
                64 => "Blake2b",
                _ => "Blake2s",
            }
        );
        return Err(cx.vm().raise_value_error(&message));
    }
    check_plain(cx, args)?;
    let mut hasher = of_size(size as usize);
    if let Some(given) = args.opt(0) {
        hasher.update(&data(cx, given)?);
    }
    Ok(objects::make(cx, kind, hasher))
}

fn blake2b<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    blake(cx, args, &BLAKE2B, 64, blake2b_of)
}

fn blake2s<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    blake(cx, args, &BLAKE2S, 32, blake2s_of)
}
