# f-strings: nesting, quotes, conversions, =, specs with fields, lambdas, multi-line, unicode names, errors.
def t(f):
    try: print(f())
    except Exception as e: print(type(e).__name__ + ":", e)
x, y, w, s = 3.14159, 42, 10, "text"
print(f"{x:.2f}|{y:>{w}}|{s!r:^{w + 2}}|{y:0{w}b}|{x:{w}.{w // 5}f}|{'nested ' + f'{y + 1}'}|{{literal}}|{{{y}}}")
print(f"{x=}|{y = }|{s=!s}|{s = !r:>8}|{x=:.1f}|{y + 1 = }|{f'{s}'=}|{ x = :>10.3f}")
print(f"{y!s}{y!r}{s!a}{'é'!a}", f'{"double"}{'same'}', f"{'a' 'b'}", f"""{
    y
}""")
print(f"{(lambda a: a * 2)(y)} {[i for i in range(3)]} { {'k': 1}['k']} {y if y > 3 else s} {(z := 5)} {z:=+3} {y!r:}")
print(rf"\d{y}\n", f"\x41{y}\N{LATIN SMALL LETTER E WITH ACUTE}\t|", Rf"{y}\{y}", f"{'\n'.join('ab')}", f"{y}" "plain {y}" f"{s}")
class F:
    def __format__(self, spec): return f"<{spec}>"
    def __repr__(self): return "F()"
    def __str__(self): return "str F"
f = F(); print(f"{f} {f:abc} {f!s:>8} {f!r} {f:{y}{s}} {f:%Y-%m} {f::} {f:!r} {f:{{}}}" if False else f"{f} {f:abc} {f!s:>8} {f!r} {f:{y}{s}} {f:%Y-%m} {f::}")
class Bad:
    def __format__(self, s): return 5
class Bad2:
    def __str__(self): return 5
class Raises:
    def __repr__(self): raise ValueError("repr")
t(lambda: f"{Bad()}"); t(lambda: f"{Bad2()!s}"); t(lambda: f"{Raises()!r}"); t(lambda: f"{y:.2x}"); t(lambda: f"{s:d}"); t(lambda: f"{x:s}"); t(lambda: f"{None:>5}"); t(lambda: f"{[]:5}"); t(lambda: f"{undefined}"); t(lambda: f"{y:{'bad'}}"); t(lambda: f"{y:,}{10**6:,}{10**6:_}{255:#x}{-5:+}{5: }{1e10:g}{0.1:%}"); t(lambda: f"{object():x}")
print(f"{'a'!r:{'>'}{w}}", f"{1:{'>' if True else '<'}5}", f"{y:{w}}".strip(), f"{f'{f"{f'{y}'}"}'}", f"{'{'}{'}'}", f"{chr(123)}", f'{x:{"{"}>10}' if False else "")
def gen():
    r = f"{(yield 1)}-{(yield 2)}"
    yield r
g = gen(); next(g); g.send("a"); print(g.send("b"))
order = []
def o(n): order.append(n); return n
print(f"{o(1)}{o(2):{o(3)}}{o(4)!r}", order)
for src in ('f"{"', 'f"}"', 'f"{}"', 'f"{x!}"', 'f"{x!z}"', 'f"{x:{"', 'f"{!r}"', 'f"{lambda x: 1}"', 'f"{x =!}"', "f'{'", 'f"{*x}"', 'f"{x:}}"', 'f"{yield}"', 'f"{\'"'):
    try: print(eval(src))
    except SyntaxError as e: print(type(e).__name__, e.msg)
    except Exception as e: print(type(e).__name__, e)
