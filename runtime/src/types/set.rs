//! `set` and `frozenset`.

use bytecode::CompareOp;

use crate::at_once;
use crate::cell::{Kind, Payload, SetCell};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::dict_ops::{dict_data, set_data};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::set::SetData;
use crate::types::shared::{CLASS_GETITEM, ITER_ITSELF, rich_comparisons};
use crate::value::Value;
use crate::vm::{Vm, shape_id};

/// What both have.
static COMMON: &[NativeDef] = &[
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__contains__", "$self, object, /", contains),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__and__", "$self, value, /", and),
    NativeDef::new("__rand__", "$self, value, /", and_reflected),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", or_reflected),
    NativeDef::new("__xor__", "$self, value, /", xor),
    NativeDef::new("__rxor__", "$self, value, /", xor_reflected),
    NativeDef::new("__sub__", "$self, value, /", sub),
    NativeDef::new("__rsub__", "$self, value, /", sub_reflected),
    NativeDef::new("__reduce__", "$self, /", reduce).doc("Return state information for pickling."),
    NativeDef::new("__sizeof__", "$self, /", size_of_set)
        .doc("S.__sizeof__() -> size of S in memory, in bytes."),
    NativeDef::new("copy", "$self, /", copy).doc("Return a shallow copy of a set."),
    NativeDef::new("difference", "$self, /, *others", difference)
        .doc("Return a new set with elements in the set that are not in the others."),
    NativeDef::new("intersection", "$self, /, *others", intersection)
        .doc("Return a new set with elements common to the set and all others."),
    NativeDef::new("isdisjoint", "$self, other, /", is_disjoint)
        .doc("Return True if two sets have a null intersection."),
    NativeDef::new("issubset", "$self, other, /", is_subset)
        .doc("Report whether another set contains this set."),
    NativeDef::new("issuperset", "$self, other, /", is_superset)
        .doc("Report whether this set contains another set."),
    NativeDef::new("symmetric_difference", "$self, other, /", symmetric_difference)
        .doc("Return a new set with elements in either the set or other but not both."),
    NativeDef::new("union", "$self, /, *others", union)
        .doc("Return a new set with elements from the set and all others."),
    CLASS_GETITEM,
];

/// What only sets have.
static SET_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", new_set),
    NativeDef::new("__init__", "$self, iterable=(), /", init),
    NativeDef::new("__iand__", "$self, value, /", and_in_place),
    NativeDef::new("__ior__", "$self, value, /", or_in_place),
    NativeDef::new("__ixor__", "$self, value, /", xor_in_place),
    NativeDef::new("__isub__", "$self, value, /", sub_in_place),
    NativeDef::new("add", "$self, object, /", add)
        .at_once(at_once::set_add)
        .doc("Add an element to a set.\n\nThis has no effect if the element is already present."),
    NativeDef::new("clear", "$self, /", clear).doc("Remove all elements from this set."),
    NativeDef::new("discard", "$self, object, /", discard)
        .doc("Remove an element from a set if it is a member.\n\nUnlike set.remove(), the discard() method does not raise\nan exception when an element is missing from the set."),
    NativeDef::new("difference_update", "$self, /, *others", difference_update)
        .doc("Update the set, removing elements found in others."),
    NativeDef::new("intersection_update", "$self, /, *others", intersection_update)
        .doc("Update the set, keeping only elements found in it and all others."),
    NativeDef::new("pop", "$self, /", pop)
        .doc("Remove and return an arbitrary set element.\n\nRaises KeyError if the set is empty."),
    NativeDef::new("remove", "$self, object, /", remove)
        .doc("Remove an element from a set; it must be a member.\n\nIf the element is not a member, raise a KeyError."),
    NativeDef::new("symmetric_difference_update", "$self, other, /", symmetric_difference_update)
        .doc("Update the set, keeping only elements found in either set, but not in both."),
    NativeDef::new("update", "$self, /, *others", update).doc("Update the set, adding elements from all others."),
];

/// What only frozensets have.
static FROZENSET_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", new_frozenset),
    NativeDef::new("__hash__", "$self, /", hash),
];

