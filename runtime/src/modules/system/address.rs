//! Sockets' addresses as programs write them and as the system has them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

use super::calls::RawAddress;
use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised};
use crate::value::Value;
use crate::vm::Vm;

/// Bytes before a local address's path.
const PATH_OFFSET: usize = 2;

/// The family number that an address begins with.
fn family_of(bytes: &[u8]) -> i32 {
    bytes.first_chunk().map_or(0, |family| i32::from(u16::from_ne_bytes(*family)))
}

/// An internet address as the system has it.
pub(super) fn raw_of(address: SocketAddr) -> RawAddress {
    let mut bytes = Vec::new();
    let family = if address.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
    bytes.extend_from_slice(&(family as u16).to_ne_bytes());
    bytes.extend_from_slice(&address.port().to_be_bytes());
    match address {
        SocketAddr::V4(address) => {
            bytes.extend_from_slice(&address.ip().octets());
            bytes.resize(16, 0);
        }
        SocketAddr::V6(address) => {
            bytes.extend_from_slice(&address.flowinfo().to_be_bytes());
            bytes.extend_from_slice(&address.ip().octets());
            bytes.extend_from_slice(&address.scope_id().to_ne_bytes());
        }
    }
    RawAddress::of_bytes(&bytes).expect("internet addresses fit")
}

/// The addresses of a host, by its numbers or its name.
pub(super) fn resolve(cx: &mut Cx, host: &str, port: u16, family: i32) -> Result<Vec<SocketAddr>, Raised> {
    let number: Option<IpAddr> = match host {
        "" if family == libc::AF_INET6 => Some(Ipv6Addr::UNSPECIFIED.into()),
        "" => Some(Ipv4Addr::UNSPECIFIED.into()),
        "<broadcast>" => Some(Ipv4Addr::BROADCAST.into()),
        host => host.parse().ok(),
    };
    let fits = |address: &SocketAddr| match family {
        libc::AF_INET => address.is_ipv4(),
        libc::AF_INET6 => address.is_ipv6(),
        _ => true,
    };
    let found: Vec<SocketAddr> = match number {
        Some(ip) => vec![SocketAddr::new(ip, port)],
        None => (host, port).to_socket_addrs().map(Iterator::collect).unwrap_or_default(),
    };
    let found: Vec<SocketAddr> = found.into_iter().filter(fits).collect();
    if found.is_empty() { Err(super::socket::unknown_name(cx)) } else { Ok(found) }
}

fn port_of(cx: &mut Cx, port: Option<Value>) -> Result<u16, Raised> {
    let port = port.and_then(|port| cx.vm().int_of(port)).and_then(|port| u16::try_from(port).ok());
    port.ok_or_else(|| cx.vm().raise_overflow_error("port must be 0-65535."))
}

/// A program's address as the system's.
pub(super) fn read(
    cx: &mut Cx,
    family: i32,
    address: Handle<'_>,
    method: &str,
) -> Result<RawAddress, Raised> {
    if family == libc::AF_UNIX {
        return read_path(cx, address);
    }
    if !address.value().is_kind(Kind::Tuple) {
        let (name, ty) = (family_name(family), cx.vm().type_name_of(address.value()));
        let message = format!("{method}(): {name} address must be tuple, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    let host = cx.vm().sequence_item(address.value(), 0).unwrap_or(Value::NONE);
    let host = match host.kind() {
        Some(Kind::Bytes) => String::from_utf8_lossy(crate::types::bytes::slice_of(host)).into_owned(),
        _ => {
            let host = cx.root_value(host);
            cx.text_arg(host.handle(), &format!("{method}() host"))?
        }
    };
    let port = cx.vm().sequence_item(address.value(), 1);
    let port = port_of(cx, port)?;
    let found = resolve(cx, &host, port, family)?;
    Ok(raw_of(found[0]))
}

fn family_name(family: i32) -> &'static str {
    if family == libc::AF_INET6 { "AF_INET6" } else { "AF_INET" }
}

fn read_path(cx: &mut Cx, address: Handle<'_>) -> Result<RawAddress, Raised> {
    let mut path = if address.value().is_kind(Kind::Str) {
        cx.vm().units(address.value()).to_wtf8()
    } else {
        crate::types::bytes::buffer_argument(cx, address)?.to_vec()
    };
    // Names that begin with a null byte are no paths and need none at the end.
    if path.first() != Some(&0) {
        path.push(0);
    }
    let mut bytes = (libc::AF_UNIX as u16).to_ne_bytes().to_vec();
    bytes.append(&mut path);
    if bytes.len() > PATH_OFFSET + 108 {
        return Err(cx.vm().raise(cx.vm().exceptions.os_error, "AF_UNIX path too long"));
    }
    match RawAddress::of_bytes(&bytes) {
        Some(address) => Ok(address),
        None => Err(cx.vm().raise(cx.vm().exceptions.os_error, "AF_UNIX path too long")),
    }
}

/// The tuple of an internet address.
pub(super) fn tuple_of(vm: &mut Vm, address: SocketAddr) -> Value {
    let host = vm.new_str(&address.ip().to_string());
    let port = vm.new_int(address.port().into());
    match address {
        SocketAddr::V4(_) => vm.new_tuple(&[host, port]),
        SocketAddr::V6(address) => {
            let (flow, scope) =
                (vm.new_int(address.flowinfo().into()), vm.new_int(address.scope_id().into()));
            vm.new_tuple(&[host, port, flow, scope])
        }
    }
}

/// The system's address as a program's.
pub(super) fn write(vm: &mut Vm, address: &RawAddress) -> Value {
    let bytes = address.bytes();
    let port = || bytes.get(2..4).and_then(|port| port.try_into().ok()).map_or(0, u16::from_be_bytes);
    match family_of(bytes) {
        libc::AF_INET if bytes.len() >= 8 => {
            let ip = Ipv4Addr::new(bytes[4], bytes[5], bytes[6], bytes[7]);
            tuple_of(vm, SocketAddr::new(ip.into(), port()))
        }
        libc::AF_INET6 if bytes.len() >= 24 => {
            let octets: [u8; 16] = bytes[8..24].try_into().unwrap_or_default();
            tuple_of(vm, SocketAddr::new(Ipv6Addr::from(octets).into(), port()))
        }
        libc::AF_UNIX => {
            let path = bytes.get(PATH_OFFSET..).unwrap_or_default();
            if path.first() == Some(&0) && path.len() > 1 {
                return vm.new_bytes(path);
            }
            let end = path.iter().position(|byte| *byte == 0).unwrap_or(path.len());
            vm.decode_name(&path[..end])
        }
        _ => Value::NONE,
    }
}
