//! Formatting: the mini-language of `format()`, f-strings and `str.format`, and `%`-formatting.
//!
//! [`spec`] reads a format specification, [`layout`] pads, [`integer`], [`float`] and [`text`] apply it to the built-in
//! types. Everything ends in a string value; widths and precisions that a program chooses lead to MemoryError where
//! there is no room.

pub(crate) mod float;
pub(crate) mod float_text;
pub(crate) mod integer;
pub(crate) mod layout;
pub(crate) mod percent;
pub(crate) mod spec;
pub(crate) mod template;
pub(crate) mod text;
