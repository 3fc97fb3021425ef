"""Strings built piece by piece with +=, join and formatting, then taken apart again."""

import sys

ANSWERS = {300: (190, 158, 1189788293, 909510176), 180000: (112504, 90008, 3682043631, 2341644273)}
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def caesar(text, shift):
    out = ""
    for letter in text:
        index = ALPHABET.find(letter)
        if index >= 0:
            out += ALPHABET[(index + shift) % 26]
        else:
            out += letter
    return out


def table(rows):
    text = ""
    for i in range(rows):
        text += f"{i:>6}|{i * i:<10}|{i / 7:8.3f}\n"
    return text


def run_lengths(text):
    out = ""
    previous = None
    run = 0
    for letter in text:
        if letter == previous:
            run += 1
        else:
            if run:
                out += previous + str(run)
            previous = letter
            run = 1
    return out + previous + str(run)


def expand(packed):
    pieces = []
    letter = None
    number = ""
    for symbol in packed:
        if symbol.isdigit():
            number += symbol
        else:
            if letter is not None:
                pieces.append(letter * int(number))
            letter = symbol
            number = ""
    pieces.append(letter * int(number))
    return "".join(pieces)


def checksum(text):
    value = 0
    for letter in text:
        value = (value * 131 + ord(letter)) % 4294967291
    return value


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 180000
    letters = "".join(ALPHABET[i * i % 26] * (i % 4 + 1) for i in range(size // 4)) + " end"
    secret = caesar(letters, 3)
    assert caesar(secret, -3) == letters
    packed = run_lengths(secret)
    assert expand(packed) == secret
    rows = table(size)
    assert rows.count("\n") == size
    result = (len(letters), len(packed), checksum(packed), checksum(rows[-size:]))
    assert result == ANSWERS.get(size, result), result
    print(f"string_building({size}) = {result}")


if __name__ == "__main__":
    main()
