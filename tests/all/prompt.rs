//! The prompt, with plain input and on a terminal.

use std::io::Write;
use std::process::{Command, Stdio};

use pretty_assertions::assert_eq;

const MACHINES: [&str; 2] = ["stack", "register"];

/// Standard output and error of a session that reads `input`, without a terminal.
fn session(machine: &str, args: &[&str], input: &str) -> (String, String, Option<i32>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_amphis"))
        .args(["run", "--machine", machine, "-i"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("amphis starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads its input");
    let output = child.wait_with_output().expect("children can be waited for");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn values_are_shown_and_kept() {
    for machine in MACHINES {
        let (out, err, status) = session(machine, &["-c", "x = 20"], "x + 1\n_ * 2\nNone\n'a'\ny = 5\n_\n");
        assert_eq!(out, ">>> 21\n>>> 42\n>>> >>> 'a'\n>>> >>> 'a'\n>>> \n");
        assert_eq!((err.as_str(), status), ("", Some(0)));
    }
}

#[test]
fn blocks_end_with_a_blank_line() {
    for machine in MACHINES {
        let input = "for i in range(2):\n    print(i)\n\nif 1: print('one')\n\n'''a\nb'''\n(1 +\n2)\n";
        let (out, err, _) = session(machine, &["-c", ""], input);
        assert_eq!(out, ">>> ... ... 0\n1\n>>> ... one\n>>> ... 'a\\nb'\n>>> ... 3\n>>> \n");
        assert_eq!(err, "");
    }
}

#[test]
fn errors_are_told_and_the_session_goes_on() {
    let traceback = "Traceback (most recent call last):\n  File \"<python-input-1>\", line 1, in <module>\n    f()\n    \
                     ~^^\n  File \"<python-input-0>\", line 2, in f\n    return 1/0\n           ~^~\n\
                     ZeroDivisionError: division by zero\n";
    let syntax = "  File \"<python-input-2>\", line 1\n    x =\n        ^\nSyntaxError: invalid syntax\n";
    for machine in MACHINES {
        let input = "def f():\n    return 1/0\n\nf()\nx = \nimport sys; sys.last_type.__name__\nexit(4)\n7\n";
        let (out, err, status) = session(machine, &["-c", ""], input);
        assert_eq!(out, ">>> ... ... >>> >>> >>> 'ZeroDivisionError'\n>>> ");
        assert_eq!(err, format!("{traceback}{syntax}"));
        assert_eq!(status, Some(4));
    }
}

#[test]
fn session_goes_on_after_a_program_that_fails() {
    for machine in MACHINES {
        let (out, err, status) = session(machine, &["-c", "x = 3\n1/0"], "x\n");
        assert_eq!((out.as_str(), status), (">>> 3\n>>> \n", Some(0)));
        assert!(err.ends_with("ZeroDivisionError: division by zero\n"), "{err}");
    }
}

/// On a terminal, given by `script(1)`, lines are edited and kept.
#[test]
fn terminal_session() {
    if Command::new("script").arg("--version").output().is_err() {
        eprintln!("skipped: no script(1) to give a terminal");
        return;
    }
    let history = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("history");
    let _ = std::fs::remove_file(&history);
    for machine in MACHINES {
        let command = format!("{} --machine {machine}", env!("CARGO_BIN_EXE_amphis"));
        let mut child = Command::new("script")
            .args(["-qec", &command, "/dev/null"])
            .env("AMPHIS_HISTORY", &history)
            .env("TERM", "xterm")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script starts");
        let mut stdin = child.stdin.take().expect("piped");
        for line in ["6 * 7\r", "def f():\r", "  return 'fo' + 'rty'\r", "\r", "f()\r", "exit\r"] {
            stdin.write_all(line.as_bytes()).expect("it reads its input");
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        let output = child.wait_with_output().expect("children can be waited for");
        let text = String::from_utf8_lossy(&output.stdout);
        let banner = format!("(Python 3.13), {machine} machine");
        for shown in [banner.as_str(), ">>> ", "... ", "42", "'forty'"] {
            assert!(text.contains(shown), "{shown} in {text}");
        }
        assert_eq!(output.status.code(), Some(0));
    }
    let kept = std::fs::read_to_string(&history).expect("the history is there");
    assert!(kept.contains("6 * 7\n"), "{kept}");
}
