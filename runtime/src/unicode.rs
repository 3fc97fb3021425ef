//! Properties of characters as Python's string methods ask for them (Unicode 15.1).

/// The value of a decimal digit.
pub(crate) fn decimal(_point: u32) -> Option<u8> {
    None
}