static ITERATOR_METHODS: &[NativeDef] = &[
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::new("__length_hint__", "$self, /", length_hint)
        .doc("Private method returning an estimate of len(list(it))."),
    NativeDef::new("__reduce__", "$self, /", reduce_iterator).doc("Return state information for pickling."),
];

rich_comparisons!(compare);

fn is_set(value: Value) -> bool {
    matches!(value.kind(), Some(Kind::Set | Kind::FrozenSet))
}

/// The type of a new set made of `like`: set or frozenset, no subclass.
fn is_frozen(like: Value) -> bool {
    like.is_kind(Kind::FrozenSet)
}

fn new_like(cx: &mut Cx, like: Handle<'_>, data: SetData) -> Root {
    let set = cx.vm().set_of(data, is_frozen(like.value()));
    cx.root_value(set)
}

/// A new set of an iterable's elements.
fn set_from(cx: &mut Cx, iterable: Handle<'_>) -> Result<Root, Raised> {
    let set = cx.vm().new_set();
    let set = cx.root_value(set);
    cx.set_extend(set.handle(), iterable)?;
    Ok(set)
}

fn new_set<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let set = cx.vm().new_set();
    let set = cx.made_of(args.at(0), set)?;
    Ok(cx.local(set))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    set_data(args.at(0).value()).clear();
    if let Some(iterable) = args.opt(1) {
        cx.set_extend(args.at(0), iterable)?;
    }
    Ok(cx.none())
}

fn new_frozenset<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let exact = args.at(0).value() == cx.vm().types.frozenset;
    if exact {
        cx.refuse_keywords(args.opt(1), "frozenset")?;
    }
    cx.check_count("frozenset", args.rest().len(), 0, 1)?;
    let source = args.rest().next();
    if exact
        && let Some(source) = source
        && cx.vm().type_of(source.value()) == args.at(0).value()
    {
        return Ok(source.get(cx));
    }
    let set = cx.vm().set_of(SetData::default(), true);
    let set = cx.root_value(set);
    if let Some(source) = source {
        cx.set_extend(set.handle(), source)?;
    }
    let set = cx.made_of(args.at(0), set.value())?;
    Ok(cx.local(set))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let set = args.at(0);
    let name = cx.vm().type_name_of(set.value());
    if set_data(set.value()).is_empty() {
        let text = cx.vm().new_str(&format!("{name}()"));
        return Ok(cx.local(text));
    }
    let plain = cx.vm().type_of(set.value()) == cx.vm().types.set;
    let text = cx.guarded_repr(set, &format!("{name}(...)"), |cx, text| {
        let list = cx.collect(set)?;
        text.push_str(&if plain { String::from("{") } else { format!("{name}({{") });
        cx.push_items_repr(text, list.handle())?;
        text.push_str(if plain { "}" } else { "})" });
        Ok(())
    })?;
    Ok(cx.local(text))
}

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = cx.vm().new_int(set_data(args.at(0).value()).len() as i64);
    Ok(cx.local(len))
}

impl Cx {
    /// The position of an element to look up, which may be a set: that is looked up as a frozenset.
    fn find_element(&mut self, set: Handle<'_>, element: Handle<'_>) -> Result<Option<usize>, Raised> {
        if let Some(hash) = self.vm().hash_plain(element.value()) {
            return self.set_find_hashed(set, hash, element);
        }
        match self.set_find(set, element) {
            Ok((_, found)) => Ok(found),
            Err(Raised)
                if element.value().is_kind(Kind::Set)
                    && self.vm().clear_if(self.vm().exceptions.type_error) =>
            {
                let data = set_data(element.value()).clone();
                let frozen = self.vm().set_of(data, true);
                let frozen = self.root_value(frozen);
                let hash = self.frozen_hash(frozen.value());
                self.set_find_hashed(set, hash, frozen.handle())
            }
            Err(Raised) => Err(Raised),
        }
    }

    fn frozen_hash(&self, set: Value) -> u64 {
        hash_of_elements(set_data(set))
    }
}

