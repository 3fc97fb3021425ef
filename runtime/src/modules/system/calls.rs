//! Calls into the C library about descriptors, sockets and processes, as safe functions.

#![expect(unsafe_code, reason = "calls into the C library")]

use std::ffi::CString;
use std::io::{Error, Result};
use std::mem::MaybeUninit;

fn check(result: libc::c_int) -> Result<i32> {
    if result < 0 { Err(Error::last_os_error()) } else { Ok(result) }
}

fn check_size(result: libc::ssize_t) -> Result<usize> {
    usize::try_from(result).map_err(|_| Error::last_os_error())
}

/// `poll(2)`: how many descriptors are ready.
pub(super) fn poll(fds: &mut [libc::pollfd], timeout: i32) -> Result<usize> {
    // SAFETY: the slice is that long.
    check(unsafe { libc::poll(fds.as_mut_ptr(), fds.len() as libc::nfds_t, timeout) })
        .map(|count| count as usize)
}

/// `fcntl(2)` with a number.
pub(super) fn fcntl(fd: i32, command: i32, argument: i64) -> Result<i32> {
    // SAFETY: plain numbers; commands that take a pointer fail on those that are none of the process's own.
    check(unsafe { libc::fcntl(fd, command, argument) })
}

/// Whether a command of `fcntl` takes a number.
pub(super) fn takes_number(command: i32) -> bool {
    matches!(
        command,
        libc::F_DUPFD
            | libc::F_DUPFD_CLOEXEC
            | libc::F_GETFD
            | libc::F_SETFD
            | libc::F_GETFL
            | libc::F_SETFL
            | libc::F_GETOWN
            | libc::F_SETOWN
            | 1031
            | 1032
    )
}

/// `flock(2)`.
pub(super) fn flock(fd: i32, operation: i32) -> Result<()> {
    // SAFETY: plain numbers.
    check(unsafe { libc::flock(fd, operation) }).map(drop)
}

/// `close(2)`.
pub(super) fn close(fd: i32) -> Result<()> {
    // SAFETY: a plain number; descriptors that Rust's library owns are never handed out.
    check(unsafe { libc::close(fd) }).map(drop)
}

// ---- Sockets ---------------------------------------------------------------------------------------------------------

/// A socket's address as the system has it.
#[derive(Clone, Copy)]
pub(super) struct RawAddress {
    pub(super) storage: libc::sockaddr_storage,
    pub(super) len: libc::socklen_t,
}

impl RawAddress {
    /// Room for any address.
    pub(super) fn empty() -> Self {
        // SAFETY: all zeros are a valid address of no family.
        let storage = unsafe { MaybeUninit::<libc::sockaddr_storage>::zeroed().assume_init() };
        Self { storage, len: size_of::<libc::sockaddr_storage>() as libc::socklen_t }
    }

    /// The address's bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        let len = (self.len as usize).min(size_of::<libc::sockaddr_storage>());
        // SAFETY: the storage is that long and was zeroed.
        unsafe { std::slice::from_raw_parts((&raw const self.storage).cast(), len) }
    }

    /// An address of these bytes.
    pub(super) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let mut address = Self::empty();
        if bytes.len() > size_of::<libc::sockaddr_storage>() {
            return None;
        }
        // SAFETY: the storage has room for the bytes.
        unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), (&raw mut address.storage).cast(), bytes.len());
        }
        address.len = bytes.len() as libc::socklen_t;
        Some(address)
    }

    fn pointer(&self) -> *const libc::sockaddr {
        (&raw const self.storage).cast()
    }
}

/// `socket(2)`, not inherited.
pub(super) fn socket(family: i32, kind: i32, protocol: i32) -> Result<i32> {
    // SAFETY: plain numbers.
    check(unsafe { libc::socket(family, kind | libc::SOCK_CLOEXEC, protocol) })
}

/// `socketpair(2)`, not inherited.
pub(super) fn socket_pair(family: i32, kind: i32, protocol: i32) -> Result<[i32; 2]> {
    let mut ends = [0; 2];
    // SAFETY: room for two descriptors.
    check(unsafe { libc::socketpair(family, kind | libc::SOCK_CLOEXEC, protocol, ends.as_mut_ptr()) })?;
    Ok(ends)
}

/// `bind(2)`.
pub(super) fn bind(fd: i32, address: &RawAddress) -> Result<()> {
    // SAFETY: the address is that long.
    check(unsafe { libc::bind(fd, address.pointer(), address.len) }).map(drop)
}

