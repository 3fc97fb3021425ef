//! The location table (PEP 626 and 657): the source range of each code unit.
//!
//! An entry covers one to eight code units. Its first byte is `0x80 | form << 3 | units - 1`; what follows depends on
//! the form. Lines are kept as differences from the entry before, starting at `co_firstlineno`. Numbers without a fixed
//! size are little-endian in groups of six bits, bit 6 set where another follows; signed ones have the sign in bit 0.

/// A source range, as far as it is known. Lines count from 1, columns are UTF-8 byte offsets from 0.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Position {
    /// First line.
    pub line: Option<i32>,
    /// Last line.
    pub end_line: Option<i32>,
    /// Column of the first byte.
    pub col: Option<i32>,
    /// Column after the last byte.
    pub end_col: Option<i32>,
}

impl Position {
    /// No position at all.
    pub const NONE: Self = Self { line: None, end_line: None, col: None, end_col: None };
}

/// A run of code units with one position.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LocationEntry {
    /// First code unit.
    pub start: u32,
    /// First code unit after the run.
    pub end: u32,
    /// Their position.
    pub position: Position,
}

/// Why bytes are no location table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LocationTableError {
    /// The last entry is not whole.
    #[error("location table ends within an entry (byte {at})")]
    CutOff {
        /// Byte of the table.
        at: usize,
    },
    /// Bit 7 is missing at an entry's start or set elsewhere.
    #[error("location table has a misplaced start mark (byte {at})")]
    StartMark {
        /// Byte of the table.
        at: usize,
    },
    /// A number does not fit 32 bits.
    #[error("location table has a number that is too large (byte {at})")]
    TooLarge {
        /// Byte of the table.
        at: usize,
    },
}

const START: u8 = 0x80;
const MORE: u8 = 0x40;
const MAX_UNITS: u32 = 8;

/// Forms of an entry; 0 to 9 are the short ones.
mod form {
    pub const ONE_LINE_0: u8 = 10;
    pub const ONE_LINE_2: u8 = 12;
    pub const NO_COLUMNS: u8 = 13;
    pub const LONG: u8 = 14;
    pub const NONE: u8 = 15;
}

/// The entries of a location table, in order.
pub fn entries(table: &[u8], firstlineno: i32) -> Entries<'_> {
    Entries { table, at: 0, line: firstlineno, unit: 0 }
}

/// All entries of a location table.
pub fn decode(table: &[u8], firstlineno: i32) -> Result<Vec<LocationEntry>, LocationTableError> {
    entries(table, firstlineno).collect()
}

/// Iterator over a location table's entries; ends after an error.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    table: &'a [u8],
    at: usize,
    line: i32,
    unit: u32,
}

impl Iterator for Entries<'_> {
    type Item = Result<LocationEntry, LocationTableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.table.len() {
            return None;
        }
        let entry = self.entry();
        if entry.is_err() {
            self.at = self.table.len();
        }
        Some(entry)
    }
}

