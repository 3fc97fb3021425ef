# Tokens of source text, comments and line ends included.
import _tokenize
def lines(src):
    it = iter(src.splitlines(True)); return lambda: next(it, '')
def show(src):
    print(repr(src))
    try:
        for t in _tokenize.TokenizerIter(lines(src), extra_tokens=True):
            print('  ', t)
    except Exception as e:
        print('  ', type(e).__name__, e.msg, e.lineno, e.offset)
for s in ["a = 1\n", "a", "if x:\n    y # c\n\n  # odd\n    z\nw", "f'a{{b}}{x!r:>{w}}c{y=}'\n", "x = '''a\nb''' + c\n", "(a,\n  # c\n b)\n", "# only", "\n\n", "", "a\\\n+b\n", "f'''{\nx\n:{y}}\n z'''\n", "a\r\nb\r\n", "if x:\n\ty\n        z\n", "  a\n b\n", "é = 1\n", "'abc", "'''abc\n", "(a", "0x", "1_000.5e-3j 0xfF 1__0\n", "$\n", "a ? b\n", "if x:\n  a\n b\n", "a)\n", "rb'x' Rf'{a}' u''\n", "lambda:0; x->y := ... != <> ** //= >>=\n", "async def f(): await x\n", "f'{a:{b}' \n", "f'{x:%H:%M}'\n", "f'{x!r}'", "def f():\n  pass\n# end\n", "a \\\n", "01\n", "1if x\n","f'\\N{DASH} {x}'\n", "rf'\\{x}'\n", "a;b\n\n#c\n\n", "    # c\na\n", "x = (1,\n\n2)\n", "f'{x:\n}'\n", 'f"{a["b"]}"\n', "\t\n", "if 1:\n a\n\n\nb\n"]:
    show(s)
