//! From the compiler's steps to a tree of node objects. Nothing here runs Python code.

use std::collections::HashMap;

use super::{PLACE, class_of, grammar, parse};
use crate::cx::{Cx, Raised};
use crate::value::Value;
use crate::vm::{TreeStep, Vm};

/// Nodes without fields, one of each class.
#[derive(Default)]
struct Singletons {
    nodes: HashMap<&'static str, Value>,
}

/// The tree that the steps build.
pub(crate) fn build(cx: &mut Cx, steps: Vec<TreeStep>) -> Result<Value, Raised> {
    // Imports the module if need be: nothing else here could collect garbage.
    class_of(cx, "Module")?;
    let mut builder = Builder { cx, classes: HashMap::new(), stack: Vec::new() };
    for step in steps {
        builder.step(step)?;
    }
    Ok(builder.stack.pop().unwrap_or(Value::NONE))
}

/// The node of a class without fields that all trees share.
pub(super) fn singleton(cx: &mut Cx, name: &'static str) -> Result<Value, Raised> {
    build(cx, vec![TreeStep::Node { class: name, fields: 0, place: None }])
}

/// A class with the names of its fields.
#[derive(Clone)]
struct Class {
    value: Value,
    fields: Vec<Value>,
}

struct Builder<'c> {
    cx: &'c mut Cx,
    classes: HashMap<&'static str, Class>,
    stack: Vec<Value>,
}

impl Builder<'_> {
    fn step(&mut self, step: TreeStep) -> Result<(), Raised> {
        let value = match step {
            TreeStep::Const(constant) => self.cx.vm().value_of_const(&constant)?,
            TreeStep::List(count) => {
                let items = self.take(count);
                self.cx.vm().new_list(items)
            }
            TreeStep::Node { class, fields, place } => {
                let fields = self.take(fields);
                self.node(class, &fields, place)?
            }
        };
        self.stack.push(value);
        Ok(())
    }

    fn take(&mut self, count: usize) -> Vec<Value> {
        let rest = self.stack.len().saturating_sub(count);
        self.stack.split_off(rest)
    }

    fn class(&mut self, name: &'static str) -> Result<Class, Raised> {
        if let Some(class) = self.classes.get(name) {
            return Ok(class.clone());
        }
        let value = class_of(self.cx, name)?.value();
        let fields =
            grammar::NODES.iter().find(|(node, ..)| *node == name).map_or("", |(_, _, fields)| fields);
        let fields = parse(fields).map(|field| self.cx.vm().intern(field.name)).collect();
        let class = Class { value, fields };
        self.classes.insert(name, class.clone());
        Ok(class)
    }

    fn node(
        &mut self,
        name: &'static str,
        fields: &[Value],
        place: Option<[i64; 4]>,
    ) -> Result<Value, Raised> {
        let alone = fields.is_empty() && place.is_none();
        if alone && let Some(node) = self.cx.vm().module_state::<Singletons>().nodes.get(name) {
            return Ok(*node);
        }
        let class = self.class(name)?;
        let vm = self.cx.vm();
        let node = super::node::new_node(vm, class.value)?;
        let dict = vm.instance_dict(node).expect("nodes have one");
        for (name, value) in class.fields.iter().zip(fields) {
            vm.dict_set_str(dict, *name, *value);
        }
        set_place(vm, dict, place);
        if alone {
            vm.keep(node);
            vm.module_state::<Singletons>().nodes.insert(name, node);
        }
        Ok(node)
    }
}

fn set_place(vm: &mut Vm, dict: Value, place: Option<[i64; 4]>) {
    for (name, number) in PLACE.iter().zip(place.into_iter().flatten()) {
        let number = vm.new_int(number);
        crate::modules::set(vm, dict, name, number);
    }
}
