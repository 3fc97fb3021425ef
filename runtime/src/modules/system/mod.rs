//! Modules about what the system offers beside files: `select`, `fcntl`, `_socket`, `_posixsubprocess`.

mod address;
mod calls;
mod fcntl;
mod select;
mod socket;
mod subprocess;

pub(super) use fcntl::init as fcntl;
pub(super) use select::init as select;
pub(super) use socket::init as socket;
pub(super) use subprocess::init as subprocess;

use crate::cx::{Cx, Handle, Raised};

/// The descriptor that an int or an object with `fileno` is.
fn descriptor(cx: &mut Cx, value: Handle<'_>) -> Result<i32, Raised> {
    let fd = if cx.vm().is_any_int(value.value()) {
        cx.c_int(value)?
    } else {
        let Some(_) = cx.get_attr_opt(value, "fileno")? else {
            return Err(cx.vm().raise_type_error("argument must be an int, or have a fileno() method."));
        };
        let fd = cx.call_method(value, "fileno", &[])?;
        if !cx.vm().is_any_int(fd.value()) {
            return Err(cx.vm().raise_type_error("fileno() returned a non-integer"));
        }
        cx.c_int(fd.handle())?
    };
    if fd < 0 {
        let message = format!("file descriptor cannot be a negative integer ({fd})");
        return Err(cx.vm().raise_value_error(&message));
    }
    Ok(fd)
}
