//! `select`: waiting for descriptors, by `poll(2)`.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use super::{calls, descriptor};
use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::heap::Marker;
use crate::modules::{add_functions, set};
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::types::functional::native_state;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("select", "rlist, wlist, xlist, timeout=None, /", select),
    NativeDef::new("poll", "", new_poll),
];

static METHODS: &[NativeDef] = &[
    NativeDef::new("register", "$self, fd, eventmask=7, /", register),
    NativeDef::new("modify", "$self, fd, eventmask, /", modify),
    NativeDef::new("unregister", "$self, fd, /", unregister),
    NativeDef::new("poll", "$self, timeout=None, /", poll),
];

static NUMBERS: &[(&str, i16)] = &[
    ("POLLIN", libc::POLLIN),
    ("POLLPRI", libc::POLLPRI),
    ("POLLOUT", libc::POLLOUT),
    ("POLLERR", libc::POLLERR),
    ("POLLHUP", libc::POLLHUP),
    ("POLLNVAL", libc::POLLNVAL),
    ("POLLRDHUP", 0x2000),
];

native_state!(
    /// The descriptors that a poll object watches, in order of registration.
    Poll { ; ; fds: RefCell<Vec<(i32, i16)>> }
);

/// The type of poll objects.
#[derive(Default)]
struct State {
    poll: Option<Value>,
}

/// Fills the namespace.
pub(in crate::modules) fn init(vm: &mut Vm, dict: Value) {
    add_functions(vm, dict, FUNCTIONS);
    let poll = vm.new_module_type("select", "poll", Kind::Boxed, type_flag::NO_NEW, METHODS);
    vm.module_state::<State>().poll = Some(poll);
    let error = vm.exceptions.os_error;
    set(vm, dict, "error", error);
    for (name, number) in NUMBERS {
        set(vm, dict, name, Value::small((*number).into()));
    }
}

/// Waits until a descriptor is ready or the time is over; a signal's handler runs in between.
fn wait(cx: &mut Cx, fds: &mut [libc::pollfd], timeout: Option<Duration>) -> Result<(), Raised> {
    let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    loop {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let millis =
            left.map_or(-1, |left| i32::try_from(left.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX));
        match calls::poll(fds, millis) {
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(cx.os_error(&error)),
        }
        if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return Ok(());
        }
    }
}

/// A time in seconds, or in units of so many to the second; `None` to wait for ever.
fn timeout_of(cx: &mut Cx, value: Option<Handle<'_>>, unit: f64) -> Result<Option<Duration>, Raised> {
    let Some(value) = value.filter(|value| !value.value().is_none()) else { return Ok(None) };
    let seconds = cx.real(value)? / unit;
    Ok(Duration::try_from_secs_f64(seconds.max(0.0)).ok().filter(|_| seconds >= 0.0))
}

/// The objects of an iterable and their descriptors.
fn watched(cx: &mut Cx, objects: Handle<'_>) -> Result<(Root, Vec<i32>), Raised> {
    let objects = cx.collect(objects)?;
    let mut fds = Vec::new();
    while let Some(object) = cx.vm().sequence_item(objects.value(), fds.len()) {
        let object = cx.root_value(object);
        fds.push(descriptor(cx, object.handle())?);
    }
    Ok((objects, fds))
}

fn select<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let timeout = timeout_of(cx, args.opt(3), 1.0)?;
    let lists = [watched(cx, args.at(0))?, watched(cx, args.at(1))?, watched(cx, args.at(2))?];
    let wanted = [libc::POLLIN, libc::POLLOUT, libc::POLLPRI];
    let mut fds: Vec<libc::pollfd> = Vec::new();
    for ((_, of_list), events) in lists.iter().zip(wanted) {
        fds.extend(of_list.iter().map(|fd| libc::pollfd { fd: *fd, events, revents: 0 }));
    }
    wait(cx, &mut fds, timeout)?;
    if fds.iter().any(|fd| fd.revents & libc::POLLNVAL != 0) {
        return Err(cx.vm().raise_os_error(libc::EBADF, None));
    }
    let mut ready = fds.iter().map(|fd| fd.revents != 0);
    let mut results = Vec::new();
    for (objects, of_list) in &lists {
        let items = cx.vm().sequence_values(objects.value());
        let chosen = items.into_iter().zip(ready.by_ref().take(of_list.len()));
        let chosen: Vec<Value> = chosen.filter(|(_, ready)| *ready).map(|(object, _)| object).collect();
        results.push(cx.vm().new_list(chosen));
    }
    let results = cx.vm().new_tuple(&results);
    Ok(cx.local(results))
}

fn new_poll<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let ty = vm.module_state::<State>().poll.expect("made with the module");
    let shape = vm.shape_of_type(ty);
    let object = vm.new_boxed(shape, Box::new(Poll { fds: RefCell::default() }));
    Ok(cx.local(object))
}

fn place_of(cx: &Cx, poll: Handle<'_>, fd: i32) -> Result<Option<usize>, Raised> {
    Ok(cx.state::<Poll>(poll)?.fds.borrow().iter().position(|(other, _)| *other == fd))
}

fn register<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = descriptor(cx, args.at(1))?;
    let events = args.opt(2).map_or(Ok(7), |events| cx.c_int(events))? as i16;
    let place = place_of(cx, args.at(0), fd)?;
    let mut fds = cx.state::<Poll>(args.at(0))?.fds.borrow_mut();
    match place {
        Some(place) => fds[place].1 = events,
        None => fds.push((fd, events)),
    }
    drop(fds);
    Ok(cx.none())
}

fn modify<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (fd, events) = (descriptor(cx, args.at(1))?, cx.c_int(args.at(2))? as i16);
    match place_of(cx, args.at(0), fd)? {
        Some(place) => cx.state::<Poll>(args.at(0))?.fds.borrow_mut()[place].1 = events,
        None => return Err(cx.vm().raise_os_error(libc::ENOENT, None)),
    }
    Ok(cx.none())
}

fn unregister<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = descriptor(cx, args.at(1))?;
    match place_of(cx, args.at(0), fd)? {
        Some(place) => {
            cx.state::<Poll>(args.at(0))?.fds.borrow_mut().remove(place);
            Ok(cx.none())
        }
        None => {
            let fd = cx.vm().new_int(fd.into());
            Err(cx.vm().raise_key_error(fd))
        }
    }
}

fn poll<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let timeout = timeout_of(cx, args.opt(1), 1000.0)?;
    let watched = cx.state::<Poll>(args.at(0))?.fds.borrow().clone();
    let mut fds: Vec<libc::pollfd> =
        watched.iter().map(|(fd, events)| libc::pollfd { fd: *fd, events: *events, revents: 0 }).collect();
    wait(cx, &mut fds, timeout)?;
    let vm = cx.vm();
    let ready = fds.iter().filter(|fd| fd.revents != 0);
    let ready: Vec<Value> = ready
        .map(|fd| {
            let (fd, events) = (vm.new_int(fd.fd.into()), vm.new_int(i64::from(fd.revents) & 0xFFFF));
            vm.new_tuple(&[fd, events])
        })
        .collect();
    let list = vm.new_list(ready);
    Ok(cx.local(list))
}
