def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

class K:
    def __init__(self, n): self.n = n
    def __hash__(self): return self.n % 2
    def __eq__(self, other): log.append((self.n, other.n)); return self.n == other.n
    def __repr__(self): return f"K{self.n}"
log = []
s = {K(1), K(3), K(5)}; print(sorted(log)); log.clear()
print(K(3) in s, K(7) in s, len(s), len({K(2)} | {K(2)}), len(s & {K(1), K(9)}))
class Evil:
    def __hash__(self): return 5
    def __eq__(self, other): victim.clear(); return False
victim = set(); victim.add(Evil()); victim.add(Evil()); print(len(victim))
victim = {Evil()}; print(Evil() in victim, len(victim))
class Bad:
    def __hash__(self): return 5
    def __eq__(self, other): raise RuntimeError("eq")
t(lambda: {Bad(), Bad()}); t(lambda: {Bad()} | {Bad()}); t(lambda: {Bad()} & {Bad()}); t(lambda: {Bad()} - {Bad()}); t(lambda: {Bad()} == {Bad()}); t({Bad()}.discard, Bad())
class Sub(set):
    def __contains__(self, x): return True
    def add(self, x): super().add(("wrapped", x))
s = Sub([1]); s.add(2); print(5 in s, len(s), Sub.__name__, type(s | {3}).__name__, type(s.copy()).__name__, repr(s)); s.attr = 1; print(s.attr)
class F(frozenset):
    def __new__(cls, *args): return super().__new__(cls, [a * 2 for a in args])
f = F(1, 2); print(f, sorted(f), hash(f) == hash(frozenset([2, 4])), f == {2, 4}, type(frozenset(f)).__name__)
s = {1}; s.add(frozenset({2})); print({2} in s, frozenset({2}) in s)
r = set(); 
class R:
    def __repr__(self): return repr(r)
r.add(R()); print(r)
print({1, 2} == {1: 1, 2: 2}.keys(), {1}.__eq__([1]), {1}.__or__([1]), {1}.__lt__(5), frozenset().__hash__() == hash(frozenset()))
