//! System calls that Rust's library does not offer on plain descriptors and paths, as safe functions.

#![expect(unsafe_code, reason = "calls into the C library")]

use std::ffi::CString;
use std::io::{Error, Result};

/// A path for the C library; the error of an embedded null byte is the caller's.
pub(crate) fn c_path(path: &[u8]) -> Option<CString> {
    CString::new(path).ok()
}

fn check(result: libc::c_int) -> Result<i32> {
    if result < 0 { Err(Error::last_os_error()) } else { Ok(result) }
}

fn check_size(result: libc::ssize_t) -> Result<usize> {
    usize::try_from(result).map_err(|_| Error::last_os_error())
}

/// Calls again as long as a signal interrupts.
fn retry<T>(mut call: impl FnMut() -> Result<T>) -> Result<T> {
    loop {
        match call() {
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => {}
            result => return result,
        }
    }
}

/// `open(2)`; the descriptor is not inherited.
pub(crate) fn open(path: &CString, flags: i32, mode: u32) -> Result<i32> {
    // SAFETY: the path ends with a null byte.
    retry(|| check(unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC, mode) }))
}

/// `nanosleep(2)`: until the time is over or a signal arrives.
pub(crate) fn sleep(time: std::time::Duration) {
    let seconds = libc::time_t::try_from(time.as_secs()).unwrap_or(libc::time_t::MAX);
    let time = libc::timespec { tv_sec: seconds, tv_nsec: i64::from(time.subsec_nanos()) };
    // SAFETY: the time is valid, and what is left of it is not asked for.
    unsafe { libc::nanosleep(&raw const time, std::ptr::null_mut()) };
}

/// `alarm(2)`: the seconds that were left of the alarm before.
pub(crate) fn alarm(seconds: u32) -> u32 {
    // SAFETY: the call takes any number.
    unsafe { libc::alarm(seconds) }
}

/// `close(2)`.
pub(crate) fn close(fd: i32) -> Result<()> {
    // SAFETY: a plain number; descriptors that Rust's library owns are never handed out.
    check(unsafe { libc::close(fd) }).map(drop)
}

/// `read(2)`.
pub(crate) fn read(fd: i32, buffer: &mut [u8]) -> Result<usize> {
    // SAFETY: the buffer is that long.
    retry(|| check_size(unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) }))
}

/// `write(2)`.
pub(crate) fn write(fd: i32, bytes: &[u8]) -> Result<usize> {
    // SAFETY: the buffer is that long.
    retry(|| check_size(unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) }))
}

/// `pread(2)`.
pub(crate) fn pread(fd: i32, buffer: &mut [u8], offset: i64) -> Result<usize> {
    // SAFETY: the buffer is that long.
    retry(|| check_size(unsafe { libc::pread(fd, buffer.as_mut_ptr().cast(), buffer.len(), offset) }))
}

/// `pwrite(2)`.
pub(crate) fn pwrite(fd: i32, bytes: &[u8], offset: i64) -> Result<usize> {
    // SAFETY: the buffer is that long.
    retry(|| check_size(unsafe { libc::pwrite(fd, bytes.as_ptr().cast(), bytes.len(), offset) }))
}

/// `lseek(2)`.
pub(crate) fn lseek(fd: i32, offset: i64, whence: i32) -> Result<i64> {
    // SAFETY: plain numbers.
    let position = unsafe { libc::lseek(fd, offset, whence) };
    if position < 0 { Err(Error::last_os_error()) } else { Ok(position) }
}

/// `isatty(3)`.
pub(crate) fn isatty(fd: i32) -> bool {
    // SAFETY: a plain number.
    unsafe { libc::isatty(fd) == 1 }
}

/// `fsync(2)`.
pub(crate) fn fsync(fd: i32) -> Result<()> {
    // SAFETY: a plain number.
    retry(|| check(unsafe { libc::fsync(fd) })).map(drop)
}

/// `ftruncate(2)`.
pub(crate) fn ftruncate(fd: i32, length: i64) -> Result<()> {
    // SAFETY: plain numbers.
    retry(|| check(unsafe { libc::ftruncate(fd, length) })).map(drop)
}

/// `truncate(2)`.
pub(crate) fn truncate(path: &CString, length: i64) -> Result<()> {
    // SAFETY: the path ends with a null byte.
    retry(|| check(unsafe { libc::truncate(path.as_ptr(), length) })).map(drop)
}

/// `dup(2)`, not inherited.
pub(crate) fn dup(fd: i32) -> Result<i32> {
    // SAFETY: plain numbers.
    check(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) })
}

