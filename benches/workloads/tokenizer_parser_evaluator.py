"""A small language in one program: tokens, a recursive-descent parser to tuples, and an evaluator of the tree."""

import sys

ANSWERS = {5: 5480, 2200: 37733}

SOURCE = """
let a = 3 + 4 * 2;
let b = (a - 5) * (a + 5) % 1000;
let step = i * 7 % 13 - 2;
if a < b { let c = b - a; } else { let c = a - b; }
while c > 0 { let c = c - 3 * (1 + step % 2 * step % 2); let n = n + 1; }
let total = (total + a * b - c + step * (n + 1)) % 99991;
"""

KEYWORDS = {"let", "if", "else", "while"}


class Token:
    __slots__ = ("kind", "text", "line")

    def __init__(self, kind, text, line):
        self.kind = kind
        self.text = text
        self.line = line


def tokenize(source):
    line = 1
    position = 0
    while position < len(source):
        letter = source[position]
        if letter == "\n":
            line += 1
            position += 1
        elif letter.isspace():
            position += 1
        elif letter.isalpha():
            start = position
            while position < len(source) and source[position].isalnum():
                position += 1
            word = source[start:position]
            yield Token(word if word in KEYWORDS else "name", word, line)
        elif letter.isdigit():
            start = position
            while position < len(source) and source[position].isdigit():
                position += 1
            yield Token("number", source[start:position], line)
        elif letter in "+-*/%<>=(){};":
            yield Token(letter, letter, line)
            position += 1
        else:
            raise SyntaxError(f"line {line}: {letter!r}")
    yield Token("end", "", line)


class Parser:
    LEVELS = (("<", ">"), ("+", "-"), ("*", "/", "%"))

    def __init__(self, tokens):
        self.tokens = list(tokens)
        self.index = 0

    @property
    def token(self):
        return self.tokens[self.index]

    def accept(self, kind):
        token = self.tokens[self.index]
        if token.kind != kind:
            return None
        self.index += 1
        return token

    def expect(self, kind):
        token = self.accept(kind)
        if token is None:
            raise SyntaxError(f"line {self.token.line}: expected {kind}, found {self.token.text}")
        return token

    def block(self, end):
        body = []
        while not self.accept(end):
            body.append(self.statement())
        return body

    def statement(self):
        if self.accept("let"):
            name = self.expect("name").text
            self.expect("=")
            value = self.expression()
            self.expect(";")
            return ("let", name, value)
        if self.accept("if"):
            test = self.expression()
            self.expect("{")
            body = self.block("}")
            otherwise = []
            if self.accept("else"):
                self.expect("{")
                otherwise = self.block("}")
            return ("if", test, body, otherwise)
        self.expect("while")
        test = self.expression()
        self.expect("{")
        return ("while", test, self.block("}"))

    def expression(self, level=0):
        if level == len(self.LEVELS):
            return self.atom()
        left = self.expression(level + 1)
        while self.token.kind in self.LEVELS[level]:
            operator = self.token.kind
            self.index += 1
            left = (operator, left, self.expression(level + 1))
        return left

    def atom(self):
        if token := self.accept("number"):
            return ("number", int(token.text))
        if token := self.accept("name"):
            return ("name", token.text)
        if self.accept("-"):
            return ("-", ("number", 0), self.atom())
        self.expect("(")
        inner = self.expression()
        self.expect(")")
        return inner


def evaluate(node, variables):
    kind = node[0]
    if kind == "number":
        return node[1]
    if kind == "name":
        return variables.get(node[1], 0)
    left = evaluate(node[1], variables)
    right = evaluate(node[2], variables)
    if kind == "+":
        return left + right
    if kind == "-":
        return left - right
    if kind == "*":
        return left * right
    if kind == "/":
        return left // right
    if kind == "%":
        return left % right
    if kind == "<":
        return left < right
    return left > right


def execute(body, variables):
    for statement in body:
        kind, *rest = statement
        if kind == "let":
            name, value = rest
            variables[name] = evaluate(value, variables)
        elif kind == "if":
            test, then, otherwise = rest
            execute(then if evaluate(test, variables) else otherwise, variables)
        else:
            test, inner = rest
            while evaluate(test, variables):
                execute(inner, variables)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 2200
    total = 0
    for i in range(rounds):
        tree = Parser(tokenize(SOURCE)).block("end")
        variables = {"i": i, "total": total}
        execute(tree, variables)
        total = variables["total"]
    try:
        Parser(tokenize("let a = (1 + ;")).block("end")
    except SyntaxError as error:
        message = str(error)
    assert message == "line 1: expected (, found ;", message
    assert total == ANSWERS.get(rounds, total), total
    print(f"tokenizer_parser_evaluator({rounds}) = {total}")


if __name__ == "__main__":
    main()
