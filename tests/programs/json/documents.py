import json, _json
from collections import OrderedDict
def t(f, *a, **k):
    try: print(repr(f(*a, **k)))
    except BaseException as e: print(type(e).__name__, e)
docs = ['null','true','[1, 2.5, -3e2, "a\\n\\u00e4\\ud83d\\ude00", {"a": [], "b": {}}]', '{"a": {"b": [1,2,{"c": null}]}}', '', '  ', '[', '[1', '[1,', '[1,]', '{', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{a:1}', '"abc', '"a\\x"', '"\\u12"', '"\\ud83d"', '"\\ud83d\\u0041"', '"\n"', '01', '-', '1.', '1e', '1e5', '-0', '-0.0', '1E400', 'NaN', '-Infinity', 'Infinity', 'nul', 'truefalse', '[1 2]', '{"a" 1}', '1 2', '123456789012345678901234567890', '{"a":1,"a":2}', ' [ 1 , 2 ] ', '[[[[]]]]', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"€\\u20ac"', '\ufeff[]', '[1,,2]', '{"a":1 "b":2}', '{1:2}', '["a","b"', 'x', '[NaN, Infinity]', '"\\']
for d in docs: t(json.loads, d)
t(json.loads, b'{"a": "\xc3\xa4"}'); t(json.loads, '[1]'.encode("utf-16")); t(json.loads, bytearray(b'[1]')); t(json.loads, 5)
t(json.loads, '{"a":{"b":1}}', object_hook=lambda d: ("h", sorted(d.items()))); t(json.loads, '{"b":1,"a":{"c":2}}', object_pairs_hook=OrderedDict); t(json.loads, '[1.5, 2, NaN]', parse_float=str, parse_int=lambda s: s+"!", parse_constant=lambda s: "<"+s+">")
t(json.loads, '"\n"', strict=False)
objs = [None, True, False, 1, -5, 10**30, 1.5, 1e100, -0.0, float("nan"), float("inf"), -float("inf"), "a\n\"\\\u00e4€😀\x7f\x00\ud800", [], {}, (), [1, [2, (3,)]], {"a": 1, "b": [1, {"c": None}]}, {1: 2, 2.5: 3, None: 4, True: 5, False: 6, float("inf"): 7}, {"k": {}}, {(1,2): 3}, {1, 2}, 5j, b"x", object]
for o in objs:
    t(json.dumps, o); t(json.dumps, o, indent=2, sort_keys=False, ensure_ascii=False)
t(json.dumps, {"b": 1, "a": [1, 2], "c": {"z": 1, "y": 2}}, sort_keys=True, indent="--", separators=(",", ":")); t(json.dumps, {(1,2): 3, "a": 1, None: 2}, skipkeys=True); t(json.dumps, float("nan"), allow_nan=False); t(json.dumps, {1, 2}, default=sorted); t(json.dumps, {"x": 5j}, default=lambda o: [o.real, {"im": o.imag}])
l = []; l.append(l); t(json.dumps, l); d = {}; d["a"] = [d]; t(json.dumps, d); t(json.dumps, 5j, default=lambda o: o)
class I(int):
    def __repr__(self): return "I!"
class F(float):
    def __repr__(self): return "F!"
class S(str): pass
class L(list): pass
class D(dict): pass
class E(json.JSONEncoder):
    def default(self, o): return f"<{type(o).__name__}>"
t(json.dumps, [I(5), F(2.5), S("s"), L([1]), D(a=1), OrderedDict(z=1, a=2)]); t(json.dumps, [object(), {3}], cls=E); t(E(indent=1).encode, {"a": object()}); t(lambda: list(json.JSONEncoder().iterencode([1, {"a": 2}])))
t(json.dumps, {"a": 1, 2: 3}, sort_keys=True); t(json.dumps, [1, 2], indent=0); t(json.dumps, [[], {}, [[]]], indent=3)
t(_json.scanstring, 'abc"def', 0); t(_json.scanstring, 'abc', 0); t(_json.scanstring, 'a', 5); t(_json.scanstring, 5, 0); t(_json.encode_basestring, 'ä\n'); t(_json.encode_basestring_ascii, 'ä😀\n'); t(_json.encode_basestring, 5)
try: json.loads('{"a":\n [1,\n 2,,]}')
except json.JSONDecodeError as e: print(e.msg, e.pos, e.lineno, e.colno, e.doc)
print(json.JSONDecoder().raw_decode('[1] rest'), json.JSONDecoder().scan_once.__class__.__name__, json.encoder.c_make_encoder)
import io
f = io.StringIO(); json.dump({"a": [1, 2]}, f, indent=1); print(f.getvalue()); f.seek(0); print(json.load(f))
deep = "[" * 3000 + "]" * 3000; x = json.loads(deep); print(len(json.dumps(x)))
for e in (lambda: json.loads("[" * 100000),):
    try: e()
    except RecursionError as r: print("RecursionError", r)
big = [{"id": i, "name": f"n{i}", "v": [i * 0.5, None, True]} for i in range(1000)]
print(json.loads(json.dumps(big)) == big, json.loads(json.dumps(big, indent=2)) == big)
