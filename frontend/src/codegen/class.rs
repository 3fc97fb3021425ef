//! Classes.

use bytecode::{Const, Intrinsic1, StackOp as Op};

use super::Codegen;
use super::function::first_line;
use super::unit::{ArgCounts, ScopeEntry, ScopeType};
use crate::ast::ClassDef;
use crate::error::Compiled;
use crate::ir::Location;
use crate::ir::pseudo::LOAD_CLOSURE;
use crate::names::{Symbol, known};

impl<'t> Codegen<'_, 't> {
    pub(super) fn class_def(&mut self, class: &'t ClassDef, loc: Location) -> Compiled<()> {
        self.exprs(&class.decorators)?;
        let firstlineno = first_line(&class.decorators, loc);
        if let Some(params) = &class.type_params {
            let private = Some(class.name);
            self.enter_type_params(params, class.name, firstlineno, private, ArgCounts::default());
            self.type_params(params)?;
            self.store_name(loc, known::DOT_TYPE_PARAMS)?;
        }
        self.class_body(class, loc, firstlineno)?;
        if class.type_params.is_some() {
            self.load_name(loc, known::DOT_TYPE_PARAMS)?;
            self.op_i(loc, Op::CALL_INTRINSIC_1, Intrinsic1::SubscriptGeneric as u32);
            self.store_name(loc, known::DOT_GENERIC_BASE)?;
            self.call_arguments(loc, 2, &class.bases, Some(known::DOT_GENERIC_BASE), &class.keywords)?;
            let closure = self.exit_scope(false)?;
            self.make_closure(loc, closure, 0);
            self.op(loc, Op::PUSH_NULL);
            self.op_i(loc, Op::CALL, 0);
        } else {
            self.call_arguments(loc, 2, &class.bases, None, &class.keywords)?;
        }
        self.apply_decorators(&class.decorators);
        self.store_name(loc, class.name)
    }

    /// The body's function, ready to be called by `__build_class__`.
    fn class_body(&mut self, class: &'t ClassDef, stmt_loc: Location, firstlineno: i32) -> Compiled<()> {
        let entry = ScopeEntry {
            private: Some(class.name),
            ..ScopeEntry::new(class.node, ScopeType::Class, class.name, firstlineno)
        };
        self.enter_scope(&entry);
        let loc = Location { line: firstlineno, end_line: firstlineno, col: 0, end_col: 0 };
        self.class_prologue(class, loc)?;
        self.body(loc, &class.body)?;
        self.class_epilogue()?;
        let closure = self.exit_scope(true)?;
        self.op(stmt_loc, Op::LOAD_BUILD_CLASS);
        self.op(stmt_loc, Op::PUSH_NULL);
        self.make_closure(stmt_loc, closure, 0);
        self.load_str(stmt_loc, class.name);
        Ok(())
    }

    fn class_prologue(&mut self, class: &ClassDef, loc: Location) -> Compiled<()> {
        self.load_name(loc, known::NAME)?;
        self.store_name(loc, known::MODULE)?;
        let qualname = self.unit.qualname.clone().unwrap_or_default();
        self.load_const(loc, Const::Str(qualname.into()));
        self.store_name(loc, known::QUALNAME)?;
        let line = i64::from(self.unit.firstlineno);
        self.load_const(loc, Const::Int(line));
        self.store_name(loc, known::FIRSTLINENO)?;
        if class.type_params.is_some() {
            self.load_name(loc, known::DOT_TYPE_PARAMS)?;
            self.store_name(loc, known::TYPE_PARAMS)?;
        }
        if self.scope().needs_classdict {
            self.op(loc, Op::LOAD_LOCALS);
            let index = self.cell_index(known::CLASSDICT);
            self.op_i(loc, Op::STORE_DEREF, index);
        }
        Ok(())
    }

    fn class_epilogue(&mut self) -> Compiled<()> {
        let none = Location::NONE;
        let mut attributes = std::mem::take(&mut self.unit.static_attributes);
        attributes.sort_by(|a, b| self.names.get(*a).cmp(self.names.get(*b)));
        let attributes = self.name_tuple(attributes);
        self.load_const(none, attributes);
        self.store_name(none, known::STATIC_ATTRIBUTES)?;
        let (class_closure, classdict) = {
            let scope = self.scope();
            (scope.needs_class_closure, scope.needs_classdict)
        };
        if classdict {
            let index = self.cell_index(known::CLASSDICT);
            self.op_i(none, LOAD_CLOSURE, index);
            self.store_name(none, known::CLASSDICTCELL)?;
        }
        if class_closure {
            let index = self.cell_index(known::CLASS);
            self.op_i(none, LOAD_CLOSURE, index);
            self.op_i(none, Op::COPY, 1);
            self.store_name(none, known::CLASSCELL)?;
        } else {
            self.load_const(none, Const::None);
        }
        self.op(none, Op::RETURN_VALUE);
        Ok(())
    }

    pub(super) fn cell_index(&self, name: Symbol) -> u32 {
        self.unit.cellvars.get(name).unwrap_or_default()
    }
}
