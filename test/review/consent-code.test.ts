import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { FileEntries } from '../../src/model/file-set.js'
import { SEVERITIES } from '../../src/model/finding.js'
import type { Settings } from '../../src/model/settings.js'
import { type Agreed, codeOf, isCode } from '../../src/review/consent-code.js'
import { DEFAULTS } from '../support/settings.js'

const file = (text: string) => ({ text })
const text: Agreed = {
  repository: 42,
  number: 7,
  target: 'main',
  base: 'b'.repeat(40),
  head: 'a'.repeat(40),
  files: {
    base: new Map([
      ['db/1.up.sql', file('CREATE TABLE a ();')],
      ['db/2.up.sql', file('CREATE TABLE b ();')],
    ]),
    head: new Map([
      ['db/1.up.sql', file('CREATE TABLE a ();')],
      ['db/2.up.sql', file('CREATE TABLE b (id int);')],
      ['db/3.up.sql', file('DROP TABLE a;')],
    ]),
  },
  findings: [
    { rule: 'drop-table', fingerprint: '00112233445566aa', severity: 'approval' },
    { rule: 'applied-migration-edited', fingerprint: '00112233445566bb', severity: 'error' },
  ],
  settings: DEFAULTS,
}
const head = (...files: readonly (readonly [string, { text: string } | { reason: string } | null])[]): Agreed => ({
  ...text,
  files: { base: text.files.base, head: new Map([...text.files.head, ...files]) as FileEntries },
})

test('a code is made as it is documented', () => {
  const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex')
  const files = [
    ['db/2.up.sql', sha256('CREATE TABLE b ();'), sha256('CREATE TABLE b (id int);')],
    ['db/3.up.sql', null, sha256('DROP TABLE a;')],
  ]
  const findings = [
    '["applied-migration-edited","00112233445566bb","error"]',
    '["drop-table","00112233445566aa","approval"]',
  ]
  const settings = [
    ['comment', 'never'],
    ['postgres', 18],
  ]
  const json = JSON.stringify(['dba-consent-1', 42, 7, 'main', text.base, text.head, files, findings, settings])
  const some = { postgres: 18, comment: 'never' } as Settings
  expect(codeOf({ ...text, settings: some })).toBe(sha256(json).slice(0, 12))
  expect(isCode(codeOf(text))).toBe(true)
})

test('in what order files, findings and keys are listed does not matter', () => {
  const settings = Object.fromEntries(Object.entries(DEFAULTS).toReversed()) as unknown as Settings
  const files = { base: new Map([...text.files.base].toReversed()), head: new Map([...text.files.head].toReversed()) }
  expect(codeOf({ ...text, settings, files, findings: text.findings.toReversed() })).toBe(codeOf(text))
})

test('a file that neither side changes does not matter', () => {
  const more = (files: FileEntries): FileEntries => new Map([...files, ['README.md', file('the same')]])
  expect(codeOf({ ...text, files: { base: more(text.files.base), head: more(text.files.head) } })).toBe(codeOf(text))
})

test.each<[string, Agreed]>([
  ['repository', { ...text, repository: 43 }],
  ['pull request', { ...text, number: 8 }],
  ['target', { ...text, target: 'release' }],
  ['base', { ...text, base: 'c'.repeat(40) }],
  ['head', { ...text, head: 'c'.repeat(40) }],
  ['bytes of a new file', head(['db/3.up.sql', file('DROP TABLE a ;')])],
  ['white space at its end', head(['db/3.up.sql', file('DROP TABLE a;\n')])],
  ['a further file', head(['db/4.up.sql', file('')])],
  ['a file that is refused', head(['db/3.up.sql', { reason: 'file is too large' }])],
  ['another reason', head(['db/3.up.sql', { reason: 'file is a symbolic link' }])],
  ['a file that goes', head(['db/1.up.sql', null])],
  [
    'bytes of the base',
    { ...text, files: { ...text.files, base: new Map([...text.files.base, ['db/2.up.sql', file('SELECT 1;')]]) } },
  ],
  ['one finding less', { ...text, findings: text.findings.slice(1) }],
  ['a finding twice', { ...text, findings: [...text.findings, ...text.findings] }],
  ['a severity', { ...text, findings: text.findings.map((each) => ({ ...each, severity: 'warning' as const })) }],
  ['the policy', { ...text, settings: { ...DEFAULTS, tables: { ...DEFAULTS.tables, large: ['a'] } } }],
  ['who may agree', { ...text, settings: { ...DEFAULTS, approval: { ...DEFAULTS.approval, data: ['@mallory'] } } }],
])('another %s is another code', (_, other) => expect(codeOf(other)).not.toBe(codeOf(text)))

test('any two texts that differ anywhere have different codes', () => {
  const short = fc.string({ maxLength: 4 })
  const side = fc.dictionary(short, short, { maxKeys: 3 })
  const anyText = fc.record({
    repository: fc.nat(3),
    number: fc.nat(3),
    target: short,
    base: short,
    head: short,
    files: fc.record({ base: side, head: side }),
    findings: fc.array(fc.record({ rule: short, fingerprint: short, severity: fc.constantFrom(...SEVERITIES) }), {
      maxLength: 3,
    }),
    rules: fc.dictionary(short, fc.constantFrom(...SEVERITIES), { maxKeys: 2 }),
  })
  type Any = typeof anyText extends fc.Arbitrary<infer Value> ? Value : never
  const entries = (files: Readonly<Record<string, string>>): FileEntries =>
    new Map(Object.entries(files).map(([path, each]) => [path, file(each)]))
  const code = ({ rules, files, ...rest }: Any): string =>
    codeOf({
      ...rest,
      files: { base: entries(files.base), head: entries(files.head) },
      settings: { ...DEFAULTS, rules },
    })
  const changed = ({ base, head: now }: Any['files']) =>
    [...new Set([...Object.keys(base), ...Object.keys(now)])]
      .filter((path) => base[path] !== now[path])
      .map((path) => [path, base[path] ?? null, now[path] ?? null])
      .sort()
  const identity = ({ files, findings, rules, ...rest }: Any): string =>
    JSON.stringify([
      Object.entries(rest).sort(),
      changed(files),
      findings.map(({ rule, fingerprint, severity }) => JSON.stringify([rule, fingerprint, severity])).sort(),
      Object.entries(rules).sort(),
    ])
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      expect(code(one) === code(other)).toBe(identity(one) === identity(other))
      expect(code(structuredClone(one))).toBe(code(one))
    }),
    { numRuns: 2_000 },
  )
})
