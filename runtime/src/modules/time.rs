//! `time`: clocks, sleeping, and broken-down times.

use std::ffi::CString;

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::modules::posix::syscalls::{self, BrokenTime};
use crate::modules::structseq::{StructDef, struct_fields};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("time", "/", seconds::<{ libc::CLOCK_REALTIME as i64 }>),
    NativeDef::new("time_ns", "/", nanoseconds::<{ libc::CLOCK_REALTIME as i64 }>),
    NativeDef::new("perf_counter", "/", seconds::<{ libc::CLOCK_MONOTONIC as i64 }>),
    NativeDef::new("perf_counter_ns", "/", nanoseconds::<{ libc::CLOCK_MONOTONIC as i64 }>),
    NativeDef::new("monotonic", "/", seconds::<{ libc::CLOCK_MONOTONIC as i64 }>),
    NativeDef::new("monotonic_ns", "/", nanoseconds::<{ libc::CLOCK_MONOTONIC as i64 }>),
    NativeDef::new("process_time", "/", seconds::<{ libc::CLOCK_PROCESS_CPUTIME_ID as i64 }>),
    NativeDef::new("process_time_ns", "/", nanoseconds::<{ libc::CLOCK_PROCESS_CPUTIME_ID as i64 }>),
    NativeDef::new("thread_time", "/", seconds::<{ libc::CLOCK_THREAD_CPUTIME_ID as i64 }>),
    NativeDef::new("thread_time_ns", "/", nanoseconds::<{ libc::CLOCK_THREAD_CPUTIME_ID as i64 }>),
    NativeDef::new("clock_gettime", "clk_id, /", clock_gettime),
    NativeDef::new("clock_gettime_ns", "clk_id, /", clock_gettime_ns),
    NativeDef::new("clock_getres", "clk_id, /", clock_getres),
    NativeDef::new("get_clock_info", "name, /", get_clock_info),
    NativeDef::new("sleep", "seconds, /", sleep),
    NativeDef::new("gmtime", "seconds=None, /", gmtime),
    NativeDef::new("localtime", "seconds=None, /", localtime),
    NativeDef::new("mktime", "tuple, /", mktime),
    NativeDef::new("asctime", "tuple=<unrepresentable>, /", asctime),
    NativeDef::new("ctime", "seconds=None, /", ctime),
    NativeDef::new("strftime", "format, tuple=<unrepresentable>, /", strftime),
    NativeDef::new("strptime", "string, format=<unrepresentable>, /", strptime),
    NativeDef::new("tzset", "/", tzset),
];

static STRUCT_TIME: StructDef = StructDef {
    module: "time",
    name: "struct_time",
    labels: &[
        "tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst",
    ],
    fields: struct_fields![
        0 "tm_year", 1 "tm_mon", 2 "tm_mday", 3 "tm_hour", 4 "tm_min", 5 "tm_sec", 6 "tm_wday", 7 "tm_yday",
        8 "tm_isdst", 9 "tm_zone", 10 "tm_gmtoff"
    ],
    total: 11,
    public: true,
};

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    let ty = vm.struct_type(&STRUCT_TIME);
    super::set(vm, dict, "struct_time", ty);
    super::set(vm, dict, "_STRUCT_TM_ITEMS", Value::small(11));
    for (name, clock) in [
        ("CLOCK_REALTIME", libc::CLOCK_REALTIME),
        ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC),
        ("CLOCK_PROCESS_CPUTIME_ID", libc::CLOCK_PROCESS_CPUTIME_ID),
        ("CLOCK_THREAD_CPUTIME_ID", libc::CLOCK_THREAD_CPUTIME_ID),
    ] {
        super::set(vm, dict, name, Value::small(clock));
    }
    set_zone(vm, dict);
}