/// CPython's hash of a frozenset: whatever the order, of the elements' hashes.
pub(crate) fn hash_of_elements(data: &SetData) -> u64 {
    let shuffle = |hash: u64| (hash ^ 0x055b_4db3 ^ hash << 16).wrapping_mul(3_644_798_167);
    let mut hash = data.iter().fold(0, |all, (element, _)| all ^ shuffle(element));
    hash ^= (data.len() as u64 + 1).wrapping_mul(1_927_868_237);
    hash ^= hash >> 11 ^ hash >> 25;
    hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
    if hash == u64::MAX { 590_923_713 } else { hash }
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let hash = cx.vm().frozenset_hash(args.at(0).value());
    let hash = cx.vm().new_int(hash as i64);
    Ok(cx.local(hash))
}

impl Vm {
    /// A frozenset's hash, kept in it.
    pub(crate) fn frozenset_hash(&self, set: Value) -> u64 {
        let place = hash_place(set);
        if *place == 0 {
            *place = hash_of_elements(set_data(set));
        }
        *place
    }
}

#[expect(unsafe_code, reason = "sets are reached through cells")]
fn hash_place<'a>(set: Value) -> &'a mut u64 {
    // SAFETY: `set` is a live frozenset, and the reference ends in the leaf that asked for it.
    unsafe { &mut (*set.cast::<SetCell>()).hash }
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let found = cx.find_element(args.at(0), args.at(1))?.is_some();
    Ok(cx.bool(found))
}

fn compare<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    let (a, b) = (args.at(0), args.at(1));
    if !is_set(b.value()) {
        return Ok(cx.not_implemented());
    }
    let (x, y) = (set_data(a.value()).len(), set_data(b.value()).len());
    let holds = match op {
        CompareOp::Eq => x == y && all_in_set(cx, a, b)?,
        CompareOp::Ne => !(x == y && all_in_set(cx, a, b)?),
        CompareOp::Lt => x < y && all_in_set(cx, a, b)?,
        CompareOp::Le => x <= y && all_in_set(cx, a, b)?,
        CompareOp::Gt => x > y && all_in_set(cx, b, a)?,
        CompareOp::Ge => x >= y && all_in_set(cx, b, a)?,
    };
    Ok(cx.bool(holds))
}

/// Whether every element of one set is in the other.
fn all_in_set(cx: &mut Cx, a: Handle<'_>, b: Handle<'_>) -> Result<bool, Raised> {
    let mut position = 0;
    while let Some((at, hash, element)) = set_data(a.value()).next_from(position) {
        position = at + 1;
        if !has_hashed(cx, b, hash, element)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a set has an element whose hash is known.
fn has_hashed(cx: &mut Cx, set: Handle<'_>, hash: u64, element: Value) -> Result<bool, Raised> {
    Ok(find_hashed(cx, set, hash, element)?.is_some())
}

fn find_hashed(cx: &mut Cx, set: Handle<'_>, hash: u64, element: Value) -> Result<Option<usize>, Raised> {
    let vm = cx.vm();
    if let Ok(found) = set_data(set.value()).find(hash, |other| vm.same_key(other, element)) {
        return Ok(found);
    }
    let element = cx.root_value(element);
    cx.set_find_hashed(set, hash, element.handle())
}

fn copy<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let set = args.at(0).value();
    if cx.vm().type_of(set) == cx.vm().types.frozenset {
        return Ok(cx.local(set));
    }
    let copy = new_like(cx, args.at(0), set_data(set).compacted());
    Ok(copy.get(cx))
}

// ---- union ------------------------------------------------------------------------------------------------------

fn union<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = new_like(cx, args.at(0), set_data(args.at(0).value()).compacted());
    for other in args.rest() {
        cx.set_extend(result.handle(), other)?;
    }
    Ok(result.get(cx))
}

fn or_of<'a>(cx: &'a mut Cx, a: Handle<'_>, b: Handle<'_>) -> Res<'a> {
    if !is_set(a.value()) || !is_set(b.value()) {
        return Ok(cx.not_implemented());
    }
    let result = new_like(cx, a, set_data(a.value()).compacted());
    cx.set_extend(result.handle(), b)?;
    Ok(result.get(cx))
}

