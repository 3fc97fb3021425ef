//! `amphis run`: where programs come from, what they see in `sys.argv`, how they end.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use pretty_assertions::assert_eq;

const MACHINES: [&str; 2] = ["stack", "register"];

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("run").join(name);
    fs::create_dir_all(&folder).expect("folders can be made");
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("files lie in folders")).expect("folders can be made");
    fs::write(path, text).expect("files can be written");
}

fn amphis(folder: &Path, machine: &str, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_amphis"));
    command.args(["run", "--machine", machine]).args(args).current_dir(folder);
    command
}

/// Runs on both machines, which have to agree; the stack machine's output.
fn run(folder: &Path, args: &[&str], stdin: &str) -> Output {
    let [stack, register] = MACHINES.map(|machine| {
        let mut command = amphis(folder, machine, args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("amphis starts");
        // A program need not read its input.
        let _ = child.stdin.take().expect("piped").write_all(stdin.as_bytes());
        child.wait_with_output().expect("children can be waited for")
    });
    assert_eq!(stack, register, "{args:?}");
    stack
}

fn assert_run(output: &Output, status: i32, stdout: &str, stderr: &str) {
    assert_eq!(String::from_utf8_lossy(&output.stderr), stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout), stdout);
    assert_eq!(output.status.code(), Some(status));
}

const SHOW: &str = "import sys\nprint(sys.argv, __name__)\n";

#[test]
fn text_is_a_program() {
    let folder = folder("text");
    let output = run(&folder, &["-c", SHOW, "a", "-b", "--count", "-h"], "");
    assert_run(&output, 0, "['-c', 'a', '-b', '--count', '-h'] __main__\n", "");
    let traceback = "Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\n    1/0\n    ~^~\n\
                     ZeroDivisionError: division by zero\n";
    assert_run(&run(&folder, &["-c", "1/0"], ""), 1, "", traceback);
    let error = "  File \"<string>\", line 1\n    def\n       ^\nSyntaxError: invalid syntax\n";
    assert_run(&run(&folder, &["-c", "def"], ""), 1, "", error);
}

#[test]
fn standard_input_is_a_program() {
    let folder = folder("stdin");
    assert_run(&run(&folder, &["-", "x"], SHOW), 0, "['-', 'x'] __main__\n", "");
    assert_run(&run(&folder, &[], SHOW), 0, "['-'] __main__\n", "");
}

#[test]
fn modules_are_programs() {
    let folder = folder("modules");
    write(
        &folder,
        "one.py",
        "import sys\nprint(len(sys.argv), __name__, __spec__.name, __package__ == '')\n",
    );
    write(&folder, "pkg/__init__.py", "print('init', __name__)\n");
    write(
        &folder,
        "pkg/__main__.py",
        "import sys\nprint(sys.argv[1:], __name__, __spec__.name, __package__)\n",
    );
    assert_run(&run(&folder, &["-m", "one", "-x"], ""), 0, "2 __main__ one True\n", "");
    let package = "init pkg\n['-x', 'y'] __main__ pkg.__main__ pkg\n";
    assert_run(&run(&folder, &["-m", "pkg", "-x", "y"], ""), 0, package, "");
    assert_run(&run(&folder, &["-m", "nosuch"], ""), 1, "", "amphis: No module named nosuch\n");
    assert_run(
        &run(&folder, &["-m", "pkg.nosuch"], ""),
        1,
        "init pkg\n",
        "amphis: No module named pkg.nosuch\n",
    );
    assert_run(&run(&folder, &["-m", "sys"], ""), 1, "", "amphis: No code object available for sys\n");
}

#[test]
fn folders_are_programs() {
    let folder = folder("folders");
    write(&folder, "tool/__main__.py", "import helper, sys\nprint(helper.name, sys.argv)\n");
    write(&folder, "tool/helper.py", "name = 'helper'\n");
    assert_run(&run(&folder, &["tool", "1"], ""), 0, "helper ['tool', '1']\n", "");
    let output = run(&folder, &["."], "");
    assert_run(&output, 2, "", "amphis: can't find '__main__' module in '.'\n");
}

