import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { json } from '../../src/report/json.js'
import { expectGolden } from './golden.js'
import { agreed, blocked, empty, HOSTILE, hostile, huge, unread, waiting } from './reviews.js'

const schema = JSON.parse(readFileSync(new URL('../../schema/review.schema.json', import.meta.url), 'utf8')) as object
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema)

const tool = { tool: 'alembic 1.20.1', contained: true, lines: ['a'], output: '', reason: null } as const
const withTool = {
  ...blocked,
  rehearsals: blocked.rehearsals.map((each) => ({
    ...each,
    native: { ...tool, verdict: 'differs' as const, outcome: 'leaves-residue' as const },
  })),
}

test.each([
  ['empty', empty],
  ['blocked', blocked],
  ['unread', unread],
  ['huge', huge],
  ['waiting', waiting],
  ['agreed', agreed],
  ['beside the run of a tool', withTool],
  ...Object.entries(HOSTILE).map(([name, text]) => [name, hostile(text)] as const),
])('the published schema holds for %s', (_, review) => {
  validate(JSON.parse(json().render(review)))
  expect(validate.errors ?? []).toEqual([])
})

test('the schema refuses what is not in it', () => {
  const document = JSON.parse(json().render(blocked)) as { findings: object[] }
  expect(validate({ ...document, score: 3 })).toBe(false)
  expect(validate({ ...document, version: 2 })).toBe(false)
  expect(validate({ ...document, findings: [{ ...document.findings[0], line: 0 }] })).toBe(false)
})

test('texts come through whole', () => {
  for (const text of Object.values(HOSTILE)) {
    const document = JSON.parse(json().render(hostile(text))) as { findings: { message: string }[] }
    expect(document.findings[0]?.message).toBe(`Drops ${text}`)
  }
})

test('the document', () => expectGolden('blocked.json', json().render(blocked)))
