//! `_socket`: sockets of the local and the internet families.

use std::cell::Cell;
use std::io::{Error, ErrorKind, Result as IoResult};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use super::calls::{self, RawAddress};
use super::{address, descriptor};
use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::heap::Marker;
use crate::modules::{add_functions, set};
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::types::bytes::{buffer_argument, vector_of};
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("socketpair", "family=1, type=1, proto=0, /", socket_pair),
    NativeDef::new("close", "fd, /", close_descriptor),
    NativeDef::new("dup", "fd, /", dup),
    NativeDef::new("gethostname", "", host_name),
    NativeDef::new("gethostbyname", "host, /", host_by_name),
    NativeDef::new("getaddrinfo", "host, port, family=0, type=0, proto=0, flags=0", address_info),
    NativeDef::new("getdefaulttimeout", "", default_timeout),
    NativeDef::new("setdefaulttimeout", "timeout, /", set_default_timeout),
    NativeDef::new("htons", "x, /", swap_short),
    NativeDef::new("ntohs", "x, /", swap_short),
    NativeDef::new("htonl", "x, /", swap_long),
    NativeDef::new("ntohl", "x, /", swap_long),
    NativeDef::new("inet_aton", "ip_addr, /", inet_aton),
    NativeDef::new("inet_ntoa", "packed_ip, /", inet_ntoa),
    NativeDef::new("inet_pton", "af, ip, /", inet_pton),
    NativeDef::new("inet_ntop", "af, packed_ip, /", inet_ntop),
];

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, family=-1, type=-1, proto=-1, fileno=None", init_socket),
    NativeDef::new("fileno", "$self, /", file_number),
    NativeDef::new("close", "$self, /", close),
    NativeDef::new("detach", "$self, /", detach),
    NativeDef::new("bind", "$self, address, /", bind),
    NativeDef::new("listen", "$self, backlog=128, /", listen),
    NativeDef::new("_accept", "$self, /", accept),
    NativeDef::new("connect", "$self, address, /", connect),
    NativeDef::new("connect_ex", "$self, address, /", connect_ex),
    NativeDef::new("shutdown", "$self, how, /", shutdown),
    NativeDef::new("send", "$self, data, flags=0, /", send),
    NativeDef::new("sendall", "$self, data, flags=0, /", send_all),
    NativeDef::new("sendto", "$self, data, /, *args", send_to),
    NativeDef::new("recv", "$self, bufsize, flags=0, /", receive),
    NativeDef::new("recvfrom", "$self, bufsize, flags=0, /", receive_from),
    NativeDef::new("recv_into", "$self, buffer, nbytes=0, flags=0", receive_into),
    NativeDef::new("setblocking", "$self, flag, /", set_blocking),
    NativeDef::new("getblocking", "$self, /", get_blocking),
    NativeDef::new("settimeout", "$self, timeout, /", set_timeout),
    NativeDef::new("gettimeout", "$self, /", get_timeout),
    NativeDef::new("getsockname", "$self, /", own_name),
    NativeDef::new("getpeername", "$self, /", peer_name),
    NativeDef::new("getsockopt", "$self, level, option, buflen=0, /", get_option),
    NativeDef::new("setsockopt", "$self, level, option, value, /", set_option),
    NativeDef::getter("family", |cx, args| number(cx, args, |socket| socket.family.get())),
    NativeDef::getter("type", |cx, args| number(cx, args, |socket| socket.kind.get())),
    NativeDef::getter("proto", |cx, args| number(cx, args, |socket| socket.protocol.get())),
    NativeDef::getter("timeout", get_timeout),
];

