"""Exceptions raised and caught in loops: nested handlers, finally, own classes, raise from."""

import sys

ANSWERS = {300: (527165, 450), 120000: (4998866000, 180000)}


class ParseError(ValueError):
    def __init__(self, text, position):
        super().__init__(f"bad digit at {position}")
        self.text = text
        self.position = position


class Recovered(Exception):
    pass


def parse_digits(text):
    value = 0
    for position, letter in enumerate(text):
        if not letter.isdigit():
            raise ParseError(text, position)
        value = value * 10 + ord(letter) - 48
    return value


def parse_or_default(text, default):
    try:
        return parse_digits(text)
    except ParseError as error:
        if error.position > 1:
            return parse_digits(text[: error.position])
        return default


def look_up(table, key, log):
    try:
        return table[key]
    except KeyError:
        log.append(key)
        return -1
    finally:
        log.append(0)


def divide_all(values, divisor):
    total = 0
    for value in values:
        try:
            total += value // divisor
        except ZeroDivisionError:
            total -= 1
        else:
            total += 1
    return total


def chained(depth):
    if depth == 0:
        raise RuntimeError("bottom")
    try:
        chained(depth - 1)
    except RuntimeError as error:
        raise RuntimeError(f"level {depth}") from error


def count_causes(error):
    count = 0
    while error is not None:
        count += 1
        error = error.__cause__
    return count


def recover(n):
    try:
        try:
            if n % 3 == 0:
                raise Recovered(n)
            return [n][n % 2]
        except IndexError:
            return 1
    except Recovered as error:
        return error.args[0]


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 120000
    texts = ["17", "4x", "x", "123z5", "98", "0"]
    table = {i: i * i for i in range(0, 100, 2)}
    log = []
    total = 0
    for i in range(rounds):
        total += parse_or_default(texts[i % 6], -1)
        total += look_up(table, i % 100, log)
        total += recover(i)
        if i % 20 == 0:
            total += divide_all(range(10), i % 3)
            try:
                chained(5)
            except RuntimeError as error:
                total += count_causes(error)
    result = (total, len(log))
    assert result == ANSWERS.get(rounds, result), result
    print(f"exceptions({rounds}) = {result}")


if __name__ == "__main__":
    main()
