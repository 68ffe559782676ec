import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { represent } from '../../../src/frameworks/alembic/python/format.js'
import { createMachine } from '../../../src/frameworks/alembic/python/interpreter.js'
import { ALONE, followModule, readModule } from '../../../src/frameworks/alembic/python/module.js'
import { describe as inWords } from '../../../src/frameworks/alembic/python/value.js'

/** `repr(result)` after a program, as far as it is told without running it; what is not known is said in angle brackets. */
function told(program: string): string {
  const { block, names } = readModule(program)
  const gaps: string[] = []
  followModule(block, '', createMachine({ ...ALONE, gap: (_, reason) => gaps.push(reason) }, ''))
  const result = names.get('result')
  const [gap] = gaps
  if (gap !== undefined) return `<${gap}>`
  return result === undefined ? '<nothing>' : (represent(result) ?? `<${inWords(result)}>`)
}

/** The same of Python itself, for all programs at once. */
function run(programs: readonly string[]): readonly string[] {
  const script = [
    'import json, sys',
    'def run(program):',
    '    names = {}',
    '    exec(program, names)',
    '    return repr(names["result"])',
    'print(json.dumps([run(program) for program in json.load(sys.stdin)]))',
  ].join('\n')
  return JSON.parse(
    execFileSync('python3', ['-W', 'ignore', '-c', script], { input: JSON.stringify(programs), encoding: 'utf8' }),
  )
}

