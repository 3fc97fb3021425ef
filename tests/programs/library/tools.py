"""functools, itertools, heapq, bisect, collections, contextlib together."""
import bisect
import contextlib
import heapq
import itertools
import operator
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
from functools import cached_property, lru_cache, partial, reduce, singledispatch, wraps

@singledispatch
def show(x): return f"obj {x!r}"
@show.register
def _(x: int): return f"int {x}"
@show.register(list)
def _(x): return f"list {len(x)}"

@lru_cache(maxsize=None)
def fibo(n): return n if n < 2 else fibo(n-1) + fibo(n-2)


class Lazy:
    @cached_property
    def value(self):
        print("computed")
        return 7


def twice(function):
    @wraps(function)
    def inner(*args):
        return function(*args) * 2

    return inner


@twice
def named(x):
    """Its own text."""
    return x + 1


print(show(3), show([1, 2]), show("s"), fibo(80), fibo.cache_info())
lazy = Lazy()
print(lazy.value, lazy.value, named(3), named.__name__, named.__doc__)
print(Counter("abracadabra").most_common(3), dict(defaultdict(int, a=1)), deque([1, 2, 3], maxlen=2))
print(OrderedDict(a=1), ChainMap({"a": 1}, {"b": 2})["b"], Counter("aab") - Counter("ab"))
print(list(itertools.accumulate([1, 2, 3, 4], operator.mul)), ["".join(g) for _, g in itertools.groupby("aaabbc")])
print(list(itertools.product("ab", repeat=2))[:3], list(itertools.islice(itertools.cycle("xy"), 5)))
print(list(itertools.pairwise([1, 2, 3])), list(itertools.batched("abcdefg", 3)), list(itertools.combinations("abc", 2)))
heap = [5, 1, 4]
heapq.heapify(heap)
print(heapq.heappop(heap), heapq.nlargest(2, [1, 9, 3]), list(heapq.merge([1, 4], [2, 3])), bisect.bisect_left([1, 3, 5], 3))
print(reduce(operator.add, map(lambda x: x * x, range(10))), partial(int, base=2)("101"))
with contextlib.ExitStack() as stack:
    for name in "ab":
        stack.callback(print, "leaves", name)
    stack.enter_context(contextlib.suppress(KeyError))
    {}["x"]
print("went on")
