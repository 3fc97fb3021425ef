def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

print(sorted([3, 1, 2]), sorted("hello"), sorted([2.5, -1.0, 0.0]), sorted([]), sorted([True, False, 2]))
print(sorted([3, 1, 2], reverse=True), sorted(["b", "A", "c"], key=str.lower), sorted(range(5), key=lambda x: -x))
print(sorted([(2, "b"), (1, "z"), (2, "a")]), sorted([[2], [1, 5], [1]]), sorted([1, 2.5, -3, 10 ** 20, 2.4]))
pairs = [(i % 3, i) for i in range(20)]
print(sorted(pairs, key=lambda p: p[0])); print(sorted(pairs, key=lambda p: p[0], reverse=True))
t(sorted, [1, "a"]); t(sorted, [1, None]); t(sorted, [1], 2); t(sorted, 5); t(sorted, [1], key=3); t([].sort, 1); t([].sort, foo=1)
t(sorted, [1, 2], reverse="yes"); t(sorted, [2, 1], key=None)
state = 12345
def rand(n):
    global state
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    return state % n
for n in (0, 1, 2, 3, 10, 63, 64, 65, 200, 1000):
    data = [rand(50) for _ in range(n)]
    class K:
        def __init__(self, v): self.v = v
        def __lt__(self, other): return self.v < other.v
    boxed = [K(v) for v in data]
    a = [k.v for k in sorted(boxed)]
    b = sorted(data)
    order = sorted(range(n), key=lambda i: K(data[i]))
    print(n, a == b, all(data[order[i]] < data[order[i + 1]] or data[order[i]] == data[order[i + 1]] and order[i] < order[i + 1] for i in range(n - 1)))
    back = sorted(range(n), key=lambda i: K(data[i]), reverse=True)
    print(all(data[back[i]] > data[back[i + 1]] or data[back[i]] == data[back[i + 1]] and back[i] < back[i + 1] for i in range(n - 1)))
class Evil:
    def __lt__(self, other):
        victim.append(1)
        return True
victim = [Evil(), Evil(), Evil()]
t(victim.sort); print(len(victim))
class Failing:
    def __init__(self, n): self.n = n
    def __lt__(self, other):
        if self.n == 7: raise KeyError("seven")
        return self.n < other.n
victim = [Failing(i * 7 % 16) for i in range(16)]
t(victim.sort); print(sorted(f.n for f in victim))
seen = []
def spy(x):
    seen.append(list(victim)); return x
victim = [2, 1]; victim.sort(key=spy); print(victim, seen)
def broken(x): raise ValueError("key")
victim = [2, 1]; t(victim.sort, key=broken); print(victim)
log = []
class Logged:
    def __init__(self, n): self.n = n
    def __lt__(self, other):
        log.append((self.n, other.n)); return self.n < other.n
for data in ([1, 2, 3], [3, 2, 1], [2, 1, 3], [3, 1, 2, 5, 4], [1, 1, 1]):
    log.clear(); sorted(map(Logged, data)); print(data, log)
print(sorted(["é", "z", "a", "\U0001F600", "\u4e00"]), sorted([b"b", b"a"]))
nan = float("nan"); print(len(sorted([nan, 1.0, nan, 0.5])))