static NUMBERS: &[(&str, i32)] = &[
    ("AF_UNSPEC", libc::AF_UNSPEC),
    ("AF_UNIX", libc::AF_UNIX),
    ("AF_INET", libc::AF_INET),
    ("AF_INET6", libc::AF_INET6),
    ("SOCK_STREAM", libc::SOCK_STREAM),
    ("SOCK_DGRAM", libc::SOCK_DGRAM),
    ("SOCK_RAW", libc::SOCK_RAW),
    ("SOCK_NONBLOCK", libc::SOCK_NONBLOCK),
    ("SOCK_CLOEXEC", libc::SOCK_CLOEXEC),
    ("SOL_SOCKET", libc::SOL_SOCKET),
    ("SO_REUSEADDR", libc::SO_REUSEADDR),
    ("SO_REUSEPORT", libc::SO_REUSEPORT),
    ("SO_KEEPALIVE", libc::SO_KEEPALIVE),
    ("SO_BROADCAST", libc::SO_BROADCAST),
    ("SO_ERROR", libc::SO_ERROR),
    ("SO_TYPE", libc::SO_TYPE),
    ("SO_RCVBUF", libc::SO_RCVBUF),
    ("SO_SNDBUF", libc::SO_SNDBUF),
    ("SO_LINGER", libc::SO_LINGER),
    ("SOMAXCONN", libc::SOMAXCONN),
    ("IPPROTO_IP", libc::IPPROTO_IP),
    ("IPPROTO_TCP", libc::IPPROTO_TCP),
    ("IPPROTO_UDP", libc::IPPROTO_UDP),
    ("IPPROTO_IPV6", libc::IPPROTO_IPV6),
    ("IPV6_V6ONLY", libc::IPV6_V6ONLY),
    ("TCP_NODELAY", libc::TCP_NODELAY),
    ("MSG_PEEK", libc::MSG_PEEK),
    ("MSG_DONTWAIT", libc::MSG_DONTWAIT),
    ("MSG_NOSIGNAL", libc::MSG_NOSIGNAL),
    ("MSG_WAITALL", libc::MSG_WAITALL),
    ("MSG_TRUNC", libc::MSG_TRUNC),
    ("SHUT_RD", libc::SHUT_RD),
    ("SHUT_WR", libc::SHUT_WR),
    ("SHUT_RDWR", libc::SHUT_RDWR),
    ("AI_PASSIVE", libc::AI_PASSIVE),
    ("AI_CANONNAME", libc::AI_CANONNAME),
    ("AI_NUMERICHOST", libc::AI_NUMERICHOST),
    ("AI_NUMERICSERV", libc::AI_NUMERICSERV),
    ("AI_ADDRCONFIG", libc::AI_ADDRCONFIG),
    ("EAI_NONAME", libc::EAI_NONAME),
    ("EAI_FAMILY", libc::EAI_FAMILY),
    ("NI_NUMERICHOST", libc::NI_NUMERICHOST),
    ("NI_NUMERICSERV", libc::NI_NUMERICSERV),
    ("INADDR_ANY", 0),
];

/// A socket's state. No timeout means to wait for ever; one of nothing, not to wait.
struct Socket {
    fd: Cell<i32>,
    family: Cell<i32>,
    kind: Cell<i32>,
    protocol: Cell<i32>,
    timeout: Cell<Option<Duration>>,
}

impl Payload for Socket {
    fn trace(&self, _: &mut Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.fd.get() >= 0 {
            // Nobody is there to be told.
            let _ = calls::close(self.fd.get());
        }
    }
}

#[derive(Default)]
struct State {
    resolution_error: Option<Value>,
    timeout: Option<Duration>,
}

/// Fills the namespace.
pub(in crate::modules) fn init(vm: &mut Vm, dict: Value) {
    add_functions(vm, dict, FUNCTIONS);
    for (name, number) in NUMBERS {
        set(vm, dict, name, Value::small(*number));
    }
    set(vm, dict, "has_ipv6", Value::TRUE);
    let ty = vm.new_module_type("_socket", "socket", Kind::Boxed, type_flag::BASE, METHODS);
    set(vm, dict, "socket", ty);
    set(vm, dict, "SocketType", ty);
    let (error, timeout) = (vm.exceptions.os_error, vm.exceptions.timeout_error);
    set(vm, dict, "error", error);
    set(vm, dict, "timeout", timeout);
    for name in ["herror", "gaierror"] {
        let flags = type_flag::BASE | type_flag::INSTANCE_DICT;
        let ty = vm.new_builtin_type(&format!("socket.{name}"), error, Kind::Exception, flags);
        let (name_value, module) = (vm.intern(name), vm.intern("socket"));
        vm.type_data(ty).qualname = name_value;
        vm.set_in_type(ty, "__module__", module);
        set(vm, dict, name, ty);
        if name == "gaierror" {
            vm.module_state::<State>().resolution_error = Some(ty);
        }
    }
}