#[test]
fn exit_statuses_are_pythons() {
    let folder = folder("status");
    let cases = [
        ("pass", 0, ""),
        ("raise SystemExit", 0, ""),
        ("import sys; sys.exit(3)", 3, ""),
        ("exit(300)", 300 % 256, ""),
        ("quit(-1)", 255, ""),
        ("exit(True)", 1, ""),
        ("import sys; sys.exit('bye')", 1, "bye\n"),
        ("import sys; sys.exit((1, 2))", 1, "(1, 2)\n"),
    ];
    for (text, status, stderr) in cases {
        assert_run(&run(&folder, &["-c", text], ""), status, "", stderr);
    }
    let output = run(&folder, &["nosuch.py"], "");
    assert_run(&output, 2, "", "amphis: nosuch.py: No such file or directory (os error 2)\n");
}

#[test]
fn suspicious_source_is_warned_of() {
    let folder = folder("warnings");
    write(&folder, "prog.py", "x = 1\nprint(x is 1)\n");
    let warning =
        "prog.py:2: SyntaxWarning: \"is\" with 'int' literal. Did you mean \"==\"?\n  print(x is 1)\n";
    assert_run(&run(&folder, &["prog.py"], ""), 0, "True\n", warning);
}

/// A program that catches everything does not keep itself alive.
const STUBBORN: &str = "
while True:
    try:
        while True:
            pass
    except BaseException:
        print('caught')
    finally:
        print('finally')
";

#[test]
fn limits_end_programs_that_catch_everything() {
    let folder = folder("limits");
    for machine in MACHINES {
        for dispatch in ["loop", "tail"] {
            for (limit, message) in [
                (["--timeout", "0.2"], "the time limit is over"),
                (["--max-steps", "100000"], "the limit of executed instructions is reached"),
            ] {
                let mut command = amphis(&folder, machine, &["--dispatch", dispatch]);
                let output = command.args(limit).args(["-c", STUBBORN]).output().expect("amphis starts");
                let stderr = String::from_utf8_lossy(&output.stderr);
                assert_eq!(output.status.code(), Some(124), "{machine} {dispatch} {limit:?}: {stderr}");
                assert_eq!(stderr.lines().last(), Some(format!("KeyboardInterrupt: {message}").as_str()));
                assert_eq!(String::from_utf8_lossy(&output.stdout), "");
            }
        }
    }
}

#[test]
fn time_limit_ends_waiting() {
    let folder = folder("waiting");
    for machine in MACHINES {
        let text = "import time\ntime.sleep(60)";
        let output =
            amphis(&folder, machine, &["--timeout", "0.2", "-c", text]).output().expect("amphis starts");
        assert_eq!(output.status.code(), Some(124), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Interrupts raise `KeyboardInterrupt` in loops, which the program may catch; uncaught, the process ends by the signal.
#[test]
#[cfg(unix)]
fn interrupts_raise_in_running_code() {
    use std::os::unix::process::ExitStatusExt;

    let folder = folder("interrupts");
    let text = "
print('ready', flush=True)
try:
    while True:
        pass
except KeyboardInterrupt:
    print('caught', flush=True)
for i in range(10 ** 15):
    pass
";
    for machine in MACHINES {
        for dispatch in ["loop", "tail"] {
            let mut command = amphis(&folder, machine, &["--dispatch", dispatch, "-c", text]);
            let mut child =
                command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("amphis starts");
            let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
            for expected in ["ready", "caught"] {
                assert_eq!(lines.next().expect("a line").expect("text"), expected);
                // Now it is in the loop that follows, or on the way there.
                std::thread::sleep(std::time::Duration::from_millis(100));
                let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
                assert!(interrupt.is_ok_and(|status| status.success()));
            }
            let output = child.wait_with_output().expect("children can be waited for");
            assert_eq!(output.status.signal(), Some(2), "{machine} {dispatch}");
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(stderr.ends_with("\nKeyboardInterrupt\n"), "{machine} {dispatch}: {stderr}");
        }
    }
}
