"""dataclasses, named tuples, enumerations and orderings of functools."""
import math
from dataclasses import asdict, astuple, dataclass, field, fields, replace
from enum import Enum, Flag, IntEnum, auto
from functools import total_ordering
from typing import NamedTuple

@dataclass(order=True)
class P:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False)
    def norm(self): return math.hypot(self.x, self.y)

class E(NamedTuple):
    a: int
    b: str = "z"

class Color(Enum):
    RED = 1
    GREEN = auto()
    @property
    def low(self): return self.name.lower()

class Perm(Flag):
    R = auto(); W = auto(); X = auto()

@total_ordering
class V:
    def __init__(s, n): s.n = n
    def __eq__(s, o): return s.n == o.n
    def __lt__(s, o): return s.n < o.n
    def __hash__(s): return hash(s.n)


class Level(IntEnum):
    LOW = 1
    HIGH = 10


print(P(1, 2), P(1, 2) < P(1, 3), sorted([P(3), P(1, 5), P(1, 2)]), P(3, 4).norm())
print([f.name for f in fields(P)], asdict(P(1, 2, ["t"])), astuple(P(1, 2)), replace(P(1, 2), y=9))
try:
    P()
except TypeError as error:
    print(error)
print(E(1), E(1)._replace(b="q"), E._fields, E(2)._asdict())
print(Color.RED, Color.GREEN.value, Color(1), Color["GREEN"].low, list(Color))
print(Perm.R | Perm.X, Perm.R in (Perm.R | Perm.W), ~Perm.R, Perm(0), Perm(7) ^ Perm.W)
print(Level.LOW < Level.HIGH, Level.HIGH + 1, repr(Level(10)), f"{Level.LOW}")
for bad in (3, "RED"):
    try:
        print(Color(bad))
    except ValueError as error:
        print(error)
print(V(1) <= V(2), V(3) > V(1), max([V(1), V(5), V(2)]).n)