/// Raises `gaierror`: no such host.
pub(super) fn unknown_name(cx: &mut Cx) -> Raised {
    let vm = cx.vm();
    let class = vm.module_state::<State>().resolution_error.unwrap_or(vm.exceptions.os_error);
    let text = vm.new_str("Name or service not known");
    vm.raise_with(class, &[Value::small(libc::EAI_NONAME), text])
}

fn state<'a>(cx: &'a Cx, args: Args<'_>) -> Result<&'a Socket, Raised> {
    cx.state::<Socket>(args.at(0))
}

fn number<'a>(cx: &'a mut Cx, args: Args<'_>, get: fn(&Socket) -> i32) -> Res<'a> {
    let number = get(state(cx, args)?);
    let number = cx.vm().new_int(number.into());
    Ok(cx.local(number))
}

// ---- Making and ending -----------------------------------------------------------------------------------------------

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let timeout = cx.vm().module_state::<State>().timeout;
    let socket = Socket {
        fd: (-1).into(),
        family: (-1).into(),
        kind: (-1).into(),
        protocol: (-1).into(),
        timeout: timeout.into(),
    };
    let made = cx.make_object(args.at(0), Box::new(socket))?;
    Ok(cx.local(made))
}

fn done(cx: &mut Cx, result: IoResult<()>) -> Res<'_> {
    match result {
        Ok(()) => Ok(cx.none()),
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn init_socket<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut given = |i: usize| args.opt(i).map_or(Ok(-1), |value| cx.c_int(value));
    let (family, kind, protocol) = (given(1)?, given(2)?, given(3)?);
    let or = |number: i32, default: i32| if number == -1 { default } else { number };
    let (family, kind, protocol) = (or(family, libc::AF_INET), or(kind, libc::SOCK_STREAM), or(protocol, 0));
    let opened = match args.some(4) {
        Some(fd) => Ok(descriptor(cx, fd)?),
        None => calls::socket(family, kind, protocol),
    };
    let socket = state(cx, args)?;
    match opened {
        Ok(fd) => {
            socket.fd.set(fd);
            socket.family.set(family);
            socket.kind.set(kind & !(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC));
            socket.protocol.set(protocol);
        }
        Err(error) => return Err(cx.os_error(&error)),
    }
    if kind & libc::SOCK_NONBLOCK != 0 {
        socket.timeout.set(Some(Duration::ZERO));
    } else if socket.timeout.get().is_some() {
        let result = wait_mode(socket.fd.get(), false);
        return done(cx, result);
    }
    Ok(cx.none())
}

/// Makes calls on a descriptor wait or fail at once.
fn wait_mode(fd: i32, waits: bool) -> IoResult<()> {
    let flags = calls::fcntl(fd, libc::F_GETFL, 0)?;
    let flags = if waits { flags & !libc::O_NONBLOCK } else { flags | libc::O_NONBLOCK };
    calls::fcntl(fd, libc::F_SETFL, flags.into()).map(drop)
}

fn file_number<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    number(cx, args, |socket| socket.fd.get())
}

fn detach<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    number(cx, args, |socket| socket.fd.replace(-1))
}

fn close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = state(cx, args)?.fd.replace(-1);
    let result = if fd >= 0 { calls::close(fd) } else { Ok(()) };
    // The other side may have gone before.
    let result = result
        .or_else(|error| if error.raw_os_error() == Some(libc::ECONNRESET) { Ok(()) } else { Err(error) });
    done(cx, result)
}

fn close_descriptor<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = cx.c_int(args.at(0))?;
    done(cx, calls::close(fd))
}