/// `timezone`, `altzone`, `daylight`, `tzname`: from the times of this year's January and July.
fn set_zone(vm: &mut Vm, dict: Value) {
    const HALF_YEAR: i64 = 26 * 7 * 86_400;
    let now = syscalls::clock(libc::CLOCK_REALTIME).unwrap_or(0) / 1_000_000_000;
    let year = 365 * 86_400 + 6 * 3600;
    let start = now / year * year;
    let zone = |seconds| match syscalls::broken_time(seconds, true) {
        Ok(time) => (-time.tm.tm_gmtoff, time.zone),
        Err(_) => (0, String::from("UTC")),
    };
    let (january, july) = (zone(start), zone(start + HALF_YEAR));
    // Summer is where less is added to get universal time.
    let (standard, summer) = if january.0 < july.0 { (july, january) } else { (january, july) };
    let daylight = standard.0 != summer.0;
    let (timezone, altzone) = (vm.new_int(standard.0), vm.new_int(summer.0));
    let names = [vm.new_str(&standard.1), vm.new_str(&summer.1)];
    let names = vm.new_tuple(&names);
    for (name, value) in [
        ("timezone", timezone),
        ("altzone", altzone),
        ("daylight", Value::small(i32::from(daylight))),
        ("tzname", names),
    ] {
        super::set(vm, dict, name, value);
    }
}

fn read_clock(cx: &mut Cx, clock: libc::clockid_t) -> Result<i64, Raised> {
    syscalls::clock(clock).map_err(|error| cx.os_error(&error))
}

fn seconds<'a, const CLOCK: i64>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let time = read_clock(cx, CLOCK as libc::clockid_t)?;
    let time = cx.vm().new_float(time as f64 * 1e-9);
    Ok(cx.local(time))
}

fn nanoseconds<'a, const CLOCK: i64>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let time = read_clock(cx, CLOCK as libc::clockid_t)?;
    let time = cx.vm().new_int(time);
    Ok(cx.local(time))
}

fn clock_gettime<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let clock = cx.c_int(args.at(0))?;
    let time = read_clock(cx, clock as libc::clockid_t)?;
    let time = cx.vm().new_float(time as f64 * 1e-9);
    Ok(cx.local(time))
}

fn clock_gettime_ns<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let clock = cx.c_int(args.at(0))?;
    let time = read_clock(cx, clock as libc::clockid_t)?;
    let time = cx.vm().new_int(time);
    Ok(cx.local(time))
}

fn clock_getres<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let clock = cx.c_int(args.at(0))?;
    match syscalls::clock_resolution(clock as libc::clockid_t) {
        Ok(resolution) => {
            let resolution = cx.vm().new_float(resolution as f64 * 1e-9);
            Ok(cx.local(resolution))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn get_clock_info<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.text_arg(args.at(0), "get_clock_info() argument 1")?;
    let (clock, text, adjustable) = match name.as_str() {
        "time" => (libc::CLOCK_REALTIME, "clock_gettime(CLOCK_REALTIME)", true),
        "monotonic" | "perf_counter" => (libc::CLOCK_MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", false),
        "process_time" => (libc::CLOCK_PROCESS_CPUTIME_ID, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", false),
        "thread_time" => (libc::CLOCK_THREAD_CPUTIME_ID, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", false),
        _ => return Err(cx.vm().raise_value_error("unknown clock")),
    };
    let resolution = syscalls::clock_resolution(clock).unwrap_or(1);
    let vm = cx.vm();
    let (implementation, resolution) = (vm.intern(text), vm.new_float(resolution as f64 * 1e-9));
    let info = vm.new_namespace(&[
        ("implementation", implementation),
        ("monotonic", Value::from_bool(!adjustable)),
        ("adjustable", Value::from_bool(adjustable)),
        ("resolution", resolution),
    ]);
    Ok(cx.local(info))
}

fn sleep<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let seconds = cx.real(args.at(0))?;
    if seconds.is_nan() {
        return Err(cx.vm().raise_value_error("Invalid value NaN (not a number)"));
    }
    if seconds < 0.0 {
        return Err(cx.vm().raise_value_error("sleep length must be non-negative"));
    }
    // What was printed should be seen while the program waits.
    let _ = cx.vm().out.flush_out();
    let Ok(time) = std::time::Duration::try_from_secs_f64(seconds) else {
        return Err(cx.vm().raise_overflow_error("timestamp too large to convert to C PyTime_t"));
    };
    let start = std::time::Instant::now();
    loop {
        let left = time.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Ok(cx.none());
        }
        syscalls::sleep(left);
        // A signal ends the wait early: its handler runs, and if it does not raise, the rest is waited for.
        cx.poll()?;
    }
}

/// The moment that an argument names, now if it is left out.
fn moment(cx: &mut Cx, value: Option<Handle<'_>>) -> Result<i64, Raised> {
    let Some(value) = value.filter(|value| !value.value().is_none()) else {
        return Ok(read_clock(cx, libc::CLOCK_REALTIME)?.div_euclid(1_000_000_000));
    };
    if let Some(float) = cx.vm().float_of(value.value()) {
        if float.is_nan() {
            return Err(cx.vm().raise_value_error("Invalid value NaN (not a number)"));
        }
        if float.abs() > 9.2e18 {
            return Err(cx.vm().raise_overflow_error("timestamp out of range for platform time_t"));
        }
        return Ok(float.floor() as i64);
    }
    let int = cx.index_value(value)?;
    match cx.vm().int_of(int) {
        Some(seconds) => Ok(seconds),
        None => Err(cx.vm().raise_overflow_error("timestamp out of range for platform time_t")),
    }
}

fn broken(cx: &mut Cx, value: Option<Handle<'_>>, local: bool) -> Result<BrokenTime, Raised> {
    let seconds = moment(cx, value)?;
    syscalls::broken_time(seconds, local).map_err(|error| cx.os_error(&error))
}

fn struct_time(vm: &mut Vm, time: &BrokenTime) -> Result<Value, Raised> {
    let tm = &time.tm;
    let numbers = [
        tm.tm_year + 1900,
        tm.tm_mon + 1,
        tm.tm_mday,
        tm.tm_hour,
        tm.tm_min,
        tm.tm_sec,
        (tm.tm_wday + 6) % 7,
        tm.tm_yday + 1,
        tm.tm_isdst,
    ];
    let mut items: Vec<Value> = numbers.into_iter().map(Value::small).collect();
    items.push(vm.new_str(&time.zone));
    items.push(vm.new_int(tm.tm_gmtoff));
    vm.new_struct(&STRUCT_TIME, &items)
}

fn gmtime<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut time = broken(cx, args.opt(0), false)?;
    time.zone = String::from("UTC");
    let value = struct_time(cx.vm(), &time)?;
    Ok(cx.local(value))
}

fn localtime<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let time = broken(cx, args.opt(0), true)?;
    let value = struct_time(cx.vm(), &time)?;
    Ok(cx.local(value))
}