impl Entries<'_> {
    fn entry(&mut self) -> Result<LocationEntry, LocationTableError> {
        let first = self.table[self.at];
        if first & START == 0 {
            return Err(LocationTableError::StartMark { at: self.at });
        }
        self.at += 1;
        let start = self.unit;
        self.unit += u32::from(first & 7) + 1;
        let position = self.position(first >> 3 & 0xF)?;
        Ok(LocationEntry { start, end: self.unit, position })
    }

    fn position(&mut self, form: u8) -> Result<Position, LocationTableError> {
        match form {
            form::NONE => Ok(Position::NONE),
            form::LONG => self.long(),
            form::NO_COLUMNS => {
                self.line = self.line.wrapping_add(self.signed()?);
                Ok(self.on_this_line(None, None))
            }
            form::ONE_LINE_0..=form::ONE_LINE_2 => {
                self.line = self.line.wrapping_add(i32::from(form - form::ONE_LINE_0));
                let col = i32::from(self.byte()?);
                let end_col = i32::from(self.byte()?);
                Ok(self.on_this_line(Some(col), Some(end_col)))
            }
            short => {
                let second = self.byte()?;
                let col = i32::from(short) << 3 | i32::from(second >> 4);
                Ok(self.on_this_line(Some(col), Some(col + i32::from(second & 0xF))))
            }
        }
    }

    fn long(&mut self) -> Result<Position, LocationTableError> {
        self.line = self.line.wrapping_add(self.signed()?);
        let end_line = self.line.wrapping_add(self.number()? as i32);
        let col = (self.number()? as i32).checked_sub(1).filter(|col| *col >= 0);
        let end_col = (self.number()? as i32).checked_sub(1).filter(|col| *col >= 0);
        Ok(Position { line: Some(self.line), end_line: Some(end_line), col, end_col })
    }

    fn on_this_line(&self, col: Option<i32>, end_col: Option<i32>) -> Position {
        Position { line: Some(self.line), end_line: Some(self.line), col, end_col }
    }

    fn byte(&mut self) -> Result<u8, LocationTableError> {
        let at = self.at;
        let byte = *self.table.get(at).ok_or(LocationTableError::CutOff { at })?;
        if byte & START != 0 {
            return Err(LocationTableError::StartMark { at });
        }
        self.at += 1;
        Ok(byte)
    }

    fn number(&mut self) -> Result<u32, LocationTableError> {
        let mut value = 0;
        for shift in [0, 6, 12, 18, 24, 30] {
            let at = self.at;
            let byte = self.byte()?;
            let group = u32::from(byte & 0x3F);
            if shift == 30 && (group > 3 || byte & MORE != 0) {
                return Err(LocationTableError::TooLarge { at });
            }
            value |= group << shift;
            if byte & MORE == 0 {
                break;
            }
        }
        Ok(value)
    }

    fn signed(&mut self) -> Result<i32, LocationTableError> {
        let value = self.number()?;
        let magnitude = (value >> 1) as i32;
        Ok(if value & 1 != 0 { -magnitude } else { magnitude })
    }
}

/// The position of a code unit. A malformed table knows none.
pub fn position_of(table: &[u8], firstlineno: i32, offset: u32) -> Position {
    entries(table, firstlineno)
        .map_while(Result::ok)
        .find(|entry| offset < entry.end)
        .map_or(Position::NONE, |entry| entry.position)
}

/// The line of a code unit.
pub fn line_of(table: &[u8], firstlineno: i32, offset: u32) -> Option<i32> {
    position_of(table, firstlineno, offset).line
}

/// A run of code units of one line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LineRun {
    /// First code unit.
    pub start: u32,
    /// First code unit after the run.
    pub end: u32,
    /// Their line; `None` if they have none.
    pub line: Option<i32>,
}

/// The runs of equal lines: what `co_lines()` yields, offsets in code units. Ends where the table is malformed.
pub fn lines(table: &[u8], firstlineno: i32) -> impl Iterator<Item = LineRun> + '_ {
    let mut entries = entries(table, firstlineno).map_while(Result::ok).peekable();
    std::iter::from_fn(move || {
        let first = entries.next()?;
        let line = first.position.line;
        let mut run = LineRun { start: first.start, end: first.end, line };
        while let Some(next) = entries.next_if(|entry| entry.position.line == line) {
            run.end = next.end;
        }
        Some(run)
    })
}

/// The location table of the runs, byte for byte as CPython writes it: each run is its number of code units and their
/// position; neighbours of one position are taken together.
pub fn encode(firstlineno: i32, runs: impl IntoIterator<Item = (u32, Position)>) -> Vec<u8> {
    let mut writer = Writer { table: Vec::new(), line: firstlineno };
    let mut pending: (u32, Position) = (0, Position::NONE);
    for (units, position) in runs {
        if position != pending.1 {
            writer.run(pending.0, pending.1);
            pending = (0, position);
        }
        pending.0 += units;
    }
    writer.run(pending.0, pending.1);
    writer.table
}

struct Writer {
    table: Vec<u8>,
    line: i32,
}

impl Writer {
    fn run(&mut self, mut units: u32, position: Position) {
        while units > 0 {
            let part = units.min(MAX_UNITS);
            self.entry(part, position);
            units -= part;
        }
    }