const EXPRESSIONS = [
  ...[
    '1 + 2 * 3',
    '2 ** 10',
    '7 // 2',
    '-7 // 2',
    '-7 % 3',
    '7 / 2',
    '0x1f',
    '1_000',
    '0b101 | 2',
    '6 & 3',
    '1 << 4',
    '-(3)',
  ],
  ...[
    '1.5 + 1',
    '0.30',
    "[1., 1.+2, 2.e3, 1_0., 3.if True else 4, str(1.), \"1.\", '''with (a as b): 1.''']",
    '[1.0, .5, 1e16, 1e15, 1e-5, 0.0001, 1.5e300, 0.1 + 0.2, 1e16 + 1.0]',
    '10 / 5',
    '1 == 1.0',
    'True + 1',
    '3 > 2 > 1',
    '1 < 2 > 3',
    '"a" < "b"',
    '"a" == "b"',
    'None is None',
    '1 is not None',
  ],
  ...[
    'not True and False or True',
    'True and not False or False',
    'not (True and False)',
    'not 1 == 2 and True',
    'not "a" in ["b"] and True',
  ],
  ...[
    '"" or "x"',
    '[] or {} or 0',
    '1 and 2',
    '0 and x',
    '"a" if 1 else b',
    '(1, 2) == (1, 2)',
    '[1] == [1]',
    '[1] == (1,)',
    '{"a": 1} == {"a": 1}',
  ],
  ...[
    '"a" in "abc"',
    '"a" in ["a"]',
    '"a" not in ("b", "c")',
    '"k" in {"k": 1}',
    '1 in [True]',
    'None == 0',
    '"1" == 1',
  ],
  ...[
    '"a" "b"',
    "'it''s'",
    '"it\'s"',
    '"\\x41\\u00e9\\n"',
    'r"\\d"',
    '"""a\n  b"""',
    '"a" + "b" * 3',
    '"ab" * 0',
    '[1, 2] + [3]',
    '[0] * 3',
    '(1,) * 2',
  ],
  ...[
    '"abc"[0]',
    '"abc"[-1]',
    '"abcdef"[1:4]',
    '"abcdef"[:-2]',
    '[1, 2, 3][1:]',
    '[1, 2, 3][::-1]',
    '(1, 2)[1]',
    '{"a": {"b": 2}}["a"]["b"]',
  ],
  ...[
    'f"{1 + 1}"',
    'f"{\'a\'!r}"',
    'f"{5:03d}"',
    'f"{1234567:,}"',
    'f"{\'a\':>4}"',
    'f"{\'a\':*^5}"',
    'f"{[1, \'a\', None]}"',
    'f"{{{1}}}"',
    'f"{255:x}"',
    'f"{(lambda x: x + 1)(2)}"',
  ],
  ...[
    '"%s-%d" % ("a", 2)',
    '"%s" % "a"',
    '"%(a)s %(b)r" % {"a": 1, "b": "x"}',
    '"100%%"',
    '"100%% %s" % 1',
    '"%03d" % 7',
    '"%s" % ([1],)',
    '"%5s|%-5s" % ("a", "b")',
  ],
  ...[
    '"{}-{}".format("a", 1)',
    '"{1}{0}".format("a", "b")',
    '"{a!r} {{}}".format(a="x")',
    '"{:>3}".format("a")',
    '"{d[k]}".format(d={"k": 1})',
  ],
  ...[
    '", ".join(["a", "b"])',
    '",".join(x for x in ("a", "b"))',
    '"a,b".split(",")',
    '" a  b ".split()',
    '"a\\nb\\n".splitlines()',
    '"Abc".upper()',
    '"aXb".lower()',
  ],
  ...[
    '"  a ".strip()',
    '"xxaxx".strip("x")',
    '"abab".replace("a", "c")',
    '"abc".startswith(("x", "a"))',
    '"a_b".title()',
    '"hELLO".capitalize()',
    '"7".zfill(3)',
  ],
  ...[
    '"a.b.c".partition(".")',
    '"a.b.c".rpartition(".")',
    '"test_x".removeprefix("test_")',
    '"aXa".count("a")',
    '"abc".find("z")',
    '"a".ljust(3)',
    '"a-b".split("-")[1]',
  ],
  ...[
    'len("abc")',
    'len([1, 2])',
    'list(range(3))',
    'list(range(1, 10, 4))',
    'list(range(3, 0, -1))',
    'sorted(["b", "a"])',
    'sorted([3, 1], reverse=True)',
    'sorted(["bb", "a"], key=len)',
  ],
  ...[
    'list(enumerate(["a", "b"], 1))',
    'list(zip([1, 2], ["a", "b"]))',
    'list(map(str, [1, 2]))',
    'list(filter(None, [0, 1]))',
    'list(reversed([1, 2]))',
    'dict([("a", 1)], b=2)',
  ],
  ...[
    'dict(a=1)',
    'tuple([1])',
    'str(1) + str(None) + str(True)',
    'int("12")',
    'bool([])',
    'sum([1, 2])',
    'min(3, 1)',
    'max(["a", "b"])',
    'any([0, 1])',
    'all([])',
    'abs(-2)',
  ],
  ...[
    'isinstance("a", str)',
    'isinstance(1, (str, int))',
    'isinstance([], dict)',
    '[x * 2 for x in [1, 2, 3] if x != 2]',
    '[(a, b) for a in "ab" for b in range(2)]',
  ],
  ...[
    '{k: v for k, v in {"a": 1}.items()}',
    'len({x % 2 for x in range(5)})',
    '[*[1], *(2, 3)]',
    '{**{"a": 1}, "a": 2}',
    '(lambda a, b=2, *c, **d: [a, b, c, d])(1, 3, 4, e=5)',
  ],
  ...[
    '{"a": 1}.get("b", 3)',
    '{"a": 1}.get("a")',
    'list({"a": 1}.keys())',
    '(y := 3) + y',
    '"b" if "x" in {"x"} else "c"',
    '[i for i in range(10)][-3:]',
    '"é".upper()',
    '"ａ"',
    'None',
  ],
]