fn or<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    or_of(cx, args.at(0), args.at(1))
}

fn or_reflected<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    or_of(cx, args.at(1), args.at(0))
}

fn or_in_place<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !is_set(args.at(1).value()) {
        return Ok(cx.not_implemented());
    }
    cx.set_extend(args.at(0), args.at(1))?;
    Ok(args.at(0).get(cx))
}

fn update<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    for other in args.rest() {
        cx.set_extend(args.at(0), other)?;
    }
    Ok(cx.none())
}

// ---- intersection -----------------------------------------------------------------------------------------------

/// A new set of the elements common to a set and an iterable.
fn intersect(cx: &mut Cx, set: Handle<'_>, other: Handle<'_>) -> Result<Root, Raised> {
    if set.value() == other.value() {
        return Ok(new_like(cx, set, set_data(set.value()).compacted()));
    }
    let result = new_like(cx, set, SetData::default());
    if is_set(other.value()) {
        let (mut small, mut large) = (other, set);
        if set_data(small.value()).len() > set_data(large.value()).len() {
            std::mem::swap(&mut small, &mut large);
        }
        let mut position = 0;
        while let Some((at, hash, element)) = set_data(small.value()).next_from(position) {
            position = at + 1;
            let element = cx.root_value(element);
            if has_hashed(cx, large, hash, element.value())? {
                cx.set_add_hashed(result.handle(), hash, element.value())?;
            }
        }
        return Ok(result);
    }
    let iterator = cx.iter(other)?;
    while let Some(element) = cx.next(iterator.handle())? {
        let hash = cx.hash(element.handle())?;
        if has_hashed(cx, set, hash, element.value())? {
            cx.set_add_hashed(result.handle(), hash, element.value())?;
        }
    }
    Ok(result)
}

fn intersect_all(cx: &mut Cx, args: Args<'_>) -> Result<Root, Raised> {
    let mut others = args.rest();
    let mut result = match others.next() {
        Some(other) => intersect(cx, args.at(0), other)?,
        None => new_like(cx, args.at(0), set_data(args.at(0).value()).compacted()),
    };
    for other in others {
        result = intersect(cx, result.handle(), other)?;
    }
    Ok(result)
}

fn intersection<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = intersect_all(cx, args)?;
    Ok(result.get(cx))
}

/// Gives a set the contents of another that is not used any more.
fn take_over(set: Handle<'_>, from: &Root) {
    *set_data(set.value()) = std::mem::take(set_data(from.value()));
}

fn intersection_update<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = intersect_all(cx, args)?;
    take_over(args.at(0), &result);
    Ok(cx.none())
}

fn and_of<'a>(cx: &'a mut Cx, a: Handle<'_>, b: Handle<'_>) -> Res<'a> {
    if !is_set(a.value()) || !is_set(b.value()) {
        return Ok(cx.not_implemented());
    }
    let result = intersect(cx, a, b)?;
    Ok(result.get(cx))
}

fn and<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    and_of(cx, args.at(0), args.at(1))
}

fn and_reflected<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    and_of(cx, args.at(1), args.at(0))
}

fn and_in_place<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !is_set(args.at(1).value()) {
        return Ok(cx.not_implemented());
    }
    let result = intersect(cx, args.at(0), args.at(1))?;
    take_over(args.at(0), &result);
    Ok(args.at(0).get(cx))
}

fn is_disjoint<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (set, other) = (args.at(0), args.at(1));
    if set.value() == other.value() {
        let empty = set_data(set.value()).is_empty();
        return Ok(cx.bool(empty));
    }
    let other = if is_set(other.value()) && cx.vm().is_exact(other.value()) {
        cx.root_value(other.value())
    } else {
        let iterator = cx.iter(other)?;
        while let Some(element) = cx.next(iterator.handle())? {
            let hash = cx.hash(element.handle())?;
            if has_hashed(cx, set, hash, element.value())? {
                return Ok(cx.bool(false));
            }
        }
        return Ok(cx.bool(true));
    };
    let (mut small, mut large) = (other.handle(), set);
    if set_data(small.value()).len() > set_data(large.value()).len() {
        std::mem::swap(&mut small, &mut large);
    }
    let mut position = 0;
    while let Some((at, hash, element)) = set_data(small.value()).next_from(position) {
        position = at + 1;
        if has_hashed(cx, large, hash, element)? {
            return Ok(cx.bool(false));
        }
    }
    Ok(cx.bool(true))
}