/// `connect(2)`.
pub(super) fn connect(fd: i32, address: &RawAddress) -> Result<()> {
    // SAFETY: the address is that long.
    check(unsafe { libc::connect(fd, address.pointer(), address.len) }).map(drop)
}

/// `listen(2)`.
pub(super) fn listen(fd: i32, backlog: i32) -> Result<()> {
    // SAFETY: plain numbers.
    check(unsafe { libc::listen(fd, backlog) }).map(drop)
}

/// `shutdown(2)`.
pub(super) fn shutdown(fd: i32, how: i32) -> Result<()> {
    // SAFETY: plain numbers.
    check(unsafe { libc::shutdown(fd, how) }).map(drop)
}

/// `accept(2)`, not inherited.
pub(super) fn accept(fd: i32) -> Result<(i32, RawAddress)> {
    let mut address = RawAddress::empty();
    let storage = (&raw mut address.storage).cast();
    // SAFETY: the storage is as long as told.
    let fd = check(unsafe { libc::accept4(fd, storage, &raw mut address.len, libc::SOCK_CLOEXEC) })?;
    Ok((fd, address))
}

/// `getsockname(2)`, or `getpeername(2)`.
pub(super) fn name_of(fd: i32, peer: bool) -> Result<RawAddress> {
    let mut address = RawAddress::empty();
    let storage = (&raw mut address.storage).cast();
    let call = if peer { libc::getpeername } else { libc::getsockname };
    // SAFETY: the storage is as long as told.
    check(unsafe { call(fd, storage, &raw mut address.len) })?;
    Ok(address)
}

/// `send(2)`, or `sendto(2)` with an address.
pub(super) fn send(fd: i32, bytes: &[u8], flags: i32, to: Option<&RawAddress>) -> Result<usize> {
    let (pointer, len) = to.map_or((std::ptr::null(), 0), |address| (address.pointer(), address.len));
    // SAFETY: bytes and address are that long.
    check_size(unsafe {
        libc::sendto(fd, bytes.as_ptr().cast(), bytes.len(), flags | libc::MSG_NOSIGNAL, pointer, len)
    })
}

/// `recvfrom(2)`.
pub(super) fn receive(fd: i32, buffer: &mut [u8], flags: i32) -> Result<(usize, RawAddress)> {
    let mut address = RawAddress::empty();
    let storage = (&raw mut address.storage).cast();
    // SAFETY: the buffer and the storage are as long as told.
    let count = check_size(unsafe {
        libc::recvfrom(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags, storage, &raw mut address.len)
    })?;
    Ok((count, address))
}

/// `getsockopt(2)` into a buffer: how many bytes it wrote.
pub(super) fn get_option(fd: i32, level: i32, option: i32, buffer: &mut [u8]) -> Result<usize> {
    let mut len = buffer.len() as libc::socklen_t;
    // SAFETY: the buffer is as long as told.
    check(unsafe { libc::getsockopt(fd, level, option, buffer.as_mut_ptr().cast(), &raw mut len) })?;
    Ok(len as usize)
}

/// `setsockopt(2)`.
pub(super) fn set_option(fd: i32, level: i32, option: i32, value: &[u8]) -> Result<()> {
    let len = value.len() as libc::socklen_t;
    // SAFETY: the value is that long.
    check(unsafe { libc::setsockopt(fd, level, option, value.as_ptr().cast(), len) }).map(drop)
}

// ---- Processes -------------------------------------------------------------------------------------------------------

/// What a child process does before it runs another program.
pub(super) struct Spawn {
    pub(super) programs: Vec<CString>,
    pub(super) arguments: Vec<CString>,
    pub(super) environment: Option<Vec<CString>>,
    pub(super) folder: Option<CString>,
    pub(super) keep: Vec<i32>,
    pub(super) close_others: bool,
    /// What becomes of standard input, output and error: a descriptor, or -1.
    pub(super) standard: [i32; 3],
    /// Ends of pipes that are the parent's.
    pub(super) parents: Vec<i32>,
    pub(super) report: i32,
    pub(super) new_session: bool,
    pub(super) restore_signals: bool,
    pub(super) group: i32,
    pub(super) mask: i32,
}

fn pointers(texts: &[CString]) -> Vec<*const libc::c_char> {
    texts.iter().map(|text| text.as_ptr()).chain([std::ptr::null()]).collect()
}

