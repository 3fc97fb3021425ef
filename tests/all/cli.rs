//! The command line: what it prints and which exit status it ends with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bytecode::pyc::{self, PycHeader};
use bytecode::{CodeFlags, CodeObject, Const, StackOp as Op, wordcode};
use pretty_assertions::assert_eq;

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    fs::create_dir_all(&folder).expect("folders can be made");
    folder
}

fn code(name: &str, instrs: &[(Op, u32)], consts: Vec<Const>) -> CodeObject {
    let mut bytes = Vec::new();
    for (op, oparg) in instrs {
        wordcode::emit(&mut bytes, *op, *oparg);
    }
    CodeObject {
        argcount: 0,
        posonlyargcount: 0,
        kwonlyargcount: 0,
        stacksize: 3,
        flags: CodeFlags(0),
        code: bytes.into(),
        consts: consts.into(),
        names: ["f".into()].into(),
        localsplusnames: [].into(),
        localspluskinds: [].into(),
        filename: "prog.py".into(),
        name: name.into(),
        qualname: name.into(),
        firstlineno: 1,
        linetable: [].into(),
        exceptiontable: [].into(),
    }
}

fn write(path: &Path, code: &CodeObject) {
    fs::write(path, pyc::write(PycHeader::default(), code)).expect("files can be written");
}

/// A module that defines a function.
fn sound() -> CodeObject {
    let function = code("f", &[(Op::RESUME, 0), (Op::RETURN_CONST, 0)], vec![Const::Int(7)]);
    let define = [
        (Op::RESUME, 0),
        (Op::LOAD_CONST, 0),
        (Op::MAKE_FUNCTION, 0),
        (Op::STORE_NAME, 0),
        (Op::RETURN_CONST, 1),
    ];
    code("<module>", &define, vec![Const::Code(function.into()), Const::None])
}

fn amphis(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_amphis")).args(args).current_dir(folder).output().expect("amphis starts")
}

fn assert_output(output: &Output, status: i32, stdout: &str, stderr: &str) {
    assert_eq!(String::from_utf8_lossy(&output.stdout), stdout);
    assert_eq!(String::from_utf8_lossy(&output.stderr), stderr);
    assert_eq!(output.status.code(), Some(status));
}