/// `dup2(2)`.
pub(crate) fn dup2(fd: i32, target: i32) -> Result<i32> {
    // SAFETY: plain numbers.
    retry(|| check(unsafe { libc::dup2(fd, target) }))
}

/// `pipe(2)`, not inherited: the ends for reading and writing.
pub(crate) fn pipe() -> Result<(i32, i32)> {
    let mut ends = [0; 2];
    // SAFETY: room for two descriptors.
    check(unsafe { libc::pipe(ends.as_mut_ptr()) })?;
    for end in ends {
        set_inheritable(end, false)?;
    }
    Ok((ends[0], ends[1]))
}

/// Whether a descriptor is inherited by programs that are run.
pub(crate) fn is_inheritable(fd: i32) -> Result<bool> {
    // SAFETY: plain numbers.
    check(unsafe { libc::fcntl(fd, libc::F_GETFD) }).map(|flags| flags & libc::FD_CLOEXEC == 0)
}

/// Sets it.
pub(crate) fn set_inheritable(fd: i32, inheritable: bool) -> Result<()> {
    // SAFETY: plain numbers.
    let flags = check(unsafe { libc::fcntl(fd, libc::F_GETFD) })?;
    let flags = if inheritable { flags & !libc::FD_CLOEXEC } else { flags | libc::FD_CLOEXEC };
    // SAFETY: as above.
    check(unsafe { libc::fcntl(fd, libc::F_SETFD, flags) }).map(drop)
}

/// Whether reads and writes wait.
pub(crate) fn is_blocking(fd: i32) -> Result<bool> {
    // SAFETY: plain numbers.
    check(unsafe { libc::fcntl(fd, libc::F_GETFL) }).map(|flags| flags & libc::O_NONBLOCK == 0)
}

/// Sets it.
pub(crate) fn set_blocking(fd: i32, blocking: bool) -> Result<()> {
    // SAFETY: plain numbers.
    let flags = check(unsafe { libc::fcntl(fd, libc::F_GETFL) })?;
    let flags = if blocking { flags & !libc::O_NONBLOCK } else { flags | libc::O_NONBLOCK };
    // SAFETY: as above.
    check(unsafe { libc::fcntl(fd, libc::F_SETFL, flags) }).map(drop)
}

/// `stat(2)`, `lstat(2)`.
pub(crate) fn stat(path: &CString, follow: bool) -> Result<libc::stat> {
    // SAFETY: all zeroes are a valid `stat`, which the call fills.
    unsafe {
        let mut result = std::mem::zeroed();
        let path = path.as_ptr();
        check(if follow { libc::stat(path, &raw mut result) } else { libc::lstat(path, &raw mut result) })?;
        Ok(result)
    }
}

/// `fstat(2)`.
pub(crate) fn fstat(fd: i32) -> Result<libc::stat> {
    // SAFETY: as in `stat`.
    unsafe {
        let mut result = std::mem::zeroed();
        check(libc::fstat(fd, &raw mut result))?;
        Ok(result)
    }
}

/// `access(2)`, with the effective user's rights if asked for.
pub(crate) fn access(path: &CString, mode: i32, effective: bool) -> bool {
    let flags = if effective { libc::AT_EACCESS } else { 0 };
    // SAFETY: the path ends with a null byte.
    unsafe { libc::faccessat(libc::AT_FDCWD, path.as_ptr(), mode, flags) == 0 }
}

/// `mkdir(2)`.
pub(crate) fn mkdir(path: &CString, mode: u32) -> Result<()> {
    // SAFETY: the path ends with a null byte.
    check(unsafe { libc::mkdir(path.as_ptr(), mode as libc::mode_t) }).map(drop)
}

/// `mkfifo(3)`.
pub(crate) fn mkfifo(path: &CString, mode: u32) -> Result<()> {
    // SAFETY: the path ends with a null byte.
    check(unsafe { libc::mkfifo(path.as_ptr(), mode as libc::mode_t) }).map(drop)
}

/// `chmod(2)`.
pub(crate) fn chmod(path: &CString, mode: u32) -> Result<()> {
    // SAFETY: the path ends with a null byte.
    check(unsafe { libc::chmod(path.as_ptr(), mode as libc::mode_t) }).map(drop)
}

/// `fchmod(2)`.
pub(crate) fn fchmod(fd: i32, mode: u32) -> Result<()> {
    // SAFETY: plain numbers.
    check(unsafe { libc::fchmod(fd, mode as libc::mode_t) }).map(drop)
}

