//! The units of texts: the matcher's loops are made once for each width.

/// A unit of a string, or a byte.
pub(super) trait Unit: Copy + Eq {
    /// The code point.
    fn point(self) -> u32;
    /// Where a code point is first.
    fn find(text: &[Self], point: u32) -> Option<usize>;
    /// Where it is last.
    fn find_last(text: &[Self], point: u32) -> Option<usize>;
}

impl Unit for u8 {
    #[inline(always)]
    fn point(self) -> u32 {
        self.into()
    }

    fn find(text: &[Self], point: u32) -> Option<usize> {
        memchr::memchr(Self::try_from(point).ok()?, text)
    }

    fn find_last(text: &[Self], point: u32) -> Option<usize> {
        memchr::memrchr(Self::try_from(point).ok()?, text)
    }
}

macro_rules! wide_units {
    ($($unit:ty)*) => {$(
        impl Unit for $unit {
            #[inline(always)]
            fn point(self) -> u32 {
                self.into()
            }

            fn find(text: &[Self], point: u32) -> Option<usize> {
                let unit = Self::try_from(point).ok()?;
                text.iter().position(|other| *other == unit)
            }

            fn find_last(text: &[Self], point: u32) -> Option<usize> {
                let unit = Self::try_from(point).ok()?;
                text.iter().rposition(|other| *other == unit)
            }
        }
    )*};
}
wide_units! { u16 u32 }
