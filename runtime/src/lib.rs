//! The owner of Python's meaning: values, heap, types and protocols.
