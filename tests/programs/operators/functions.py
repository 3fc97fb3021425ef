def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

import operator as op
print(op.add(1, 2), op.sub(5, 3), op.mul("a", 3), op.truediv(7, 2), op.floordiv(7, 2), op.mod(7, 3), op.pow(2, 5), op.lshift(1, 4), op.rshift(16, 2), op.and_(6, 3), op.or_(6, 3), op.xor(6, 3), op.neg(5), op.pos(-5), op.invert(5), op.inv(0), op.abs(-3), op.index(True), op.not_(0), op.truth([]), op.is_(None, None), op.is_not(1, None))
print(op.lt(1, 2), op.le(2, 2), op.eq(1, 1.0), op.ne(1, 2), op.gt(1, 2), op.ge(2, 2), op.concat([1], [2]), op.contains([1, 2], 2), op.countOf([1, 2, 1], 1), op.indexOf([5, 6], 6), op.getitem([1, 2], 1), op.getitem({"a": 1}, "a"), op.length_hint([1, 2]), op.length_hint(iter([1, 2, 3])), op.length_hint(5, 7), op.call(max, 1, 2, key=lambda x: -x))
l = [1, 2, 3]; op.setitem(l, 0, 9); op.delitem(l, 1); print(l, op.iadd(l, [5]) is l, l, op.iconcat([1], (2,)), op.imul([1], 2), op.isub(5, 2), op.ior({1}, {2}), op.ipow(2, 3), op.itruediv(1, 2), op.ifloordiv(7, 2), op.imod(7, 4), op.ilshift(1, 3), op.irshift(8, 1), op.iand(6, 3), op.ixor(6, 3))
t(op.add, 1, "a"); t(op.concat, 1, 2); t(op.indexOf, [1], 5); t(op.getitem, [1], 5); t(op.neg, "a"); t(op.index, 1.5); t(op.lt, 1, "a"); t(op.length_hint, 5, "a"); t(op.length_hint, 5, 1.5); t(op.add, 1); t(op.iconcat, 1, []); t(op.contains, 5, 1); t(op.countOf, 5, 1); t(op.matmul, 1, 2)
class H:
    def __init__(self, v): self.v = v
    def __length_hint__(self):
        if isinstance(self.v, Exception): raise self.v
        return self.v
print(op.length_hint(H(5)), op.length_hint(H(NotImplemented), 3), op.length_hint(H(TypeError()), 4)); t(op.length_hint, H(-1)); t(op.length_hint, H("a")); t(op.length_hint, H(ValueError("v")))
g = op.itemgetter(1); print(g("abc"), op.itemgetter(0, 2)("abc"), op.itemgetter("a")({"a": 1}), op.itemgetter(slice(1, 3))("abcd"), g, op.itemgetter(1, 2), op.itemgetter("x")); t(op.itemgetter); t(g, []); t(g, 5); t(g); t(g, 1, 2); t(op.itemgetter, x=1)
class A: pass
a = A(); a.b = A(); a.b.c = 5; a.d = 6
print(op.attrgetter("d")(a), op.attrgetter("b.c")(a), op.attrgetter("d", "b.c")(a), op.attrgetter("x"), op.attrgetter("a.b", "c")); t(op.attrgetter, 5); t(op.attrgetter); t(op.attrgetter("zz"), a); t(op.attrgetter("b.zz"), a)
print(op.methodcaller("upper")("abc"), op.methodcaller("replace", "a", "b")("aaa"), op.methodcaller("split", sep=",")("a,b"), op.methodcaller("f", 1, x=2), op.methodcaller("g")); t(op.methodcaller); t(op.methodcaller, 5); t(op.methodcaller("zz"), 5)
print(sorted([(1, "b"), (2, "a")], key=op.itemgetter(1)), list(map(op.mul, [1, 2], [3, 4])), op.__name__, op.__lt__ is op.lt, sep=" | ")