/// `chown(2)` and `lchown(2)`.
pub(crate) fn chown(path: &CString, uid: u32, gid: u32, follow: bool) -> Result<()> {
    let path = path.as_ptr();
    // SAFETY: the path ends with a null byte.
    check(unsafe { if follow { libc::chown(path, uid, gid) } else { libc::lchown(path, uid, gid) } })
        .map(drop)
}

/// `fchdir(2)`.
pub(crate) fn fchdir(fd: i32) -> Result<()> {
    // SAFETY: a plain number.
    check(unsafe { libc::fchdir(fd) }).map(drop)
}

/// Times of a file in seconds and nanoseconds: last access, last change; None is now.
pub(crate) fn utimens(path: &CString, times: Option<[(i64, i64); 2]>, follow: bool) -> Result<()> {
    let spec = |(seconds, nanoseconds): (i64, i64)| libc::timespec {
        tv_sec: seconds as libc::time_t,
        tv_nsec: nanoseconds as libc::c_long,
    };
    let times = times.map(|times| times.map(spec));
    let pointer = times.as_ref().map_or(std::ptr::null(), |times| times.as_ptr());
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: the path ends with a null byte, and there are two times or none.
    check(unsafe { libc::utimensat(libc::AT_FDCWD, path.as_ptr(), pointer, flags) }).map(drop)
}

/// `umask(2)`.
pub(crate) fn umask(mask: u32) -> u32 {
    // SAFETY: a plain number.
    unsafe { libc::umask(mask as libc::mode_t) }
}

/// Identities of the process: real and effective user and group.
pub(crate) fn identities() -> [u32; 4] {
    // SAFETY: calls without arguments that cannot fail.
    unsafe { [libc::getuid(), libc::geteuid(), libc::getgid(), libc::getegid()] }
}

/// `getppid(2)`, `getpgrp(2)`.
pub(crate) fn parents() -> (i32, i32) {
    // SAFETY: calls without arguments that cannot fail.
    unsafe { (libc::getppid(), libc::getpgrp()) }
}

/// `kill(2)`.
pub(crate) fn kill(pid: i32, signal: i32) -> Result<()> {
    // SAFETY: plain numbers.
    check(unsafe { libc::kill(pid, signal) }).map(drop)
}

/// `waitpid(2)`: process and status.
pub(crate) fn waitpid(pid: i32, options: i32) -> Result<(i32, i32)> {
    let mut status = 0;
    // SAFETY: room for the status.
    let pid = retry(|| check(unsafe { libc::waitpid(pid, &raw mut status, options) }))?;
    Ok((pid, status))
}

/// `system(3)`.
pub(crate) fn system(command: &CString) -> i32 {
    // SAFETY: the command ends with a null byte.
    unsafe { libc::system(command.as_ptr()) }
}

/// Ends the process at once.
pub(crate) fn exit(status: i32) -> ! {
    // SAFETY: nothing runs afterwards.
    unsafe { libc::_exit(status) }
}

/// `abort(3)`.
pub(crate) fn abort() -> ! {
    // SAFETY: nothing runs afterwards.
    unsafe { libc::abort() }
}

/// A clock in nanoseconds.
pub(crate) fn clock(id: libc::clockid_t) -> Result<i64> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: room for the time.
    check(unsafe { libc::clock_gettime(id, &raw mut time) })?;
    Ok(time.tv_sec * 1_000_000_000 + time.tv_nsec)
}

/// A clock's resolution in nanoseconds.
pub(crate) fn clock_resolution(id: libc::clockid_t) -> Result<i64> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: room for the time.
    check(unsafe { libc::clock_getres(id, &raw mut time) })?;
    Ok(time.tv_sec * 1_000_000_000 + time.tv_nsec)
}

/// CPU times of the process and its children in seconds: user, system, children's user and system.
pub(crate) fn cpu_times() -> Result<[f64; 4]> {
    let usage = |who| -> Result<[f64; 2]> {
        // SAFETY: all zeroes are a valid `rusage`, which the call fills.
        let usage = unsafe {
            let mut usage: libc::rusage = std::mem::zeroed();
            check(libc::getrusage(who, &raw mut usage))?;
            usage
        };
        let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
        Ok([seconds(usage.ru_utime), seconds(usage.ru_stime)])
    };
    let (own, children) = (usage(libc::RUSAGE_SELF)?, usage(libc::RUSAGE_CHILDREN)?);
    Ok([own[0], own[1], children[0], children[1]])
}

/// `sysconf(3)`.
pub(crate) fn sysconf(name: i32) -> i64 {
    // SAFETY: a plain number.
    unsafe { libc::sysconf(name) as i64 }
}

