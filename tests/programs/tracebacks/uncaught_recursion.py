# status: 1
# stderr
# Repeated frames are told once.
import sys
sys.setrecursionlimit(120)
def f(n):
    return f(n + 1)
def a(n):
    return b(n)
def b(n):
    if n == 0:
        raise ValueError("bottom")
    return a(n - 1)
try:
    a(5)
except ValueError:
    f(0)