// ---- difference -------------------------------------------------------------------------------------------------

/// Removes the elements of an iterable from a set.
pub(crate) fn difference_update_with(cx: &mut Cx, set: Handle<'_>, other: Handle<'_>) -> Result<(), Raised> {
    if set.value() == other.value() {
        set_data(set.value()).clear();
        return Ok(());
    }
    if is_set(other.value()) {
        let mut position = 0;
        while let Some((at, hash, element)) = set_data(other.value()).next_from(position) {
            position = at + 1;
            remove_hashed(cx, set, hash, element)?;
        }
    } else {
        let iterator = cx.iter(other)?;
        while let Some(element) = cx.next(iterator.handle())? {
            let hash = cx.hash(element.handle())?;
            remove_hashed(cx, set, hash, element.value())?;
        }
    }
    set_data(set.value()).shed_dummies();
    Ok(())
}

fn remove_hashed(cx: &mut Cx, set: Handle<'_>, hash: u64, element: Value) -> Result<bool, Raised> {
    let found = find_hashed(cx, set, hash, element)?;
    if let Some(position) = found {
        set_data(set.value()).remove_at(position);
    }
    Ok(found.is_some())
}

/// A new set of the elements of a set that are not in an iterable.
fn subtract(cx: &mut Cx, set: Handle<'_>, other: Handle<'_>) -> Result<Root, Raised> {
    let other_len = match other.value().kind() {
        Some(Kind::Set | Kind::FrozenSet) => set_data(other.value()).len(),
        Some(Kind::Dict) => dict_data(other.value()).len(),
        _ => return copy_and_subtract(cx, set, other),
    };
    // Much larger than the other: it is quicker to copy and remove.
    if set_data(set.value()).len() >> 2 > other_len {
        return copy_and_subtract(cx, set, other);
    }
    let result = new_like(cx, set, SetData::default());
    let mut position = 0;
    while let Some((at, hash, element)) = set_data(set.value()).next_from(position) {
        position = at + 1;
        let element = cx.root_value(element);
        let found = if other.value().is_kind(Kind::Dict) {
            cx.dict_find_hashed(other, hash, element.handle())?.is_some()
        } else {
            has_hashed(cx, other, hash, element.value())?
        };
        if !found {
            cx.set_add_hashed(result.handle(), hash, element.value())?;
        }
    }
    Ok(result)
}

fn copy_and_subtract(cx: &mut Cx, set: Handle<'_>, other: Handle<'_>) -> Result<Root, Raised> {
    let result = new_like(cx, set, set_data(set.value()).compacted());
    difference_update_with(cx, result.handle(), other)?;
    Ok(result)
}

fn difference<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut others = args.rest();
    let result = match others.next() {
        Some(other) => subtract(cx, args.at(0), other)?,
        None => new_like(cx, args.at(0), set_data(args.at(0).value()).compacted()),
    };
    for other in others {
        difference_update_with(cx, result.handle(), other)?;
    }
    Ok(result.get(cx))
}

fn difference_update<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    for other in args.rest() {
        difference_update_with(cx, args.at(0), other)?;
    }
    Ok(cx.none())
}

fn sub_of<'a>(cx: &'a mut Cx, a: Handle<'_>, b: Handle<'_>) -> Res<'a> {
    if !is_set(a.value()) || !is_set(b.value()) {
        return Ok(cx.not_implemented());
    }
    let result = subtract(cx, a, b)?;
    Ok(result.get(cx))
}

fn sub<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    sub_of(cx, args.at(0), args.at(1))
}

fn sub_reflected<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    sub_of(cx, args.at(1), args.at(0))
}

fn sub_in_place<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !is_set(args.at(1).value()) {
        return Ok(cx.not_implemented());
    }
    difference_update_with(cx, args.at(0), args.at(1))?;
    Ok(args.at(0).get(cx))
}

