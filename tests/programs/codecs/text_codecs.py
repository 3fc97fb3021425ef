import codecs
import encodings
import os
import _codecs
def t(f, *a, **k):
    try: print(f.__name__ if hasattr(f,'__name__') else f, "->", repr(f(*a, **k)))
    except BaseException as e: print(type(e).__name__, e)
s = "aä€😀\ud800z"
for enc in ["utf-8","utf-16","utf-32","utf-16-le","utf-16-be","utf-32-be","latin-1","ascii","cp1252","cp437","utf-7","unicode_escape","raw_unicode_escape","utf-8-sig","koi8-r","iso8859-15","mac_roman","cp037","punycode"]:
    for err in ["strict","ignore","replace","backslashreplace","xmlcharrefreplace","namereplace","surrogateescape","surrogatepass"]:
        try: print(enc, err, s.encode(enc, err))
        except Exception as e: print(enc, err, type(e).__name__, e)
b = b"a\xe4\x80\xff\\x41\\u20ac+AGE-\x00\x81z"
for enc in ["utf-8","utf-16","utf-32","utf-16-le","utf-16-be","utf-32-be","latin-1","ascii","cp1252","cp437","utf-7","unicode_escape","raw_unicode_escape","utf-8-sig","koi8-r","iso8859-15","cp1250"]:
    for err in ["strict","ignore","replace","backslashreplace","surrogateescape","surrogatepass"]:
        try: print(enc, err, repr(b.decode(enc, err)))
        except Exception as e: print(enc, err, type(e).__name__, e)
print(codecs.lookup("utf-8").name)
def h(e):
    print(type(e).__name__, e.encoding, e.object, e.start, e.end, e.reason); return ("<%d>" % (e.end-e.start), e.end)
codecs.register_error("mine", h)
print("aä€b".encode("ascii","mine"), b"a\xff\xfeb".decode("utf-8","mine"), "ä\u0100b".encode("cp1252", "mine"), "x\u4e00".encode("latin-1", "mine"))
for hn in ["strict","ignore","replace","backslashreplace","xmlcharrefreplace","namereplace","surrogateescape","surrogatepass"]:
    f = codecs.lookup_error(hn)
    for e in [UnicodeEncodeError("utf-8","a\ud800€b",1,3,"r"), UnicodeDecodeError("utf-8",b"a\xed\xa0\x80b",1,4,"r"), UnicodeTranslateError("a€b",1,2,"r"), ValueError("v"), 5]:
        try: print(hn, f(e))
        except BaseException as x: print(hn, type(x).__name__, x)
def search(name):
    print("search", name)
    if name == "my_codec": return codecs.CodecInfo(lambda s, e=0: (s.upper().encode(), len(s)), lambda b, e=0: (bytes(b).decode().lower(), len(b)), name="my-codec")
codecs.register(search)
print("abc".encode("my-Codec"), b"ABC".decode("my codec")); t("a".encode, "unk"); codecs.unregister(search)
i = codecs.getincrementaldecoder("utf-8")(); print(i.decode(b"\xe2\x82"), i.decode(b"\xac"), i.getstate()); t(i.decode, b"\xe2", True)
i = codecs.getincrementaldecoder("utf-16")(); print(repr(i.decode(b"\xff")), repr(i.decode(b"\xfea\x00")), i.getstate())
i = codecs.getincrementalencoder("utf-16")(); print(i.encode("a"), i.encode("b"))
i = codecs.getincrementaldecoder("utf-8-sig")(); print(repr(i.decode(b"\xef\xbb")), repr(i.decode(b"\xbfa")))
print(list(codecs.iterdecode([b"a\xc3", b"\xa4"], "utf-8")), list(codecs.iterencode(["a","ä"], "latin-1")))
import io
r = codecs.getreader("utf-8")(io.BytesIO("ä\nb\n".encode())); print(r.readline(), r.readlines())
w = io.BytesIO(); x = codecs.getwriter("utf-16-le")(w); x.write("hi"); print(w.getvalue())
path = f"/tmp/amphis_codecs_{os.getpid()}.txt"
with codecs.open(path, "w", "utf-8") as f: f.write("ä€")
with codecs.open(path, encoding="utf-8") as f: print(f.read())
os.remove(path)
for f in ["utf_8_encode","utf_8_decode","utf_16_ex_decode","utf_16_encode","escape_encode","escape_decode","readbuffer_encode","latin_1_decode","unicode_escape_decode"]:
    g = getattr(_codecs, f); 
    for a in [("a",), (b"a\\x41\\101\\q\\",), (5,), ("\u20ac","replace"), (b"ab", 5), (b"\xff\xfea\0", "strict", 0)]:
        t(g, *a)
print(codecs.charmap_encode("abx", "replace", {97: 1, 98: b"zz", 63: 63}), codecs.charmap_decode(b"\0\1\2", "replace", "ab"), codecs.charmap_decode(b"\0\1\2", "strict", {0: "xx", 1: 65, 2: 0x20ac}))
t(codecs.charmap_encode, "a", "strict", {97: 300}); t(codecs.charmap_encode, "a", "strict", {97: "s"}); t(codecs.charmap_decode, b"a", "strict", {97: 0x110000})
print(codecs.BOM_UTF8, codecs.escape_decode(rb"a\n\x41\101\q"), codecs.unicode_escape_decode(rb"\N{BULLET}\u20ac\U0001f600\a"), "\\N{foo}".encode())
t(b"\\N{foo}".decode, "unicode_escape"); t(b"\\x4".decode, "unicode_escape"); t(b"\\".decode, "unicode_escape"); t(b"\\U00110000".decode, "unicode_escape")
print("\N{BULLET}", "Hallo, Wörld".encode("utf-7"), b"W+APY-rld".decode("utf-7"), str(b"abc", "ascii"), bytes("ä", "latin-1"))
import encodings.aliases
print(len(encodings.aliases.aliases) > 100, encodings.normalize_encoding("UTF 8"))
