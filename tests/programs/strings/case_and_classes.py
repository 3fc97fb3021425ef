"""Case mappings and what characters are."""


def check(text, function):
    try:
        print(text, "->", repr(function()))
    except Exception as error:
        print(text, "->", type(error).__name__ + ":", error)


check('"hello World".upper(), "Hello".lower(), "hello world".title(), "hELLO".capitalize(), "Hello".swapcase(), "ß".upper(), "straße".casefold()', lambda: ("hello World".upper(), "Hello".lower(), "hello world".title(), "hELLO".capitalize(), "Hello".swapcase(), "ß".upper(), "straße".casefold()))
check('"ŉ".upper(), "ǆ".title(), "ǆa".title(), "İ".lower(), "ﬀ".capitalize(), "ﬁ".swapcase(), "ŉx".title(), "ΐ".upper()', lambda: ("ŉ".upper(), "ǆ".title(), "ǆa".title(), "İ".lower(), "ﬀ".capitalize(), "ﬁ".swapcase(), "ŉx".title(), "ΐ".upper()))
check('"ΑΣ".lower(), "ΑΣΑ".lower(), "Σ".lower(), "ΑΣ ΒΣ".lower(), "Α\\u0301Σ".lower(), "ΑΣ.".lower(), "ΑΣ\\u0301Α".lower(), "ΌΣΟΣ".title(), "AΣ".swapcase(), "aΣ".capitalize()', lambda: ("ΑΣ".lower(), "ΑΣΑ".lower(), "Σ".lower(), "ΑΣ ΒΣ".lower(), "Α\u0301Σ".lower(), "ΑΣ.".lower(), "ΑΣ\u0301Α".lower(), "ΌΣΟΣ".title(), "AΣ".swapcase(), "aΣ".capitalize()))
check('"they\'re bill\'s friends".title(), "3rd a1b2".title(), "x-ray ΟΔΟΣ".title(), "".title(), "ǅ".lower(), "ǅ".upper(), "ǅ".swapcase()', lambda: ("they're bill's friends".title(), "3rd a1b2".title(), "x-ray ΟΔΟΣ".title(), "".title(), "ǅ".lower(), "ǅ".upper(), "ǅ".swapcase()))
check('"Ꭰ".lower(), "ꭰ".upper(), "Ꭰ".casefold(), "ꭰ".casefold(), "ა".upper(), "Ა".lower(), "ა".title(), "𐐀".lower(), "𐐨".upper(), "Ⅷ".lower(), "ⓐ".upper()', lambda: ("Ꭰ".lower(), "ꭰ".upper(), "Ꭰ".casefold(), "ꭰ".casefold(), "ა".upper(), "Ა".lower(), "ა".title(), "𐐀".lower(), "𐐨".upper(), "Ⅷ".lower(), "ⓐ".upper()))
check('"abc".isalpha(), "ab1".isalpha(), "".isalpha(), "日本".isalpha(), "ª".isalpha(), "é".isalpha(), "a b".isalpha()', lambda: ("abc".isalpha(), "ab1".isalpha(), "".isalpha(), "日本".isalpha(), "ª".isalpha(), "é".isalpha(), "a b".isalpha()))
check('"ab1".isalnum(), "½".isalnum(), "²".isalnum(), "_".isalnum(), "٣".isalnum()', lambda: ("ab1".isalnum(), "½".isalnum(), "²".isalnum(), "_".isalnum(), "٣".isalnum()))
check('"12".isdecimal(), "²".isdecimal(), "٣".isdecimal(), "12".isdigit(), "²".isdigit(), "½".isdigit(), "½".isnumeric(), "一".isnumeric(), "".isdigit(), "-1".isdigit(), "𝟘".isdecimal()', lambda: ("12".isdecimal(), "²".isdecimal(), "٣".isdecimal(), "12".isdigit(), "²".isdigit(), "½".isdigit(), "½".isnumeric(), "一".isnumeric(), "".isdigit(), "-1".isdigit(), "𝟘".isdecimal()))
check('" \\t\\n".isspace(), "\\u2003\\u00a0".isspace(), "".isspace(), "a ".isspace(), "\\x1c\\x85".isspace(), "\\u200b".isspace()', lambda: (" \t\n".isspace(), "\u2003\u00a0".isspace(), "".isspace(), "a ".isspace(), "\x1c\x85".isspace(), "\u200b".isspace()))
check('"abc".islower(), "aBc".islower(), "a1".islower(), "1".islower(), "ª".islower(), "ABC".isupper(), "A1".isupper(), "".isupper(), "Ⅷ".isupper(), "ǅ".isupper(), "ǅ".islower()', lambda: ("abc".islower(), "aBc".islower(), "a1".islower(), "1".islower(), "ª".islower(), "ABC".isupper(), "A1".isupper(), "".isupper(), "Ⅷ".isupper(), "ǅ".isupper(), "ǅ".islower()))
check('"Hello World".istitle(), "Hello world".istitle(), "HELLO".istitle(), "A1a".istitle(), "ǅ".istitle(), "".istitle(), "1".istitle(), "They\'Re".istitle()', lambda: ("Hello World".istitle(), "Hello world".istitle(), "HELLO".istitle(), "A1a".istitle(), "ǅ".istitle(), "".istitle(), "1".istitle(), "They'Re".istitle()))
check('"abc".isascii(), "é".isascii(), "".isascii(), "\\x7f".isascii(), "\\x80".isascii()', lambda: ("abc".isascii(), "é".isascii(), "".isascii(), "\x7f".isascii(), "\x80".isascii()))
check('"abc".isprintable(), "a\\n".isprintable(), "".isprintable(), "\\xa0".isprintable(), "\\xad".isprintable(), "日".isprintable(), "\\u200b".isprintable(), " ".isprintable(), "\\ud800".isprintable()', lambda: ("abc".isprintable(), "a\n".isprintable(), "".isprintable(), "\xa0".isprintable(), "\xad".isprintable(), "日".isprintable(), "\u200b".isprintable(), " ".isprintable(), "\ud800".isprintable()))
check('"abc".isidentifier(), "_a1".isidentifier(), "1a".isidentifier(), "".isidentifier(), "é".isidentifier(), "a b".isidentifier(), "℘".isidentifier(), "a·".isidentifier(), "·a".isidentifier(), "class".isidentifier(), "日本".isidentifier()', lambda: ("abc".isidentifier(), "_a1".isidentifier(), "1a".isidentifier(), "".isidentifier(), "é".isidentifier(), "a b".isidentifier(), "℘".isidentifier(), "a·".isidentifier(), "·a".isidentifier(), "class".isidentifier(), "日本".isidentifier()))
