//! Shapes: the type of a cell, and for instances which attribute lies in which slot.
//!
//! A cell's header holds its shape's id, which inline caches compare. Ids are never used again. A type's root shape has
//! no attributes; each attribute added leads along a transition to a shape with one more. Beyond
//! [`MAX_ATTRIBUTES`] attributes, on deletion, or when `__dict__` is asked for, an object goes over to its type's dict
//! shape, whose instances keep a real dict.

use hashbrown::HashMap;

use crate::value::Value;

/// Most attributes that a shape describes.
pub(crate) const MAX_ATTRIBUTES: usize = 64;
/// Most shapes of one type; beyond that new objects go over to dict mode.
pub(crate) const MAX_SHAPES: u32 = 512;

/// A shape.
#[derive(Debug)]
pub struct Shape {
    /// The type: a type cell.
    pub(crate) ty: Value,
    /// Attribute names in slot order: interned strings.
    pub(crate) names: Box<[Value]>,
    /// From a name to the shape that has it as one more attribute.
    pub(crate) transitions: HashMap<u64, u32>,
    /// Instances keep a dict.
    pub(crate) is_dict_mode: bool,
}

impl Shape {
    /// The slot of an attribute.
    #[inline]
    pub(crate) fn slot(&self, name: Value) -> Option<usize> {
        self.names.iter().position(|other| *other == name)
    }
}

/// The table of shapes by id.
#[derive(Default)]
pub struct Shapes {
    table: Vec<Option<Box<Shape>>>,
}

impl Shapes {
    /// Adds a shape; returns its id.
    pub(crate) fn add(&mut self, ty: Value, names: Box<[Value]>, is_dict_mode: bool) -> u32 {
        let id = self.table.len() as u32;
        self.table.push(Some(Box::new(Shape { ty, names, transitions: HashMap::new(), is_dict_mode })));
        id
    }

    /// The shape of an id in use.
    #[inline(always)]
    pub(crate) fn get(&self, id: u32) -> &Shape {
        self.table[id as usize].as_deref().expect("a cell's shape stays as long as the cell")
    }

    pub(crate) fn get_mut(&mut self, id: u32) -> &mut Shape {
        self.table[id as usize].as_deref_mut().expect("a cell's shape stays as long as the cell")
    }

    /// The shape that has `name` after the attributes of `id`.
    pub(crate) fn with(&mut self, id: u32, name: Value) -> u32 {
        if let Some(next) = self.get(id).transitions.get(&name.bits()) {
            return *next;
        }
        let shape = self.get(id);
        let ty = shape.ty;
        let names = shape.names.iter().copied().chain([name]).collect();
        let next = self.add(ty, names, false);
        self.get_mut(id).transitions.insert(name.bits(), next);
        next
    }

    /// Drops the shapes that `keep` says nothing needs any more.
    pub(crate) fn retain(&mut self, keep: impl Fn(u32, &Shape) -> bool) {
        for (id, slot) in self.table.iter_mut().enumerate() {
            if slot.as_deref().is_some_and(|shape| !keep(id as u32, shape)) {
                *slot = None;
            }
        }
    }

    /// The shapes in use.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Shape)> {
        self.table.iter().enumerate().filter_map(|(id, shape)| Some((id as u32, shape.as_deref()?)))
    }
}
