"""Holds the code generator's output against CPython 3.13's own, before either optimizer.

Usage: python3.13 codegen_diff.py DUMP_BINARY PATH...
DUMP_BINARY is the built example `codegen_dump`; PATHs are files or folders.
"""
import ast
import collections
import os
import subprocess
import sys
import warnings

import _opcode_metadata
import _testinternalcapi

NAMES = {number: name for name, number in _opcode_metadata.opmap.items()}


def files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, folders, names in os.walk(path):
            folders.sort()
            yield from (os.path.join(folder, n) for n in sorted(names) if n.endswith(".py"))


def units(seq, depth=0):
    for nested in seq.get_nested():
        yield from units(nested, depth + 1)
    yield depth, [tuple(i) for i in seq.get_instructions()]


def expected(path):
    with open(path, "rb") as file:
        source = file.read()
    tree = ast.parse(source, path)
    sequence, _ = _testinternalcapi.compiler_codegen(tree, "f", 0)
    return list(units(sequence))


def parse(text):
    result, current = {}, None
    for line in text.splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "FILE":
            current = result[rest] = []
        elif kind == "UNIT":
            depth, _, name = rest.partition(" ")
            current.append((int(depth), [], name))
        elif kind == "ERROR":
            current.append((0, [("ERROR", rest)], ""))
        else:
            current[-1][1].append(tuple(None if x == "None" else int(x) for x in line.split()))
    return result


def show(instr):
    return " ".join([str(NAMES.get(instr[0], instr[0])), *map(str, instr[1:])]) if instr else "-"


def difference(theirs, ours):
    for i in range(max(len(theirs), len(ours))):
        a = theirs[i] if i < len(theirs) else None
        b = ours[i] if i < len(ours) else None
        if a != b:
            return i, a, b
    return None


def main():
    binary, *paths = sys.argv[1:]
    warnings.simplefilter("ignore")
    names = list(files(paths))
    same = total = whole = 0
    kinds = collections.Counter()
    examples = {}
    for start in range(0, len(names), 50):
        batch = names[start:start + 50]
        run = subprocess.run([binary, *batch], capture_output=True, text=True)
        if run.returncode:
            print("crash:", run.stderr[-600:])
        output = parse(run.stdout)
        for path in batch:
            try:
                theirs = expected(path)
            except Exception as error:
                ours = output.get(path, [])
                if not (ours and ours[-1][1] and ours[-1][1][0][0] == "ERROR"):
                    kinds["accepted what CPython rejects"] += 1
                    examples.setdefault("accepted what CPython rejects", f"{path}: {error}")
                continue
            ours = output.get(path, [])
            total += len(theirs)
            if ours and ours[-1][1] and ours[-1][1][0][0] == "ERROR":
                kinds["error"] += 1
                examples.setdefault("error " + ours[-1][1][0][1][-60:], path)
                continue
            good = 0
            for index, (depth, instrs) in enumerate(theirs):
                mine = ours[index] if index < len(ours) else (0, [], "?")
                found = difference(instrs, mine[1])
                if found is None:
                    good += 1
                    continue
                at, a, b = found
                kind = f"{NAMES.get(a[0], a[0]) if a else '-'} / {NAMES.get(b[0], b[0]) if b else '-'}"
                if a and b and a[:2] == b[:2]:
                    kind += " location"
                kinds[kind] += 1
                examples.setdefault(kind, f"{path} {mine[2]} at {at}: CPython {show(a)} | ours {show(b)}")
            same += good
            whole += good == len(theirs)
    print(f"{same} of {total} units equal, {whole} of {len(names)} files")
    for kind, count in kinds.most_common(40):
        print(f"{count:6} {kind}\n         {examples.get(kind, '')}")
    for kind, path in examples.items():
        if kind.startswith("error "):
            print(kind, path)


main()
