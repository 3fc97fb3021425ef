"""A printer of nested data in JSON's form, and a reader that takes it back: isinstance, recursion, string escapes."""

import sys

ANSWERS = {6: (950, 1792, 141), 3000: (503672, 923674, 70001)}

ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
UNESCAPES = {escape[1]: letter for letter, escape in ESCAPES.items()}


def quote(text):
    if not any(letter in ESCAPES for letter in text):
        return f'"{text}"'
    return '"' + "".join(ESCAPES.get(letter, letter) for letter in text) + '"'


def print_value(value, out, indent, level):
    if value is None:
        out.append("null")
    elif value is True:
        out.append("true")
    elif value is False:
        out.append("false")
    elif isinstance(value, str):
        out.append(quote(value))
    elif isinstance(value, (int, float)):
        out.append(repr(value))
    elif isinstance(value, dict):
        print_items(value.items(), "{}", out, indent, level, True)
    elif isinstance(value, (list, tuple)):
        print_items(value, "[]", out, indent, level, False)
    else:
        raise TypeError(f"{type(value).__name__} has no JSON form")


def print_items(items, brackets, out, indent, level, pairs):
    if not items:
        out.append(brackets)
        return
    separator = "\n" + " " * (indent * (level + 1)) if indent else ""
    out.append(brackets[0])
    first = True
    for item in items:
        if not first:
            out.append("," if indent else ", ")
        first = False
        out.append(separator)
        if pairs:
            key, item = item
            out.append(quote(key))
            out.append(": ")
        print_value(item, out, indent, level + 1)
    if indent:
        out.append("\n" + " " * (indent * level))
    out.append(brackets[1])


def dumps(value, *, indent=0):
    out = []
    print_value(value, out, indent, 0)
    return "".join(out)


class Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def skip_space(self):
        while self.text[self.at] in " \n":
            self.at += 1

    def read(self):
        self.skip_space()
        start = self.text[self.at]
        if start == "{":
            return dict(self.read_items("}", self.read_pair))
        if start == "[":
            return list(self.read_items("]", self.read))
        if start == '"':
            return self.read_string()
        return self.read_word()

    def read_items(self, end, read_item):
        self.at += 1
        self.skip_space()
        while self.text[self.at] != end:
            yield read_item()
            self.skip_space()
            if self.text[self.at] == ",":
                self.at += 1
                self.skip_space()
        self.at += 1

    def read_pair(self):
        key = self.read_string()
        self.skip_space()
        self.at += 1
        return key, self.read()

    def read_string(self):
        self.at += 1
        out = []
        while (letter := self.text[self.at]) != '"':
            if letter == "\\":
                self.at += 1
                letter = UNESCAPES[self.text[self.at]]
            out.append(letter)
            self.at += 1
        self.at += 1
        return "".join(out)

    def read_word(self):
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in ",]} \n":
            self.at += 1
        word = self.text[start : self.at]
        if word in ("null", "true", "false"):
            return {"null": None, "true": True, "false": False}[word]
        return float(word) if "." in word or "e" in word else int(word)


def make_record(i):
    return {
        "id": i,
        "name": f"record {i}",
        "score": i * 1.25,
        "tags": ["x" * (i % 5), 'say "hi"', "tab\there"],
        "active": i % 2 == 0,
        "parent": None if i % 3 == 0 else {"id": i // 3, "path": [i % 7, [i % 5, [i % 3]]]},
        "empty": [[], {}],
    }


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    records = [make_record(i) for i in range(count)]
    compact = dumps(records)
    pretty = dumps(records, indent=2)
    assert Reader(compact).read() == records
    assert Reader(pretty).read() == records
    try:
        dumps([object])
    except TypeError as error:
        message = str(error)
    assert message == "type has no JSON form"
    result = (len(compact), len(pretty), pretty.count("\n"))
    assert result == ANSWERS.get(count, result), result
    print(f"json_printer({count}) = {result}")


if __name__ == "__main__":
    main()
