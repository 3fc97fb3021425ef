# status: 1
# stderr
# The report of an uncaught exception: causes, contexts, notes, carets over one line and several.
def f(x):
    return x["key"]["inner"] + (
        1 / 0
    )
def g():
    try:
        f({"key": {}})
    except KeyError as e:
        e.add_note("a note")
        e.add_note("two\nlines")
        raise ValueError("while handling") from e
def h():
    try:
        g()
    except ValueError:
        raise TypeError("from context")
class A:
    def method(self, *args):
        return self.missing.attr(
            args,
            key=1,
        )
def main():
    try:
        h()
    except TypeError as t:
        try:
            A().method(1, 2)
        except AttributeError as e:
            e.__cause__ = None
            raise
main()
