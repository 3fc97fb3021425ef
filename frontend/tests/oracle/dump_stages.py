"""Prints what CPython 3.13's compiler makes of each file, stage by stage, one JSON object a code object.

For a module: the sequence after code generation, its constants and names, and the finished code object. For nested code
CPython does not tell the constants, so the optimizer alone is asked, with a pool of made-up ones.
"""
import ast
import json
import struct
import sys

import _testinternalcapi as stages

POOLS = ("consts", "names", "varnames", "cellvars", "freevars")
MADE_UP = [None, 1, True, 0, False, "", "text", (), (1, 2), 2.5, ..., b"", b"bytes", 0.0]


def main():
    for path in map(str.strip, sys.stdin):
        try:
            with open(path, "rb") as file:
                source = file.read()
            tree = ast.parse(source, path)
            code = compile(source, path, "exec", dont_inherit=True, optimize=0)
        except (SyntaxError, ValueError):
            continue
        sequence, metadata = stages.compiler_codegen(tree, path, 0)
        print(json.dumps(module_record(path, sequence, metadata, code)))
        for nested in sequence.get_nested():
            for record in nested_records(path, nested):
                print(json.dumps(record))


def module_record(path, sequence, metadata, code):
    record = {"path": path, "name": code.co_qualname, "instrs": sequence.get_instructions()}
    for key in POOLS:
        record[key] = in_order(metadata[key])
    record["consts"] = [encode(const) for const in record["consts"]]
    record["code"] = {
        "flags": code.co_flags,
        "firstlineno": code.co_firstlineno,
        "stacksize": code.co_stacksize,
        "code": code.co_code.hex(),
        "linetable": code.co_linetable.hex(),
        "exceptiontable": code.co_exceptiontable.hex(),
        "consts": [encode(const) for const in code.co_consts],
        "localsplus": list(dict.fromkeys(code.co_varnames + code.co_cellvars + code.co_freevars)),
    }
    return record


def nested_records(path, sequence):
    instrs = sequence.get_instructions()
    const_count = 1 + max((instr[1] for instr in instrs if instr[0] == 83), default=0)
    consts = (MADE_UP + list(range(100, 100 + const_count)))[:const_count]
    # LOAD_CLOSURE and kin name other slots; every local operation stays below this.
    locals_used = 1 + max((instr[1] for instr in instrs if instr[0] in (65, 85, 86, 87, 110, 267)), default=-1)
    record = {
        "path": path,
        "name": f"line {instrs[0][2]}",
        "instrs": instrs,
        "consts": [encode(const) for const in consts],
        "varnames": [f"v{index}" for index in range(locals_used)],
    }
    nested = sequence.get_nested()
    record["optimized"] = stages.optimize_cfg(sequence, consts, locals_used).get_instructions()
    record["optimized_consts"] = [encode(const) for const in consts]
    yield record
    for inner in nested:
        yield from nested_records(path, inner)


def in_order(indices):
    keys = sorted(indices, key=indices.get)
    return [key[1] if isinstance(key, tuple) else key for key in keys]


def encode(const):
    match const:
        case None | bool():
            return ["constant", repr(const)]
        case int():
            return ["int", str(const)]
        case float():
            return ["float", bits(const)]
        case complex():
            return ["complex", bits(const.real), bits(const.imag)]
        case str():
            return ["str", const.encode("utf-8", "surrogatepass").hex()]
        case bytes():
            return ["bytes", const.hex()]
        case tuple():
            return ["tuple", [encode(item) for item in const]]
        case frozenset():
            return ["frozenset", sorted(map(encode, const), key=repr)]
        case _ if const is ...:
            return ["constant", "Ellipsis"]
        case _:
            return ["code", f"{const.co_qualname} {const.co_firstlineno}"]


def bits(number):
    return struct.pack(">d", number).hex()


main()
