//! Expressions back to text, as `from __future__ import annotations` stores them.

use bytecode::{Const, Text};

use crate::ast::{
    Arg, Arguments, BoolOp, CmpOp, Comp, CompKind, Conversion, Expr, ExprKind, Operator, UnaryOp,
};
use crate::names::Interner;

/// How tightly an expression binds; parentheses go around what binds less tightly than its place asks for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Named,
    Tuple,
    Test,
    Or,
    And,
    Not,
    Cmp,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arith,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

const TIGHTER: [Level; 17] = [
    Level::Tuple,
    Level::Test,
    Level::Or,
    Level::And,
    Level::Not,
    Level::Cmp,
    Level::BitOr,
    Level::BitXor,
    Level::BitAnd,
    Level::Shift,
    Level::Arith,
    Level::Term,
    Level::Factor,
    Level::Power,
    Level::Await,
    Level::Atom,
    Level::Atom,
];

impl Level {
    fn tighter(self) -> Self {
        TIGHTER[self as usize]
    }
}

/// The text of an expression.
pub(super) fn unparse(expr: &Expr, names: &Interner) -> Text {
    let mut writer = Writer { out: Vec::new(), names };
    writer.expr(expr, Level::Test);
    Text::from_wtf8(writer.out).expect("only UTF-8 with surrogates was written")
}

struct Writer<'a> {
    out: Vec<u8>,
    names: &'a Interner,
}