fn dup<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = cx.c_int(args.at(0))?;
    match calls::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) {
        Ok(fd) => {
            let fd = cx.vm().new_int(fd.into());
            Ok(cx.local(fd))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn socket_pair<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut given = |i: usize, default: i32| args.some(i).map_or(Ok(default), |value| cx.c_int(value));
    let (family, kind, protocol) = (given(0, libc::AF_UNIX)?, given(1, libc::SOCK_STREAM)?, given(2, 0)?);
    let ends = calls::socket_pair(family, kind, protocol).map_err(|error| cx.os_error(&error))?;
    let class = cx.module_attr("_socket", "socket")?;
    let mut pair = Vec::new();
    for fd in ends {
        let values = [family, kind, protocol, fd].map(Value::small);
        pair.push(cx.call_values(class.handle(), &values, Value::UNDEF)?);
    }
    let pair = cx.vm().new_tuple(&[pair[0].value(), pair[1].value()]);
    Ok(cx.local(pair))
}

// ---- Waiting ---------------------------------------------------------------------------------------------------------

/// Calls until it works: waits as long as the socket's timeout allows.
fn attempt<T>(
    cx: &mut Cx,
    args: Args<'_>,
    events: i16,
    mut call: impl FnMut(i32) -> IoResult<T>,
) -> Result<T, Raised> {
    let socket = state(cx, args)?;
    let (fd, timeout) = (socket.fd.get(), socket.timeout.get());
    let deadline = timeout.filter(|timeout| !timeout.is_zero()).map(|timeout| Instant::now() + timeout);
    loop {
        if let Some(deadline) = deadline {
            wait_until(cx, fd, events, deadline)?;
        }
        match call(fd) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock && deadline.is_some() => {}
            Err(error) => return Err(cx.os_error(&error)),
            Ok(value) => return Ok(value),
        }
    }
}

fn wait_until(cx: &mut Cx, fd: i32, events: i16, deadline: Instant) -> Result<(), Raised> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let millis = i32::try_from(left.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX);
        match calls::poll(&mut [libc::pollfd { fd, events, revents: 0 }], millis) {
            Ok(0) => {
                let class = cx.vm().exceptions.timeout_error;
                return Err(cx.vm().raise(class, "timed out"));
            }
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(cx.os_error(&error)),
        }
    }
}

fn set_timeout_to<'a>(cx: &'a mut Cx, args: Args<'_>, timeout: Option<Duration>) -> Res<'a> {
    let socket = state(cx, args)?;
    socket.timeout.set(timeout);
    let result = wait_mode(socket.fd.get(), timeout.is_none());
    done(cx, result)
}

fn set_blocking<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let waits = cx.truth(args.at(1))?;
    set_timeout_to(cx, args, (!waits).then_some(Duration::ZERO))
}

fn get_blocking<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let waits = state(cx, args)?.timeout.get() != Some(Duration::ZERO);
    Ok(cx.bool(waits))
}

fn timeout_argument(cx: &mut Cx, value: Handle<'_>) -> Result<Option<Duration>, Raised> {
    if value.value().is_none() {
        return Ok(None);
    }
    let seconds = cx.real(value)?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(timeout) => Ok(Some(timeout)),
        Err(_) => Err(cx.vm().raise_value_error("Timeout value out of range")),
    }
}

fn set_timeout<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let timeout = timeout_argument(cx, args.at(1))?;
    set_timeout_to(cx, args, timeout)
}

fn timeout_value(cx: &Cx, timeout: Option<Duration>) -> Res<'_> {
    Ok(match timeout {
        Some(timeout) => cx.local(cx.vm().new_float(timeout.as_secs_f64())),
        None => cx.none(),
    })
}

fn get_timeout<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let timeout = state(cx, args)?.timeout.get();
    timeout_value(cx, timeout)
}

fn default_timeout<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let timeout = cx.vm().module_state::<State>().timeout;
    timeout_value(cx, timeout)
}

fn set_default_timeout<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let timeout = timeout_argument(cx, args.at(0))?;
    cx.vm().module_state::<State>().timeout = timeout;
    Ok(cx.none())
}

// ---- Connections -----------------------------------------------------------------------------------------------------

fn address_argument(
    cx: &mut Cx,
    args: Args<'_>,
    value: Handle<'_>,
    method: &str,
) -> Result<RawAddress, Raised> {
    let family = state(cx, args)?.family.get();
    address::read(cx, family, value, method)
}

