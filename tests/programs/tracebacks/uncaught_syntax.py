# status: 1
# stderr
# A SyntaxError shows its line and carets.
def run():
    compile("def f(:\n  pass\n", "<made>", "exec")
run()
