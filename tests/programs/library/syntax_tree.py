# Syntax trees: parsing, classes, constructors, unparsing.
import ast
SRC = '''
"""doc"""
import os, sys as s
from . import x
from ..a.b import c as d, e
@deco
async def f(a, /, b: int = 1, *args, c, d=2, **kw) -> int:
    async with a as b, c: pass
    async for x in y: await z
    else: return
    yield
    yield 1, 2
    return [i async for i in j if k]
class A[T: int, *Ts, **P](B, metaclass=M):
    x: int = 3
    (y): str
    def g(self): nonlocal q; global r; del a, b[1:2:3], c.d
type X[T = int] = list[T]
if a and b or not c: pass
elif d: x = y = *z, 1
else: x += 1
while (n := 5) < 3 <= 4 != 5: break
for i, (j, k) in {}: continue
try: raise X from Y
except (A, B) as e: pass
except: pass
else: pass
finally: assert x, "m"
try: pass
except* E: pass
match p:
    case {"a": 1, **rest} if g: pass
    case A(x, y=1) | [1, *_, -2.5j] | None | "s" | a.b as z: pass
    case _: pass
lambda *, x=1: x if y else z
{1: 2, **a}; {1, 2}; [*a]; (yield); (a for b in c)
{k: v for k, v in d}; {q for q in r}
f"{a!r:>{w}} {b=} {{}}" "tail" u"u"
u"unicode" if 1 else b"x" b"y"
print(a, *b, k=1, **c); ~-+x; a @ b // c ** d >> 3 ^ 4 & 5 | 6; x is not y in z not in w
1_000; 0x10; 1.5; 2j; ...; True; 99999999999999999999999
'''
print(ast.dump(ast.parse(SRC), indent=1, include_attributes=True))
print(ast.dump(ast.parse('a + b', mode='eval')), ast.dump(ast.parse('a; b', mode='single')))
print(ast.unparse(ast.parse(SRC)))
print(ast.literal_eval("{'a': [1, 2.5, (True, None)], 'b': -3 + 2j}"))
print([type(n).__name__ for n in ast.walk(ast.parse('a[1] = b'))])
class V(ast.NodeTransformer):
    def visit_Name(self, node): return ast.copy_location(ast.Name(node.id * 2, node.ctx), node)
print(ast.unparse(V().visit(ast.parse('a = b + c'))))
for cls in (ast.Name, ast.stmt, ast.expr_context, ast.Load, ast.arguments, ast.AST, ast.Constant):
    print(cls, cls._fields, cls._attributes, getattr(cls, '_field_types', None), cls.__doc__, cls.__mro__, cls.__match_args__)
import warnings
warnings.simplefilter('always')
def warn(message, category, *rest): print(category.__name__, message)
warnings.showwarning = warn
def show(f, *a, **k):
    try:
        n = f(*a, **k); print(sorted((k, v if isinstance(v, (str, int, list, type(None))) else type(v).__name__) for k, v in vars(n).items()))
    except Exception as e: print(type(e).__name__, e)
show(ast.Name); show(ast.Name, 'x'); show(ast.Name, id='x', ctx=3, lineno=1); show(ast.Name, 'x', id='y'); show(ast.Name, 1, 2, 3); show(ast.Name, bad=1)
show(ast.FunctionDef, 'f'); show(ast.AST, 1); show(ast.AST, x=1); show(ast.Constant, 1); show(ast.Pass, end_lineno=3)
import copy
n = ast.parse('a + 1')
print(ast.dump(copy.deepcopy(n)))
print(ast.Name('x').__reduce_ex__(2)[1], sorted(ast.Name('x').__reduce_ex__(2)[2]))
match ast.Constant(5):
    case ast.Constant(v): print('matched', v)
for bad in ('a +', 'def f(', '(' * 300, 'x = = 1'):
    try: ast.parse(bad)
    except SyntaxError as e: print(type(e).__name__, e.msg, e.lineno, e.offset)
