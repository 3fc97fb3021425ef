//! The stack machine: CPython's wordcode, operands on a stack.
