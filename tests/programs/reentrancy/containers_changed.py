# Containers changed while natives work on them: by __eq__, __hash__, __lt__, __index__, __iter__, key functions, __repr__.
def t(f, *a):
    try: print(f(*a))
    except Exception as e: print(type(e).__name__ + ":", e)
class Eq:
    def __init__(self, do, ret=False, h=1): self.do, self.ret, self.h = do, ret, h
    def __eq__(self, o): self.do(); return self.ret
    def __hash__(self): return self.h
    def __repr__(self): return "Eq"
l = []; l[:] = [Eq(l.clear), 2, 3]; t(l.index, 9); l[:] = [Eq(l.clear), 2]; t(l.count, 9); l[:] = [Eq(l.clear), 2]; t(lambda: 9 in l); l[:] = [Eq(l.clear), 2]; t(lambda: l == [1, 2]); l[:] = [1, Eq(lambda: l.append(5)), 2]; t(lambda: l == [1, 2, 3, 4]); print(len(l))
l[:] = [Eq(lambda: l.extend([1] * 1000)) for _ in range(3)]; t(l.count, 0); print(len(l) > 1000)
l[:] = range(5)
for x in l:
    if len(l) < 12: l.append(x * 10)
    if x == 2: del l[0]
print(l)
l[:] = range(6); print([l.pop() for _ in l]); l[:] = range(5); it = iter(l); next(it); l.clear(); print(list(it), list(it)); l[:] = [1, 2]; print(list(it))
r = reversed([1, 2, 3]); print(next(r)); l = [1, 2, 3]; r = reversed(l); next(r); l.clear(); print(list(r))
l = [3, 1, 2]
def key(x): l.append(x); return x
t(lambda: l.sort(key=key)); print(l)
l = [3, 1, 2]; t(lambda: l.sort(key=lambda x: l.clear() or x)); print(l)
l = [3, 1, 2]; seen = []; l.sort(key=lambda x: seen.append(len(l)) or x); print(seen, l)
class Lt:
    def __init__(self, n): self.n = n
    def __lt__(self, o):
        if self.n == 2: raise ValueError("lt")
        return self.n < o.n
    def __repr__(self): return f"L{self.n}"
l = [Lt(3), Lt(1), Lt(2), Lt(0)]; t(l.sort); print(sorted(x.n for x in l))
d = {}
def grow(): d[len(d) + 100] = 1
d.update({Eq(grow): 1}); t(lambda: d[Eq(lambda: None)]); print(len(d))
d = {1: 1, 2: 2, 3: 3}
def it1():
    for k in d: d[k + 10] = 1
def it2():
    for k in d: del d[k]
def it3():
    for k in d: d[k] = 0
    return d
def it4():
    for k in d: d.pop(k); d[k + 1] = 1
def it5():
    for k, v in d.items(): d.clear()
    return d
for f in (it1, it3, it2, it4, it5): t(f); d = {1: 1, 2: 2, 3: 3}
def it6():
    it = iter(d); next(it); d[50] = 1
    try: next(it)
    except RuntimeError as e: print(e)
    del d[50]
    return list(it)
t(it6)
s = {1, 2, 3}
def s1():
    for x in s: s.add(x + 10)
def s2():
    for x in s: s.discard(x)
t(s1); s = {1, 2, 3}; t(s2)
s = set(); a, b = Eq(s.clear), Eq(lambda: None); s.add(a); s.add(b); print(len(s)); s.clear(); s.add(Eq(lambda: None, True)); t(lambda: Eq(s.clear, False) in s)
s = {Eq(lambda: s.clear(), h=i % 2) for i in range(1)}; t(lambda: s | {Eq(lambda: None)}); t(lambda: s == {Eq(lambda: None)})
x = {Eq(lambda: x.clear()): 1, 2: 2}; y = {Eq(lambda: None): 1, 2: 2}; t(lambda: x == y); t(lambda: dict.fromkeys([Eq(lambda: None), Eq(lambda: None)]).__len__())
class Idx:
    def __init__(self, l): self.l = l
    def __index__(self): self.l.clear(); return 0
l = [1, 2, 3]; t(lambda: l[Idx(l)]); l = [1, 2, 3]; t(lambda: l.pop(Idx(l))); l = [1, 2, 3]; t(lambda: l.insert(Idx(l), 5)); print(l); l = [1, 2, 3]; t(lambda: l[Idx(l):]); l = [1, 2, 3]; t(lambda: l.__setitem__(Idx(l), 5)); l = [1, 2, 3]; t(lambda: l.__delitem__(Idx(l))); l = [1, 2, 3]; t(lambda: l * Idx(l)); l = [1, 2, 3]; t(lambda: l.__setitem__(slice(Idx(l), None), [7, 8])); print(l)
ba = bytearray(b"abc")
class BIdx:
    def __index__(self): ba.clear(); return 65
t(lambda: ba.__setitem__(0, BIdx())); ba = bytearray(b"abc"); t(lambda: ba.append(BIdx())); print(ba); ba = bytearray(b"abc"); t(lambda: ba.extend([BIdx(), 66])); print(ba)
class It:
    def __init__(self, l): self.l, self.n = l, 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        self.l.clear(); self.l.append(self.n)
        return self.n
l = [9, 9]; l.extend(It(l)); print(l); l = [9, 9]; l[0:1] = It(l); print(l); l = [9, 9]; l += It(l); print(l); l = [1]; l.extend(l); l += l; l[1:1] = l; print(l); l = []; t(lambda: l.extend(iter([1, 2, 1 / 0 if False else 3]))); print(l)
def failing():
    yield 1; yield 2; raise ValueError("mid")
l = [0]; t(l.extend, failing()); print(l); t(lambda: l.__setitem__(slice(0, 1), failing())); print(l); d = {0: 0}; t(d.update, ((k, k) for k in failing())); print(d); s = {0}; t(s.update, failing()); print(s); t(list, failing()); t(lambda: [*failing()]); t(sum, failing()); t("".join, (str(i) for i in failing())); t(dict, [(1, 2), (3,)]); t(dict, [1]); t(max, failing()); t(zip(failing()).__next__)
class Rep:
    def __init__(self, l): self.l = l
    def __repr__(self): self.l.clear(); return "R"
l = []; l.extend([Rep(l), 2, 3]); print(l, len(l)); d = {}; d.update({1: Rep(d), 2: 3}); t(repr, d); l = [1]; l.append(l); print(l, repr([l])); d = {}; d[1] = d; print(d); t_ = ([],); t_[0].append(t_); print(t_); s = [1]; s[:] = [s, s]; print(s)
class Str:
    def __str__(self): lst.clear(); return "x"
lst = [Str(), "b"]; t(lambda: ",".join(map(str, lst))); lst = ["a", "b"]; t(lambda: ",".join(x for x in lst if not lst.clear()))