/// `fork(2)`, then in the child what is told, then `execve(2)`. The child's failure is written to `report`.
pub(super) fn spawn(spawn: &Spawn) -> Result<i32> {
    // All memory is taken before the fork: the child may not.
    let arguments = pointers(&spawn.arguments);
    let environment = spawn.environment.as_deref().map(pointers);
    // SAFETY: the child only makes system calls with what was prepared, then runs a program or ends.
    let pid = check(unsafe { libc::fork() })?;
    if pid == 0 {
        let in_folder = enter(spawn);
        if in_folder {
            run(spawn, &arguments, environment.as_deref());
        }
        report(spawn.report, in_folder);
    }
    Ok(pid)
}

/// The child: descriptors, folder, session. False if that failed.
fn enter(spawn: &Spawn) -> bool {
    // SAFETY: system calls on plain numbers and on texts that end with a null byte.
    unsafe {
        spawn.parents.iter().for_each(|fd| {
            libc::close(*fd);
        });
        let mut standard = spawn.standard;
        for (i, fd) in standard.iter_mut().enumerate() {
            // A descriptor that another one is to become is moved out of the way.
            while *fd >= 0 && *fd < 3 && *fd != i as i32 {
                *fd = libc::dup(*fd);
                if *fd < 0 {
                    return false;
                }
            }
        }
        for (i, fd) in standard.iter().enumerate() {
            if *fd == i as i32 {
                libc::fcntl(*fd, libc::F_SETFD, 0);
            } else if *fd >= 0 && libc::dup2(*fd, i as i32) < 0 {
                return false;
            }
        }
        if spawn.folder.as_ref().is_some_and(|folder| libc::chdir(folder.as_ptr()) < 0) {
            return false;
        }
        if spawn.mask >= 0 {
            libc::umask(spawn.mask as libc::mode_t);
        }
        if spawn.restore_signals {
            libc::signal(libc::SIGPIPE, libc::SIG_DFL);
            libc::signal(libc::SIGXFSZ, libc::SIG_DFL);
        }
        if spawn.new_session {
            libc::setsid();
        }
        if spawn.group >= 0 && libc::setpgid(0, spawn.group) < 0 {
            return false;
        }
        // The end of the pipe that tells of failure closes when the program runs.
        for fd in spawn.keep.iter().filter(|fd| **fd != spawn.report) {
            libc::fcntl(*fd, libc::F_SETFD, 0);
        }
        if spawn.close_others {
            close_all_but(&spawn.keep, spawn.report);
        }
    }
    true
}

fn close_all_but(keep: &[i32], report: i32) {
    // SAFETY: plain numbers.
    unsafe {
        let most = libc::sysconf(libc::_SC_OPEN_MAX).clamp(64, 65_536) as i32;
        for fd in 3..most {
            if fd != report && !keep.contains(&fd) {
                libc::close(fd);
            }
        }
    }
}

/// The child: runs the first program there is.
fn run(spawn: &Spawn, arguments: &[*const libc::c_char], environment: Option<&[*const libc::c_char]>) {
    let mut kept = libc::ENOENT;
    for program in &spawn.programs {
        // SAFETY: texts end with null bytes, lists with null pointers.
        unsafe {
            match environment {
                Some(environment) => libc::execve(program.as_ptr(), arguments.as_ptr(), environment.as_ptr()),
                None => libc::execv(program.as_ptr(), arguments.as_ptr()),
            };
            let errno = *libc::__errno_location();
            if errno != libc::ENOENT && errno != libc::ENOTDIR {
                kept = errno;
            }
        }
    }
    // SAFETY: the place of the thread's own error number.
    unsafe { *libc::__errno_location() = kept };
}

/// The child: tells its error and ends.
fn report(fd: i32, could_enter: bool) -> ! {
    // SAFETY: the place of the thread's own error number.
    let errno = unsafe { *libc::__errno_location() } as u32;
    let mut text = *b"OSError:00000000:noexec";
    for (i, digit) in text[8..16].iter_mut().enumerate() {
        *digit = b"0123456789ABCDEF"[(errno >> (28 - 4 * i) & 15) as usize];
    }
    let len = if could_enter { 17 } else { text.len() };
    // SAFETY: the text is that long; the process ends.
    unsafe {
        libc::write(fd, text.as_ptr().cast(), len);
        libc::_exit(255)
    }
}
