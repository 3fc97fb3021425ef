//! Type parameters and `type` statements (PEP 695, PEP 696).

use bytecode::{Const, Intrinsic1, Intrinsic2, StackOp as Op};

use super::Codegen;
use super::unit::{ArgCounts, ScopeEntry, ScopeType};
use crate::ast::{Expr, ExprKind, NodeId, TypeAlias, TypeParam, TypeParamKind, TypeParams};
use crate::error::{Compiled, syntax_error};
use crate::ir::Location;
use crate::names::Symbol;

impl Codegen<'_, '_> {
    /// Opens the scope that holds the type parameters of `name`.
    pub(super) fn enter_type_params(
        &mut self,
        params: &TypeParams,
        name: Symbol,
        firstlineno: i32,
        private: Option<Symbol>,
        counts: ArgCounts,
    ) {
        let name = format!("<generic parameters of {}>", self.names.get(name));
        let name = self.names.intern(&name);
        let entry = ScopeEntry::new(params.node, ScopeType::TypeParams, name, firstlineno);
        self.enter_scope(&ScopeEntry { private, counts, ..entry });
    }

    /// Pushes a tuple of the type parameters, each bound to its name.
    pub(super) fn type_params(&mut self, params: &TypeParams) -> Compiled<()> {
        let mut seen_default = false;
        for param in &params.params {
            self.type_param(param, &mut seen_default)?;
        }
        self.op_i(params.params[0].loc, Op::BUILD_TUPLE, params.params.len() as u32);
        Ok(())
    }

    fn type_param(&mut self, param: &TypeParam, seen_default: &mut bool) -> Compiled<()> {
        let loc = param.loc;
        self.load_str(loc, param.name);
        match (&param.bound, param.kind) {
            (Some((node, bound)), _) => {
                self.lazy_value(bound, param.name, *node, false)?;
                let constraints = matches!(bound.kind, ExprKind::Tuple { .. });
                let intrinsic = if constraints {
                    Intrinsic2::TypeVarWithConstraints
                } else {
                    Intrinsic2::TypeVarWithBound
                };
                self.op_i(loc, Op::CALL_INTRINSIC_2, intrinsic as u32);
            }
            (None, kind) => {
                let intrinsic = match kind {
                    TypeParamKind::TypeVar => Intrinsic1::TypeVar,
                    TypeParamKind::TypeVarTuple => Intrinsic1::TypeVarTuple,
                    TypeParamKind::ParamSpec => Intrinsic1::ParamSpec,
                };
                self.op_i(loc, Op::CALL_INTRINSIC_1, intrinsic as u32);
            }
        }
        if let Some((node, default)) = &param.default {
            *seen_default = true;
            let starred = param.kind == TypeParamKind::TypeVarTuple;
            self.lazy_value(default, param.name, *node, starred)?;
            self.op_i(loc, Op::CALL_INTRINSIC_2, Intrinsic2::SetTypeparamDefault as u32);
        } else if *seen_default {
            let name = self.names.get(param.name);
            let message = format!("non-default type parameter '{name}' follows default type parameter");
            return syntax_error(loc, message);
        }
        self.op_i(loc, Op::COPY, 1);
        self.store_name(loc, param.name)
    }

    /// A bound or default, as a function that is called when someone asks for it.
    fn lazy_value(&mut self, value: &Expr, name: Symbol, node: NodeId, allow_starred: bool) -> Compiled<()> {
        let entry = ScopeEntry::new(node, ScopeType::TypeParams, name, value.loc.line);
        self.enter_scope(&entry);
        match &value.kind {
            ExprKind::Starred { value: inner, .. } if allow_starred => {
                self.expr(inner)?;
                self.op_i(value.loc, Op::UNPACK_SEQUENCE, 1);
            }
            _ => self.expr(value)?,
        }
        self.op(value.loc, Op::RETURN_VALUE);
        let closure = self.exit_scope(true)?;
        self.make_closure(value.loc, closure, 0);
        Ok(())
    }

    pub(super) fn type_alias(&mut self, alias: &TypeAlias, loc: Location) -> Compiled<()> {
        let ExprKind::Name { id: name, .. } = alias.name.kind else {
            return syntax_error(alias.name.loc, "invalid syntax");
        };
        if let Some(params) = &alias.type_params {
            self.enter_type_params(params, name, loc.line, None, ArgCounts::default());
            self.load_str(loc, name);
            self.type_params(params)?;
        } else {
            self.load_str(loc, name);
            self.load_const(loc, Const::None);
        }
        self.enter_scope(&ScopeEntry::new(alias.node, ScopeType::Function, name, loc.line));
        self.unit.const0_is_doc = true;
        self.unit.consts.add(Const::None);
        self.expr(&alias.value)?;
        self.op(loc, Op::RETURN_VALUE);
        let closure = self.exit_scope(false)?;
        self.make_closure(loc, closure, 0);
        self.op_i(loc, Op::BUILD_TUPLE, 3);
        self.op_i(loc, Op::CALL_INTRINSIC_1, Intrinsic1::TypeAlias as u32);
        if alias.type_params.is_some() {
            let closure = self.exit_scope(false)?;
            self.make_closure(loc, closure, 0);
            self.op(loc, Op::PUSH_NULL);
            self.op_i(loc, Op::CALL, 0);
        }
        self.store_name(loc, name)
    }
}
