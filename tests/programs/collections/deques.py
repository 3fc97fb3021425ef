def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

from collections import deque
d = deque([1, 2, 3]); print(d, len(d), d[0], d[-1], 2 in d, list(d), deque(), deque("abc", 2), deque(maxlen=3), d.maxlen, deque([1], maxlen=0))
d.append(4); d.appendleft(0); d.extend([5, 6]); d.extendleft([-1, -2]); print(d, d.pop(), d.popleft(), d); t(deque().pop); t(deque().popleft); t(lambda: d[100]); t(lambda: d["a"]); t(lambda: d[1:2])
d.rotate(2); print(d); d.rotate(-1); print(d); d.rotate(0); d.rotate(100); d.rotate(-101); print(d); d.rotate(); print(d); t(d.rotate, "a"); deque().rotate(5)
d.reverse(); print(d); print(d.count(3), d.index(3)); t(d.index, 99); d.remove(3); print(d); t(d.remove, 99); d.insert(1, "x"); d.insert(-1, "y"); d.insert(100, "z"); d.insert(-100, "w"); print(d); d[0] = "set"; del d[1]; print(d)
b = deque([1, 2, 3], maxlen=3); b.append(4); print(b); b.appendleft(0); print(b); b.extend("xy"); print(b); t(b.insert, 0, 1); t(deque, [], -1); t(deque, [], "a"); t(deque, 5); t(deque, [], 1, 2)
print(deque([1, 2]) == deque([1, 2]), deque([1]) < deque([2]), deque([1]) == [1], deque([1]) != deque([1, 2]), deque([1, 2]) > deque([1])); t(lambda: deque() < []); t(hash, deque())
print(deque([1]) + deque([2]), deque([1, 2]) * 2, 3 * deque([1]), deque([1, 2], 3) * 2, deque([1]) * 0); t(lambda: deque() + []); e = deque([1]); e += [2, 3]; e *= 2; e += e; print(e)
c = d.copy(); c.clear(); print(len(d), c, bool(c), d.copy() == d, deque([1], 5).copy().maxlen, d.__copy__() == d)
def grow():
    x = deque([1, 2])
    for i in x: x.append(i)
def shrink():
    x = deque([1, 2])
    for i in x: x.popleft()
t(grow); t(shrink); it = iter(deque([1, 2])); print(it.__length_hint__(), next(it), it.__length_hint__(), list(it), next(it, "end")); print(list(reversed(deque([1, 2, 3]))))
r = deque(); r.append(r); print(r); print(deque([1], 5).__reduce__()[1:3], d.index("set"), deque("abcab").index("a", 1), deque("abcab").count("b")); t(deque("abc").index, "a", 1); t(deque("ab").index, "b", 0, 1)
class Sub(deque):
    def __init__(self, *a): super().__init__(*a); self.tag = "t"
s = Sub([1, 2]); print(s, s.tag, type(s.copy()).__name__, s + deque([3]), isinstance(s, deque)); s.__init__([9]); print(s)
class Evil:
    def __eq__(self, o): victim.clear(); return False
victim = deque([Evil(), 1]); t(lambda: 5 in victim); victim = deque([Evil(), 1]); t(victim.remove, 5); victim = deque([Evil(), 1]); t(victim.count, 5); victim = deque([Evil(), 1]); t(victim.index, 5)
q = deque()
for i in range(10000):
    q.append(i)
    if i % 3 == 0: q.popleft()
print(len(q), q[0], q[-1], sum(q)); l = deque(range(5)); l.extend(l); print(l); l.extendleft(l); print(len(l))
match deque([1, 2]):
    case [a, b]: print("matched", a, b)
