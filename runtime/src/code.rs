//! Code at run time: a code object's constants as values, and the executable copy that the machine in use runs.

use std::sync::Arc;

use bytecode::reg_code::SourceMap;
use bytecode::{CodeFlags, CodeObject};

use crate::heap::Marker;
use crate::value::Value;

/// A handler range of an executable, in bytes from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// First byte covered.
    pub start: u32,
    /// First byte no longer covered.
    pub end: u32,
    /// The handler's first instruction.
    pub target: u32,
    /// The slot that receives the exception (with `lasti`: the offset here, the exception one above).
    pub slot: u16,
    /// Whether the raising instruction's offset is stored too.
    pub lasti: bool,
}

/// Where an executable's addresses come from in the wordcode.
#[derive(Debug)]
pub enum Origin {
    /// The executable is a copy of the wordcode: two bytes a code unit.
    Wordcode,
    /// Register code.
    Register(SourceMap),
}

/// A machine's own copy of a code object's instructions, in which it quickens and caches.
#[derive(Debug)]
pub struct Executable {
    /// The instructions; wordcode is packed four units a word. Reached through raw pointers by the machine.
    pub words: Box<[u64]>,
    /// Slots of a frame.
    pub frame_size: u32,
    /// Handler ranges in order of start.
    pub handlers: Box<[Handler]>,
    /// How offsets are told.
    pub origin: Origin,
}

/// A code object ready to run. What calls read comes first.
#[repr(C)]
pub struct CodeData {
    /// The executable's first instruction; null until prepared.
    pub(crate) entry: *mut u8,
    /// The middle of the pool: constants lie below (`consts[-1 - k]`), names from here up.
    pub(crate) consts: *const Value,
    /// Slots of a frame.
    pub(crate) frame_size: u32,
    /// Slots of localsplus.
    pub(crate) nlocalsplus: u32,
    /// Number of parameters if a call with just as many positional arguments needs no matching, else `u32::MAX`; also
    /// `u32::MAX` until prepared.
    pub(crate) simple_argc: u32,
    /// Whether a call makes a generator: it needs no other treatment, `RETURN_GENERATOR` does it.
    pub(crate) is_generator: bool,
    pub(crate) object: Arc<CodeObject>,
    pub(crate) executable: Option<Executable>,
    /// Code units at which wordcode instructions stand, found when a raise asks.
    pub(crate) starts: std::cell::OnceCell<Box<[u32]>>,
    pub(crate) pool: Box<[Value]>,
    pub(crate) nconsts: usize,
    /// Names of localsplus as strings.
    pub(crate) local_names: Box<[Value]>,
    pub(crate) name: Value,
    pub(crate) qualname: Value,
    pub(crate) filename: Value,
}

impl CodeData {
    /// The code object.
    pub fn object(&self) -> &Arc<CodeObject> {
        &self.object
    }

    /// The executable, if the code has run.
    pub fn executable(&self) -> Option<&Executable> {
        self.executable.as_ref()
    }

    /// `co_flags`.
    pub fn flags(&self) -> CodeFlags {
        self.object.flags
    }

    /// Constant `k`.
    pub fn constant(&self, k: usize) -> Value {
        self.pool[self.nconsts - 1 - k]
    }

    /// The first instruction's address and the const pool's middle: where a call starts.
    #[inline(always)]
    pub fn start(&self) -> (*mut u8, *const Value) {
        debug_assert!(!self.entry.is_null(), "prepared");
        (self.entry, self.consts)
    }

    /// The middle of the const pool.
    #[inline(always)]
    pub fn consts(&self) -> *const Value {
        self.consts
    }

    /// Slots of a frame.
    #[inline(always)]
    pub fn frame_size(&self) -> usize {
        self.frame_size as usize
    }

    /// Slots of localsplus.
    #[inline(always)]
    pub fn nlocalsplus(&self) -> usize {
        self.nlocalsplus as usize
    }

    /// Number of parameters, if a call with just as many positional arguments needs no matching.
    #[inline(always)]
    pub fn simple_argc(&self) -> u32 {
        self.simple_argc
    }

    /// The byte offset of an address in the executable.
    pub(crate) fn byte_offset(&self, pc: *mut u8) -> usize {
        (pc as usize).wrapping_sub(self.entry as usize)
    }

    /// The wordcode offset, in code units, of the instruction before the address at which a frame will go on. A fused
    /// instruction has several: that of the step is told, or the last.
    pub(crate) fn offset_before(&self, pc: *mut u8, step: Option<usize>) -> usize {
        let Some(executable) = &self.executable else { return 0 };
        let before = self.byte_offset(pc).saturating_sub(1);
        match &executable.origin {
            Origin::Wordcode => self.instruction_start(before / 2),
            Origin::Register(map) => {
                let offsets = map.offsets_at((before / 8) as u32);
                let offset = step.and_then(|step| offsets.get(step)).or(offsets.last());
                offset.map_or(0, |offset| *offset as usize)
            }
        }
    }

    /// The opcode unit of the instruction that covers a code unit: caches belong to the one before.
    fn instruction_start(&self, unit: usize) -> usize {
        let starts = self.starts.get_or_init(|| {
            bytecode::wordcode::instrs(&self.object.code).flatten().map(|instr| instr.offset).collect()
        });
        let after = starts.partition_point(|start| *start as usize <= unit);
        after.checked_sub(1).map_or(0, |index| starts[index] as usize)
    }

    /// The innermost handler for the instruction before an address.
    pub(crate) fn handler_before(&self, pc: *mut u8) -> Option<Handler> {
        let executable = self.executable.as_ref()?;
        let before = self.byte_offset(pc).saturating_sub(1) as u32;
        let after = executable.handlers.partition_point(|handler| handler.start <= before);
        let handler = executable.handlers[..after].last()?;
        (before < handler.end).then_some(*handler)
    }

    pub(crate) fn trace(&self, marker: &mut Marker) {
        marker.live += size_of::<Self>() + self.pool.len() * 8 + self.object.code.len();
        marker.live += self.executable.as_ref().map_or(0, |executable| executable.words.len() * 8);
        marker.mark_all(&self.pool);
        marker.mark_all(&self.local_names);
        marker.mark_all(&[self.name, self.qualname, self.filename]);
    }
}
