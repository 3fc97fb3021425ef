"""Prints what CPython says of each opcode, one line an opcode; tests/recorded/opcodes.txt is its output."""
import _opcode
import dis
import opcode

OPARGS = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 100, 255, 256, 257, 511, 512, 65535, 65536]
KINDS = ["hasarg", "hasconst", "hasname", "hasjrel", "haslocal", "hasfree"]
# A peeking instruction's oparg counts from 1; CPython's numbers for fewer are of no use.
SMALLEST = {"COPY": 1, "SWAP": 2}


def effects(number, name, has_arg):
    opargs = OPARGS if has_arg else [None]
    for oparg in opargs:
        if oparg is not None and oparg < SMALLEST.get(name, 0):
            continue
        yield "/".join(str(_opcode.stack_effect(number, oparg, jump=jump)) for jump in (False, True))


for name, number in sorted(opcode.opmap.items(), key=lambda item: item[1]):
    if number >= opcode.MIN_INSTRUMENTED_OPCODE:
        print(number, name)
        continue
    caches = sum(opcode._cache_format.get(name, {}).values())
    kinds = ",".join(kind for kind in KINDS if number in getattr(opcode, kind))
    print(number, name, caches, kinds or "-", *effects(number, name, number in opcode.hasarg))
bases = {form: base for base, forms in opcode._specializations.items() for form in forms}
for name, number in sorted(opcode._specialized_opmap.items(), key=lambda item: item[1]):
    print("specialized", number, name, bases.get(name, "BINARY_OP"))
print("binary", *(symbol for _, symbol in opcode._nb_ops))
print("compare", *opcode.cmp_op)
print("intrinsic1", *opcode._intrinsic_1_descs)
print("intrinsic2", *opcode._intrinsic_2_descs)
print("function", *dis.FUNCTION_ATTR_FLAGS)
