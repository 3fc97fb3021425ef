# Module csv.
import csv, io


def show(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__ + ':', error)


def read(lines, **options):
    return list(csv.reader(lines, **options))


def write(row, **options):
    file = io.StringIO()
    csv.writer(file, **options).writerow(row)
    return repr(file.getvalue())


show(read, ['a,b', '"a""b",c\n', '"x\n', 'y",z', '', ',"",'])
show(read, ['"a'], strict=True)
show(read, ['"a"b'], strict=True)
show(read, ['"a"b'])
show(read, ['a\nb'])
show(read, [b'x'])
show(read, ['1,2.5,"x"'], quoting=csv.QUOTE_NONNUMERIC)
show(read, [',"",1'], quoting=csv.QUOTE_NOTNULL)
show(read, ['a\\,b', 'a\\'], escapechar='\\')
show(read, [' a, b'], skipinitialspace=True)
show(read, ['a|b\t|c'], delimiter='|', quotechar="'")
show(write, [1, 'a', None, 2.5, 'x y', 'a,b', 'a"b', 'a\nb'])
for quoting in range(6):
    show(write, [1, 'a', None, '', 2.5, 'x,y'], quoting=quoting, escapechar='\\')
show(write, []); show(write, ['']); show(write, [None]); show(write, ['a"b'], doublequote=False); show(write, 5)
show(write, ['a,b'], quoting=csv.QUOTE_NONE); show(write, [''], quoting=csv.QUOTE_NONE)
show(write, ['a!b'], lineterminator='!')
for options in ({'delimiter': 'ab'}, {'delimiter': 1}, {'quotechar': None, 'quoting': 1}, {'quoting': 9}, {'delimiter': '\n'},
                {'delimiter': '"'}, {'lineterminator': None}, {'dialect': 'none'}):
    show(read, [], **options)
print(csv.list_dialects())
csv.register_dialect('mine', delimiter=';', quoting=csv.QUOTE_ALL)
print(write(['a', 1], dialect='mine'), csv.get_dialect('mine').delimiter)
csv.unregister_dialect('mine')
show(csv.get_dialect, 'mine')
file = io.StringIO()
writer = csv.DictWriter(file, ['a', 'b'])
writer.writeheader(); writer.writerow({'a': 1, 'b': 'x,y'}); writer.writerows([{'a': 2, 'b': None}])
print(file.getvalue().replace('\r', ''))
file.seek(0)
reader = csv.DictReader(file)
print(list(reader), reader.line_num, reader.fieldnames)
print(csv.Sniffer().sniff('a;b;c\n1;2;3\n').delimiter, csv.field_size_limit())
class Own(csv.Dialect):
    delimiter, quotechar, lineterminator, quoting, doublequote = '-', "'", '\n', csv.QUOTE_MINIMAL, True
print(write(["a-b", "c'd"], dialect=Own))