// ---- symmetric difference ---------------------------------------------------------------------------------------

/// Keeps the elements that are in just one of a set and an iterable.
pub(crate) fn symmetric_difference_update_with(
    cx: &mut Cx,
    set: Handle<'_>,
    other: Handle<'_>,
) -> Result<(), Raised> {
    if set.value() == other.value() {
        set_data(set.value()).clear();
        return Ok(());
    }
    let mut position = 0;
    if other.value().is_kind(Kind::Dict) && cx.vm().is_exact(other.value()) {
        while let Some((at, entry)) = dict_data(other.value()).next_entry(position) {
            position = at + 1;
            toggle(cx, set, entry.hash, entry.key)?;
        }
        return Ok(());
    }
    let other = if is_set(other.value()) { cx.root_value(other.value()) } else { set_from(cx, other)? };
    while let Some((at, hash, element)) = set_data(other.value()).next_from(position) {
        position = at + 1;
        toggle(cx, set, hash, element)?;
    }
    Ok(())
}

/// Removes an element if it is there, adds it if not.
fn toggle(cx: &mut Cx, set: Handle<'_>, hash: u64, element: Value) -> Result<(), Raised> {
    let element = cx.root_value(element);
    if !remove_hashed(cx, set, hash, element.value())? {
        cx.set_add_hashed(set, hash, element.value())?;
    }
    Ok(())
}

fn exclusive(cx: &mut Cx, set: Handle<'_>, other: Handle<'_>) -> Result<Root, Raised> {
    // CPython starts from the other one's elements: the order of the result follows.
    let result = new_like(cx, set, SetData::default());
    cx.set_extend(result.handle(), other)?;
    symmetric_difference_update_with(cx, result.handle(), set)?;
    Ok(result)
}

fn symmetric_difference<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = exclusive(cx, args.at(0), args.at(1))?;
    Ok(result.get(cx))
}

fn symmetric_difference_update<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    symmetric_difference_update_with(cx, args.at(0), args.at(1))?;
    Ok(cx.none())
}

fn xor_of<'a>(cx: &'a mut Cx, a: Handle<'_>, b: Handle<'_>) -> Res<'a> {
    if !is_set(a.value()) || !is_set(b.value()) {
        return Ok(cx.not_implemented());
    }
    let result = exclusive(cx, a, b)?;
    Ok(result.get(cx))
}

fn xor<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    xor_of(cx, args.at(0), args.at(1))
}

fn xor_reflected<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    xor_of(cx, args.at(1), args.at(0))
}

fn xor_in_place<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !is_set(args.at(1).value()) {
        return Ok(cx.not_implemented());
    }
    symmetric_difference_update_with(cx, args.at(0), args.at(1))?;
    Ok(args.at(0).get(cx))
}

// ---- single elements, subsets -----------------------------------------------------------------------------------

fn add<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !cx.vm().set_add_plain(args.at(0).value(), args.at(1).value()) {
        cx.set_add(args.at(0), args.at(1))?;
    }
    Ok(cx.none())
}

fn clear<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    set_data(args.at(0).value()).clear();
    Ok(cx.none())
}

fn discard<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if let Some(position) = cx.find_element(args.at(0), args.at(1))? {
        set_data(args.at(0).value()).remove_at(position);
    }
    Ok(cx.none())
}

fn remove<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match cx.find_element(args.at(0), args.at(1))? {
        Some(position) => {
            set_data(args.at(0).value()).remove_at(position);
            Ok(cx.none())
        }
        None => Err(cx.vm().raise_key_error(args.at(1).value())),
    }
}

fn pop<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match set_data(args.at(0).value()).pop() {
        Some(element) => Ok(cx.local(element)),
        None => {
            let message = cx.vm().new_str("pop from an empty set");
            Err(cx.vm().raise_key_error(message))
        }
    }
}

fn is_subset<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (set, other) = (args.at(0), args.at(1));
    let holds = if is_set(other.value()) {
        set_data(set.value()).len() <= set_data(other.value()).len() && all_in_set(cx, set, other)?
    } else {
        let common = intersect(cx, set, other)?;
        set_data(common.value()).len() == set_data(set.value()).len()
    };
    Ok(cx.bool(holds))
}

