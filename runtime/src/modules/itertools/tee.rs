//! `tee`: iterators over the same items, which are kept in a chain of links as long as one still needs them.

use std::cell::{Cell, RefCell};

use crate::cell::Payload;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::types::functional::native_state;
use crate::types::shared::ITER_ITSELF;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] =
    &[NativeDef::new("tee", "iterable, n=2, /", tee).doc("Returns a tuple of n independent iterators.")];

static TEE_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, iterable, /", tee_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::new("__copy__", "$self, /", copy).doc("Returns an independent iterator."),
];

/// Items in a link.
const LINK: usize = 57;

/// One link: items in order, the iterator they come from, the next link.
struct Link {
    iterator: Slot,
    items: RefCell<Vec<Value>>,
    next: Slot,
    running: Cell<bool>,
}

impl Payload for Link {
    fn trace(&self, marker: &mut Marker) {
        self.iterator.trace(marker);
        self.next.trace(marker);
        marker.mark_all(&self.items.borrow());
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

native_state!(
    /// The place of one iterator: a link, and an index in it.
    Tee { link ; ; index: Cell<usize> }
);

/// Adds the types and the function.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    vm.module_types.tee = super::iterator_type(vm, dict, "_tee", TEE_METHODS, 0);
    vm.module_types.tee_link = super::iterator_type(vm, dict, "_tee_dataobject", &[], 0);
    super::super::add_functions(vm, dict, FUNCTIONS);
}

fn new_link(vm: &mut Vm, iterator: Value) -> Value {
    let shape = vm.type_data(vm.module_types.tee_link).shape;
    let link = Link {
        iterator: Slot::of(iterator),
        items: RefCell::default(),
        next: Slot::empty(),
        running: false.into(),
    };
    vm.new_boxed(shape, Box::new(link))
}

fn new_tee(vm: &mut Vm, link: Value, index: usize) -> Value {
    let shape = vm.type_data(vm.module_types.tee).shape;
    vm.new_boxed(shape, Box::new(Tee { link: Slot::of(link), index: index.into() }))
}

/// A tee iterator over an iterable; a copy if it is one already.
fn tee_of(cx: &mut Cx, iterable: Handle<'_>) -> Result<Root, Raised> {
    let iterator = cx.iter(iterable)?;
    if let Some(copy) = copy_of(cx, iterator.handle()) {
        return Ok(copy);
    }
    let link = new_link(cx.vm(), iterator.value());
    let tee = new_tee(cx.vm(), link, 0);
    Ok(cx.root_value(tee))
}

fn copy_of(cx: &Cx, tee: Handle<'_>) -> Option<Root> {
    let state = cx.payload::<Tee>(tee)?;
    let (link, index) = (state.link.value(), state.index.get());
    let copy = new_tee(cx.vm(), link, index);
    Some(cx.root_value(copy))
}

fn tee_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let made = tee_of(cx, args.at(1))?;
    Ok(made.get(cx))
}

fn copy<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match copy_of(cx, args.at(0)) {
        Some(copy) => Ok(copy.get(cx)),
        None => Err(cx.vm().raise_type_error("a tee iterator is required")),
    }
}

fn tee<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = match args.opt(1) {
        Some(count) => cx.index_i64(count)?,
        None => 2,
    };
    if count < 0 {
        return Err(cx.vm().raise_value_error("n must be >= 0"));
    }
    if count > 1 << 32 {
        return Err(cx.vm().raise_memory_error());
    }
    if count == 0 {
        let empty = cx.vm().empty_tuple;
        return Ok(cx.local(empty));
    }
    let iterator = cx.iter(args.at(0))?;
    let name = cx.vm().names.__copy__;
    let ty = cx.vm().type_of(iterator.value());
    let copies_itself = !cx.vm().lookup(ty, name).is_undef();
    let first = if copies_itself { iterator } else { tee_of(cx, iterator.handle())? };
    let mut all = vec![first];
    for _ in 1..count {
        let copy = cx.call_method(all[0].handle(), "__copy__", &[])?;
        all.push(copy);
    }
    let values: Vec<Value> = all.iter().map(Root::value).collect();
    let tuple = cx.vm().new_tuple(&values);
    Ok(cx.local(tuple))
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Tee>(args.at(0))?;
    let link = cx.root_value(state.link.value());
    let index = state.index.get();
    if index == LINK {
        let after = link_after(cx, link.handle())?;
        let state = cx.state::<Tee>(args.at(0))?;
        state.link.set_value(after.value());
        state.index.set(0);
        return item(cx, args.at(0), &after, 0);
    }
    item(cx, args.at(0), &link, index)
}

fn link_after(cx: &mut Cx, link: Handle<'_>) -> Result<Root, Raised> {
    let state = cx.state::<Link>(link)?;
    let (next, iterator) = (state.next.value(), state.iterator.value());
    if !next.is_undef() {
        return Ok(cx.root_value(next));
    }
    let next = new_link(cx.vm(), iterator);
    cx.state::<Link>(link)?.next.set_value(next);
    Ok(cx.root_value(next))
}

/// Item `index` of a link, read from the iterator if nobody did yet.
fn item<'a>(cx: &'a mut Cx, tee: Handle<'_>, link: &Root, index: usize) -> Res<'a> {
    let state = cx.state::<Link>(link.handle())?;
    let known = state.items.borrow().get(index).copied();
    let item = match known {
        Some(item) => item,
        None => {
            if state.running.replace(true) {
                return Err(cx.vm().raise_runtime_error("cannot re-enter the tee iterator"));
            }
            let iterator = state.iterator.value();
            let item = cx.next_raw(iterator);
            let state = cx.state::<Link>(link.handle())?;
            state.running.set(false);
            let Some(item) = item? else { return Err(cx.vm().raise_exhausted()) };
            state.items.borrow_mut().push(item);
            item
        }
    };
    cx.state::<Tee>(tee)?.index.set(index + 1);
    Ok(cx.local(item))
}
