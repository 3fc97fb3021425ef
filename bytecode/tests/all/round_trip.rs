//! Reading and writing: every file of CPython's library, and every kind of object.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use bytecode::marshal::{self, MarshalFault};
use bytecode::{CodeObject, Const, Text, exception_table, location_table, pyc, wordcode};
use num_bigint::BigInt;

use crate::{library, oracle};

#[test]
fn library_files_come_back_equal() {
    for module in library::modules() {
        let (header, code) = pyc::read(&module.bytes).expect("read before");
        let written = pyc::write(header, &code);
        let (again, reread) =
            pyc::read(&written).unwrap_or_else(|error| panic!("{}: {error}", module.path.display()));
        assert_eq!(header, again);
        assert!(code.is_same(&reread), "{} differs when read again", module.path.display());
        assert_eq!(
            pyc::write(header, &reread),
            written,
            "{} is not written alike twice",
            module.path.display()
        );
    }
}

#[test]
fn cpython_reads_our_files_as_equal_code() {
    let Some(python) = oracle::python() else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rewritten");
    fs::create_dir_all(&folder).expect("folders can be made");
    let mut pairs = String::new();
    for (i, module) in library::modules().iter().enumerate() {
        let ours = folder.join(format!("{i}.pyc"));
        let (header, code) = pyc::read(&module.bytes).expect("read before");
        fs::write(&ours, pyc::write(header, &code)).expect("files can be written");
        writeln!(pairs, "{}\t{}", module.path.display(), ours.display()).expect("strings take all");
    }
    let list = folder.join("pairs.txt");
    fs::write(&list, pairs).expect("files can be written");
    let answer = oracle::run_script(python, "same_code.py", &[&list]);
    assert!(answer.starts_with("equal "), "{answer}");
    eprintln!("{}", answer.trim());
}

#[test]
fn library_wordcode_and_tables_come_back_equal() {
    let mut objects = 0;
    for module in library::modules() {
        library::walk(&module.code, &mut |code| {
            objects += 1;
            assert_tables_come_back(code, &module.path);
        });
    }
    eprintln!("{objects} code objects");
}

fn assert_tables_come_back(code: &CodeObject, path: &Path) {
    let place = || format!("{} in {}", code.qualname, path.display());
    let instrs = wordcode::decode(&code.code).unwrap_or_else(|error| panic!("{}: {error}", place()));
    assert_eq!(wordcode::encode(&instrs), &*code.code, "{}", place());
    let exceptions =
        exception_table::decode(&code.exceptiontable).unwrap_or_else(|error| panic!("{}: {error}", place()));
    assert_eq!(exception_table::encode(&exceptions), &*code.exceptiontable, "{}", place());
    let entries = location_table::decode(&code.linetable, code.firstlineno);
    let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", place()));
    let runs = entries.iter().map(|entry| (entry.end - entry.start, entry.position));
    assert_eq!(location_table::encode(code.firstlineno, runs), &*code.linetable, "{}", place());
    assert_eq!(entries.last().map_or(0, |entry| entry.end as usize * 2), code.code.len(), "{}", place());
}

fn every_kind() -> Const {
    let text = |text: &str| Const::Str(text.into());
    let big = |digits: &str| Const::BigInt(Arc::new(digits.parse::<BigInt>().expect("digits")));
    let shared: Arc<[Const]> = [Const::Int(1), text("shared")].into();
    Const::Tuple(
        [
            Const::None,
            Const::Bool(true),
            Const::Bool(false),
            Const::Ellipsis,
            Const::StopIteration,
            Const::Int(0),
            Const::Int(-1),
            Const::Int(i64::from(i32::MAX)),
            Const::Int(i64::from(i32::MIN)),
            Const::Int(i64::from(i32::MAX) + 1),
            Const::Int(i64::MAX),
            Const::Int(i64::MIN),
            big("9223372036854775808"),
            big("-9223372036854775809"),
            big("1606938044258990275541962092341162602522202993782792835301376"),
            Const::Float(-0.0),
            Const::Float(f64::NAN),
            Const::Float(1e300),
            Const::Complex(1.5, -0.0),
            text(""),
            text("name"),
            text("two words"),
            text(&"long".repeat(100)),
            text("Zürich 🐍"),
            Const::Str(Text::from_code_points([0x61, 0xD800, 0xDFFF])),
            Const::Bytes(Arc::from(*b"\x00\xFFbytes")),
            Const::Bytes(Arc::from(*b"")),
            Const::Tuple(Arc::from([])),
            Const::Tuple(Arc::clone(&shared)),
            Const::List(Arc::from([Const::Tuple(shared), Const::List(Arc::from([]))])),
            Const::FrozenSet(Arc::from([Const::Int(3), Const::Int(2), text("x")])),
            Const::Set(Arc::from([Const::Int(2)])),
            Const::Dict(Arc::from([(text("k"), Const::Int(1)), (Const::None, Const::Dict(Arc::from([])))])),
        ]
        .into(),
    )
}