fn bind<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let address = address_argument(cx, args, args.at(1), "bind")?;
    let result = calls::bind(state(cx, args)?.fd.get(), &address);
    done(cx, result)
}

fn listen<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let backlog = args.opt(1).map_or(Ok(128), |backlog| cx.c_int(backlog))?;
    let result = calls::listen(state(cx, args)?.fd.get(), backlog.max(0));
    done(cx, result)
}

fn accept<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (fd, address) = attempt(cx, args, libc::POLLIN, calls::accept)?;
    let vm = cx.vm();
    let (fd, address) = (vm.new_int(fd.into()), address::write(vm, &address));
    let pair = vm.new_tuple(&[fd, address]);
    Ok(cx.local(pair))
}

/// Connects, waiting as long as the timeout allows.
fn try_connect(cx: &mut Cx, args: Args<'_>) -> Result<IoResult<()>, Raised> {
    let address = address_argument(cx, args, args.at(1), "connect")?;
    let socket = state(cx, args)?;
    let (fd, timeout) = (socket.fd.get(), socket.timeout.get());
    let result = calls::connect(fd, &address);
    let Err(error) = &result else { return Ok(result) };
    let waits = matches!(error.raw_os_error(), Some(libc::EINPROGRESS | libc::EINTR));
    if !waits || timeout == Some(Duration::ZERO) {
        return Ok(result);
    }
    let deadline = Instant::now() + timeout.unwrap_or(Duration::from_secs(1 << 20));
    wait_until(cx, fd, libc::POLLOUT, deadline)?;
    let mut errno = [0; 4];
    Ok(calls::get_option(fd, libc::SOL_SOCKET, libc::SO_ERROR, &mut errno).and_then(|_| {
        match i32::from_ne_bytes(errno) {
            0 => Ok(()),
            errno => Err(Error::from_raw_os_error(errno)),
        }
    }))
}

fn connect<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = try_connect(cx, args)?;
    done(cx, result)
}

fn connect_ex<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let errno = try_connect(cx, args)?.err().and_then(|error| error.raw_os_error()).unwrap_or(0);
    Ok(cx.local(Value::small(errno)))
}

fn shutdown<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let how = cx.c_int(args.at(1))?;
    let result = calls::shutdown(state(cx, args)?.fd.get(), how);
    done(cx, result)
}

fn name<'a>(cx: &'a mut Cx, args: Args<'_>, peer: bool) -> Res<'a> {
    match calls::name_of(state(cx, args)?.fd.get(), peer) {
        Ok(address) => {
            let address = address::write(cx.vm(), &address);
            Ok(cx.local(address))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn own_name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    name(cx, args, false)
}

fn peer_name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    name(cx, args, true)
}

// ---- Data ------------------------------------------------------------------------------------------------------------

fn flags_of(cx: &mut Cx, args: Args<'_>, i: usize) -> Result<i32, Raised> {
    args.opt(i).map_or(Ok(0), |flags| cx.c_int(flags))
}

fn send<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let flags = flags_of(cx, args, 2)?;
    let data = buffer_argument(cx, args.at(1))?.to_vec();
    let count = attempt(cx, args, libc::POLLOUT, |fd| calls::send(fd, &data, flags, None))?;
    let count = cx.vm().new_int(count as i64);
    Ok(cx.local(count))
}

fn send_all<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let flags = flags_of(cx, args, 2)?;
    let data = buffer_argument(cx, args.at(1))?.to_vec();
    let mut rest = &data[..];
    while !rest.is_empty() {
        let count = attempt(cx, args, libc::POLLOUT, |fd| calls::send(fd, rest, flags, None))?;
        rest = &rest[count..];
    }
    Ok(cx.none())
}

fn send_to<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let rest: Vec<Handle<'_>> = args.rest().collect();
    let (flags, to) = match rest[..] {
        [to] => (0, to),
        [flags, to] => (cx.c_int(flags)?, to),
        _ => return Err(cx.vm().raise_type_error("sendto() takes 2 or 3 arguments")),
    };
    let to = address_argument(cx, args, to, "sendto")?;
    let data = buffer_argument(cx, args.at(1))?.to_vec();
    let count = attempt(cx, args, libc::POLLOUT, |fd| calls::send(fd, &data, flags, Some(&to)))?;
    let count = cx.vm().new_int(count as i64);
    Ok(cx.local(count))
}

