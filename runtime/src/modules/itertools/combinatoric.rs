//! `product`, `permutations`, `combinations`, `combinations_with_replacement`.

use std::cell::{Cell, RefCell};

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::types::functional::native_state;
use crate::types::shared::ITER_ITSELF;
use crate::types::tuple::tuple_items;
use crate::value::Value;

pub(super) static TYPES: &[(&str, &[NativeDef])] = &[
    ("product", PRODUCT_METHODS),
    ("permutations", PERMUTATIONS_METHODS),
    ("combinations", COMBINATIONS_METHODS),
    ("combinations_with_replacement", REPLACEMENT_METHODS),
];

static PRODUCT_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *iterables, repeat=1", product_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", product_next),
    NativeDef::new("__sizeof__", "$self, /", product_size).doc("Returns size in memory, in bytes."),
];
static PERMUTATIONS_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, iterable, r=None", permutations_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", permutations_next),
    NativeDef::new("__sizeof__", "$self, /", choice_size).doc("Returns size in memory, in bytes."),
];
static COMBINATIONS_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, iterable, r", combinations_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", combinations_next),
    NativeDef::new("__sizeof__", "$self, /", choice_size).doc("Returns size in memory, in bytes."),
];
static REPLACEMENT_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, iterable, r", replacement_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", replacement_next),
    NativeDef::new("__sizeof__", "$self, /", choice_size).doc("Returns size in memory, in bytes."),
];

/// Where a walk through all choices is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Walk {
    Start,
    Going,
    Done,
}

native_state!(
    /// The state of a `product`: a tuple of items and an index for each place.
    Product { ; pools ; indices: RefCell<Vec<usize>>, walk: Cell<Walk> }
);
native_state!(
    /// The state of the others: one tuple of items, the indices chosen, and for permutations the cycles.
    Choice { pool ; ; indices: RefCell<Vec<usize>>, cycles: RefCell<Vec<usize>>, walk: Cell<Walk> }
);

// ---- product ----------------------------------------------------------------------------------------------------

fn product_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let repeat = match args.opt(1) {
        Some(repeat) => cx.index_i64(repeat)?,
        None => 1,
    };
    if repeat < 0 {
        return Err(cx.vm().raise_value_error("repeat argument cannot be negative"));
    }
    let count = args.rest().len();
    let repeat = if count == 0 { 0 } else { repeat as usize };
    if count.checked_mul(repeat).is_none_or(|places| places > isize::MAX as usize / 64) {
        return Err(cx.vm().raise_overflow_error("repeat argument too large"));
    }
    if !cx.vm().heap.may_grow(count * repeat * 16) || count * repeat > 1 << 32 {
        return Err(cx.vm().raise_memory_error());
    }
    let mut pools = Vec::with_capacity(count);
    for iterable in args.rest() {
        let pool = cx.tuple_from(iterable)?;
        pools.push(cx.root_value(pool));
    }
    let pools = (0..repeat).flat_map(|_| &pools).map(|pool| Slot::of(pool.value())).collect();
    let state = Product { pools, indices: vec![0; count * repeat].into(), walk: Walk::Start.into() };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

impl Product {
    /// Moves on; false at the end.
    fn advance(&self) -> bool {
        let sizes = || self.pools.iter().map(|pool| tuple_items(pool.value()).len());
        match self.walk.get() {
            Walk::Done => return false,
            Walk::Start => return sizes().all(|size| size > 0),
            Walk::Going => {}
        }
        let mut indices = self.indices.borrow_mut();
        for (index, size) in indices.iter_mut().zip(sizes()).rev() {
            *index += 1;
            if *index < size {
                return true;
            }
            *index = 0;
        }
        false
    }

    fn choice(&self) -> Vec<Value> {
        let indices = self.indices.borrow();
        self.pools.iter().zip(&*indices).map(|(pool, index)| tuple_items(pool.value())[*index]).collect()
    }
}

fn product_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Product>(args.at(0))?;
    if !state.advance() {
        state.walk.set(Walk::Done);
        return Err(cx.vm().raise_exhausted());
    }
    state.walk.set(Walk::Going);
    let choice = state.choice();
    let tuple = cx.vm().new_tuple(&choice);
    Ok(cx.local(tuple))
}

fn product_size<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = 48 + 8 * cx.state::<Product>(args.at(0))?.pools.len() as i64;
    let size = cx.vm().new_int(size);
    Ok(cx.local(size))
}

// ---- one pool ---------------------------------------------------------------------------------------------------

fn choice_size<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Choice>(args.at(0))?;
    let words = state.indices.borrow().len() + state.cycles.borrow().len();
    let size = cx.vm().new_int(56 + 8 * words as i64);
    Ok(cx.local(size))
}

