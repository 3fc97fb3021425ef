def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

l = list(range(10))
for s in [slice(None), slice(2, 5), slice(-3, None), slice(None, None, 2), slice(None, None, -1), slice(8, 2, -2),
          slice(100, 200), slice(-100, 100), slice(5, 2), slice(2, 5, -1), slice(None, -20), slice(-1, -20, -3),
          slice(0, 10, 100), slice(None, None, -100)]:
    print(s, l[s])
t(lambda: l[::0]); t(lambda: l["a"]); t(lambda: l[1.0]); t(lambda: l[None]); t(lambda: l[10]); t(lambda: l[-11])
t(lambda: l[1:"x"]); t(lambda: l[10 ** 30]); print(l[:10 ** 30], l[-10 ** 30:3])
def assign(start, stop, step, value):
    c = list(range(6)); c[start:stop:step] = value; return c
t(assign, 1, 3, None, "xyz"); t(assign, 3, 1, None, "xyz"); t(assign, None, None, None, [])
t(assign, 6, None, None, [7, 8]); t(assign, -2, None, 1, (9,)); t(assign, None, None, 2, "abc")
t(assign, None, None, 2, "ab"); t(assign, None, None, -1, range(6)); t(assign, None, None, 1, 5); t(assign, 0, 6, 3, 5)
t(assign, 4, 0, -2, "pq"); t(assign, 0, 0, 2, ""); t(assign, 5, 1, 2, "")
def delete(start, stop, step):
    c = list(range(10)); del c[start:stop:step]; return c
t(delete, 2, 5, None); t(delete, None, None, 2); t(delete, None, None, -3); t(delete, 5, 2, None); t(delete, 8, 1, -2)
t(delete, None, None, None); t(delete, 0, 10, 0)
c = [1, 2, 3]; c[:] = c; print(c); c[1:1] = c; print(c); c[::2] = c[::2]; print(c)
def index(i):
    c = [1, 2, 3]; c[i] = "new"; return c
t(index, 0); t(index, -1); t(index, 3); t(index, -4); t(index, "a")
def remove(i):
    c = [1, 2, 3]; del c[i]; return c
t(remove, 0); t(remove, -1); t(remove, 3); t(remove, None)
class Index:
    def __init__(self, i): self.i = i
    def __index__(self): return self.i
print(l[Index(3)], l[Index(2):Index(5)], l[Index(-1)], l[True], [1] * Index(2))
class BadIndex:
    def __index__(self): return "no"
t(lambda: l[BadIndex()]); t(lambda: l[BadIndex():])
class Shrinking:
    def __iter__(self):
        del victim[2:]
        return iter("xy")
victim = list(range(8)); victim[4:6] = Shrinking(); print(victim)
class ShrinkIndex:
    def __index__(self):
        victim.clear()
        return 1
victim = list(range(8)); t(lambda: victim[ShrinkIndex()]); victim = list(range(8)); print(victim[ShrinkIndex():], victim)
