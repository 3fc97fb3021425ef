//! `isinstance` and `issubclass`.

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised, Root};
use crate::value::Value;

/// Which of the two is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Question {
    Instance,
    Subclass,
}

impl Question {
    fn hook(self, cx: &Cx) -> Value {
        let names = &cx.vm().names;
        match self {
            Self::Instance => names.__instancecheck__,
            Self::Subclass => names.__subclasscheck__,
        }
    }
}

impl Cx {
    /// `isinstance(object, class)`.
    pub fn is_instance_of(&mut self, object: Handle<'_>, class: Handle<'_>) -> Result<bool, Raised> {
        if self.vm().type_of(object.value()) == class.value() {
            return Ok(true);
        }
        self.ask(Question::Instance, object, class)
    }

    /// `issubclass(derived, class)`.
    pub fn is_subclass_of(&mut self, derived: Handle<'_>, class: Handle<'_>) -> Result<bool, Raised> {
        self.ask(Question::Subclass, derived, class)
    }

    fn ask(&mut self, question: Question, subject: Handle<'_>, class: Handle<'_>) -> Result<bool, Raised> {
        if self.vm().type_of(class.value()) == self.vm().types.type_ {
            return match question {
                Question::Instance => self.is_instance_plainly(subject, class),
                Question::Subclass => {
                    if subject.value() == class.value() {
                        return Ok(true);
                    }
                    self.is_subclass_plainly(subject, class)
                }
            };
        }
        if class.value().is_kind(Kind::Tuple) {
            return self.ask_any(question, subject, class);
        }
        let hook = question.hook(self);
        if let Some(answer) = self.call_special(class, hook, &[subject])? {
            return self.truth(answer.handle());
        }
        match question {
            Question::Instance => self.is_instance_plainly(subject, class),
            Question::Subclass => self.is_subclass_plainly(subject, class),
        }
    }

    fn ask_any(
        &mut self,
        question: Question,
        subject: Handle<'_>,
        classes: Handle<'_>,
    ) -> Result<bool, Raised> {
        for class in self.vm().sequence_values(classes.value()) {
            // The tuple keeps its items alive.
            let class = self.root_value(class);
            let answer = match question {
                _ if class.value().is_kind(Kind::Tuple) => self.ask_nested(question, subject, class.handle()),
                Question::Instance => self.is_instance_of(subject, class.handle()),
                Question::Subclass => self.is_subclass_of(subject, class.handle()),
            };
            if answer != Ok(false) {
                return answer;
            }
        }
        Ok(false)
    }

    /// A tuple in a tuple, through a door, which counts the depth.
    fn ask_nested(
        &mut self,
        question: Question,
        subject: Handle<'_>,
        classes: Handle<'_>,
    ) -> Result<bool, Raised> {
        let answer = self.vm().door(|vm| {
            vm.enter(|cx| cx.ask_any(question, subject, classes)).map_or(Value::RAISED, Value::from_bool)
        })?;
        Ok(answer == Value::TRUE)
    }

    /// `type.__instancecheck__`: by the order of the object's type or of what it says its class is.
    pub(crate) fn is_instance_plainly(
        &mut self,
        object: Handle<'_>,
        class: Handle<'_>,
    ) -> Result<bool, Raised> {
        let message = "isinstance() arg 2 must be a type, a tuple of types, or a union";
        if class.value().is_kind(Kind::Type) {
            if self.vm().is_instance(object.value(), class.value()) {
                return Ok(true);
            }
            if !self.vm().may_lie_about_class(object.value()) {
                return Ok(false);
            }
            let claimed = self.get_attr_opt(object, "__class__")?;
            return Ok(claimed.is_some_and(|claimed| {
                claimed.value().is_kind(Kind::Type) && self.vm().is_subtype(claimed.value(), class.value())
            }));
        }
        self.check_class(class, message)?;
        match self.get_attr_opt(object, "__class__")? {
            Some(claimed) => self.is_abstract_subclass(claimed.handle(), class),
            None => Ok(false),
        }
    }

    /// `type.__subclasscheck__`: by the type's order, or by `__bases__` of what only looks like a type.
    pub(crate) fn is_subclass_plainly(
        &mut self,
        derived: Handle<'_>,
        class: Handle<'_>,
    ) -> Result<bool, Raised> {
        if class.value().is_kind(Kind::Type) && derived.value().is_kind(Kind::Type) {
            return Ok(self.vm().is_subtype(derived.value(), class.value()));
        }
        self.check_class(derived, "issubclass() arg 1 must be a class")?;
        self.check_class(class, "issubclass() arg 2 must be a class, a tuple of classes, or a union")?;
        self.is_abstract_subclass(derived, class)
    }

    fn check_class(&mut self, class: Handle<'_>, message: &str) -> Result<(), Raised> {
        match self.abstract_bases(class)? {
            Some(_) => Ok(()),
            None => Err(self.vm().raise_type_error(message)),
        }
    }

    /// `__bases__`, if it is a tuple.
    fn abstract_bases(&mut self, class: Handle<'_>) -> Result<Option<Root>, Raised> {
        let bases = self.get_attr_opt(class, "__bases__")?;
        Ok(bases.filter(|bases| bases.value().is_kind(Kind::Tuple)))
    }

    fn is_abstract_subclass(&mut self, derived: Handle<'_>, class: Handle<'_>) -> Result<bool, Raised> {
        let mut pending = vec![self.root_value(derived.value())];
        let mut visited = 0;
        while let Some(at) = pending.pop() {
            if at.value() == class.value() {
                return Ok(true);
            }
            visited += 1;
            if visited > MAX_BASES {
                return Err(self.vm().raise_recursion_error("maximum recursion depth exceeded"));
            }
            let Some(bases) = self.abstract_bases(at.handle())? else { continue };
            let bases = self.vm().sequence_values(bases.value());
            pending.extend(bases.into_iter().rev().map(|base| self.root_value(base)));
        }
        Ok(false)
    }
}

/// Bases looked at before a graph of `__bases__` counts as endless.
const MAX_BASES: usize = 100_000;

impl crate::vm::Vm {
    /// Whether `__class__` of a value may be something else than its type.
    fn may_lie_about_class(&mut self, value: Value) -> bool {
        let ty = self.type_of(value);
        let name = self.names.__class__;
        self.type_data(ty).has(crate::type_object::type_flag::CUSTOM_GETATTRIBUTE)
            || self.lookup(ty, name) != self.lookup(self.types.object, name)
    }
}

impl crate::vm::Vm {
    /// Whether a value can be called.
    pub(crate) fn is_callable(&mut self, value: Value) -> bool {
        let ty = self.type_of(value);
        matches!(
            value.kind(),
            Some(
                crate::cell::Kind::Function
                    | crate::cell::Kind::Native
                    | crate::cell::Kind::Method
                    | crate::cell::Kind::Type
            )
        ) || !self.lookup(ty, self.names.__call__).is_undef()
    }
}
