//! The exception table: which handler takes an exception that an instruction raises, and at which stack depth.
//!
//! Entries are sorted by start and do not overlap: the innermost handler of each code unit is the only one that stands
//! there. Each entry is four numbers (start, size, target, depth with the `lasti` bit), each big-endian in groups of six
//! bits: bit 6 says that another group follows, bit 7 marks an entry's first byte.

/// A range of code units with one handler.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ExceptionEntry {
    /// First code unit of the range.
    pub start: u32,
    /// First code unit after it.
    pub end: u32,
    /// Where the handler begins.
    pub target: u32,
    /// The operand stack is cut to this depth before the handler runs.
    pub depth: u32,
    /// Whether the handler finds the raising instruction's offset under the exception.
    pub lasti: bool,
}

impl ExceptionEntry {
    /// The stack depth at the handler's first instruction: `lasti` and the exception are on top.
    pub fn handler_depth(&self) -> u32 {
        self.depth + u32::from(self.lasti) + 1
    }
}

/// Why bytes are no exception table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ExceptionTableError {
    /// The last entry is not whole.
    #[error("exception table ends within an entry (byte {at})")]
    CutOff {
        /// Byte of the table.
        at: usize,
    },
    /// Bit 7 is missing at an entry's start or set elsewhere.
    #[error("exception table has a misplaced start mark (byte {at})")]
    StartMark {
        /// Byte of the table.
        at: usize,
    },
    /// A number does not fit 32 bits (depths: 31), or start and size together do not.
    #[error("exception table has a number that is too large (byte {at})")]
    TooLarge {
        /// Byte of the table.
        at: usize,
    },
}

const MORE: u8 = 0x40;
const START: u8 = 0x80;

/// The entries of an exception table.
pub fn decode(table: &[u8]) -> Result<Vec<ExceptionEntry>, ExceptionTableError> {
    let mut reader = Reader { table, at: 0 };
    let mut entries = Vec::new();
    while reader.at < table.len() {
        entries.push(reader.entry()?);
    }
    Ok(entries)
}

struct Reader<'a> {
    table: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn entry(&mut self) -> Result<ExceptionEntry, ExceptionTableError> {
        let at = self.at;
        let start = self.number(true)?;
        let size = self.number(false)?;
        let target = self.number(false)?;
        let depth_and_lasti = self.number(false)?;
        let end = start.checked_add(size).ok_or(ExceptionTableError::TooLarge { at })?;
        Ok(ExceptionEntry {
            start,
            end,
            target,
            depth: depth_and_lasti >> 1,
            lasti: depth_and_lasti & 1 != 0,
        })
    }

    fn number(&mut self, first: bool) -> Result<u32, ExceptionTableError> {
        let mut value = 0_u32;
        let mut expect_start = first;
        loop {
            let at = self.at;
            let byte = *self.table.get(at).ok_or(ExceptionTableError::CutOff { at })?;
            if (byte & START != 0) != expect_start {
                return Err(ExceptionTableError::StartMark { at });
            }
            if value >> 26 != 0 {
                return Err(ExceptionTableError::TooLarge { at });
            }
            value = value << 6 | u32::from(byte & 0x3F);
            self.at += 1;
            expect_start = false;
            if byte & MORE == 0 {
                return Ok(value);
            }
        }
    }
}

/// The exception table of the entries, byte for byte as CPython writes it.
pub fn encode(entries: &[ExceptionEntry]) -> Vec<u8> {
    let mut table = Vec::new();
    for entry in entries {
        let first = table.len();
        push_number(&mut table, entry.start);
        push_number(&mut table, entry.end - entry.start);
        push_number(&mut table, entry.target);
        push_number(&mut table, entry.depth << 1 | u32::from(entry.lasti));
        table[first] |= START;
    }
    table
}

fn push_number(table: &mut Vec<u8>, value: u32) {
    for shift in [30, 24, 18, 12, 6] {
        if value >> shift != 0 {
            table.push((value >> shift & 0x3F) as u8 | MORE);
        }
    }
    table.push((value & 0x3F) as u8);
}

/// The handler of an exception that is raised at a code unit; entries as [`decode`] gives them, sorted.
pub fn handler_of(entries: &[ExceptionEntry], offset: u32) -> Option<&ExceptionEntry> {
    let after = entries.partition_point(|entry| entry.start <= offset);
    entries[..after].last().filter(|entry| offset < entry.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back() {
        let entries = [
            ExceptionEntry { start: 0, end: 63, target: 64, depth: 0, lasti: false },
            ExceptionEntry { start: 63, end: 5000, target: 1 << 20, depth: 40, lasti: true },
            ExceptionEntry { start: 70_000_000, end: 70_000_001, target: u32::MAX, depth: 3, lasti: true },
        ];
        assert_eq!(decode(&encode(&entries)).unwrap(), entries);
        assert_eq!(handler_of(&entries, 62), Some(&entries[0]));
        assert_eq!(handler_of(&entries, 63), Some(&entries[1]));
        assert_eq!(handler_of(&entries, 5000), None);
    }

    #[test]
    fn malformed_tables_are_refused() {
        assert_eq!(decode(&[0x80, 1, 2]), Err(ExceptionTableError::CutOff { at: 3 }));
        assert_eq!(decode(&[0, 1, 2, 0]), Err(ExceptionTableError::StartMark { at: 0 }));
        assert_eq!(decode(&[0x80, 1, 0x82, 0]), Err(ExceptionTableError::StartMark { at: 2 }));
        let long = [0xFF, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x3F, 0, 0, 0];
        assert!(matches!(decode(&long), Err(ExceptionTableError::TooLarge { .. })));
    }
}