fn is_superset<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (set, other) = (args.at(0), args.at(1));
    if is_set(other.value()) {
        let holds =
            set_data(other.value()).len() <= set_data(set.value()).len() && all_in_set(cx, other, set)?;
        return Ok(cx.bool(holds));
    }
    let iterator = cx.iter(other)?;
    while let Some(element) = cx.next(iterator.handle())? {
        if !cx.set_contains(set, element.handle())? {
            return Ok(cx.bool(false));
        }
    }
    Ok(cx.bool(true))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let elements = cx.collect(args.at(0))?;
    let state = cx.object_state(args.at(0))?;
    let vm = cx.vm();
    let class = vm.type_of(args.at(0).value());
    let arguments = vm.new_tuple(&[elements.value()]);
    let reduced = vm.new_tuple(&[class, arguments, state.value()]);
    Ok(cx.local(reduced))
}

fn size_of_set<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let slots = set_data(args.at(0).value()).end() as i64;
    // A small table lies in the object itself.
    let size = cx.vm().new_int(if slots > 8 { 200 + slots * 16 } else { 200 });
    Ok(cx.local(size))
}

// ---- the iterator -----------------------------------------------------------------------------------------------

/// The state of an iterator over a set.
struct SetIterator {
    set: Slot,
    position: std::cell::Cell<usize>,
    expected: std::cell::Cell<usize>,
    remaining: std::cell::Cell<usize>,
}

impl Payload for SetIterator {
    fn trace(&self, marker: &mut Marker) {
        self.set.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let set = args.at(0).value();
    let len = set_data(set).len();
    let state =
        SetIterator { set: Slot::of(set), position: 0.into(), expected: len.into(), remaining: len.into() };
    let iterator = cx.vm().new_boxed(shape_id::SET_ITERATOR, Box::new(state));
    Ok(cx.local(iterator))
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<SetIterator>(args.at(0))?;
    let set = state.set.value();
    if set.is_undef() {
        return Err(cx.vm().raise_exhausted());
    }
    let data = set_data(set);
    if data.len() != state.expected.get() {
        state.expected.set(usize::MAX);
        return Err(cx.vm().raise_runtime_error("Set changed size during iteration"));
    }
    match data.next_from(state.position.get()) {
        Some((at, _, element)) => {
            state.position.set(at + 1);
            state.remaining.set(state.remaining.get().saturating_sub(1));
            Ok(cx.local(element))
        }
        None => {
            state.set.clear();
            Err(cx.vm().raise_exhausted())
        }
    }
}

fn length_hint<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<SetIterator>(args.at(0))?;
    let set = state.set.value();
    let valid = !set.is_undef() && set_data(set).len() == state.expected.get();
    let hint = if valid { state.remaining.get() } else { 0 };
    let hint = cx.vm().new_int(hint as i64);
    Ok(cx.local(hint))
}

fn reduce_iterator<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<SetIterator>(args.at(0))?;
    let (set, position) = (state.set.value(), state.position.get());
    let mut rest = Vec::new();
    if !set.is_undef() {
        let mut at = position;
        while let Some((found, _, element)) = set_data(set).next_from(at) {
            rest.push(element);
            at = found + 1;
        }
    }
    let vm = cx.vm();
    let rest = vm.new_list(rest);
    let arguments = vm.new_tuple(&[rest]);
    let reduced = vm.reduce_by_builtin("iter", &[arguments]);
    Ok(cx.local(reduced))
}

/// Fills the namespaces of both types and of their iterator.
pub(crate) fn install(vm: &mut Vm) {
    let types = vm.types;
    for ty in [types.set, types.frozenset] {
        super::add_methods(vm, ty, COMMON);
        super::add_methods(vm, ty, COMPARISONS);
    }
    super::add_methods(vm, types.set, SET_METHODS);
    super::add_methods(vm, types.frozenset, FROZENSET_METHODS);
    super::add_methods(vm, types.set_iterator, ITERATOR_METHODS);
    vm.set_unhashable(types.set);
}