/// `getloadavg(3)`.
pub(crate) fn load_average() -> Option<[f64; 3]> {
    let mut loads = [0.0; 3];
    // SAFETY: room for three numbers.
    (unsafe { libc::getloadavg(loads.as_mut_ptr(), 3) } == 3).then_some(loads)
}

/// A terminal's columns and lines.
pub(crate) fn terminal_size(fd: i32) -> Result<(u16, u16)> {
    // SAFETY: all zeroes are a valid `winsize`, which the call fills.
    unsafe {
        let mut size: libc::winsize = std::mem::zeroed();
        check(libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size))?;
        Ok((size.ws_col, size.ws_row))
    }
}

/// `uname(2)`: system, node, release, version, machine.
pub(crate) fn uname() -> Result<[String; 5]> {
    // SAFETY: all zeroes are a valid `utsname`, which the call fills with strings that end.
    unsafe {
        let mut names: libc::utsname = std::mem::zeroed();
        check(libc::uname(&raw mut names))?;
        let text = |field: &[libc::c_char]| {
            let bytes: Vec<u8> = field.iter().take_while(|c| **c != 0).map(|c| *c as u8).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Ok([
            text(&names.sysname),
            text(&names.nodename),
            text(&names.release),
            text(&names.version),
            text(&names.machine),
        ])
    }
}

/// The system's random bytes.
pub(crate) fn random(buffer: &mut [u8]) -> Result<()> {
    use std::io::Read;
    std::fs::File::open("/dev/urandom")?.read_exact(buffer)
}

/// Broken-down time.
pub(crate) struct BrokenTime {
    /// C's `tm`.
    pub(crate) tm: libc::tm,
    /// The zone's abbreviation.
    pub(crate) zone: String,
}

/// Local (or universal) time of seconds since 1970.
pub(crate) fn broken_time(seconds: i64, local: bool) -> Result<BrokenTime> {
    let seconds = seconds as libc::time_t;
    // SAFETY: all zeroes are a valid `tm`, which the call fills; its zone is a string that ends, or null.
    unsafe {
        let mut tm: libc::tm = std::mem::zeroed();
        let filled = if local {
            libc::localtime_r(&raw const seconds, &raw mut tm)
        } else {
            libc::gmtime_r(&raw const seconds, &raw mut tm)
        };
        if filled.is_null() {
            return Err(Error::last_os_error());
        }
        let zone = if tm.tm_zone.is_null() {
            String::new()
        } else {
            std::ffi::CStr::from_ptr(tm.tm_zone).to_string_lossy().into_owned()
        };
        Ok(BrokenTime { tm, zone })
    }
}

/// `mktime(3)`: seconds since 1970; None if the time cannot be told.
pub(crate) fn make_time(tm: &mut libc::tm) -> Option<i64> {
    tm.tm_wday = -1;
    // SAFETY: the time is the caller's.
    let seconds = unsafe { libc::mktime(tm) };
    (seconds != -1 || tm.tm_wday != -1).then_some(seconds as i64)
}

/// `strftime(3)`; None if the text does not fit the buffer.
pub(crate) fn format_time(format: &CString, tm: &libc::tm, room: usize) -> Option<Vec<u8>> {
    let mut buffer = vec![0_u8; room];
    // SAFETY: the buffer is that long, the format ends with a null byte.
    let written = unsafe { libc::strftime(buffer.as_mut_ptr().cast(), room, format.as_ptr(), tm) };
    buffer.truncate(written);
    (written > 0 || format.as_bytes().is_empty()).then_some(buffer)
}

/// Reads the environment's time zone again.
pub(crate) fn tzset() {
    unsafe extern "C" {
        fn tzset();
    }
    // SAFETY: the call reads the environment only.
    unsafe { tzset() };
}

/// `strsignal(3)`.
pub(crate) fn signal_text(signal: i32) -> Option<String> {
    // SAFETY: the text is static or the thread's own until the next call.
    unsafe {
        let text = libc::strsignal(signal);
        (!text.is_null()).then(|| std::ffi::CStr::from_ptr(text).to_string_lossy().into_owned())
    }
}

/// `setenv(3)`, or `unsetenv(3)` without a value.
pub(crate) fn set_environment(name: &CString, value: Option<&CString>) -> Result<()> {
    // SAFETY: the texts end with null bytes. No other thread reads the environment: the process's first thread waits
    // for the engine's.
    check(unsafe {
        match value {
            Some(value) => libc::setenv(name.as_ptr(), value.as_ptr(), 1),
            None => libc::unsetenv(name.as_ptr()),
        }
    })
    .map(drop)
}