const PROGRAMS = [
  'x = []\nfor a in "ab":\n    x.append(a)\nresult = x',
  'x = y = [1]\ny += [2]\nresult = x',
  'a, *b, c = 1, 2, 3, 4\nresult = [a, b, c]',
  '(a, b), c = (1, 2), 3\nresult = (a, b, c)',
  'd = {}\nd["a"] = 1\nd["a"] += 1\nd.setdefault("b", []).append(2)\nresult = d',
  'd = {"a": 1, "b": 2}\ndel d["a"]\nresult = d',
  'def f(a, b=[]):\n    b.append(a)\n    return b\nf(1)\nresult = f(2)',
  'def f(*, a, b=2):\n    return a + b\nresult = f(a=1)',
  'def f(n):\n    return 1 if n < 2 else n * f(n - 1)\nresult = f(10)',
  'def outer():\n    n = 0\n    def inner():\n        nonlocal n\n        n += 1\n        return n\n    inner()\n    return inner()\nresult = outer()',
  'n = 1\ndef f():\n    global n\n    n = 2\nf()\nresult = n',
  'def f():\n    for i in range(5):\n        if i == 1:\n            continue\n        if i == 3:\n            break\n        yield i\nresult = list(f())',
  'def f():\n    yield from [1, 2]\n    yield 3\nresult = [x for x in f()]',
  'def f():\n    try:\n        raise ValueError("x")\n    except ValueError:\n        return 1\n    finally:\n        pass\nresult = f()',
  'x = 0\nwhile x < 5:\n    x += 2\nelse:\n    x = -x\nresult = x',
  'for i in [1]:\n    pass\nelse:\n    i = 9\nresult = i',
  'class A:\n    x = 1\n    def f(self, y):\n        return self.x + y\n    @staticmethod\n    def g():\n        return 5\n    @property\n    def h(self):\n        return self.x * 10\na = A()\na.x = 3\nresult = [a.f(1), A.g(), a.h, A.x]',
  'class A:\n    def __init__(self, n):\n        self.n = n\nclass B(A):\n    pass\nresult = B(4).n',
  'from enum import Enum\nclass E(Enum):\n    A = "a"\n    B = "b"\nresult = [E.A.value, E.B.name, [e.value for e in E], E("b").name, E.A == E.A, E.A is E.B, len(E)]',
  'from enum import Enum\nclass E(Enum):\n    A = 1\n    B = 1\n    C = 2\nresult = [[e.name for e in E], len(E), list(E.__members__), E.B.name, E.B is E.A]',
  'import enum\nclass E(enum.Enum):\n    A = enum.auto()\n    B = enum.auto()\nresult = [e.value for e in E]',
  'class E(str, __import__("enum").Enum):\n    A = "a"\nresult = 1'.replace('__import__("enum").Enum', 'object'),
  'from typing import NamedTuple\nclass P(NamedTuple):\n    a: int\n    b: str = "x"\np = P(1, b="y")\nresult = [p.a, p.b]',
  'from dataclasses import dataclass\n@dataclass\nclass P:\n    a: int\n    b: int\nresult = P(1, 2).b',
  'import textwrap\nresult = textwrap.dedent("""\n    a\n      b\n\n    c\n""")',
  'from functools import partial\ndef f(a, b, c):\n    return [a, b, c]\nresult = partial(f, 1, c=3)(2)',
  'from itertools import chain\nresult = list(chain([1], (2, 3)))',
  'import json\nresult = json.dumps({"a": [1, None, True, "é\\n"]})',
  'a = [3, 1]\na.sort()\na.reverse()\na.insert(0, 9)\na.remove(1)\nresult = [a, a.index(9), a.pop(), a]',
  's = {1}\ns.add(1)\ns.add(2)\nresult = len(s)',
  'result = getattr("a-b", "upper")() if False else "x"',
  'x = 5\nx %= 3\nx **= 3\ny = "%s"\ny %= 1\nresult = (x, y)',
  'try:\n    x = 1\nexcept Exception:\n    x = 2\nelse:\n    x = 3\nfinally:\n    y = x\nresult = y',
  'if 0:\n    x = 1\nelif "":\n    x = 2\nelse:\n    x = 3\nresult = x',
  'def deco(f):\n    def g(*a, **k):\n        return f(*a, **k) + 1\n    return g\n@deco\ndef h(x):\n    return x\nresult = h(1)',
  'def f(a, /, b):\n    return a - b\nresult = f(5, b=3)',
  'ｎａｍｅ = 1\nresult = name',
  'from contextlib import nullcontext as n\nwith (n() as a, n(2) as b): x = 1.\nresult = x',
  'from contextlib import nullcontext as n\nwith (  # the ) first\n    n("(") as a,\n    n({1: 2}),  # two\n):\n    x = (1.,)\nresult = x',
  'from contextlib import nullcontext as n\nwith (n(2)), (n(1)) as a:\n    with (\n        n() as b, n() as c\n    ):\n        x = 3\nresult = x',
  'é1 = "a"\nresult = é1.upper()',
]

describe('what is told is what Python says', () => {
  const programs = [...EXPRESSIONS.map((expression) => `result = ${expression}`), ...PROGRAMS]
  const answers = run(programs)
  test.each(programs.map((program, index) => ({ program, answer: answers[index] })))(
    '$program',
    ({ program, answer }) => expect(told(program)).toBe(answer),
  )
})

