//! `isalpha` and its kin.

use super::*;
use crate::unicode;

/// Whether there are characters and all satisfy a predicate; `ascii` says the same of ASCII.
fn all<'a>(cx: &'a mut Cx, args: Args<'_>, ascii: fn(&u8) -> bool, predicate: fn(u32) -> bool) -> Res<'a> {
    let units = this(cx, args);
    let all = match units {
        Units::One(bytes) if bytes.is_ascii() => bytes.iter().all(ascii),
        units => units.iter().all(predicate),
    };
    Ok(cx.bool(!units.is_empty() && all))
}

macro_rules! predicates {
    ($($name:ident $ascii:expr, $predicate:expr;)*) => {$(
        pub(super) fn $name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            all(cx, args, $ascii, $predicate)
        }
    )*};
}
predicates! {
    isalpha u8::is_ascii_alphabetic, unicode::is_alpha;
    isalnum u8::is_ascii_alphanumeric, unicode::is_alnum;
    isdecimal u8::is_ascii_digit, |point| unicode::decimal(point).is_some();
    isdigit u8::is_ascii_digit, unicode::is_digit;
    isnumeric u8::is_ascii_digit, unicode::is_numeric;
    isspace |byte| unicode::is_space((*byte).into()), unicode::is_space;
}

pub(super) fn isascii<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(matches!(this(cx, args), Units::One(bytes) if bytes.is_ascii())))
}

pub(super) fn isprintable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(this(cx, args).iter().all(bytecode::repr::is_printable)))
}

pub(super) fn isidentifier<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(is_identifier(this(cx, args))))
}

/// Whether a text is an identifier, keywords included.
pub(crate) fn is_identifier(units: Units<'_>) -> bool {
    !units.is_empty()
        && unicode::is_id_start(units.at(0))
        && units.iter().skip(1).all(unicode::is_id_continue)
}

/// Whether all cased characters satisfy a predicate, and there are some.
fn all_cased(units: Units<'_>, predicate: fn(u32) -> bool) -> bool {
    let mut any = false;
    for point in units.iter() {
        if predicate(point) {
            any = true;
        } else if case::is_cased(point) {
            return false;
        }
    }
    any
}

pub(super) fn islower<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(all_cased(this(cx, args), unicode::is_lower)))
}

pub(super) fn isupper<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(all_cased(this(cx, args), unicode::is_upper)))
}

pub(super) fn istitle<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (mut any, mut in_word) = (false, false);
    for point in this(cx, args).iter() {
        if unicode::is_upper(point) || unicode::is_title(point) {
            if in_word {
                return Ok(cx.bool(false));
            }
            (any, in_word) = (true, true);
        } else if unicode::is_lower(point) {
            if !in_word {
                return Ok(cx.bool(false));
            }
            (any, in_word) = (true, true);
        } else {
            in_word = false;
        }
    }
    Ok(cx.bool(any))
}