/// Reads a tuple of nine numbers as `asctime`, `strftime` and `mktime` take it.
fn time_tuple(cx: &mut Cx, value: Handle<'_>, function: &str) -> Result<libc::tm, Raised> {
    if !value.value().is_kind(Kind::Tuple) {
        return Err(cx.vm().raise_type_error("Tuple or struct_time argument required"));
    }
    let items = cx.vm().sequence_values(value.value());
    if items.len() != 9 {
        let message = format!("{function}(): illegal time tuple argument");
        return Err(cx.vm().raise_type_error(&message));
    }
    let mut numbers = [0; 9];
    for (number, item) in numbers.iter_mut().zip(items) {
        let item = cx.root_value(item);
        *number = cx.c_int(item.handle())?;
    }
    let [year, mon, mday, hour, min, sec, wday, yday, isdst] = numbers;
    let Some(year) = year.checked_sub(1900) else {
        return Err(cx.vm().raise_overflow_error("year out of range"));
    };
    let zero = syscalls::broken_time(0, false).map_err(|error| cx.os_error(&error))?.tm;
    let mut tm = libc::tm {
        tm_year: year,
        tm_mon: mon - 1,
        tm_mday: mday,
        tm_hour: hour,
        tm_min: min,
        tm_sec: sec,
        tm_wday: (wday + 1) % 7,
        tm_yday: yday - 1,
        tm_isdst: isdst,
        ..zero
    };
    set_struct_zone(cx, value, &mut tm)?;
    Ok(tm)
}

/// A `struct_time` also tells its distance from universal time.
fn set_struct_zone(cx: &mut Cx, value: Handle<'_>, tm: &mut libc::tm) -> Result<(), Raised> {
    let ty = cx.vm().struct_type(&STRUCT_TIME);
    if cx.vm().type_of(value.value()) == ty {
        let offset = cx.get_attr(value, "tm_gmtoff")?;
        if let Some(offset) = offset.value().as_int() {
            tm.tm_gmtoff = offset as libc::c_long;
        }
    }
    Ok(())
}

