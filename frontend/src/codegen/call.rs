//! Calls.

use bytecode::{Const, StackOp as Op};

use super::display::TUPLE;
use super::name::check_forbidden;
use super::{Codegen, STACK_USE_GUIDELINE};
use crate::ast::{Call, Context, Expr, ExprKind, Keyword};
use crate::error::{Compiled, syntax_error};
use crate::ir::Location;
use crate::names::{Symbol, known};
use crate::symtable::{Binding, def};

impl Codegen<'_, '_> {
    pub(super) fn call(&mut self, call: &Call, loc: Location) -> Compiled<()> {
        self.check_keywords(&call.keywords)?;
        if let ExprKind::Attribute { value, attr, ctx: Context::Load } = &call.func.kind
            && self.is_method_call(value, call)
        {
            return self.method_call(call, value, *attr, loc);
        }
        self.warn_callee(&call.func);
        self.expr(&call.func)?;
        self.op(call.func.loc, Op::PUSH_NULL);
        self.call_arguments(loc, 0, &call.args, None, &call.keywords)
    }

    fn check_keywords(&self, keywords: &[Keyword]) -> Compiled<()> {
        for (i, keyword) in keywords.iter().enumerate() {
            let Some(arg) = keyword.arg else { continue };
            check_forbidden(keyword.loc, arg, Context::Store)?;
            if let Some(repeated) = keywords[i + 1..].iter().find(|other| other.arg == Some(arg)) {
                let name = self.names.get(arg);
                return syntax_error(repeated.loc, format!("keyword argument repeated: {name}"));
            }
        }
        Ok(())
    }

    /// Whether the callee is loaded as a method: not of an imported module, and with few, plain arguments.
    fn is_method_call(&self, object: &Expr, call: &Call) -> bool {
        if let ExprKind::Name { id, .. } = object.kind
            && self.table.top().symbols.get(id).flags & def::IMPORT != 0
        {
            return false;
        }
        let keywords = call.keywords.len();
        let total = call.args.len() + keywords + usize::from(keywords != 0);
        total < STACK_USE_GUIDELINE
            && !call.args.iter().any(Expr::is_starred)
            && call.keywords.iter().all(|keyword| keyword.arg.is_some())
    }

    fn method_call(&mut self, call: &Call, object: &Expr, attr: Symbol, call_loc: Location) -> Compiled<()> {
        let func = &call.func;
        if let Some(super_call) = self.optimizable_super(object, attr) {
            self.super_arguments(super_call, object.loc)?;
            let two_args = if super_call.args.is_empty() { 0 } else { 2 };
            self.load_super_attr(func.loc, attr, two_args | 1);
            let loc = self.attr_location(func.loc, func, attr);
            self.op(loc, Op::NOP);
        } else {
            self.expr(object)?;
            let loc = self.attr_location(func.loc, func, attr);
            self.load_method(loc, attr);
        }
        self.exprs(&call.args)?;
        let loc = self.attr_location(call_loc, func, attr);
        let count = call.args.len() + call.keywords.len();
        if call.keywords.is_empty() {
            self.op_i(loc, Op::CALL, count as u32);
        } else {
            let names_loc = self.attr_location(func.loc, func, attr);
            self.keyword_values(names_loc, &call.keywords)?;
            self.op_i(loc, Op::CALL_KW, count as u32);
        }
        Ok(())
    }

    /// Pushes keyword arguments' values and the tuple of their names.
    fn keyword_values(&mut self, loc: Location, keywords: &[Keyword]) -> Compiled<()> {
        self.exprs(keywords.iter().map(|keyword| &keyword.value))?;
        let names = self.name_tuple(keywords.iter().filter_map(|keyword| keyword.arg));
        self.load_const(loc, names);
        Ok(())
    }

    /// Calls what lies under `pushed` arguments that are on the stack already. `extra` names a variable that is passed
    /// as the last positional argument.
    pub(super) fn call_arguments(
        &mut self,
        loc: Location,
        pushed: usize,
        args: &[Expr],
        extra: Option<Symbol>,
        keywords: &[Keyword],
    ) -> Compiled<()> {
        self.check_keywords(keywords)?;
        let extra = extra.map(|id| Expr { kind: ExprKind::Name { id, ctx: Context::Load }, loc });
        let positional = args.len() + usize::from(extra.is_some());
        let unpacks =
            args.iter().any(Expr::is_starred) || keywords.iter().any(|keyword| keyword.arg.is_none());
        if unpacks || positional + keywords.len() * 2 > STACK_USE_GUIDELINE {
            return self.call_unpacked(loc, pushed, args, extra.as_ref(), keywords);
        }
        self.exprs(args.iter().chain(&extra))?;
        let count = (pushed + positional + keywords.len()) as u32;
        if keywords.is_empty() {
            self.op_i(loc, Op::CALL, count);
        } else {
            self.keyword_values(loc, keywords)?;
            self.op_i(loc, Op::CALL_KW, count);
        }
        Ok(())
    }

