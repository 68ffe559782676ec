import { describe, expect, test } from '@jest/globals'
import { readAll, sketch, tree } from '../tree.js'

const TOP = 'revision = "a"\ndown_revision = None\n'
const UPGRADE = 'def upgrade():\n    pass\n'
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** How upgrade() of a file is read, and the id that the file has. */
function read(content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? encode(content) : content
  const [project] = readAll(tree({ 'alembic/env.py': '', 'alembic/versions/a.py': bytes }))
  const [migration] = project?.migrations ?? []
  return migration === undefined ? 'no revision' : `${migration.revision.id}: ${sketch(migration.up)}`
}

describe('files that Python 3 does not load, or not as this text', () => {
  test.each([
    ['utf-7', '# -*- coding: utf-7 -*-\n', 1, 'declares the encoding utf-7'],
    ['rot13', '# coding=rot13\n', 1, 'declares the encoding rot13'],
    ['one that nobody knows', '# vim: set fileencoding=nonsense :\n', 1, 'declares the encoding nonsense'],
    ['in line 2', '#!/usr/bin/env python\n# coding: utf-16\n', 2, 'declares the encoding utf-16'],
    [
      'a mark of UTF-8 and another encoding',
      '\ufeff# coding: latin-1\n',
      1,
      'begins with the mark of UTF-8 and declares',
    ],
    ['latin-1 with more than ASCII', '# coding: latin-1\nname = "é"\n', 1, 'declares the encoding latin-1'],
    ['print', 'print "x"\n', 1, 'print without parentheses is Python 2'],
    ['except', 'try:\n    pass\nexcept E, e:\n    pass\n', 3, 'except with a comma is Python 2'],
    ['raise', 'raise E, "x"\n', 1, 'raise with a comma is Python 2'],
    ['octal numbers', 'mode = 0777\n', 1, 'a number that begins with 0 is Python 2'],
    ['backticks', 'x = `1`\n', 1, 'not valid Python'],
    ['tabs after spaces', 'def f():\n        pass\n\tpass\n', 3, 'hangs on the width of a tab'],
    ['a tab inside spaces', 'def f():\n    if x:\n\tpass\n', 3, 'hangs on the width of a tab'],
  ])('%s', (_, top, line, reason) => {
    expect(read(`${top}${TOP}${UPGRADE}`)).toMatch(new RegExp(`^a: \\w+ in line ${line}: .*${reason}`))
  })

  test('a NUL byte', () => expect(read(`${TOP}# \0\n${UPGRADE}`)).toMatch(/refused in line 3: file holds a NUL byte/))
})

describe('files that Python 3 loads', () => {
  test.each([
    ['a mark of UTF-8', '\ufeff'],
    ['a mark and the same encoding', '\ufeff# -*- coding: utf-8 -*-\n'],
    ['latin-1 with ASCII alone', '# -*- coding: latin-1 -*-\n'],
    ['an encoding named in line 3', '#\n#\n# coding: utf-7\n'],
    ['an encoding named after code', 'x = 1\n# coding: utf-7\n'],
    ['a form feed on a line of its own', 'x = 1\n\f\n \f \n'],
    ['a form feed before a comment', 'def f():\n    pass\n\f# next\n'],
    ['a form feed before a statement', '\fx = 1\n'],
    ['tabs alone', 'def f():\n\tif x:\n\t\tpass\n\tpass\n'],
    ['tabs that stand in brackets and strings', 'x = [\n\t1,\n  2,\n]\ny = """\n\tz\n    z\n"""\n'],
    ['zeros', 'x = 00\ny = 0o17\nz = 0.5\n'],
  ])('%s', (_, top) => expect(read(`${top}${TOP}${UPGRADE}`)).toBe('a: one: '))
})
