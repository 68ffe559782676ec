import { expect, test } from '@jest/globals'
import { entriesOf, fileSet } from '../../src/model/file-set.js'
import { sourceText, type Refusal, type SourceText } from '../../src/source/source-text.js'

test('a file is text, refused with the reason, listed only, or not there', () => {
  const files = fileSet(
    new Map<string, SourceText | Refusal | null>([
      ['b.sql', sourceText('b.sql', 'SELECT 1')],
      ['a.sql', { reason: 'file is a symbolic link', line: 1 }],
      ['c.sql', null],
    ]),
  )
  expect(files.paths).toEqual(['a.sql', 'b.sql', 'c.sql'])
  expect(files.read('b.sql')?.text).toBe('SELECT 1')
  expect(files.refusal('b.sql')).toBeUndefined()
  expect(files.read('a.sql')).toBeUndefined()
  expect(files.refusal('a.sql')?.reason).toBe('file is a symbolic link')
  for (const path of ['c.sql', 'nowhere.sql', '__proto__']) {
    expect(files.read(path)).toBeUndefined()
    expect(files.refusal(path)).toBeUndefined()
  }
})

test('a file set survives as plain data', () => {
  const files = fileSet(
    new Map([
      ['a.sql', { text: 'SELECT 1' }],
      ['b.sql', { reason: 'file is too large', line: 1 }],
      ['c.sql', null],
    ]),
  )
  const again = fileSet(structuredClone(entriesOf(files)))
  expect(again.paths).toEqual(files.paths)
  expect(again.read('a.sql')?.text).toBe('SELECT 1')
  expect(again.refusal('b.sql')).toEqual(files.refusal('b.sql'))
  expect(again.read('c.sql')).toBeUndefined()
})
