from typing import *
import typing
def t(f, *a):
    try: print(repr(f(*a)))
    except BaseException as e: print(type(e).__name__, e)
class A[T]:
    def m[U: int](self, x: T, y: U) -> list[T]: ...
    def n[V: (int, str) = str](self): ...
print(A.__type_params__, A.__bases__, A.__orig_bases__, A.__mro__, A.__parameters__, A[int], A[int].__args__)
print(A.m.__type_params__, A.m.__type_params__[0].__bound__, A.n.__type_params__[0].__constraints__, A.n.__type_params__[0].__default__, A.n.__type_params__[0].has_default())
def f[T, *Ts, **P](x: T, *args: *Ts, **kw: P.kwargs) -> T: return x
print(f(3), f.__type_params__, f.__annotations__, [type(x).__name__ for x in f.__type_params__])
type X = int | str
type Y[T] = list[T] | Y[T]
type Z[*Ts, **P] = Callable[P, tuple[*Ts]]
print(X, X.__value__, X.__name__, X.__type_params__, X.__module__, Y, Y.__value__, Y[int], Y[int].__value__ if hasattr(Y[int],'__value__') else None, Y.__parameters__, Z.__parameters__, Z.__type_params__, Z.__value__)
print(X | None, type(X), isinstance(X, TypeAliasType)); t(lambda: X[int]); t(lambda: undefined_alias.__value__)
type Bad = nope
t(lambda: Bad.__value__)
T = TypeVar("T"); S = TypeVar("S", bound=int, covariant=True); U = TypeVar("U", int, str); P = ParamSpec("P"); Ts = TypeVarTuple("Ts"); D = TypeVar("D", default=int)
print(T, S, U, P, Ts, D, T.__name__, S.__bound__, U.__constraints__, S.__covariant__, T.__module__, D.__default__, T.__default__, T.has_default(), P.args, P.kwargs, P.args.__origin__ is P, P.args == P.args, P.args == P.kwargs)
t(TypeVar, "X", int); t(lambda: TypeVar("X", int, str, bound=int)); t(lambda: TypeVar("X", covariant=True, contravariant=True)); t(lambda: TypeVar(5)); t(lambda: TypeVar("X", bound=5))
print(list[T], list[T][int], dict[T, S], dict[T, S][str, bool], T | int, int | T, Optional[T], Union[T, None], Callable[[T], S], Callable[P, T][[int, str], bool], Generic[T], tuple[*Ts], tuple[*Ts][int, str])
class B(Generic[T, D]): pass
print(B[int], B[int, str], B.__parameters__)
t(lambda: B[int, str, bool]); t(lambda: list[T][int, str])
class C(Generic[*Ts]): pass
print(C[int, str], C[()], C.__parameters__)
class E(Generic[P]): pass
print(E[[int]], E[int, str], E[...])
try:
    class F(T): pass
except TypeError as e: print(e)
try:
    class G(P.args): pass
except TypeError as e: print(e)
t(lambda: Generic[int]); t(lambda: Generic[T, T]); 
class Proto(Protocol):
    def meth(self) -> int: ...
@runtime_checkable
class RP(Protocol):
    x: int
class HasX: x = 3
class NT(NamedTuple):
    a: int
    b: str = "q"
print(NT(1), NT.__annotations__, NT._field_defaults)
class TD(TypedDict, total=False):
    k: int
print(TD(k=3), TD.__total__, TD.__optional_keys__)
print(get_type_hints(A.m), get_type_hints(f), get_origin(list[int]), get_args(dict[int, str]), Literal[1, "a"], Annotated[int, 5], Final[int], ClassVar[int], Any, NoReturn, Self, cast(int, "x"))
@overload
def g(x: int) -> int: ...
@overload
def g(x: str) -> str: ...
def g(x): return x
print(len(get_overloads(g)), NewType("N", int)(4), NewType("N", int))
class St[T = int, **Q = [int]]: pass
print([p.__default__ for p in St.__type_params__], St.__type_params__)
print(NoDefault, type(NoDefault), A[T], A[T][int], issubclass(A, Generic))
class Sub[K](A[K], dict[str, K]): pass
print(Sub.__mro__, Sub[int], Sub.__orig_bases__)
print(typing.TypeVar is TypeVar, ForwardRef("int"), List[int], Dict[str, "A"], Type[int], Deque[int], Iterable[T][int])
import pickle, copy
print(copy.copy(T) is T)
def outer[T](x: T):
    class Inner[U]:
        def f(self, y: U) -> T: ...
    return Inner
print(outer(1).__type_params__, outer(1).f.__annotations__, outer(1).__qualname__)
@final
class Fin: pass
print(Fin.__final__, assert_never.__name__); t(assert_never, 5)
reveal = assert_type(3, int); print(reveal)