describe('what an unknown value leaves open decides nothing', () => {
  test.each([
    ['result = 1 if x or True else 2', '1'],
    ['result = 1 if x and False else 2', '2'],
    ['result = 1 if not (x or "a") else 2', '2'],
    ['result = 1 if (x or True) and (y or "b") else 2', '1'],
    ['result = 2\nif x or True:\n    result = 1', '1'],
    ['result = [y for y in [1, 2] if x or y]', '[1, 2]'],
    ['result = not (x or 1)', 'False'],
    ['def f():\n    if x:\n        return\nresult = f()', 'None'],
    ['def f():\n    if x:\n        return 1\n    return 1\nresult = f()', '1'],
    ['def f():\n    if x:\n        def g():\n            return 1\n    return 2\nresult = f()', '2'],
    ['def f():\n    if x:\n        raise ValueError\n    return 2\nresult = f()', '2'],
    ['import json\nif x:\n    import json\nresult = json.dumps(1)', "'1'"],
    ['class A:\n    b = 1\nfor y in x:\n    A.update(y)\nresult = A.b', '1'],
  ])('%s', (program, expected) => {
    expect(told(program)).toBe(expected)
  })
})

describe('what cannot be told is said', () => {
  test.each([
    ['result = x', '<x is a variable whose value is not known>'],
    ['result = [y for y in x]', '<x is a variable whose value is not known>'],
    ['result = "a" + x', '<x is a variable whose value is not known>'],
    ['result = f"{x}"', '<x is a variable whose value is not known>'],
    ['result = "x" * 10 ** 9', '<a text or list becomes too long>'],
    ['result = 9 ** 9 ** 9', /^<.* is not followed>$/],
    ['while True:\n    pass\nresult = 1', '<following it takes too many steps>'],
    ['def f():\n    return f()\nresult = f()', '<its calls go too deep>'],
    ['def f(a):\n    return a\nresult = f()', '<f() is not given a>'],
    ['def f(a):\n    return a\nresult = f(1, 2)', '<f() is given more than it takes>'],
    ['def f(a):\n    return a\nresult = f(1, b=2)', '<f() is given b, which it does not take>'],
    ['result = {"a": 1}[x]', '<x is a variable whose value is not known>'],
    ['a, b = x\nresult = a', '<x is a variable whose value is not known>'],
    ['result = [1, 2, 3].unheard()', '<the method unheard of a list is not followed>'],
    ['result = len\nif x:\n    result = str', '<result is a variable whose value is not known>'],
    [
      'def f():\n    return 1\nif x:\n    def f():\n        return 2\nresult = f()',
      '<f() is a call that is not followed: f is a variable whose value is not known>',
    ],
    ['result = 1\nif x:\n    result = 2', '<result is a variable whose value is not known>'],
    ['result = x or "a"', '<x is a variable whose value is not known>'],
    ['result = x and None', '<x is a variable whose value is not known>'],
    ['result = (x or "a").lower()', '<x is a variable whose value is not known>'],
    [
      'def f():\n    if x:\n        y = 1\n        return y\n    y = 2\n    return 2\nresult = f()',
      '<what f() returns is not known: x is a variable whose value is not known>',
    ],
    [
      'def f():\n    if x:\n        return 1\n    return 2\nresult = f()',
      '<what f() returns is not known: x is a variable whose value is not known>',
    ],
    ['result = [1]\nfor y in x:\n    result.append(y)', '<result is a variable whose value is not known>'],
    ['result = await_(x)', '<await_() is a call that is not followed: await_ is a variable whose value is not known>'],
    ['async def f():\n    return 1\nresult = f()', '<f() is a call that is not followed: f() is asynchronous>'],
    ['raise ValueError("x")\nresult = 1', '<the module always fails here>'],
    ['result = f"{1.5:.2f}"', '<a text is put together>'],
    ['result = 3j', '<the number 3j is not followed>'],
    ['result = b"x"', '<a string that is not understood>'],
    ['match 1:\n    case 1:\n        result = 1', '<which way a match goes is not known>'],
  ])('%s', (program, expected) => {
    if (typeof expected === 'string') expect(told(program)).toBe(expected)
    else expect(told(program)).toMatch(expected)
  })
})