fn received(cx: &mut Cx, args: Args<'_>) -> Result<(Vec<u8>, RawAddress), Raised> {
    let size = cx.index_i64(args.at(1))?;
    let flags = flags_of(cx, args, 2)?;
    let Ok(size) = usize::try_from(size) else {
        return Err(cx.vm().raise_value_error("negative buffersize in recv"));
    };
    let mut buffer = Vec::new();
    if !cx.vm().heap.may_grow(size) || buffer.try_reserve_exact(size).is_err() {
        return Err(cx.vm().raise_memory_error());
    }
    buffer.resize(size, 0);
    let (count, from) = attempt(cx, args, libc::POLLIN, |fd| calls::receive(fd, &mut buffer, flags))?;
    buffer.truncate(count);
    Ok((buffer, from))
}

fn receive<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (bytes, _) = received(cx, args)?;
    let bytes = cx.vm().new_bytes(&bytes);
    Ok(cx.local(bytes))
}

fn receive_from<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (bytes, from) = received(cx, args)?;
    let vm = cx.vm();
    let (bytes, from) = (vm.new_bytes(&bytes), address::write(vm, &from));
    let pair = vm.new_tuple(&[bytes, from]);
    Ok(cx.local(pair))
}

fn receive_into<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let wanted = args.opt(2).map_or(Ok(0), |wanted| cx.index_i64(wanted))?;
    let flags = flags_of(cx, args, 3)?;
    if !args.at(1).value().is_kind(Kind::ByteArray) {
        return Err(cx.vm().raise_not_implemented_error("recv_into() into something else than a bytearray"));
    }
    let room = vector_of(args.at(1).value()).len();
    let size = if wanted > 0 { room.min(wanted as usize) } else { room };
    let mut buffer = vec![0; size];
    let (count, _) = attempt(cx, args, libc::POLLIN, |fd| calls::receive(fd, &mut buffer, flags))?;
    let target = vector_of(args.at(1).value());
    let count = count.min(target.len());
    target[..count].copy_from_slice(&buffer[..count]);
    let count = cx.vm().new_int(count as i64);
    Ok(cx.local(count))
}

fn get_option<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (level, option) = (cx.c_int(args.at(1))?, cx.c_int(args.at(2))?);
    let size = args.opt(3).map_or(Ok(0), |size| cx.c_int(size))?;
    if !(0..=1024).contains(&size) {
        return Err(cx.vm().raise(cx.vm().exceptions.os_error, "getsockopt buflen out of range"));
    }
    let mut buffer = vec![0; if size == 0 { 4 } else { size as usize }];
    match calls::get_option(state(cx, args)?.fd.get(), level, option, &mut buffer) {
        Ok(len) if size > 0 => {
            let bytes = cx.vm().new_bytes(&buffer[..len]);
            Ok(cx.local(bytes))
        }
        Ok(_) => {
            let number = buffer[..].try_into().map_or(0, i32::from_ne_bytes);
            let number = cx.vm().new_int(number.into());
            Ok(cx.local(number))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn set_option<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (level, option) = (cx.c_int(args.at(1))?, cx.c_int(args.at(2))?);
    let value = if cx.vm().is_any_int(args.at(3).value()) {
        cx.c_int(args.at(3))?.to_ne_bytes().to_vec()
    } else {
        buffer_argument(cx, args.at(3))?.to_vec()
    };
    let result = calls::set_option(state(cx, args)?.fd.get(), level, option, &value);
    done(cx, result)
}

// ---- Names and numbers -----------------------------------------------------------------------------------------------

fn host_name<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = cx.vm().new_str(name.trim_end());
    Ok(cx.local(name))
}

fn host_by_name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let host = cx.text_arg(args.at(0), "gethostbyname() argument 1")?;
    let found = address::resolve(cx, &host, 0, libc::AF_INET)?;
    let name = cx.vm().new_str(&found[0].ip().to_string());
    Ok(cx.local(name))
}

