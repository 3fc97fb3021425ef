#!/usr/bin/env python3.13
"""Counts the instructions that a real CPython 3.13 executes, by sys.monitoring: the oracle for the stack machine's count.

    count_instructions.py PROGRAM [ARGS...]       one program, as one JSON object
    count_instructions.py --record                counts.json anew, for the workloads at their small sizes

What is counted: every INSTRUCTION event of the program's own code objects (those of the file, nested ones included; no
library code), except RESUME, NOP, CACHE, EXTENDED_ARG and the prologue of a generator (RETURN_GENERATOR and the POP_TOP
after it).

What follows from how CPython instruments its code, so that a counter elsewhere has to do the same:

* Instrumented code runs in its base form. A follower that a specialized form would skip is counted, and END_FOR and
  the POP_TOP after it are not, for FOR_ITER jumps over them.
* A superinstruction (LOAD_FAST_LOAD_FAST and the like) is one instruction.
* Instruments begin at the first RESUME. What stands before it (MAKE_CELL, COPY_FREE_VARS, the prologue of generators)
  causes no event. MAKE_CELL and COPY_FREE_VARS are reported apart, as "entry", from the number of times that each code
  object was entered.
"""

import dis
import json
import os
import subprocess
import sys
import types

SMALL_SIZES = {
    "binary_trees": 6,
    "closures": 500,
    "constraints": 12,
    "dijkstra": 100,
    "exceptions": 300,
    "fannkuch": 6,
    "fib": 12,
    "game_of_life": 12,
    "hash_lcg": 500,
    "int_loops": 200,
    "json_printer": 6,
    "keyword_calls": 150,
    "mandelbrot": 20,
    "matmul": 10,
    "nbody": 100,
    "nqueens_generators": 5,
    "pipelines": 1000,
    "raytracer": 5,
    "scheduler": 300,
    "sieve": 1000,
    "spectral_norm": 10,
    "string_building": 300,
    "tokenizer_parser_evaluator": 5,
    "word_count": 1000,
}

NOT_COUNTED = {"RESUME", "NOP", "CACHE", "EXTENDED_ARG"}


def all_code_objects(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from all_code_objects(constant)


def load(path):
    """The code object of a .py or .pyc file."""
    with open(path, "rb") as file:
        content = file.read()
    if path.endswith(".pyc"):
        import marshal

        return marshal.loads(content[16:])
    return compile(content, path, "exec", dont_inherit=True)


class Counter:
    """Events by code object (its identity: code objects compare by value) and instruction offset."""

    def __init__(self, code):
        self.codes = list(all_code_objects(code))
        self.executed = {id(code): [0] * len(code.co_code) for code in self.codes}
        self.entered = {id(code): 0 for code in self.codes}

    def __enter__(self):
        monitoring = sys.monitoring
        tool = monitoring.PROFILER_ID
        events = monitoring.events
        executed = self.executed
        entered = self.entered

        def count_instruction(code, offset):
            executed[id(code)][offset] += 1

        def count_entry(code, _offset):
            entered[id(code)] += 1

        monitoring.use_tool_id(tool, "instruction counter")
        monitoring.register_callback(tool, events.INSTRUCTION, count_instruction)
        monitoring.register_callback(tool, events.PY_START, count_entry)
        for code in self.codes:
            monitoring.set_local_events(tool, code, events.INSTRUCTION | events.PY_START)

    def __exit__(self, *_):
        tool = sys.monitoring.PROFILER_ID
        for code in self.codes:
            sys.monitoring.set_local_events(tool, code, 0)
        sys.monitoring.free_tool_id(tool)

    def by_opcode(self):
        """Executed instructions by name, in the order of the names."""
        totals = {}
        for code in self.codes:
            executed = self.executed[id(code)]
            for instruction in dis.get_instructions(code, adaptive=False):
                if executed[instruction.offset]:
                    name = instruction.opname
                    totals[name] = totals.get(name, 0) + executed[instruction.offset]
        return dict(sorted(totals.items()))

    def entry_instructions(self):
        """MAKE_CELL and COPY_FREE_VARS executed, which cause no event."""
        total = 0
        for code in self.codes:
            for instruction in dis.get_instructions(code, adaptive=False):
                if instruction.opname == "RESUME":
                    break
                if instruction.opname in ("MAKE_CELL", "COPY_FREE_VARS"):
                    total += self.entered[id(code)]
        return total


def count(path, args):
    """Runs a program as __main__ and counts; its output goes to standard error."""
    code = load(path)
    main = types.ModuleType("__main__")
    main.__file__ = path
    sys.modules["__main__"] = main
    sys.argv = [path, *args]
    sys.path[0] = os.path.dirname(os.path.abspath(path))
    counter = Counter(code)
    stdout, sys.stdout = sys.stdout, sys.stderr
    try:
        with counter:
            exec(code, main.__dict__)
    except SystemExit:
        pass
    finally:
        sys.stdout = stdout
    opcodes = counter.by_opcode()
    counted = sum(number for name, number in opcodes.items() if name not in NOT_COUNTED)
    return {"args": args, "instructions": counted, "entry": counter.entry_instructions(), "opcodes": opcodes}


def record():
    """Writes counts.json beside this script; each program runs in a process of its own."""
    here = os.path.dirname(os.path.abspath(__file__))
    counts = {}
    for name, size in SMALL_SIZES.items():
        program = os.path.join(here, "..", "workloads", f"{name}.py")
        command = [sys.executable, __file__, program, str(size)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        counts[name] = json.loads(done.stdout)
    with open(os.path.join(here, "counts.json"), "w") as file:
        json.dump({"python": sys.version.split()[0], "workloads": counts}, file, indent=1)
        file.write("\n")


def main():
    if sys.version_info[:2] != (3, 13):
        sys.exit("CPython 3.13 is needed: other versions execute other instructions")
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--record":
        record()
    else:
        json.dump(count(sys.argv[1], sys.argv[2:]), sys.stdout, indent=1)
        print()


if __name__ == "__main__":
    main()