/// Checks a time's parts, of which those that may be zero are lifted to the least that there is.
fn check_time(cx: &mut Cx, tm: &mut libc::tm) -> Result<(), Raised> {
    if tm.tm_mon == -1 {
        tm.tm_mon = 0;
    }
    if tm.tm_mday == 0 {
        tm.tm_mday = 1;
    }
    if tm.tm_yday == -1 {
        tm.tm_yday = 0;
    }
    tm.tm_isdst = tm.tm_isdst.clamp(-1, 1);
    let fault = if !(0..12).contains(&tm.tm_mon) {
        "month out of range"
    } else if !(1..32).contains(&tm.tm_mday) {
        "day of month out of range"
    } else if !(0..24).contains(&tm.tm_hour) {
        "hour out of range"
    } else if !(0..60).contains(&tm.tm_min) {
        "minute out of range"
    } else if !(0..62).contains(&tm.tm_sec) {
        "seconds out of range"
    } else if tm.tm_wday < 0 {
        "day of week out of range"
    } else if !(0..366).contains(&tm.tm_yday) {
        "day of year out of range"
    } else {
        return Ok(());
    };
    Err(cx.vm().raise_value_error(fault))
}

/// The time that an optional argument tells: local time now if it is left out.
fn given_time(cx: &mut Cx, value: Option<Handle<'_>>, function: &str) -> Result<libc::tm, Raised> {
    let Some(value) = value else { return Ok(broken(cx, None, true)?.tm) };
    let mut tm = time_tuple(cx, value, function)?;
    check_time(cx, &mut tm)?;
    Ok(tm)
}

fn mktime<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut tm = time_tuple(cx, args.at(0), "mktime")?;
    match syscalls::make_time(&mut tm) {
        Some(seconds) => {
            let seconds = cx.vm().new_float(seconds as f64);
            Ok(cx.local(seconds))
        }
        None => Err(cx.vm().raise_overflow_error("mktime argument out of range")),
    }
}

fn asctime_text(tm: &libc::tm) -> String {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    format!(
        "{} {}{:>3} {:02}:{:02}:{:02} {}",
        DAYS[tm.tm_wday.rem_euclid(7) as usize],
        MONTHS[tm.tm_mon.rem_euclid(12) as usize],
        tm.tm_mday,
        tm.tm_hour,
        tm.tm_min,
        tm.tm_sec,
        1900 + i64::from(tm.tm_year)
    )
}

fn asctime<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let tm = given_time(cx, args.opt(0), "asctime")?;
    let text = cx.vm().new_str(&asctime_text(&tm));
    Ok(cx.local(text))
}

fn ctime<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let time = broken(cx, args.opt(0), true)?;
    let text = cx.vm().new_str(&asctime_text(&time.tm));
    Ok(cx.local(text))
}

fn strftime<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.check_str(args.at(0), "strftime() argument 1")?;
    let tm = given_time(cx, args.opt(1), "strftime")?;
    let format = cx.vm().encode_name(args.at(0).value())?;
    let mut text = Vec::new();
    // Null bytes end the C library's formats: what lies between them is formatted piece by piece.
    for (i, piece) in format.split(|byte| *byte == 0).enumerate() {
        if i > 0 {
            text.push(0);
        }
        let piece = CString::new(piece).unwrap_or_default();
        let mut room = 256.max(piece.as_bytes().len() * 2);
        loop {
            if let Some(formatted) = syscalls::format_time(&piece, &tm, room) {
                text.extend_from_slice(&formatted);
                break;
            }
            // A format may well give nothing: the C library's zero means both.
            if room > 256 * piece.as_bytes().len().max(1) {
                break;
            }
            room *= 2;
        }
    }
    let text = cx.vm().decode_name(&text);
    Ok(cx.local(text))
}

fn strptime<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let function = cx.module_attr("_strptime", "_strptime_time")?;
    let arguments: Vec<Handle<'_>> = [args.opt(0), args.opt(1)].into_iter().flatten().collect();
    let result = cx.call(function.handle(), &arguments)?;
    Ok(result.get(cx))
}

fn tzset<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    syscalls::tzset();
    if let Some(module) = cx.vm().loaded_module("time")
        && let Some(dict) = cx.vm().instance_dict(module)
    {
        set_zone(cx.vm(), dict);
    }
    Ok(cx.none())
}