fn address_info<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let host = match args.some(0) {
        Some(host) => cx.text_arg(host, "getaddrinfo() argument 1")?,
        None => String::from("127.0.0.1"),
    };
    let port = match args.some(1) {
        None => 0,
        Some(port) if port.value().is_kind(Kind::Str) => {
            cx.vm().str_lossy(port.value()).parse().map_err(|_| unknown_name(cx))?
        }
        Some(port) => u16::try_from(cx.c_int(port)?).unwrap_or(0),
    };
    let (family, kind) = (flags_of(cx, args, 2)?, flags_of(cx, args, 3)?);
    let found = address::resolve(cx, &host, port, family)?;
    let kinds = [(libc::SOCK_STREAM, 6), (libc::SOCK_DGRAM, 17), (libc::SOCK_RAW, 0)];
    let vm = cx.vm();
    let mut rows = Vec::new();
    for address in found {
        let family = if address.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
        for (of_kind, protocol) in kinds.into_iter().filter(|(of_kind, _)| kind == 0 || kind == *of_kind) {
            let numbers = [family, of_kind, protocol].map(Value::small);
            let (name, address) = (vm.empty_str, address::tuple_of(vm, address));
            rows.push(vm.new_tuple(&[numbers[0], numbers[1], numbers[2], name, address]));
        }
    }
    let rows = vm.new_list(rows);
    Ok(cx.local(rows))
}

fn swap_short<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match u16::try_from(cx.index_i64(args.at(0))?) {
        Ok(number) => Ok(cx.local(Value::small(number.to_be().into()))),
        Err(_) => {
            Err(cx.vm().raise_overflow_error("Python int too large to convert to C 16-bit unsigned integer"))
        }
    }
}

fn swap_long<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match u32::try_from(cx.index_i64(args.at(0))?) {
        Ok(number) => {
            let number = cx.vm().new_int(number.to_be().into());
            Ok(cx.local(number))
        }
        Err(_) => Err(cx.vm().raise_overflow_error("int larger than 32 bits")),
    }
}

fn illegal_address(cx: &Cx, function: &str) -> Raised {
    let message = format!("illegal IP address string passed to {function}");
    cx.vm().raise(cx.vm().exceptions.os_error, &message)
}

fn inet_aton<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = cx.text_arg(args.at(0), "inet_aton() argument 1")?;
    match text.parse::<Ipv4Addr>() {
        Ok(ip) => {
            let bytes = cx.vm().new_bytes(&ip.octets());
            Ok(cx.local(bytes))
        }
        Err(_) => Err(illegal_address(cx, "inet_aton")),
    }
}

fn inet_pton<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let family = cx.c_int(args.at(0))?;
    let text = cx.text_arg(args.at(1), "inet_pton() argument 2")?;
    let octets = match family {
        libc::AF_INET => text.parse::<Ipv4Addr>().ok().map(|ip| ip.octets().to_vec()),
        _ => text.parse::<Ipv6Addr>().ok().map(|ip| ip.octets().to_vec()),
    };
    match octets {
        Some(octets) => {
            let bytes = cx.vm().new_bytes(&octets);
            Ok(cx.local(bytes))
        }
        None => Err(illegal_address(cx, "inet_pton")),
    }
}

fn text_of_ip<'a>(cx: &'a mut Cx, packed: Handle<'_>, function: &str) -> Res<'a> {
    let bytes = buffer_argument(cx, packed)?;
    let text = match (<[u8; 4]>::try_from(bytes), <[u8; 16]>::try_from(bytes)) {
        (Ok(octets), _) => Ipv4Addr::from(octets).to_string(),
        (_, Ok(octets)) => Ipv6Addr::from(octets).to_string(),
        _ => {
            let message = format!("packed IP wrong length for {function}");
            return Err(cx.vm().raise(cx.vm().exceptions.os_error, &message));
        }
    };
    let text = cx.vm().new_str(&text);
    Ok(cx.local(text))
}

fn inet_ntoa<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    text_of_ip(cx, args.at(0), "inet_ntoa")
}

fn inet_ntop<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    text_of_ip(cx, args.at(1), "inet_ntop")
}
