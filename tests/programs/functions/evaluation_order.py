# The order in which operands, arguments, targets and defaults are evaluated.
log = []
def v(name, value=None):
    log.append(name)
    return value
def show():
    print(" ".join(log)); log.clear()
class Box:
    def __init__(self, n): self.__dict__["n"] = n
    def __setattr__(self, a, x): log.append(f"set {self.n}.{a}")
    def __getattr__(self, a): log.append(f"get {self.n}.{a}"); return self
    def __setitem__(self, i, x): log.append(f"setitem {self.n}[{i}]")
    def __getitem__(self, i): log.append(f"getitem {self.n}[{i}]"); return self
    def __delitem__(self, i): log.append(f"delitem {self.n}[{i}]")
    def __call__(self, *a, **k): log.append(f"call {self.n}{a}{k}"); return self
    def __add__(self, o): log.append(f"add {self.n}"); return self
    def __iadd__(self, o): log.append(f"iadd {self.n}"); return self
    def __lt__(self, o): log.append(f"lt {self.n}"); return True
    def __bool__(self): log.append(f"bool {self.n}"); return True
    def __hash__(self): log.append(f"hash {self.n}"); return 1
    def __eq__(self, o): log.append(f"eq {self.n} {o.n}"); return False
    def __enter__(self): log.append(f"enter {self.n}"); return self
    def __exit__(self, *a): log.append(f"exit {self.n}")
    def __contains__(self, o): log.append(f"contains {self.n}"); return False
    def __index__(self): log.append(f"index {self.n}"); return 0
    def __format__(self, s): log.append(f"format {self.n} {s}"); return self.n
a, b, c = Box("a"), Box("b"), Box("c")
v("f", a)(v("x"), *v("star", (1,)), v("y"), k=v("k"), **v("kw", {"z": 1})); show()
v("o", a)[v("i", 0)] = v("value"); show()
v("o", a).x = v("value"); show()
v("o", a)[v("i", 0)] += v("value"); show()
v("o", a).x += v("value"); show()
v("p", a)[v("i", 1)], v("q", b).y = v("r", (1, 2)); show()
x = v("p", a)[v("i", 1)] = v("r", (1, 2)); show()
{v("k1", 1): v("v1"), v("k2", 2): v("v2"), **v("m", {3: 4}), v("k3", 5): v("v3")}; show()
[v("l1"), *v("l2", [1]), v("l3")]; show()
a + v("rhs", b); show()
v("1", a) < v("2", b) < v("3", c); show()
v("t", a) and v("u", 0) or v("w", 2); show()
v("yes", 1) if v("cond", 0) else v("no", 2); show()
with v("m1", a) as v("t1", b).x, v("m2", c) as y: v("body"); show()
{a: 1, b: 2}; show()
{a, b}; show()
a not in b; show()
[0, 1, 2][v("lo", a):v("hi", b)]; show()
f"{v('fa', a)!s:{v('w', 3)}} {v('fb', b):>{v('p', 5)}}" if False else f"{v('fa', a):{v('w', '3')}}{v('fb', b)}"; show()
del v("d", a)[v("di", 1)]; show()
def deco(n):
    log.append(f"deco {n}")
    def apply(f): log.append(f"apply {n}"); return f
    return apply
@deco(1)
@deco(2)
def g(p=v("dp"), *, q=v("dq")) -> v("ann"): pass
show()
@deco(3)
class K(v("base", object), metaclass=v("meta", type)): v("cbody")
show()
for v("target", a).x in v("iter", [1, 2]): v("loop")
show()
assert v("test", 1), v("message"); show()
print([(i, j) for i in v("i", [1, 2]) for j in v("j", [3]) if v("cond", 1)]); show()
lambda p=v("lam"): v("never"); show()
try: v("undefined", missing)(v("arg"))
except NameError as e: print(e); show()
try: v("f", 5)(v("arg"))
except TypeError as e: print(e); show()
try: v("t", a).y.z, u = v("one", [1])
except Exception as e: print(type(e).__name__, e); show()
i = 0
l = [0, 0, 0]
i, l[i] = 1, 2; print(i, l)
l = [1, 2]; l[0], l[1] = l[1], l[0]; print(l)
x = [x, l] = 5, 6 if False else [7, 8]; print(x, l)
