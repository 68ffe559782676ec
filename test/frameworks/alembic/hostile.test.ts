import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { operationsOf, type Script } from '../../../src/model/migration.js'
import { sketch } from '../tree.js'
import { revision } from './revision.js'

let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'dba-hostile-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const up = (body: string, top = ''): Script => revision(body, 'pass', top).up
const remarks = (script: Script): readonly string[] =>
  script.kind === 'script' ? (script.remarks ?? []).map(({ kind, what }) => `${kind} ${what}`) : []
const isWithheld = (script: Script): boolean =>
  script.kind !== 'script' || script.gaps.some(({ bearing }) => bearing === 'withholds')
const drops = (script: Script): readonly string[] =>
  operationsOf(script).flatMap((operation) => (operation.kind === 'drop-table' ? [operation.table.name] : []))

describe('a drop that hides', () => {
  test.each([
    ['in a text that is put together', 'op.execute("DR" + "OP TABLE users")'],
    ['in getattr', 'getattr(op, "drop" + "_table")("users")'],
    ['in letters of another width', 'ｏｐ.ｄｒｏｐ_ｔａｂｌｅ("users")'],
    ['behind another name', 'o = op\no.drop_table("users")'],
    ['behind the method alone', 'd = op.drop_table\nd("users")'],
    ['in a lambda', '(lambda t: op.drop_table(t))("users")'],
    ['in a comprehension', '[op.drop_table(t) for t in ["users"]]'],
    ['in a decorator', '@run\ndef f():\n    op.drop_table("users")', 'def run(f):\n    f()'],
    ['in a walrus', 'if (x := op.drop_table("users")):\n    pass'],
    ['in a default', 'def f(x=op.drop_table("users")):\n    pass'],
    ['in a generator', 'for _ in g():\n    pass', 'def g():\n    op.drop_table("users")\n    yield 1'],
    ['in a class', 'class A:\n    x = op.drop_table("users")'],
    ['in an argument', 'print(op.drop_table("users"))'],
    ['in an f-string', 'f"{op.drop_table(\'users\')}"'],
    ['in a condition', 'if op.drop_table("users") or True:\n    pass'],
    ['in a loop over a list', 'for t in TABLES:\n    op.drop_table(t)', 'TABLES = ["users"]'],
    ['in finally', 'try:\n    raise ValueError()\nexcept ValueError:\n    pass\nfinally:\n    op.drop_table("users")'],
    ['in partial', 'partial(op.drop_table, "users")()', 'from functools import partial'],
    ['in map', 'list(map(op.drop_table, ["users"]))'],
  ])('%s is found', (_, body, top = '') => {
    expect(drops(up(body, top))).toEqual(['users'])
  })

  test.each([
    ['in a variable', 'op.execute(f"DROP TABLE {x()}")'],
    ['in code that is made', 'exec("op.drop_table(\'users\')")'],
    ['in a match', 'match 1:\n    case 1:\n        op.drop_table("users")'],
    [
      'behind a condition on the environment',
      'if os.environ.get("CI"):\n    return\nop.drop_table("users")',
      'import os',
    ],
    [
      'behind the clock',
      'if datetime.now() > datetime(2020, 1, 1):\n    op.drop_table("users")',
      'from datetime import datetime',
    ],
    ['behind the host', 'if socket.gethostname() == "x":\n    op.drop_table("users")', 'import socket'],
    ['in a helper of elsewhere', 'do_it(op)', 'from helpers import do_it'],
    ['in an object of its own', 'op = MyOp()\nop.drop_table("users")', 'from helpers import MyOp'],
    ['in asynchronous code', 'asyncio.run(f())', 'import asyncio\nasync def f():\n    op.drop_table("users")'],
    ['in a thread', 'threading.Thread(target=lambda: op.drop_table("users")).start()', 'import threading'],
    ['in a file that is read', 'op.execute(open(__file__).read())'],
    ['in an operation that is another', 'op.execute = op.drop_table\nop.execute("users")'],
    ['in setattr', 'setattr(op, "execute", op.drop_table)\nop.execute("users")'],
    ['in __dict__', 'op.__dict__["drop_table"]("users")'],
    ['in eval of a name', 'eval("op").drop_table("users")'],
    ['in a generator that nobody knows', 'list(op.drop_table(t) for t in unknown)'],
    ['in a while that goes on', 'while True:\n    pass'],
    ['behind a call that calls itself', 'f()', 'def f():\n    f()'],
    ['when the file is loaded', 'pass', 'op.drop_table("users")'],
  ])('%s withholds the pass', (_, body, top = '') => {
    expect(isWithheld(up(body, top))).toBe(true)
  })
})