#[test]
fn every_kind_of_object_comes_back() {
    let object = every_kind();
    let bytes = marshal::dump(&object);
    let again = marshal::load(&bytes).expect("our own bytes are read");
    assert!(object.is_same(&again), "{again:?}");
}

#[test]
fn cpython_reads_every_kind_of_object() {
    let Some(python) = oracle::python() else { return };
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("every_kind.marshal");
    fs::write(&path, marshal::dump(&every_kind())).expect("files can be written");
    let answer = oracle::run_script(python, "dump_again.py", &[&path]);
    let (printed, hex) = answer.trim_end().rsplit_once('\n').expect("two lines");
    pretty_assertions::assert_eq!(format!("{printed}\n"), include_str!("../recorded/every_kind.txt"));
    let bytes: Vec<u8> = hex
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(&String::from_utf8_lossy(pair), 16).expect("hexadecimal digits"))
        .collect();
    assert!(marshal::load(&bytes).expect("CPython's bytes are read").is_same(&every_kind()));
}

fn fault(bytes: &[u8]) -> MarshalFault {
    marshal::load(bytes).expect_err("malformed").fault
}

#[test]
fn malformed_marshal_is_refused() {
    assert_eq!(fault(b""), MarshalFault::TooShort);
    assert_eq!(fault(b"i\x01\x02"), MarshalFault::TooShort);
    assert_eq!(fault(b"?"), MarshalFault::UnknownType);
    assert_eq!(fault(b"0"), MarshalFault::Null);
    assert_eq!(fault(b")\x020N"), MarshalFault::Null);
    assert_eq!(fault(b"r\x00\x00\x00\x00"), MarshalFault::InvalidReference);
    assert_eq!(fault(b"r\xFF\xFF\xFF\xFF"), MarshalFault::InvalidReference);
    assert_eq!(fault(b"\xA9\x01r\x00\x00\x00\x00"), MarshalFault::ContainsItself);
    assert_eq!(fault(b"(\xFF\xFF\xFF\x7F"), MarshalFault::TooShort);
    assert_eq!(fault(b"(\xFF\xFF\xFF\xFF"), MarshalFault::SizeOutOfRange { what: "tuple" });
    assert_eq!(fault(b"s\xFF\xFF\xFF\x7Fabc"), MarshalFault::TooShort);
    assert_eq!(fault(b"l\x01\x00\x00\x00\x00\x80"), MarshalFault::DigitOutOfRange);
    assert_eq!(fault(b"l\x01\x00\x00\x00\x00\x00"), MarshalFault::Unnormalized);
    assert_eq!(fault(b"u\x01\x00\x00\x00\xFF"), MarshalFault::NotUtf8);
    assert_eq!(fault(b"f\x01x"), MarshalFault::NotFloat);
    assert_eq!(marshal::load_code(b"N").expect_err("no code").fault, MarshalFault::NotCode);
    assert!(marshal::load(b"N").expect("None").is_same(&Const::None));
}

#[test]
fn nesting_is_limited_and_needs_no_native_stack() {
    let nested = |depth: usize| [b")\x01".repeat(depth), b"N".to_vec()].concat();
    let object = marshal::load(&nested(1990)).expect("CPython reads that too");
    assert_eq!(marshal::dump(&object).len(), nested(1990).len());
    assert_eq!(fault(&nested(100_000)), MarshalFault::TooDeep);
}

#[test]
fn references_cannot_expand_without_bound() {
    // Each tuple refers twice to the one inside it.
    let mut bytes = b"\xA9\x02".repeat(60);
    bytes.extend(b"NN");
    let mut inner = 59_i32;
    while inner > 0 {
        bytes.push(b'r');
        bytes.extend(inner.to_le_bytes());
        inner -= 1;
    }
    assert_eq!(fault(&bytes), MarshalFault::TooLarge);
}

#[test]
fn headers_are_checked() {
    let error = |bytes: &[u8]| pyc::read(bytes).expect_err("malformed").to_string();
    assert_eq!(error(b"\xf3\x0d"), "file has 2 bytes, fewer than the header of a .pyc file");
    let mut old = vec![0xa7, 0x0d, 0x0d, 0x0a];
    old.resize(20, 0);
    assert_eq!(error(&old), "not a .pyc file of CPython 3.13 (magic 3495, wanted 3571)");
    assert_eq!(error(&[b'x'; 20]), "not a .pyc file of CPython 3.13 (magic missing, wanted 3571)");
    let mut flags = vec![0xf3, 0x0d, 0x0d, 0x0a, 9];
    flags.resize(20, 0);
    assert_eq!(error(&flags), "unknown flags 0x9 in the header");
    let mut empty = vec![0xf3, 0x0d, 0x0d, 0x0a];
    empty.resize(16, 0);
    assert_eq!(error(&empty), "in the marshalled code object, byte 0: marshal data too short");
}
