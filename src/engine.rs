//! The engine: a thread state on one of the two machines, with its options.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use bytecode::{CodeObject, RegCode};
pub use runtime::Counters;
use runtime::{CodeSizes, ModuleError, Raised, STATUS_INTERRUPTED, Vm};
use translate::Options as TranslateOptions;

/// Which machine runs a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Machine {
    /// CPython's wordcode, operands on a stack.
    Stack,
    /// Register code.
    Register,
}

/// How a machine goes from one instruction to the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Dispatch {
    /// Handlers that jump to each other.
    Tail,
    /// One loop around a `match`.
    Loop,
}

/// Options of an engine.
#[derive(Clone, Debug)]
pub struct Options {
    /// The machine.
    pub machine: Machine,
    /// The form of dispatch.
    pub dispatch: Dispatch,
    /// Count executed instructions and moves.
    pub counting: bool,
    /// `sys.argv`.
    pub argv: Vec<String>,
    /// The folder of the Python standard library.
    pub stdlib: Option<PathBuf>,
    /// Most bytes of heap in use.
    pub memory_limit: Option<usize>,
    /// The program is ended after so many executed instructions; only a counting machine counts them.
    pub max_steps: Option<u64>,
    /// Handle the process's signals as python does: an interrupt raises `KeyboardInterrupt`.
    pub signals: bool,
    /// Keep what is written to the standard streams instead of writing it.
    pub capture: bool,
    /// What standard input gives instead of the process's own.
    pub input: Option<Vec<u8>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            machine: Machine::Register,
            dispatch: if cfg!(debug_assertions) { Dispatch::Loop } else { Dispatch::Tail },
            counting: false,
            argv: Vec::new(),
            stdlib: None,
            memory_limit: None,
            max_steps: None,
            signals: false,
            capture: false,
            input: None,
        }
    }
}

/// How a program ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// The exit status that python would have.
    pub status: i32,
    /// An interrupt ended it that it did not catch: python's process ends by the signal then.
    pub is_interrupt: bool,
}

/// Ends the process by an interrupt, as python does after an uncaught `KeyboardInterrupt`.
pub fn end_by_interrupt() -> ! {
    runtime::end_by_interrupt()
}

/// Passes of the translator, the same for every engine of a process.
static TRANSLATION: OnceLock<TranslateOptions> = OnceLock::new();

/// Sets the translator's passes for the process; only before the first engine runs.
pub fn set_translation(options: TranslateOptions) {
    let _ = TRANSLATION.set(options);
}

struct Translation;

impl regvm::Translator for Translation {
    fn translate(code: &CodeObject) -> Result<RegCode, String> {
        let options = TRANSLATION.get_or_init(TranslateOptions::default);
        translate::translate(code, options).map_err(|error| error.to_string())
    }
}

/// Native stack of the thread that an engine runs on: address space, mapped as it is used.
const NATIVE_STACK: usize = 512 << 20;

/// Kilobytes of native stack, in place of the usual ones: for tests of how little the machines need.
const NATIVE_STACK_VARIABLE: &str = "AMPHIS_NATIVE_STACK";

fn native_stack() -> usize {
    let given = std::env::var(NATIVE_STACK_VARIABLE).ok().and_then(|text| text.parse::<usize>().ok());
    given.map_or(NATIVE_STACK, |kilobytes| kilobytes << 10)
}

/// Runs `task` on a thread with a native stack as deep as the engine needs.
///
/// # Panics
/// If the system refuses the thread, or with `task`'s own panic.
pub fn on_engine_thread<T: Send>(task: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().name("engine".into()).stack_size(native_stack());
        let thread = builder.spawn_scoped(scope, task).expect("the system gives a thread");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// A Python interpreter on one of the machines. To be used on [`on_engine_thread`].
pub struct Engine {
    vm: Box<Vm>,
}

impl Engine {
    /// A fresh interpreter.
    pub fn new(options: &Options) -> Self {
        let hooks = match (options.machine, options.dispatch) {
            (Machine::Stack, Dispatch::Tail) => stackvm::hooks(stackvm::Dispatch::Tail, options.counting),
            (Machine::Stack, Dispatch::Loop) => stackvm::hooks(stackvm::Dispatch::Loop, options.counting),
            (Machine::Register, Dispatch::Tail) => {
                regvm::hooks::<Translation>(regvm::Dispatch::Tail, options.counting)
            }
            (Machine::Register, Dispatch::Loop) => {
                regvm::hooks::<Translation>(regvm::Dispatch::Loop, options.counting)
            }
        };
        let mut vm = Vm::new(hooks);
        if let Some(bytes) = options.memory_limit {
            vm.heap.set_maximum(bytes);
        }
        if let Some(steps) = options.max_steps {
            vm.limit_steps(steps);
        }
        if options.signals {
            vm.catch_signals();
        }
        if let Some(every) = std::env::var("AMPHIS_GC_STRESS").ok().and_then(|text| text.parse().ok()) {
            vm.heap.set_stress(every);
        }
        vm.set_compiler(Box::new(crate::compiler::Frontend));
        vm.configure(&options.argv, options.stdlib.as_deref());
        if options.capture {
            vm.capture_output();
        }
        if let Some(input) = &options.input {
            vm.set_input(input.clone());
        }
        Self { vm }
    }

    /// Runs a program as `__main__`; an uncaught exception is printed to standard error as python prints it.
    pub fn run_main(&mut self, code: &Arc<CodeObject>) -> Outcome {
        let outcome = self.start_main(code);
        self.finish(outcome)
    }

    /// Runs a program as `__main__` and leaves the interpreter as it is at its end.
    pub fn start_main(&mut self, code: &Arc<CodeObject>) -> Outcome {
        match self.vm.run_main(code) {
            Ok(()) => Outcome::default(),
            Err(Raised) => self.uncaught(),
        }
    }

    /// Runs a module as `__main__` and leaves the interpreter as it is at its end.
    pub fn start_module(&mut self, name: &str) -> Outcome {
        match self.vm.run_module(name) {
            Ok(()) => Outcome::default(),
            Err(ModuleError::Raised) => self.uncaught(),
            Err(ModuleError::Missing(message)) => {
                self.vm.write_error(&format!("amphis: {message}\n"));
                Outcome { status: 1, is_interrupt: false }
            }
        }
    }

    fn uncaught(&mut self) -> Outcome {
        let status = self.vm.report_uncaught();
        Outcome { status, is_interrupt: status == STATUS_INTERRUPTED }
    }

    /// Ends the interpreter: exit functions and finalizers run, output is written.
    pub fn finish(&mut self, ended: Outcome) -> Outcome {
        Outcome { status: self.vm.shut_down(ended.status), ..ended }
    }

    /// What a counting engine counted.
    pub fn counters(&self) -> Counters {
        self.vm.counters
    }

    /// Sizes of the code that has run.
    pub fn code_sizes(&mut self) -> CodeSizes {
        self.vm.code_sizes()
    }

    /// What was written to standard output and standard error, if the engine captures.
    pub fn take_output(&mut self) -> (Vec<u8>, Vec<u8>) {
        self.vm.take_output()
    }

    /// Leaves the interpreter's memory to the system, which takes it back when the process ends: quicker than freeing
    /// every object on the way out.
    pub fn leave(self) {
        std::mem::forget(self);
    }

    /// The thread state.
    pub fn vm(&mut self) -> &mut Vm {
        &mut self.vm
    }
}