impl Writer<'_> {
    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn parenthesized(&mut self, needed: bool, write: impl FnOnce(&mut Self)) {
        if needed {
            self.push("(");
        }
        write(self);
        if needed {
            self.push(")");
        }
    }

    fn list(&mut self, exprs: &[Expr], level: Level) {
        for (i, expr) in exprs.iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.expr(expr, level);
        }
    }

    fn expr(&mut self, expr: &Expr, level: Level) {
        match &expr.kind {
            ExprKind::BoolOp { op, values } => self.bool_op(*op, values, level),
            ExprKind::Named { target, value } => self.parenthesized(level > Level::Named, |w| {
                w.expr(target, Level::Atom);
                w.push(" := ");
                w.expr(value, Level::Atom);
            }),
            ExprKind::BinOp { left, op, right } => self.bin_op(left, *op, right, level),
            ExprKind::UnaryOp { op, operand } => {
                let (text, own) = match op {
                    UnaryOp::Invert => ("~", Level::Factor),
                    UnaryOp::Not => ("not ", Level::Not),
                    UnaryOp::UAdd => ("+", Level::Factor),
                    UnaryOp::USub => ("-", Level::Factor),
                };
                self.parenthesized(level > own, |w| {
                    w.push(text);
                    w.expr(operand, own);
                });
            }
            ExprKind::Lambda(lambda) => self.parenthesized(level > Level::Test, |w| {
                w.push("lambda");
                let start = w.out.len();
                w.push(" ");
                w.arguments(&lambda.args);
                if w.out.len() == start + 1 {
                    w.out.truncate(start);
                }
                w.push(": ");
                w.expr(&lambda.body, Level::Test);
            }),
            ExprKind::IfExp { test, body, orelse } => self.parenthesized(level > Level::Test, |w| {
                w.expr(body, Level::Or);
                w.push(" if ");
                w.expr(test, Level::Or);
                w.push(" else ");
                w.expr(orelse, Level::Test);
            }),
            ExprKind::Dict { keys, values } => self.dict(keys, values),
            ExprKind::Set(elts) => {
                self.push("{");
                self.list(elts, Level::Test);
                self.push("}");
            }
            ExprKind::Comp(comp) => self.comp(comp),
            ExprKind::Await(value) => self.parenthesized(level > Level::Await, |w| {
                w.push("await ");
                w.expr(value, Level::Atom);
            }),
            ExprKind::Yield(None) => self.push("(yield)"),
            ExprKind::Yield(Some(value)) => {
                self.push("(yield ");
                self.expr(value, Level::Test);
                self.push(")");
            }
            ExprKind::YieldFrom(value) => {
                self.push("(yield from ");
                self.expr(value, Level::Test);
                self.push(")");
            }
            ExprKind::Compare { left, ops, comparators } => self.parenthesized(level > Level::Cmp, |w| {
                w.expr(left, Level::BitOr);
                for (op, comparator) in ops.iter().zip(comparators) {
                    w.push(cmp_text(*op));
                    w.expr(comparator, Level::BitOr);
                }
            }),
            ExprKind::Call(call) => self.call(call),
            ExprKind::JoinedStr(values) => {
                let body = self.fstring_body(values);
                self.push("f");
                self.str_repr(&body);
            }
            ExprKind::FormattedValue { .. } => {
                let body = self.fstring_body(std::slice::from_ref(expr));
                self.push("f");
                self.str_repr(&body);
            }
            ExprKind::Constant(value) => self.constant(value),
            ExprKind::UnicodeConstant(value) => {
                self.push("u");
                self.constant(value);
            }
            ExprKind::Attribute { value, attr, .. } => {
                self.expr(value, Level::Atom);
                let on_int = matches!(value.as_const(), Some(Const::Int(_) | Const::BigInt(_)));
                self.push(if on_int { " ." } else { "." });
                self.push(self.names.get(*attr));
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value, Level::Atom);
                self.push("[");
                self.expr(slice, Level::Tuple);
                self.push("]");
            }
            ExprKind::Starred { value, .. } => {
                self.push("*");
                self.expr(value, Level::BitOr);
            }
            ExprKind::Name { id, .. } => self.push(self.names.get(*id)),
            ExprKind::List { elts, .. } => {
                self.push("[");
                self.list(elts, Level::Test);
                self.push("]");
            }
            ExprKind::Tuple { elts, .. } => self.tuple(elts, level),
            ExprKind::Slice { lower, upper, step } => {
                self.opt(lower.as_deref());
                self.push(":");
                self.opt(upper.as_deref());
                if step.is_some() {
                    self.push(":");
                    self.opt(step.as_deref());
                }
            }
        }
    }

    fn opt(&mut self, expr: Option<&Expr>) {
        if let Some(expr) = expr {
            self.expr(expr, Level::Test);
        }
    }

    fn tuple(&mut self, elts: &[Expr], level: Level) {
        if elts.is_empty() {
            return self.push("()");
        }
        self.parenthesized(level > Level::Tuple, |w| {
            w.list(elts, Level::Test);
            if elts.len() == 1 {
                w.push(",");
            }
        });
    }

    fn bool_op(&mut self, op: BoolOp, values: &[Expr], level: Level) {
        let (text, own) = match op {
            BoolOp::And => (" and ", Level::And),
            BoolOp::Or => (" or ", Level::Or),
        };
        self.parenthesized(level > own, |w| {
            for (i, value) in values.iter().enumerate() {
                if i > 0 {
                    w.push(text);
                }
                w.expr(value, own.tighter());
            }
        });
    }

    fn bin_op(&mut self, left: &Expr, op: Operator, right: &Expr, level: Level) {
        let (text, own) = match op {
            Operator::Add => (" + ", Level::Arith),
            Operator::Sub => (" - ", Level::Arith),
            Operator::Mult => (" * ", Level::Term),
            Operator::MatMult => (" @ ", Level::Term),
            Operator::Div => (" / ", Level::Term),
            Operator::Mod => (" % ", Level::Term),
            Operator::LShift => (" << ", Level::Shift),
            Operator::RShift => (" >> ", Level::Shift),
            Operator::BitOr => (" | ", Level::BitOr),
            Operator::BitXor => (" ^ ", Level::BitXor),
            Operator::BitAnd => (" & ", Level::BitAnd),
            Operator::FloorDiv => (" // ", Level::Term),
            Operator::Pow => (" ** ", Level::Power),
        };
        let right_assoc = op == Operator::Pow;
        self.parenthesized(level > own, |w| {
            w.expr(left, if right_assoc { own.tighter() } else { own });
            w.push(text);
            w.expr(right, if right_assoc { own } else { own.tighter() });
        });
    }

    fn dict(&mut self, keys: &[Option<Expr>], values: &[Expr]) {
        self.push("{");
        for (i, (key, value)) in keys.iter().zip(values).enumerate() {
            if i > 0 {
                self.push(", ");
            }
            if let Some(key) = key {
                self.expr(key, Level::Test);
                self.push(": ");
                self.expr(value, Level::Test);
            } else {
                self.push("**");
                self.expr(value, Level::BitOr);
            }
        }
        self.push("}");
    }

    fn comp(&mut self, comp: &Comp) {
        let (open, close) = match comp.kind {
            CompKind::List => ("[", "]"),
            CompKind::Set | CompKind::Dict => ("{", "}"),
            CompKind::Generator => ("(", ")"),
        };
        self.push(open);
        self.expr(&comp.elt, Level::Test);
        if let Some(value) = &comp.value {
            self.push(": ");
            self.expr(value, Level::Test);
        }
        for generator in &comp.generators {
            self.push(if generator.is_async { " async for " } else { " for " });
            self.expr(&generator.target, Level::Tuple);
            self.push(" in ");
            self.expr(&generator.iter, Level::Or);
            for condition in &generator.ifs {
                self.push(" if ");
                self.expr(condition, Level::Or);
            }
        }
        self.push(close);
    }

    fn call(&mut self, call: &crate::ast::Call) {
        self.expr(&call.func, Level::Atom);
        let sole = |arg: &Expr| matches!(&arg.kind, ExprKind::Comp(comp) if comp.kind == CompKind::Generator);
        if let ([arg], true) = (&call.args[..], call.keywords.is_empty())
            && sole(arg)
        {
            return self.expr(arg, Level::Test);
        }
        self.push("(");
        self.list(&call.args, Level::Test);
        for (i, keyword) in call.keywords.iter().enumerate() {
            if i > 0 || !call.args.is_empty() {
                self.push(", ");
            }
            match keyword.arg {
                Some(arg) => {
                    self.push(self.names.get(arg));
                    self.push("=");
                }
                None => self.push("**"),
            }
            self.expr(&keyword.value, Level::Test);
        }
        self.push(")");
    }

    fn arg(&mut self, arg: &Arg) {
        self.push(self.names.get(arg.name));
        if let Some(annotation) = &arg.annotation {
            self.push(": ");
            self.expr(annotation, Level::Test);
        }
    }

    fn arguments(&mut self, args: &Arguments) {
        let mut first = true;
        let separate = |w: &mut Self, first: &mut bool| {
            if !std::mem::take(first) {
                w.push(", ");
            }
        };
        let positional = args.posonlyargs.len() + args.args.len();
        for (i, arg) in args.posonlyargs.iter().chain(&args.args).enumerate() {
            separate(self, &mut first);
            self.arg(arg);
            if let Some(default) = (i + args.defaults.len()).checked_sub(positional) {
                self.push("=");
                self.expr(&args.defaults[default], Level::Test);
            }
            if i + 1 == args.posonlyargs.len() {
                self.push(", /");
            }
        }
        if args.vararg.is_some() || !args.kwonlyargs.is_empty() {
            separate(self, &mut first);
            self.push("*");
            if let Some(arg) = &args.vararg {
                self.arg(arg);
            }
        }
        for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
            separate(self, &mut first);
            self.arg(arg);
            if let Some(default) = default {
                self.push("=");
                self.expr(default, Level::Test);
            }
        }
        if let Some(arg) = &args.kwarg {
            separate(self, &mut first);
            self.push("**");
            self.arg(arg);
        }
    }

    fn fstring_body(&self, values: &[Expr]) -> Vec<u8> {
        let mut body = Writer { out: Vec::new(), names: self.names };
        for value in values {
            body.fstring_element(value);
        }
        body.out
    }

    fn fstring_element(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::Constant(Const::Str(text)) | ExprKind::UnicodeConstant(Const::Str(text)) => {
                for byte in text.as_bytes() {
                    self.out.push(*byte);
                    if matches!(byte, b'{' | b'}') {
                        self.out.push(*byte);
                    }
                }
            }
            ExprKind::JoinedStr(values) => values.iter().for_each(|value| self.fstring_element(value)),
            ExprKind::FormattedValue { value, conversion, spec } => {
                let mut inner = Writer { out: Vec::new(), names: self.names };
                inner.expr(value, Level::Or);
                self.push(if inner.out.first() == Some(&b'{') { "{ " } else { "{" });
                self.out.append(&mut inner.out);
                match conversion {
                    Some(Conversion::Str) => self.push("!s"),
                    Some(Conversion::Repr) => self.push("!r"),
                    Some(Conversion::Ascii) => self.push("!a"),
                    None => {}
                }
                if let Some(spec) = spec {
                    self.push(":");
                    self.fstring_element(spec);
                }
                self.push("}");
            }
            _ => {}
        }
    }

    fn constant(&mut self, value: &Const) {
        match value {
            Const::None => self.push("None"),
            Const::Bool(true) => self.push("True"),
            Const::Bool(false) => self.push("False"),
            Const::Ellipsis => self.push("..."),
            Const::Int(value) => self.push(&value.to_string()),
            Const::BigInt(value) => self.push(&value.to_string()),
            Const::Float(value) => self.push(&float_repr(*value)),
            Const::Complex(_, im) => self.push(&format!("{}j", float_repr(*im).trim_end_matches(".0"))),
            Const::Str(text) => self.str_repr(text.as_bytes()),
            Const::Bytes(bytes) => self.bytes_repr(bytes),
            Const::Tuple(items) => {
                self.push("(");
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        self.push(", ");
                    }
                    self.constant(item);
                }
                self.push(if items.len() == 1 { ",)" } else { ")" });
            }
            _ => {}
        }
    }

    fn str_repr(&mut self, text: &[u8]) {
        let text = Text::from_wtf8(text).expect("strings are UTF-8 with surrogates");
        let quote = quote_for(text.as_bytes());
        self.out.push(quote);
        for point in text.code_points() {
            match char::from_u32(point) {
                Some(c @ ('\\' | '\'')) if c == '\\' || quote == b'\'' => {
                    self.push("\\");
                    self.push(c.encode_utf8(&mut [0; 4]));
                }
                Some('\n') => self.push("\\n"),
                Some('\r') => self.push("\\r"),
                Some('\t') => self.push("\\t"),
                Some(c) if is_printable(c) => self.push(c.encode_utf8(&mut [0; 4])),
                _ if point < 0x100 => self.push(&format!("\\x{point:02x}")),
                _ if point < 0x10000 => self.push(&format!("\\u{point:04x}")),
                _ => self.push(&format!("\\U{point:08x}")),
            }
        }
        self.out.push(quote);
    }

    fn bytes_repr(&mut self, bytes: &[u8]) {
        let quote = quote_for(bytes);
        self.push("b");
        self.out.push(quote);
        for byte in bytes {
            match byte {
                b'\\' => self.push("\\\\"),
                b'\n' => self.push("\\n"),
                b'\r' => self.push("\\r"),
                b'\t' => self.push("\\t"),
                byte if *byte == quote => self.push("\\'"),
                b' '..=b'~' => self.out.push(*byte),
                byte => self.push(&format!("\\x{byte:02x}")),
            }
        }
        self.out.push(quote);
    }
}

fn quote_for(bytes: &[u8]) -> u8 {
    if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' }
}

fn is_printable(c: char) -> bool {
    c == ' ' || (!c.is_whitespace() && (c == '"' || c == '\'' || c.escape_debug().count() == 1))
}

fn cmp_text(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => " == ",
        CmpOp::NotEq => " != ",
        CmpOp::Lt => " < ",
        CmpOp::LtE => " <= ",
        CmpOp::Gt => " > ",
        CmpOp::GtE => " >= ",
        CmpOp::Is => " is ",
        CmpOp::IsNot => " is not ",
        CmpOp::In => " in ",
        CmpOp::NotIn => " not in ",
    }
}

/// A float as Python's `repr` writes it; infinity as a literal that overflows.
fn float_repr(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "1e309".into() } else { "-1e309".into() };
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = format!("{value}");
        return if plain.contains('.') { plain } else { format!("{plain}.0") };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}
