//! Imports.

use bytecode::{Const, Intrinsic1, StackOp as Op};

use super::Codegen;
use crate::ast::Alias;
use crate::error::Compiled;
use crate::ir::Location;
use crate::names::{Symbol, known};

impl Codegen<'_, '_> {
    pub(super) fn import(&mut self, names: &[Alias], loc: Location) -> Compiled<()> {
        for alias in names {
            self.load_const(loc, Const::Int(0));
            self.load_const(loc, Const::None);
            self.attr_op(loc, Op::IMPORT_NAME, alias.name);
            let parts = self.parts(alias.name);
            match alias.asname {
                Some(asname) => self.import_as(&parts, asname, loc)?,
                None => self.store_name(loc, parts[0])?,
            }
        }
        Ok(())
    }

    /// The names between the dots.
    fn parts(&mut self, name: Symbol) -> Vec<Symbol> {
        let parts: Vec<String> = self.names.get(name).split('.').map(str::to_owned).collect();
        parts.iter().map(|part| self.names.intern(part)).collect()
    }

    /// `import a.b.c as x` binds the innermost module.
    fn import_as(&mut self, parts: &[Symbol], asname: Symbol, loc: Location) -> Compiled<()> {
        let Some((last, between)) = parts[1..].split_last() else {
            return self.store_name(loc, asname);
        };
        for part in between {
            self.attr_op(loc, Op::IMPORT_FROM, *part);
            self.op_i(loc, Op::SWAP, 2);
            self.op(loc, Op::POP_TOP);
        }
        self.attr_op(loc, Op::IMPORT_FROM, *last);
        self.store_name(loc, asname)?;
        self.op(loc, Op::POP_TOP);
        Ok(())
    }

    pub(super) fn import_from(
        &mut self,
        module: Option<Symbol>,
        names: &[Alias],
        level: u32,
        loc: Location,
    ) -> Compiled<()> {
        self.load_const(loc, Const::Int(i64::from(level)));
        let tuple = self.name_tuple(names.iter().map(|alias| alias.name));
        self.load_const(loc, tuple);
        self.attr_op(loc, Op::IMPORT_NAME, module.unwrap_or(known::EMPTY));
        if names.first().is_some_and(|alias| alias.name == known::STAR) {
            self.op_i(loc, Op::CALL_INTRINSIC_1, Intrinsic1::ImportStar as u32);
            self.op(Location::NONE, Op::POP_TOP);
            return Ok(());
        }
        for alias in names {
            self.attr_op(loc, Op::IMPORT_FROM, alias.name);
            self.store_name(loc, alias.asname.unwrap_or(alias.name))?;
        }
        self.op(loc, Op::POP_TOP);
        Ok(())
    }
}