describe('code that reaches out is remarked, and never run', () => {
  test.each([
    ['exec', 'exec("1")', 'runs-code builtins.exec'],
    ['eval', 'eval("1")', 'runs-code builtins.eval'],
    ['compile', 'compile("1", "", "exec")', 'runs-code builtins.compile'],
    ['__import__', '__import__("os").system("x")', 'runs-code builtins.__import__'],
    ['importlib', 'importlib.import_module("os")', 'runs-code importlib.import_module', 'import importlib'],
    ['os.system', 'os.system("x")', 'reaches-out os.system', 'import os'],
    ['subprocess', 'subprocess.run(["x"])', 'reaches-out subprocess.run', 'import subprocess'],
    ['the network', 'requests.get("http://example.com")', 'reaches-out requests.get', 'import requests'],
    ['a file', 'open("x", "w").write("y")', 'reaches-out builtins.open'],
    ['waiting', 'time.sleep(3)', 'waits time.sleep', 'import time'],
    ['when the file is loaded', 'pass', 'reaches-out os.system', 'import os\nos.system("x")'],
    [
      'SQL from what is not known',
      'op.execute("DROP TABLE " + x)',
      'composes-sql x is a variable whose value is not known',
    ],
    [
      'SQL from what is not known, in text()',
      'op.execute(sa.text(f"DROP TABLE {x}"))',
      'composes-sql x is a variable whose value is not known',
    ],
    ['a module of the application', 'pass', 'imports-model app.models.User', 'from app.models import User'],
  ])('%s', (_, body, expected, top = '') => {
    expect(remarks(up(body, top))).toContain(expected)
  })

  test('nothing that it says is done', () => {
    const marker = join(folder, 'marker')
    const write = `open(${JSON.stringify(marker)}, "w").write("x")`
    const migration = revision(
      `${write}\nos.system("touch ${marker}")`,
      write,
      `import os, subprocess\n${write}\nsubprocess.run(["touch", "${marker}"])`,
    )
    expect([isWithheld(migration.up), isWithheld(migration.down)]).toEqual([true, true])
    expect(existsSync(marker)).toBe(false)
  })
})

describe('what would take long ends soon', () => {
  test.each([
    ['10,000 parentheses', `x = ${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
    ['a file of a megabyte', `x = "${'a'.repeat(1 << 20)}"`],
    ['many lines', 'x = 1\n'.repeat(100_000)],
    ['an endless loop', 'while True:\n    x = 1'],
    ['an endless recursion', 'f = lambda: f()\nf()'],
    ['a text that doubles', 'x = "a"\nfor i in range(100):\n    x = x + x'],
    ['a list that doubles', 'x = [1]\nfor i in range(100):\n    x = x + x'],
    ['a text that is joined', 'x = ("a" * 1000).join(["b" * 1000] * 1000)'],
    ['a list of lists', 'x = []\nfor i in range(100):\n    x = [x, x]\nop.execute(str(x))'],
    [
      'products',
      'x = [(a, b, c, d) for a in range(1000) for b in range(1000) for c in range(1000) for d in range(1000)]',
    ],
    ['a list in itself', 'x = []\nx.append(x)\nop.execute(str(x))'],
    [
      'lists in themselves that are compared',
      'x = []\nx.append(x)\ny = []\ny.append(y)\nif x == y:\n    op.execute("SELECT 1")',
    ],
    ['a range', 'for i in range(10 ** 12):\n    op.execute("SELECT 1")'],
    ['many statements', 'for i in range(100000):\n    op.execute("SELECT 1")'],
    ['an unclosed text', `x = """${'a\n'.repeat(100_000)}`],
  ])('%s', (_, body) => {
    const before = process.cpuUsage()
    expect(typeof sketch(up(body))).toBe('string')
    const { user, system } = process.cpuUsage(before)
    // Of the processor: others may be at work as well.
    expect((user + system) / 1e6).toBeLessThan(5)
  })
})

describe('what is no Python is refused', () => {
  test.each([
    ['Python 2', 'print "x"'],
    ['broken', 'x = ='],
    ['a bracket that is not closed', 'op.drop_table("a"'],
    ['a conflict', '<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other'],
  ])('%s', (_, body) => {
    expect(isWithheld(up(body))).toBe(true)
  })
})
