"""Compares pairs of .pyc files, named on the lines of a file, by the code objects' fields."""
import marshal
import sys
import types

FIELDS = [
    "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_stacksize", "co_flags", "co_code", "co_names",
    "co_varnames", "co_cellvars", "co_freevars", "co_filename", "co_name", "co_qualname", "co_firstlineno",
    "co_linetable", "co_exceptiontable",
]


def key(value):
    """What makes constants the same: type and value, floats by bits, code objects by fields."""
    if isinstance(value, types.CodeType):
        return "code", tuple(getattr(value, field) for field in FIELDS), key(value.co_consts)
    if isinstance(value, tuple):
        return "tuple", tuple(key(item) for item in value)
    if isinstance(value, frozenset):
        return "frozenset", frozenset(key(item) for item in value)
    if isinstance(value, (float, complex)):
        return type(value).__name__, repr(value)
    return type(value).__name__, value


def load(path):
    with open(path, "rb") as file:
        data = file.read()
    return marshal.loads(data[16:])


count = 0
with open(sys.argv[1]) as pairs:
    for line in pairs:
        theirs, ours = line.rstrip("\n").split("\t")
        if key(load(theirs)) != key(load(ours)):
            sys.exit(f"{theirs} and {ours} differ")
        count += 1
print("equal", count, "files")