#[test]
fn dis_prints_the_file_and_what_is_nested() {
    let folder = folder("dis");
    write(&folder.join("prog.pyc"), &sound());
    let module = "          RESUME                   0
          LOAD_CONST               0 (<code object f at 0x0, file \"prog.py\", line 1>)
          MAKE_FUNCTION
          STORE_NAME               0 (f)
          RETURN_CONST             1 (None)
";
    let function = "          RESUME                   0\n          RETURN_CONST             0 (7)\n";
    let both =
        format!("{module}\nDisassembly of <code object f at 0x0, file \"prog.py\", line 1>:\n{function}");
    assert_output(&amphis(&folder, &["dis", "prog.pyc"]), 0, &both, "");
    assert_output(&amphis(&folder, &["dis", "--function", "f", "prog.pyc"]), 0, function, "");
    let missing = "amphis: prog.pyc: no function or class is called g\n";
    assert_output(&amphis(&folder, &["dis", "--function", "g", "prog.pyc"]), 2, "", missing);
}

#[test]
fn dis_prints_json() {
    let folder = folder("dis_json");
    write(&folder.join("prog.pyc"), &sound());
    let output = amphis(&folder, &["dis", "--json", "prog.pyc"]);
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!(value["code_objects"][0]["instructions"][3]["op"], "STORE_NAME");
    assert_eq!(value["code_objects"][1]["name"], "f");
    assert_eq!(value["code_objects"][1]["consts"][0], "7");
}

#[test]
fn unreadable_input_ends_with_status_2() {
    let folder = folder("unreadable");
    fs::write(folder.join("short.pyc"), b"x").expect("files can be written");
    let missing = "amphis: missing.pyc: No such file or directory (os error 2)\n";
    assert_output(&amphis(&folder, &["dis", "missing.pyc"]), 2, "", missing);
    let short = "amphis: short.pyc: file has 1 bytes, fewer than the header of a .pyc file\n";
    assert_output(&amphis(&folder, &["dis", "short.pyc"]), 2, "", short);
    let nothing = "amphis: nowhere: No such file or directory (os error 2)\n";
    assert_output(&amphis(&folder, &["verify", "nowhere"]), 2, "", nothing);
    assert_eq!(amphis(&folder, &["dis"]).status.code(), Some(2));
}

#[test]
fn compile_writes_what_dis_reads() {
    let folder = folder("compile");
    fs::write(folder.join("prog.py"), "print(7)\n").expect("files can be written");
    assert_output(&amphis(&folder, &["compile", "prog.py", "-o", "out/prog.pyc"]), 0, "", "");
    assert_output(&amphis(&folder, &["compile", "prog.py"]), 0, "", "");
    let ours = amphis(&folder, &["dis", "prog.py"]);
    assert!(String::from_utf8_lossy(&ours.stdout).contains("LOAD_CONST               0 (7)"));
    for file in ["out/prog.pyc", "__pycache__/prog.cpython-313.pyc"] {
        assert_eq!(amphis(&folder, &["dis", file]).stdout, ours.stdout);
    }
    fs::write(folder.join("bad.py"), "return 1\n").expect("files can be written");
    let error = "amphis:   File \"bad.py\", line 1\n    return 1\n    ^^^^^^^^\n\
                 SyntaxError: 'return' outside function\n";
    assert_output(&amphis(&folder, &["compile", "bad.py"]), 2, "", error);
}

#[test]
fn verify_tells_sound_code_from_malformed() {
    let folder = folder("verify");
    write(&folder.join("sound.pyc"), &sound());
    let output = amphis(&folder, &["verify", "--json", "."]);
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!((&value["files"], &value["code_objects"]), (&1.into(), &2.into()));
    assert_eq!(output.status.code(), Some(0));

    let malformed = self::folder("verify_malformed");
    write(
        &malformed.join("bad.pyc"),
        &code("bad", &[(Op::POP_TOP, 0), (Op::RETURN_CONST, 0)], vec![Const::None]),
    );
    let output = amphis(&malformed, &["verify", "."]);
    let text = String::from_utf8_lossy(&output.stdout);
    let refusal = "refused: ./bad.pyc: bad (line 1): offset 0: takes 1 values from a stack of depth 0\n";
    assert!(text.starts_with(refusal), "{text}");
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn dis_shows_the_register_form() {
    let folder = folder("dis_register");
    write(&folder.join("prog.pyc"), &sound());
    let register = "f (line 1), register code, frame of 0 slots:\n --           RETURN               7\n";
    let output = amphis(&folder, &["dis", "--form", "register", "--function", "f", "prog.pyc"]);
    assert_output(&output, 0, register, "");
    let output = amphis(&folder, &["dis", "--form", "both", "--json", "--only", "none", "prog.pyc"]);
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    let function = &value["code_objects"][1];
    assert_eq!(function["register"]["instructions"][0]["stack_offsets"], serde_json::json!([2]));
    assert_eq!(function["instructions"][1]["op"], "RETURN_CONST");
}

#[test]
fn cfg_prints_a_graph_for_each_code_object() {
    let folder = folder("cfg");
    write(&folder.join("prog.pyc"), &sound());
    let output = amphis(&folder, &["cfg", "--form", "both", "prog.pyc"]);
    let text = String::from_utf8_lossy(&output.stdout);
    let titles: Vec<_> = text.lines().filter(|line| line.starts_with("digraph")).collect();
    assert_eq!(
        titles,
        ["digraph \"<module>\" {", "digraph \"<module>\" {", "digraph \"f\" {", "digraph \"f\" {"]
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn compare_reports_both_machines() {
    let folder = folder("compare");
    let fib = "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(10)\n";
    fs::write(folder.join("fib.py"), fib).expect("files can be written");
    let output = amphis(&folder, &["compare", "--json", "--html", "report.html", "fib.py"]);
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!((&value["program"], &value["agree"]), (&"fib.py".into(), &true.into()));
    for machine in ["stack", "register"] {
        for figure in ["instructions", "code_bytes", "moves", "frame_slots", "seconds"] {
            assert!(
                value[machine][figure].as_f64().is_some_and(|number| number > 0.0),
                "{machine} {figure}: {value}"
            );
        }
    }
    assert!(value["removed_percent"].as_f64().is_some_and(|percent| percent > 40.0), "{value}");
    let page = fs::read_to_string(folder.join("report.html")).expect("the page is there");
    assert!(page.contains("LOAD_GLOBAL") && page.ends_with("</html>"), "{page}");
}

#[test]
fn compare_ends_with_status_1_if_the_program_raises_and_2_if_it_is_no_program() {
    let folder = folder("compare_status");
    fs::write(folder.join("raises.py"), "1 / 0\n").expect("files can be written");
    fs::write(folder.join("wrong.py"), "def\n").expect("files can be written");
    assert_eq!(amphis(&folder, &["compare", "raises.py"]).status.code(), Some(1));
    assert_eq!(amphis(&folder, &["compare", "wrong.py"]).status.code(), Some(2));
    assert_eq!(amphis(&folder, &["compare", "missing.py"]).status.code(), Some(2));
}
