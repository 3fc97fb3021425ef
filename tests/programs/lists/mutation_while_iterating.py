def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

l = [1, 2, 3, 4]
for x in l:
    if x == 2: l.remove(2)
    print(x)
l = [0]
for x in l:
    if len(l) < 5: l.append(x + 1)
print(l)
it = iter([1, 2]); print(list(it), list(it), next(it, "end"))
l = [1]; it = iter(l); next(it); print(next(it, None)); l.append(2); print(next(it, "stays exhausted"))
l = [1, 2, 3]; it = reversed(l); print(next(it)); l.clear(); print(next(it, "gone"))
it = iter([1, 2, 3]); print(it.__length_hint__()); next(it); print(it.__length_hint__(), it.__reduce__()[1:]); it.__setstate__(0); print(list(it), it.__reduce__()[1:])
it = iter([1, 2, 3]); it.__setstate__(-5); print(next(it, "negative")); it.__setstate__(100); print(list(it))
r = reversed([1, 2, 3]); print(r.__length_hint__(), r.__reduce__()[1:]); r.__setstate__(0); print(list(r))
class Sub(list):
    def __getitem__(self, i): return "sub"
    def __iter__(self): return iter("xy")
s = Sub([1, 2]); print(s[0], list(s), s, len(s), s + [3], type(s + [3]).__name__, type(s[:]).__name__, [*s], tuple(s))
class Len(list):
    def __len__(self): return 42
print(len(Len()), bool(Len()), Len([1]))
class Init(list):
    def __init__(self, *a, **k): super().__init__(a); self.k = k
i = Init(1, 2, x=3); print(i, i.k); i.extra = "y"; print(i.extra, i.__dict__)
l = [1, 2, 3]; l.__init__(); print(l); l.__init__("ab"); print(l)
def gen():
    for i in range(3):
        l.append("side"); yield i
l = []; l.extend(gen()); print(l)
