def t(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__ + ":", e)

print([1, 2] == [1, 2], [1, 2] == (1, 2), [1] < [1, 2], [2] > [1, 9], [1, 2] <= [1, 2], [] < [0], [1, 3] != [1, 2])
t(lambda: [1] < ["a"]); t(lambda: [1] < (1,)); t(lambda: [[1]] < [["a"]])
nan = float("nan"); print([nan] == [nan], [nan] == [float("nan")], (nan,) == (nan,), nan in [nan], [nan].index(nan), [nan].count(nan))
class Loud:
    def __init__(self, n): self.n = n
    def __eq__(self, other): print("eq", self.n, getattr(other, "n", other)); return self.n == getattr(other, "n", other)
    def __lt__(self, other): print("lt", self.n, other.n); return "less"
a, b = [Loud(1), Loud(2)], [Loud(1), Loud(3)]
print(a == b); print(a < b); print([Loud(1)] == [Loud(1)], 5 in [Loud(4), Loud(5)])
class Changer:
    def __eq__(self, other): target.clear(); return False
target = [Changer(), Changer(), 3]
print(target == [1, 2, 3], target)
target = [Changer(), 2]; print(target.count(5), target)
target = [Changer(), 2]; t(target.remove, 9); t(target.index, 1)
class TrueChanger:
    def __eq__(self, other): target.clear(); return True
target = [TrueChanger(), 2]; t(target.remove, 2); print(target)
deep = []
for _ in range(50): deep = [deep]
other = []
for _ in range(50): other = [other]
print(deep == other, deep < other)
a = []; a.append(a); b = []; b.append(b)
try: a == b
except RecursionError as e: print("RecursionError", e)
