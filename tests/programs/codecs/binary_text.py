import binascii, base64
def t(f, *a, **k):
    try: print(getattr(f,"__name__","?"), repr(f(*a, **k)))
    except BaseException as e: print(getattr(f,"__name__","?"), type(e).__name__, e)
B = binascii
for d in [b"", b"a", b"ab", b"abc", bytes(range(256)), bytearray(b"xyz"), memoryview(b"mv"), "str", 5]:
    t(B.hexlify, d); t(B.b2a_base64, d); t(B.b2a_base64, d, newline=False); t(B.crc32, d); t(B.crc_hqx, d, 0); t(B.b2a_qp, d)
t(B.hexlify, b"abcdef", "-"); t(B.hexlify, b"abcdef", b":", 2); t(B.hexlify, b"abcdef", "_", -4); t(B.hexlify, b"a", "ab")
for s in ["", "61", "6", "6g", b"6162", "ä", 5, "61 62"]: t(B.unhexlify, s)
for s in ["", "YQ==", "YWI=", "YWJj", "YQ=", "YQ", "Y", "Y=Q=", "YW\nJj", "YW!Jj", "=YQ=", "YQ==YQ==", "YWJjZA", "YWJjZ", b"YWJj\n", "YQ===", "ä", "!!!!"]:
    t(B.a2b_base64, s); t(B.a2b_base64, s, strict_mode=True)
for d in [b"", b"hello", bytes(45), b"abc\0", bytes(46)]: t(B.b2a_uu, d); t(B.b2a_uu, d, backtick=True)
for s in [b"", b"%:&5L;&\\ \n", b"#86)C\n", b"#86)C garbage", b"#8\x01", b" \n", b"!  \n"]: t(B.a2b_uu, s)
for s in [b"a=3Db=\nc", b"=", b"a=\r\nb", b"==", b"=4", b"=zz", b"a_b", b"caf=C3=A9"]: t(B.a2b_qp, s); t(B.a2b_qp, s, header=True)
for d in [b"a=b\tc \n d\t", b"x"*100, b". \n.\n..", b"a_b c", b"caf\xc3\xa9\r\nline\r\n", b"\r", b"end "]: t(B.b2a_qp, d); t(B.b2a_qp, d, quotetabs=True, header=True); t(B.b2a_qp, d, istext=False)
print(B.crc32(b"world", B.crc32(b"hello ")), B.crc32(b"hello world"), B.crc32(b"x", -1), B.Error.__mro__, B.Incomplete.__mro__, B.Error.__module__)
print(base64.b64encode(b"\xff\xfe"), base64.urlsafe_b64encode(b"\xff\xfe"), base64.b32encode(b"hi"), base64.b16encode(b"hi"), base64.b85encode(b"hello"), base64.a85encode(b"hello"), base64.b64decode("//4="), base64.b32decode("NBUQ===="), base64.encodebytes(b"x"*60), base64.decodebytes(b"eHh4\n"), base64.b85decode(base64.b85encode(b"zz")))
t(base64.b64decode, "YQ==!", validate=True); t(base64.b32decode, "x")
import codecs
t(codecs.encode, b"hi", "hex"); t(codecs.decode, b"aGk=\n", "base64"); t("x".encode, "hex"); t(codecs.encode, b"hello", "uu"); t(codecs.encode, b"a=b", "quopri")
