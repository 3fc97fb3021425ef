//! What loading an attribute finds, by the object's shape and the name: asked when an instruction's own cache misses,
//! so that a place that sees many classes costs one probe and not a lookup.
//!
//! Entries are never checked against the types: whatever makes one wrong clears the table together with the inline
//! caches ([`Vm::flush_caches`]), and so does each collection, for what stands here is not traced.

#![expect(unsafe_code, reason = "instances are reached through cells")]

use crate::attr::Found;
use crate::call::CallArgs;
use crate::cell::{Kind, ObjectCell, PropertyCell};
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::Vm;

const SIZE: usize = 1024;

#[derive(Clone, Copy)]
struct Entry {
    /// 0: empty.
    shape: u32,
    name: Value,
    found: Found,
}

const EMPTY: Entry = Entry { shape: 0, name: Value::UNDEF, found: Found::Other };

/// Storing the attribute to an instance of the shape gives it the next shape, whose last slot lies inline.
#[derive(Clone, Copy)]
struct Transition {
    /// 0: empty.
    shape: u32,
    next: u32,
    name: Value,
}

const NO_TRANSITION: Transition = Transition { shape: 0, next: 0, name: Value::UNDEF };
const TRANSITIONS: usize = 256;

/// The tables: direct-mapped.
pub(crate) struct AttrCache {
    entries: Box<[Entry]>,
    transitions: Box<[Transition]>,
}

impl Default for AttrCache {
    fn default() -> Self {
        Self { entries: vec![EMPTY; SIZE].into(), transitions: vec![NO_TRANSITION; TRANSITIONS].into() }
    }
}

impl AttrCache {
    #[inline(always)]
    fn index(shape: u32, name: Value) -> usize {
        (shape as usize ^ (name.bits() >> 4) as usize) % SIZE
    }

    /// What was found for objects of this shape.
    #[inline(always)]
    pub(crate) fn get(&self, shape: u32, name: Value) -> Option<Found> {
        let entry = &self.entries[Self::index(shape, name)];
        (entry.shape == shape && entry.name == name && shape != 0).then_some(entry.found)
    }

    pub(crate) fn set(&mut self, shape: u32, name: Value, found: Found) {
        self.entries[Self::index(shape, name)] = Entry { shape, name, found };
    }

    /// The shape that an instance of `shape` gets by a store of `name`.
    #[inline]
    pub(crate) fn transition(&self, shape: u32, name: Value) -> Option<u32> {
        let entry = &self.transitions[Self::index(shape, name) % TRANSITIONS];
        (entry.shape == shape && entry.name == name && shape != 0).then_some(entry.next)
    }

    pub(crate) fn set_transition(&mut self, shape: u32, name: Value, next: u32) {
        self.transitions[Self::index(shape, name) % TRANSITIONS] = Transition { shape, next, name };
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.entries.fill(EMPTY);
        self.transitions.fill(NO_TRANSITION);
    }
}

impl Vm {
    /// Where an attribute is found, for inline caches; nothing is run.
    #[inline]
    pub fn find_attr(&mut self, object: Value, name: Value) -> Found {
        let shape = Self::shape_id(object);
        if let Some(found) = self.attr_cache.get(shape, name) {
            return found;
        }
        let found = self.find_attr_uncached(object, name);
        if shape != 0 && !matches!(found, Found::Entry(..) | Found::Other) {
            self.attr_cache.set(shape, name, found);
        }
        found
    }

    /// The attribute of an object that was found as `found`: the result, `RAISED` or `PUSHED`; `None` if it has to be
    /// loaded by the whole protocol.
    pub fn load_found(&mut self, found: Found, object: Value) -> Option<Value> {
        match found {
            Found::Slot(slot) => {
                // SAFETY: slots are found in live instances, by their shape.
                let value = unsafe { *self.slot_address(object.as_cell::<ObjectCell>()?, slot) };
                (!value.is_undef()).then_some(value)
            }
            Found::ClassValue(value) => Some(value),
            Found::Property(property) => {
                // SAFETY: the property is live.
                let get = unsafe { (*property.cast::<PropertyCell>()).get };
                let callable = get.is_kind(Kind::Function);
                callable.then(|| self.call(get, CallArgs::positional(&[object]), Cont::Store))
            }
            _ => None,
        }
    }
}
