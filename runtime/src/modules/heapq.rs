//! The module `_heapq`: lists as heaps.

use bytecode::CompareOp;

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::ops::list_items;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("heappush", "heap, item, /", push)
        .doc("Push item onto heap, maintaining the heap invariant."),
    NativeDef::new("heappop", "heap, /", pop)
        .doc("Pop the smallest item off the heap, maintaining the heap invariant."),
    NativeDef::new("heapreplace", "heap, item, /", replace)
        .doc("Pop and return the current smallest value, and add the new item."),
    NativeDef::new("heappushpop", "heap, item, /", push_pop)
        .doc("Push item on the heap, then pop and return the smallest item from the heap."),
    NativeDef::new("heapify", "heap, /", heapify)
        .doc("Transform list into a heap, in-place, in O(len(heap)) time."),
    NativeDef::new("_heappop_max", "heap, /", pop_max).doc("Maxheap variant of heappop."),
    NativeDef::new("_heapreplace_max", "heap, item, /", replace_max).doc("Maxheap variant of heapreplace."),
    NativeDef::new("_heapify_max", "heap, /", heapify_max).doc("Maxheap variant of heapify."),
];

/// Fills the module's namespace.
pub(crate) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    let doc = vm.new_str("Heap queue algorithm (a.k.a. priority queue).\n");
    super::set(vm, dict, "__doc__", doc);
    let about = vm.new_str("Heap queues\n");
    super::set(vm, dict, "__about__", about);
}

/// Which end comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Order {
    Least,
    Greatest,
}

/// A heap at work: comparing may run code that changes the list's length, which is an error.
struct Work<'c, 'h> {
    cx: &'c mut Cx,
    heap: Handle<'h>,
    order: Order,
}

impl Work<'_, '_> {
    fn items(&self) -> &mut Vec<Value> {
        list_items(self.heap.value())
    }

    /// Whether one item comes before another.
    fn precedes(&mut self, a: Value, b: Value) -> Result<bool, Raised> {
        let (a, b) = if self.order == Order::Least { (a, b) } else { (b, a) };
        if let Some(less) = self.cx.vm().less_plain(a, b) {
            return Ok(less);
        }
        let len = self.items().len();
        let (a, b) = (self.cx.root_value(a), self.cx.root_value(b));
        let less = self.cx.compare_truth(CompareOp::Lt, a.handle(), b.handle())?;
        if self.items().len() != len {
            return Err(self.cx.vm().raise_runtime_error("list changed size during iteration"));
        }
        Ok(less)
    }

    /// Moves the item at `position` towards the root, not beyond `start`.
    fn sift_down(&mut self, start: usize, mut position: usize) -> Result<(), Raised> {
        while position > start {
            let parent = (position - 1) / 2;
            let (item, above) = (self.items()[position], self.items()[parent]);
            if !self.precedes(item, above)? {
                break;
            }
            self.items().swap(position, parent);
            position = parent;
        }
        Ok(())
    }

    /// Moves the item at `position` down to a leaf along the children that come first, then up to its place.
    fn sift_up(&mut self, start: usize) -> Result<(), Raised> {
        let end = self.items().len();
        let mut position = start;
        while 2 * position + 1 < end {
            let mut child = 2 * position + 1;
            if child + 1 < end {
                let (left, right) = (self.items()[child], self.items()[child + 1]);
                if !self.precedes(left, right)? {
                    child += 1;
                }
            }
            self.items().swap(position, child);
            position = child;
        }
        self.sift_down(start, position)
    }

    fn pop(&mut self) -> Result<Value, Raised> {
        let Some(last) = self.items().pop() else {
            return Err(self.cx.vm().raise_index_error("index out of range"));
        };
        if self.items().is_empty() {
            return Ok(last);
        }
        let first = std::mem::replace(&mut self.items()[0], last);
        self.keeping(first, Self::sift_from_root)
    }

    fn replace(&mut self, item: Value) -> Result<Value, Raised> {
        if self.items().is_empty() {
            return Err(self.cx.vm().raise_index_error("index out of range"));
        }
        let first = std::mem::replace(&mut self.items()[0], item);
        self.keeping(first, Self::sift_from_root)
    }

    fn sift_from_root(&mut self) -> Result<(), Raised> {
        self.sift_up(0)
    }

    /// Does something while a value that is in no list any more is kept; gives it back.
    fn keeping(
        &mut self,
        value: Value,
        operation: fn(&mut Self) -> Result<(), Raised>,
    ) -> Result<Value, Raised> {
        let kept = self.cx.root_value(value);
        operation(self)?;
        Ok(kept.value())
    }

    fn heapify(&mut self) -> Result<(), Raised> {
        for i in (0..self.items().len() / 2).rev() {
            self.sift_up(i)?;
        }
        Ok(())
    }
}

/// The heap argument, which must be a list.
fn work<'c, 'h>(cx: &'c mut Cx, heap: Handle<'h>, order: Order, name: &str) -> Result<Work<'c, 'h>, Raised> {
    if !heap.value().is_kind(Kind::List) {
        let ty = cx.vm().argument_type(heap.value());
        let argument = if name.contains("heapify") { "argument" } else { "argument 1" };
        return Err(cx.vm().raise_type_error(&format!("{name}() {argument} must be list, not {ty}")));
    }
    Ok(Work { cx, heap, order })
}

fn push<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut heap = work(cx, args.at(0), Order::Least, "heappush")?;
    if heap.cx.vm().list_append(args.at(0).value(), args.at(1).value()) == Value::RAISED {
        return Err(Raised);
    }
    let last = heap.items().len() - 1;
    heap.sift_down(0, last)?;
    Ok(cx.none())
}

fn pop<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let first = work(cx, args.at(0), Order::Least, "heappop")?.pop()?;
    Ok(cx.local(first))
}

fn replace<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let first = work(cx, args.at(0), Order::Least, "heapreplace")?.replace(args.at(1).value())?;
    Ok(cx.local(first))
}

fn push_pop<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut heap = work(cx, args.at(0), Order::Least, "heappushpop")?;
    let item = args.at(1).value();
    let Some(first) = heap.items().first().copied() else { return Ok(args.at(1).get(cx)) };
    if !heap.precedes(first, item)? {
        return Ok(args.at(1).get(cx));
    }
    if heap.items().is_empty() {
        return Err(cx.vm().raise_index_error("index out of range"));
    }
    let first = heap.replace(item)?;
    Ok(cx.local(first))
}

fn heapify<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    work(cx, args.at(0), Order::Least, "heapify")?.heapify()?;
    Ok(cx.none())
}

fn pop_max<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let first = work(cx, args.at(0), Order::Greatest, "_heappop_max")?.pop()?;
    Ok(cx.local(first))
}

fn replace_max<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let first = work(cx, args.at(0), Order::Greatest, "_heapreplace_max")?.replace(args.at(1).value())?;
    Ok(cx.local(first))
}

fn heapify_max<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    work(cx, args.at(0), Order::Greatest, "_heapify_max")?.heapify()?;
    Ok(cx.none())
}