    /// A call through a tuple of positional and a dict of keyword arguments.
    fn call_unpacked(
        &mut self,
        loc: Location,
        pushed: usize,
        args: &[Expr],
        extra: Option<&Expr>,
        keywords: &[Keyword],
    ) -> Compiled<()> {
        match (args, extra) {
            ([Expr { kind: ExprKind::Starred { value, .. }, .. }], None) if pushed == 0 => {
                self.expr(value)?;
            }
            (_, None) => self.collection(args, pushed, TUPLE, loc)?,
            (_, Some(extra)) => self.arguments_and_base(args, extra, pushed, loc)?,
        }
        let mut have_dict = false;
        let mut pending = 0;
        for (i, keyword) in keywords.iter().enumerate() {
            if keyword.arg.is_some() {
                pending += 1;
                continue;
            }
            if pending > 0 {
                self.keyword_dict(&keywords[i - pending..i], loc)?;
                self.merge_keywords(&mut have_dict, loc);
                pending = 0;
            }
            if !have_dict {
                self.op_i(loc, Op::BUILD_MAP, 0);
                have_dict = true;
            }
            self.expr(&keyword.value)?;
            self.op_i(loc, Op::DICT_MERGE, 1);
        }
        if pending > 0 {
            self.keyword_dict(&keywords[keywords.len() - pending..], loc)?;
            self.merge_keywords(&mut have_dict, loc);
        }
        self.op_i(loc, Op::CALL_FUNCTION_EX, u32::from(have_dict));
        Ok(())
    }

    /// A generic class's bases: those written and the hidden one behind them.
    fn arguments_and_base(
        &mut self,
        args: &[Expr],
        extra: &Expr,
        pushed: usize,
        loc: Location,
    ) -> Compiled<()> {
        let mut built = args.len() + 1 + pushed > STACK_USE_GUIDELINE;
        if built {
            self.op_i(loc, Op::BUILD_LIST, pushed as u32);
        } else if !args.iter().any(Expr::is_starred) {
            self.exprs(args.iter().chain([extra]))?;
            self.op_i(loc, Op::BUILD_TUPLE, (args.len() + 1 + pushed) as u32);
            return Ok(());
        }
        for (i, arg) in args.iter().chain([extra]).enumerate() {
            if let ExprKind::Starred { value, .. } = &arg.kind {
                if !built {
                    self.op_i(loc, Op::BUILD_LIST, (i + pushed) as u32);
                    built = true;
                }
                self.expr(value)?;
                self.op_i(loc, Op::LIST_EXTEND, 1);
            } else {
                self.expr(arg)?;
                if built {
                    self.op_i(loc, Op::LIST_APPEND, 1);
                }
            }
        }
        self.op_i(loc, Op::CALL_INTRINSIC_1, bytecode::Intrinsic1::ListToTuple as u32);
        Ok(())
    }

    fn merge_keywords(&mut self, have_dict: &mut bool, loc: Location) {
        if *have_dict {
            self.op_i(loc, Op::DICT_MERGE, 1);
        }
        *have_dict = true;
    }

    fn keyword_dict(&mut self, keywords: &[Keyword], loc: Location) -> Compiled<()> {
        let count = keywords.len();
        let big = count * 2 > STACK_USE_GUIDELINE;
        if count > 1 && !big {
            self.keyword_values(loc, keywords)?;
            self.op_i(loc, Op::BUILD_CONST_KEY_MAP, count as u32);
            return Ok(());
        }
        if big {
            self.op_i(Location::NONE, Op::BUILD_MAP, 0);
        }
        for keyword in keywords {
            if let Some(arg) = keyword.arg {
                self.load_str(loc, arg);
            }
            self.expr(&keyword.value)?;
            if big {
                self.op_i(Location::NONE, Op::MAP_ADD, 1);
            }
        }
        if !big {
            self.op_i(loc, Op::BUILD_MAP, count as u32);
        }
        Ok(())
    }

    /// The call `super()` or `super(a, b)` that `LOAD_SUPER_ATTR` can do without making the object.
    pub(super) fn optimizable_super<'e>(&self, object: &'e Expr, attr: Symbol) -> Option<&'e Call> {
        if attr == known::CLASS {
            return None;
        }
        let ExprKind::Call(call) = &object.kind else { return None };
        if !matches!(call.func.kind, ExprKind::Name { id: known::SUPER, .. }) || !call.keywords.is_empty() {
            return None;
        }
        let here = self.scope().symbols.get(known::SUPER).binding;
        let at_module = self.table.top().symbols.find(known::SUPER);
        if here != Binding::GlobalImplicit || at_module.is_some_and(|entry| entry.binding != Binding::Unknown)
        {
            return None;
        }
        let suits = match call.args.len() {
            2 => !call.args.iter().any(Expr::is_starred),
            0 => {
                let counts = self.unit.counts;
                counts.args + counts.posonly > 0 && self.binding(known::CLASS) == Binding::Free
            }
            _ => false,
        };
        suits.then_some(call)
    }

    /// Pushes what `LOAD_SUPER_ATTR` takes: `super`, the class, the object.
    pub(super) fn super_arguments(&mut self, call: &Call, loc: Location) -> Compiled<()> {
        self.expr(&call.func)?;
        if call.args.is_empty() {
            self.load_name(loc, known::CLASS)?;
            let first = self.unit.varnames.list()[0];
            return self.load_name(loc, first);
        }
        self.exprs(&call.args)
    }

    /// `__exit__(None, None, None)` of the context manager whose exit function lies on the stack.
    pub(super) fn call_exit_with_nones(&mut self, loc: Location) {
        for _ in 0..3 {
            self.load_const(loc, Const::None);
        }
        self.op_i(loc, Op::CALL, 2);
    }
}
