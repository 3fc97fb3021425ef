//! Properties of characters as Python's string methods ask for them (Unicode 15.1).

/// The value of a decimal digit.
pub(crate) fn decimal(_point: u32) -> Option<u8> {
    None
}

/// Whether a character is a space.
pub(crate) fn is_space(point: u32) -> bool {
    matches!(point, 9..=13 | 28..=32 | 0x85 | 0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000)
}