    fn entry(&mut self, units: u32, position: Position) {
        let Some(line) = position.line else { return self.first_byte(form::NONE, units) };
        let delta = line.wrapping_sub(self.line);
        let one_line = position.end_line.is_none_or(|end| end == line);
        match (position.col, position.end_col) {
            (Some(col), Some(end_col)) if one_line && delta == 0 && is_short(col, end_col) => {
                self.first_byte((col >> 3) as u8, units);
                self.table.push(((col & 7) << 4 | (end_col - col)) as u8);
            }
            (Some(col), Some(end_col))
                if one_line && (0..3).contains(&delta) && col < 128 && end_col < 128 =>
            {
                self.first_byte(form::ONE_LINE_0 + delta as u8, units);
                self.table.extend([col as u8, end_col as u8]);
            }
            (col, end_col) if one_line && (col.is_none() || end_col.is_none()) => {
                self.first_byte(form::NO_COLUMNS, units);
                self.signed(delta);
            }
            (col, end_col) => {
                self.first_byte(form::LONG, units);
                self.signed(delta);
                self.number((position.end_line.unwrap_or(line) - line).max(0) as u32);
                self.number(col.map_or(0, |col| col as u32 + 1));
                self.number(end_col.map_or(0, |col| col as u32 + 1));
            }
        }
        self.line = line;
    }

    fn first_byte(&mut self, form: u8, units: u32) {
        self.table.push(START | form << 3 | (units - 1) as u8);
    }

    fn number(&mut self, mut value: u32) {
        while value >= 0x40 {
            self.table.push(MORE | (value & 0x3F) as u8);
            value >>= 6;
        }
        self.table.push(value as u8);
    }

    fn signed(&mut self, value: i32) {
        self.number(value.unsigned_abs() << 1 | u32::from(value < 0));
    }
}

fn is_short(col: i32, end_col: i32) -> bool {
    col < 80 && (0..16).contains(&(end_col - col))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: i32, end_line: i32, col: i32, end_col: i32) -> Position {
        Position { line: Some(line), end_line: Some(end_line), col: Some(col), end_col: Some(end_col) }
    }

    #[test]
    fn every_form_comes_back() {
        let no_columns = Position { line: Some(7), end_line: Some(7), col: None, end_col: None };
        let positions = [
            at(1, 1, 4, 9),
            at(1, 1, 79, 94),
            at(3, 3, 100, 120),
            at(4, 4, 4, 500),
            Position::NONE,
            at(90, 99, 0, 2),
            no_columns,
            Position { end_line: Some(8), ..no_columns },
        ];
        let table = encode(1, positions.iter().map(|position| (11, *position)));
        let decoded = decode(&table, 1).unwrap();
        assert_eq!(decoded.len(), 2 * positions.len());
        for (i, position) in positions.iter().enumerate() {
            assert_eq!(decoded[2 * i].position, *position);
            assert_eq!(decoded[2 * i + 1].position, *position);
            assert_eq!(decoded[2 * i + 1].end, 11 * (i as u32 + 1));
        }
        assert_eq!(line_of(&table, 1, 25), Some(3));
        assert_eq!(position_of(&table, 1, 10_000), Position::NONE);
    }

    #[test]
    fn lines_merge_entries_of_one_line() {
        let runs = [(1, at(1, 1, 0, 1)), (20, at(1, 1, 2, 3)), (2, Position::NONE), (1, at(2, 2, 0, 1))];
        let table = encode(1, runs);
        let lines: Vec<_> = lines(&table, 1).map(|run| (run.start, run.end, run.line)).collect();
        assert_eq!(lines, [(0, 21, Some(1)), (21, 23, None), (23, 24, Some(2))]);
    }

    #[test]
    fn malformed_tables_are_refused() {
        assert_eq!(decode(&[0x80], 1), Err(LocationTableError::CutOff { at: 1 }));
        assert_eq!(decode(&[0x00], 1), Err(LocationTableError::StartMark { at: 0 }));
        assert_eq!(
            decode(&[0xE8, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F], 1),
            Err(LocationTableError::TooLarge { at: 6 })
        );
    }
}