/// The pool and `r` of combinations: both kinds check them alike.
fn pool_and_count(cx: &mut Cx, args: Args<'_>) -> Result<(crate::cx::Root, usize), Raised> {
    let pool = cx.tuple_from(args.at(1))?;
    let pool = cx.root_value(pool);
    let r = cx.index_i64(args.at(2))?;
    if r < 0 {
        return Err(cx.vm().raise_value_error("r must be non-negative"));
    }
    if r > i64::MAX / 16 || r > 1 << 32 {
        return Err(cx.vm().raise_memory_error());
    }
    Ok((pool, r as usize))
}

fn new_choice<'a>(
    cx: &'a mut Cx,
    ty: Handle<'_>,
    pool: &crate::cx::Root,
    indices: Vec<usize>,
    cycles: Vec<usize>,
    possible: bool,
) -> Res<'a> {
    let walk = if possible { Walk::Start } else { Walk::Done };
    let state = Choice {
        pool: Slot::of(pool.value()),
        indices: indices.into(),
        cycles: cycles.into(),
        walk: walk.into(),
    };
    let object = cx.make_object(ty, Box::new(state))?;
    Ok(cx.local(object))
}

/// The next choice, if `advance` finds one.
fn next_choice<'a>(cx: &'a mut Cx, object: Handle<'_>, advance: fn(&Choice, usize) -> bool) -> Res<'a> {
    let state = cx.state::<Choice>(object)?;
    let pool = tuple_items(state.pool.value());
    let more = match state.walk.get() {
        Walk::Start => true,
        Walk::Going => advance(state, pool.len()),
        Walk::Done => false,
    };
    if !more {
        state.walk.set(Walk::Done);
        return Err(cx.vm().raise_exhausted());
    }
    state.walk.set(Walk::Going);
    let r = if state.cycles.borrow().is_empty() { usize::MAX } else { state.cycles.borrow().len() };
    let choice: Vec<Value> = state.indices.borrow().iter().take(r).map(|i| pool[*i]).collect();
    let tuple = cx.vm().new_tuple(&choice);
    Ok(cx.local(tuple))
}

fn combinations_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (pool, r) = pool_and_count(cx, args)?;
    let possible = r <= tuple_items(pool.value()).len();
    let indices = if possible { (0..r).collect() } else { Vec::new() };
    new_choice(cx, args.at(0), &pool, indices, Vec::new(), possible)
}

fn combinations_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    next_choice(cx, args.at(0), |state, n| {
        let mut indices = state.indices.borrow_mut();
        let r = indices.len();
        let Some(i) = (0..r).rev().find(|i| indices[*i] != i + n - r) else { return false };
        indices[i] += 1;
        for j in i + 1..r {
            indices[j] = indices[j - 1] + 1;
        }
        true
    })
}

fn replacement_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (pool, r) = pool_and_count(cx, args)?;
    let possible = r == 0 || !tuple_items(pool.value()).is_empty();
    let indices = if possible { vec![0; r] } else { Vec::new() };
    new_choice(cx, args.at(0), &pool, indices, Vec::new(), possible)
}

fn replacement_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    next_choice(cx, args.at(0), |state, n| {
        let mut indices = state.indices.borrow_mut();
        let Some(i) = (0..indices.len()).rev().find(|i| indices[*i] != n - 1) else { return false };
        let next = indices[i] + 1;
        indices[i..].fill(next);
        true
    })
}

fn permutations_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let pool = cx.tuple_from(args.at(1))?;
    let pool = cx.root_value(pool);
    let n = tuple_items(pool.value()).len();
    let r = match args.some(2) {
        None => n as i64,
        Some(r) if r.value().is_int() || r.value().is_kind(Kind::Int) || r.value().is_bool() => {
            cx.index_i64(r)?
        }
        Some(_) => return Err(cx.vm().raise_type_error("Expected int as r")),
    };
    if r < 0 {
        return Err(cx.vm().raise_value_error("r must be non-negative"));
    }
    let possible = r as u64 <= n as u64;
    let r = if possible { r as usize } else { 0 };
    // Nothing chosen: one empty choice, which no cycle leads on from.
    let indices = if r == 0 { Vec::new() } else { (0..n).collect() };
    let cycles = (0..r).map(|i| n - i).collect();
    new_choice(cx, args.at(0), &pool, indices, cycles, possible)
}

fn permutations_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    next_choice(cx, args.at(0), |state, n| {
        let (mut indices, mut cycles) = (state.indices.borrow_mut(), state.cycles.borrow_mut());
        for i in (0..cycles.len()).rev() {
            cycles[i] -= 1;
            if cycles[i] > 0 {
                let j = n - cycles[i];
                indices.swap(i, j);
                return true;
            }
            indices[i..].rotate_left(1);
            cycles[i] = n - i;
        }
        false
    })
}
