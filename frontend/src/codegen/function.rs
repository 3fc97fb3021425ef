//! Functions: defaults, decorators, bodies, closures.

use bytecode::{Const, FunctionAttribute, StackOp as Op};

use super::Codegen;
use super::fblock::FBlockKind;
use super::name::check_forbidden;
use super::unit::{ArgCounts, Closure, ScopeEntry, ScopeType};
use crate::ast::{Arguments, Context, Expr, FunctionDef, docstring};
use crate::error::Compiled;
use crate::ir::Location;
use crate::ir::pseudo::LOAD_CLOSURE;
use crate::symtable::Binding;

/// The numbers of a function's parameters.
pub(super) fn arg_counts(args: &Arguments) -> ArgCounts {
    ArgCounts {
        args: args.args.len() as u32,
        posonly: args.posonlyargs.len() as u32,
        kwonly: args.kwonlyargs.len() as u32,
    }
}

/// The line on which a definition starts, decorators included.
pub(super) fn first_line(decorators: &[Expr], loc: Location) -> i32 {
    decorators.first().map_or(loc.line, |first| first.loc.line)
}

impl<'t> Codegen<'_, 't> {
    pub(super) fn function_def(&mut self, def: &'t FunctionDef, loc: Location) -> Compiled<()> {
        self.exprs(&def.decorators)?;
        let firstlineno = first_line(&def.decorators, loc);
        let mut flags = self.default_arguments(loc, &def.args)?;
        let defaults = [FunctionAttribute::Defaults as u32, FunctionAttribute::KwDefaults as u32]
            .into_iter()
            .filter(|flag| flags & flag != 0)
            .count() as u32;
        if let Some(params) = &def.type_params {
            if defaults == 2 {
                self.op_i(loc, Op::SWAP, 2);
            }
            let counts = ArgCounts { args: defaults, ..ArgCounts::default() };
            self.enter_type_params(params, def.name, firstlineno, None, counts);
            self.type_params(params)?;
            for index in 0..defaults {
                self.op_i(loc, Op::LOAD_FAST, index);
            }
        }
        flags |= self.parameter_annotations(loc, &def.args, def.returns.as_ref())?;
        self.function_body(def, loc, flags, firstlineno)?;
        if def.type_params.is_some() {
            self.op_i(loc, Op::SWAP, 2);
            self.op_i(loc, Op::CALL_INTRINSIC_2, bytecode::Intrinsic2::SetFunctionTypeParams as u32);
            let closure = self.exit_scope(false)?;
            self.make_closure(loc, closure, 0);
            if defaults > 0 {
                self.op_i(loc, Op::SWAP, defaults + 1);
                self.op_i(loc, Op::CALL, defaults - 1);
            } else {
                self.op(loc, Op::PUSH_NULL);
                self.op_i(loc, Op::CALL, 0);
            }
        }
        self.apply_decorators(&def.decorators);
        self.store_name(loc, def.name)
    }

    pub(super) fn apply_decorators(&mut self, decorators: &[Expr]) {
        for decorator in decorators.iter().rev() {
            self.op_i(decorator.loc, Op::CALL, 0);
        }
    }

    fn function_body(
        &mut self,
        def: &'t FunctionDef,
        loc: Location,
        flags: u32,
        firstlineno: i32,
    ) -> Compiled<()> {
        check_args(&def.args)?;
        let scope_type = if def.is_async { ScopeType::AsyncFunction } else { ScopeType::Function };
        let entry = ScopeEntry {
            counts: arg_counts(&def.args),
            ..ScopeEntry::new(def.node, scope_type, def.name, firstlineno)
        };
        self.enter_scope(&entry);
        let doc = docstring(&def.body);
        let body = &def.body[usize::from(doc.is_some())..];
        let doc = doc.filter(|_| self.optimize < 2).and_then(Expr::as_const);
        let const0 = match doc {
            Some(Const::Str(text)) => Const::Str(super::clean_doc(text)),
            _ => Const::None,
        };
        self.unit.const0_is_doc = true;
        self.unit.consts.add(const0);
        let scope = self.scope();
        let suspends = scope.generator || scope.coroutine;
        if suspends {
            self.push_fblock(FBlockKind::StopIteration, Location::NONE)?;
        }
        self.stmts(body)?;
        if suspends {
            self.wrap_in_stop_iteration_handler();
            self.pop_fblock();
        }
        let closure = self.exit_scope(true)?;
        self.make_closure(loc, closure, flags);
        Ok(())
    }

    /// Pushes default values; returns the flags for `SET_FUNCTION_ATTRIBUTE`.
    pub(super) fn default_arguments(&mut self, loc: Location, args: &Arguments) -> Compiled<u32> {
        let mut flags = 0;
        if !args.defaults.is_empty() {
            self.exprs(&args.defaults)?;
            self.op_i(loc, Op::BUILD_TUPLE, args.defaults.len() as u32);
            flags |= FunctionAttribute::Defaults as u32;
        }
        let mut keys = Vec::new();
        for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
            if let Some(default) = default {
                keys.push(self.mangle(arg.name));
                self.expr(default)?;
            }
        }
        if !keys.is_empty() {
            let count = keys.len() as u32;
            let keys = self.name_tuple(keys);
            self.load_const(loc, keys);
            self.op_i(loc, Op::BUILD_CONST_KEY_MAP, count);
            flags |= FunctionAttribute::KwDefaults as u32;
        }
        Ok(flags)
    }

    /// Makes a function of a finished scope; `flags` say which attributes lie on the stack.
    pub(super) fn make_closure(&mut self, loc: Location, closure: Closure, flags: u32) {
        let mut flags = flags;
        if !closure.free.is_empty() {
            for name in &closure.free {
                let index = if self.binding(*name) == Binding::Cell {
                    self.unit.cellvars.get(*name).unwrap_or_default()
                } else {
                    self.free_index(*name)
                };
                self.op_i(loc, LOAD_CLOSURE, index);
            }
            flags |= FunctionAttribute::Closure as u32;
            self.op_i(loc, Op::BUILD_TUPLE, closure.free.len() as u32);
        }
        self.load_const(loc, Const::Code(closure.code.into()));
        self.op(loc, Op::MAKE_FUNCTION);
        let attributes = [
            FunctionAttribute::Closure,
            FunctionAttribute::Annotations,
            FunctionAttribute::KwDefaults,
            FunctionAttribute::Defaults,
        ];
        for attribute in attributes.map(|attribute| attribute as u32) {
            if flags & attribute != 0 {
                self.op_i(loc, Op::SET_FUNCTION_ATTRIBUTE, attribute);
            }
        }
    }
}

/// Refuses a parameter named `__debug__`.
pub(super) fn check_args(args: &Arguments) -> Compiled<()> {
    let named = args.posonlyargs.iter().chain(&args.args).chain(&args.vararg);
    for arg in named.chain(&args.kwonlyargs).chain(&args.kwarg) {
        check_forbidden(arg.loc, arg.name, Context::Store)?;
    }
    Ok(())
}
