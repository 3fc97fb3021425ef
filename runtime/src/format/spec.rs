//! The format specification: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.

use crate::cx::Raised;
use crate::str_object::Units;
use crate::value::Value;
use crate::vm::Vm;

/// Where padding goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Align {
    /// Behind.
    Left,
    /// Before.
    Right,
    /// On both sides.
    Center,
    /// Between sign and digits.
    AfterSign,
}

impl Align {
    fn of(point: u32) -> Option<Self> {
        Some(match char::from_u32(point)? {
            '<' => Self::Left,
            '>' => Self::Right,
            '^' => Self::Center,
            '=' => Self::AfterSign,
            _ => return None,
        })
    }
}

/// Which sign numbers that are not negative get.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sign {
    /// None.
    Minus,
    /// `+`.
    Plus,
    /// A space.
    Space,
}

/// A format specification.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Spec {
    /// Padding character.
    pub(crate) fill: u32,
    /// Padding's place.
    pub(crate) align: Align,
    /// `=` or `0` was asked for: what complex numbers do not allow.
    pub(crate) zero_fill: bool,
    /// The sign was given.
    pub(crate) sign: Option<Sign>,
    /// `z`: a result of zero has no sign.
    pub(crate) no_negative_zero: bool,
    /// `#`.
    pub(crate) alternate: bool,
    /// Least number of characters.
    pub(crate) width: usize,
    /// `,` or `_`.
    pub(crate) grouping: Option<u8>,
    /// Digits behind the point, significant digits, or most characters.
    pub(crate) precision: Option<usize>,
    /// The presentation type; 0 if none was given.
    pub(crate) kind: u8,
}

impl Spec {
    /// The specification without anything.
    pub(crate) const fn plain(align: Align) -> Self {
        Self {
            fill: b' ' as u32,
            align,
            zero_fill: false,
            sign: None,
            no_negative_zero: false,
            alternate: false,
            width: 0,
            grouping: None,
            precision: None,
            kind: 0,
        }
    }

    /// Digits in a group.
    pub(crate) fn group_size(&self) -> usize {
        if matches!(self.kind, b'b' | b'o' | b'x' | b'X') { 4 } else { 3 }
    }
}

/// What an object's type presumes of its specifications.
#[derive(Clone, Copy)]
pub(crate) struct Defaults {
    /// Alignment.
    pub(crate) align: Align,
    /// Presentation type that a missing one counts as, for what grouping allows.
    pub(crate) kind: u8,
}

struct Reader<'a> {
    units: Units<'a>,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u32> {
        (self.at < self.units.len()).then(|| self.units.at(self.at))
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted as u32);
        self.at += usize::from(found);
        found
    }

    /// Decimal digits; `None` if there are none.
    fn number(&mut self, vm: &mut Vm) -> Result<Option<usize>, Raised> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(decimal_digit) {
            let next = number.unwrap_or(0_usize).checked_mul(10).and_then(|n| n.checked_add(digit));
            let Some(next) = next.filter(|n| isize::try_from(*n).is_ok()) else {
                return Err(vm.raise_value_error("Too many decimal digits in format string"));
            };
            number = Some(next);
            self.at += 1;
        }
        Ok(number)
    }
}

/// The value of a decimal digit of any script.
pub(crate) fn decimal_digit(point: u32) -> Option<usize> {
    match point {
        0x30..=0x39 => Some(point as usize - 0x30),
        0..0x80 => None,
        _ => crate::unicode::decimal(point).map(usize::from),
    }
}

/// Reads a specification for `object`, whose type's name errors tell.
pub(crate) fn parse(
    vm: &mut Vm,
    units: Units<'_>,
    object: Value,
    defaults: Defaults,
) -> Result<Spec, Raised> {
    let mut spec = Spec::plain(defaults.align);
    let mut reader = Reader { units, at: 0 };
    let (mut fill_given, mut align_given) = (false, false);
    if units.len() >= 2
        && let Some(align) = Align::of(units.at(1))
    {
        (spec.fill, spec.align, reader.at) = (units.at(0), align, 2);
        (fill_given, align_given) = (true, true);
    } else if let Some(align) = reader.peek().and_then(Align::of) {
        (spec.align, reader.at, align_given) = (align, 1, true);
    }
    spec.sign = match reader.peek().and_then(char::from_u32) {
        Some('+') => Some(Sign::Plus),
        Some('-') => Some(Sign::Minus),
        Some(' ') => Some(Sign::Space),
        _ => None,
    };
    reader.at += usize::from(spec.sign.is_some());
    spec.no_negative_zero = reader.take('z');
    spec.alternate = reader.take('#');
    if !fill_given && reader.take('0') {
        spec.fill = u32::from(b'0');
        spec.zero_fill = true;
        if !align_given && defaults.align == Align::Right {
            spec.align = Align::AfterSign;
        }
    }
    spec.width = reader.number(vm)?.unwrap_or(0);
    parse_grouping(vm, &mut reader, &mut spec)?;
    if reader.take('.') {
        spec.precision = reader.number(vm)?;
        if spec.precision.is_none() {
            return Err(vm.raise_value_error("Format specifier missing precision"));
        }
    }
    let rest = units.len() - reader.at;
    if rest > 1 {
        let message = format!(
            "Invalid format specifier '{}' for object of type '{}'",
            units.to_string_lossy(),
            vm.type_name_of(object)
        );
        return Err(vm.raise_value_error(&message));
    }
    let mut kind = u32::from(defaults.kind);
    if rest == 1 {
        kind = units.at(reader.at);
        spec.kind = match u8::try_from(kind) {
            Ok(kind) => kind,
            Err(_) => return Err(unknown_kind(vm, kind, object)),
        };
    }
    check_grouping(vm, &spec, kind)?;
    Ok(spec)
}

fn parse_grouping(vm: &mut Vm, reader: &mut Reader<'_>, spec: &mut Spec) -> Result<(), Raised> {
    if reader.take(',') {
        spec.grouping = Some(b',');
    }
    if reader.peek() == Some(u32::from(b'_')) {
        if spec.grouping.is_some() {
            return Err(vm.raise_value_error("Cannot specify both ',' and '_'."));
        }
        spec.grouping = Some(b'_');
        reader.at += 1;
    }
    if spec.grouping == Some(b'_') && reader.peek() == Some(u32::from(b',')) {
        return Err(vm.raise_value_error("Cannot specify both ',' and '_'."));
    }
    Ok(())
}

fn check_grouping(vm: &mut Vm, spec: &Spec, kind: u32) -> Result<(), Raised> {
    let Some(separator) = spec.grouping else { return Ok(()) };
    let allowed = match u8::try_from(kind).unwrap_or(0xFF) {
        b'd' | b'e' | b'f' | b'g' | b'E' | b'F' | b'G' | b'%' | 0 => true,
        b'b' | b'o' | b'x' | b'X' => separator == b'_',
        _ => false,
    };
    if allowed {
        return Ok(());
    }
    let message = format!("Cannot specify '{}' with '{}'.", separator as char, kind_text(kind));
    Err(vm.raise_value_error(&message))
}

fn kind_text(kind: u32) -> String {
    match char::from_u32(kind) {
        Some(c) if (33..128).contains(&kind) => c.to_string(),
        _ => format!("\\x{kind:x}"),
    }
}

/// Raises ValueError: the object's type has no such presentation type.
pub(crate) fn unknown_kind(vm: &mut Vm, kind: u32, object: Value) -> Raised {
    let message =
        format!("Unknown format code '{}' for object of type '{}'", kind_text(kind), vm.type_name_of(object));
    vm.raise_value_error(&message)
}
