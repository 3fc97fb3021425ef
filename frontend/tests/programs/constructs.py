from __future__ import annotations
import os.path as path, sys
from collections import (OrderedDict as OD, deque)
import asyncio

# Functions: every kind of parameter, decorators, closures.
def deco(n):
    def wrap(f):
        def inner(*a, **k):
            return (n, f(*a, **k))
        return inner
    return wrap

@deco(1)
@deco(2)
def params(a, b=2, /, c=3, *rest, d, e=5, **more):
    """Doc
        string.
    """
    return a, b, c, rest, d, e, sorted(more.items())

print(params(1, d=4), params(1, 2, 3, 4, 5, d=6, z=7))
print((lambda x, *y, k=1, **z: (x, y, k, z))(1, 2, k=3, w=4))

def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step
c = counter(); print(c(), c())

# Assignment and unpacking.
a = b = [1, 2, 3]
x, *y, z = range(5)
(p, q), [r] = (1, 2), [3]
a[0], a[1:2] = 9, [8, 7]
a[0] += 1; a[1:3] *= 2
class O: pass
o = O(); o.x = 1; o.x += 2; o.y: int = 5
print(a, b, x, y, z, p, q, r, o.x, o.y, __annotations__)
del a[0], o.x
print(a, hasattr(o, 'x'))

# Operators, comparisons, conditions.
w0 = 3
print(1 < 2 < 3, 1 < 3 < 2, not 1, 1 and 0 or 5, 2 if a else 3, w0 is not None, 1 in (1, 2), 5 not in {1, 2})
print(7 // -2, 7 % -2, 2 ** 10, 1 << 5, ~5, -3, +3, 5 & 3 | 4 ^ 1, 3 @ M if False else 'no')
if (n := len(a)) > 1: print(n)
print('%s-%r' % (1, 'a'), 'abc'[1], (1, 2) + (3,), 'x' * 3)

# Comprehensions.
print([i * j for i in range(3) for j in [i + 1] if i], {k: v for k, v in zip('ab', 'cd')}, {s for s in 'aab'})
print(list(i for i in range(5) if i % 2), [[j for j in range(i)] for i in range(3)])
class InClass:
    n = 3
    xs = [n0 for n0 in range(n)]
    fs = [lambda: i for i in range(2)]
print(InClass.xs, [f() for f in InClass.fs])

# Classes.
class Base:
    def __init_subclass__(cls, **kw): print('sub', cls.__name__, kw)
    def hi(self): return 'base'
class Derived(Base, flag=1):
    __slots__ = ()
    def hi(self): return super().hi() + '+derived' + __class__.__name__
    @property
    def __private(self): return 1
print(Derived().hi(), sorted(n for n in vars(Derived) if 'private' in n))

# Generators, exceptions, with.
def gen():
    try:
        got = yield 1
        print('got', got)
        yield from range(2)
        return 'end'
    finally:
        print('closed')
g = gen(); print(next(g), g.send('x'), next(g))
try: next(g)
except StopIteration as stop: print(stop.value)

def tries(n):
    for i in range(3):
        try:
            if n == 0: raise ValueError('v')
            if n == 1: return 'ret'
            if n == 2: break
            if n == 3: continue
        except (KeyError, ValueError) as e:
            return repr(e)
        else:
            print('else')
        finally:
            print('finally', i)
    return 'out'
print([tries(n) for n in range(5)])
try:
    try: 1 / 0
    except ZeroDivisionError as e: raise KeyError('k') from e
except KeyError as k: print(repr(k.__cause__))
try: assert 1 == 2, 'msg'
except AssertionError as e: print(e)
class CM:
    def __init__(self, s): self.s = s
    def __enter__(self): print('enter'); return self
    def __exit__(self, *a): print('exit', a[0]); return self.s
with CM(True) as m, CM(False): raise RuntimeError
def early():
    with CM(False): return 'early'
print(early())

# f-strings.
w = 10
print(f'{w!r:>{w}}|{w=}|{{}}{"nested" + f"{w:x}"}|{w:%Y}' if False else f'{w!r:>{w}}|{w=}|{{}}{"nested" + f"{w:x}"}')

# match
def m(v):
    match v:
        case 0 | 1: return 'small'
        case -2 | 1.5: return 'num'
        case [a, *_, b] if a == b: return 'same ends'
        case [1, x]: return x
        case {'k': k, **rest}: return k, rest
        case str(s): return s
        case O(x=1) as obj: return 'O'
        case None: return 'none'
        case _: return 'other'
print([m(v) for v in (0, -2, [1, 2, 1], [1, 5], {'k': 1, 'z': 2}, 's', None, 3.5)])

# except*
try: raise ExceptionGroup('g', [ValueError(1), TypeError(2), KeyError(3)])
except* ValueError as e: print('V', e.exceptions)
except* (TypeError, KeyError) as e: print('TK', e.exceptions)

# Type parameters.
class Stack[T: (int, str), *Ts, **P]:
    def push[U = int](self, x: U) -> T: return x
type Alias[T] = list[T]
print(Stack.__type_params__, Alias.__value__, Stack().push(1), Stack.push.__annotations__)

# async
async def agen():
    for i in range(3): yield i
class ACM:
    async def __aenter__(self): return 1
    async def __aexit__(self, *a): return False
async def main():
    async with ACM() as v:
        return v, [i async for i in agen() if i], {i: await aid(i) async for i in agen()}
async def aid(x):
    await asyncio.sleep(0)
    return x
print(asyncio.run(main()))
global_name = 1
def setg():
    global global_name
    global_name = 2
setg(); print(global_name)
exec("print([*range(3)], {**{'a': 1}}, (*'ab',), max(*[1, 2]), dict(**{'x': 1}, y=2))")
