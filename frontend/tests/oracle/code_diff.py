"""Holds compiled code objects against CPython 3.13's own, recursively.

Usage: python3.13 code_diff.py DUMP_BINARY [-O LEVEL] PATH...
DUMP_BINARY is the built example `marshal_dump`; PATHs are files or folders.
"""
import collections
import marshal
import os
import subprocess
import sys
import types
import warnings

FIELDS = ["co_name", "co_qualname", "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_flags",
          "co_firstlineno", "co_code", "co_consts", "co_names", "co_varnames", "co_cellvars", "co_freevars",
          "co_stacksize", "co_exceptiontable", "co_linetable"]


def files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, folders, names in os.walk(path):
            folders.sort()
            yield from (os.path.join(folder, n) for n in sorted(names) if n.endswith(".py"))


def key(value, static):
    if isinstance(value, types.CodeType):
        return "code"
    if isinstance(value, tuple):
        items = [key(item, False) for item in value]
        return ("tuple", sorted(items, key=repr) if static else items)
    if isinstance(value, frozenset):
        return ("frozenset", sorted((key(item, False) for item in value), key=repr))
    return (type(value).__name__, repr(value))


def consts(code):
    in_class = "__static_attributes__" in code.co_names
    strings = lambda v: in_class and isinstance(v, tuple) and all(isinstance(i, str) for i in v)
    return [key(value, strings(value)) for value in code.co_consts]


def compare(theirs, ours, report):
    kinds = []
    for field in FIELDS:
        a, b = getattr(theirs, field), getattr(ours, field)
        if field == "co_consts":
            a, b = consts(theirs), consts(ours)
        if a != b:
            kinds.append(field)
    report(theirs, ours, kinds)
    inner = [[c for c in code.co_consts if isinstance(c, types.CodeType)] for code in (theirs, ours)]
    for a, b in zip(*inner):
        compare(a, b, report)


def main():
    binary, *paths = sys.argv[1:]
    level = 0
    if paths[0] == "-O":
        level = int(paths[1])
        paths = paths[2:]
    warnings.simplefilter("ignore")
    names = list(files(paths))
    total = same = core = 0
    kinds = collections.Counter()
    examples = {}

    def report(theirs, ours, differing):
        nonlocal total, same, core
        total += 1
        same += not differing
        core += not {"co_code", "co_consts", "co_names"} & set(differing)
        if differing:
            kind = ",".join(differing)
            kinds[kind] += 1
            examples.setdefault(kind, f"{path} {theirs.co_qualname} line {theirs.co_firstlineno}")

    run = subprocess.run([binary, str(level)], input="\n".join(names).encode(), stdout=subprocess.PIPE)
    data, at = run.stdout, 0
    for path in names:
        end = data.index(b"\n", at)
        length, at = int(data[at:end]), end + 1
        message = None
        if length < 0:
            end = data.index(b"\n", at)
            length, at = int(data[at:end]), end + 1
            message = data[at:at + length].decode()
        blob, at = data[at:at + length], at + length
        with open(path, "rb") as file:
            source = file.read()
        try:
            theirs = compile(source, path, "exec", dont_inherit=True, optimize=level)
        except Exception as error:
            if message is None:
                kinds["accepted what CPython rejects"] += 1
                examples["accepted what CPython rejects"] = f"{path}: {error}"
            continue
        if message is not None:
            kinds["rejected what CPython accepts"] += 1
            examples["rejected what CPython accepts"] = f"{path}: {message}"
            continue
        compare(theirs, marshal.loads(blob), report)
    print(f"{same} of {total} code objects equal, {core} in instructions, constants and names; {len(names)} files")
    for kind, count in kinds.most_common(30):
        print(f"{count:6} {kind}\n         {examples.get(kind, '')}")


main()
