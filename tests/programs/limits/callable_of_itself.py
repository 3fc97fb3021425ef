class A: pass
A.__call__ = A()
try:
    A()()
except RecursionError as error:
    print(type(error).__name__, error)
