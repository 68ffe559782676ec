import { resolve } from 'node:path'
import { expect, test } from '@jest/globals'

interface Judged {
  readonly repo: string
  readonly path: string
  readonly label: string | null
  readonly findings: readonly { rule: string; severity: string; message: string; at: { start: { line: number } } }[]
}
interface Figures {
  readonly [count: string]: unknown
  readonly rules: readonly {
    rule: string
    migrations: number
    findings: number
    severities: object
    samples: string[]
  }[]
}
const { figures, noisy, spread } = (await import(resolve('scripts/noise/figures.mjs'))) as {
  figures: (migrations: readonly Judged[]) => Figures
  noisy: (counted: Figures, share: number) => readonly { rule: string }[]
  spread: <Item>(list: readonly Item[], count: number) => readonly Item[]
}

const judged = (path: string, label: string | null, ...found: readonly string[]): Judged => {
  const findings = found.map((text) => {
    const [rule = '', severity = ''] = text.split(' ')
    return { rule, severity, message: 'm', at: { start: { line: 3 } } }
  })
  return { repo: 'o/n', path, label, findings }
}

const seen = [
  judged('1.sql', 'clean', 'drop-column error', 'drop-column error', 'name warning'),
  judged('2.sql', 'drift', 'residue error'),
  judged('3.sql', null, 'name warning'),
  judged('4.sql', 'clean', 'name notice', 'timeout notice'),
  judged('5.sql', 'clean'),
]

test('figures: migrations by severity and by rule; errors are counted on those that no label calls broken', () => {
  expect(figures(seen)).toEqual({
    migrations: 5,
    levels: { error: 2, approval: 0, warning: 2, notice: 1 },
    silent: 1,
    calm: 4,
    calmErrors: 1,
    rules: [
      {
        rule: 'name',
        migrations: 3,
        findings: 3,
        severities: { warning: 2, notice: 1 },
        samples: ['o/n 1.sql:3 m', 'o/n 3.sql:3 m', 'o/n 4.sql:3 m'],
      },
      { rule: 'drop-column', migrations: 1, findings: 2, severities: { error: 1 }, samples: ['o/n 1.sql:3 m'] },
      { rule: 'residue', migrations: 1, findings: 1, severities: { error: 1 }, samples: ['o/n 2.sql:3 m'] },
      { rule: 'timeout', migrations: 1, findings: 1, severities: { notice: 1 }, samples: ['o/n 4.sql:3 m'] },
    ],
  })
})

test.each([
  [0.39, ['name']],
  [0.41, []],
])('noisy: at warning or above on more than %d of all; notices do not count', (share, expected) => {
  expect(noisy(figures(seen), share).map(({ rule }) => rule)).toEqual(expected)
})

test('spread: samples come from all over a list', () => {
  expect(spread([1, 2, 3, 4, 5, 6], 3)).toEqual([1, 3, 5])
  expect(spread([1, 2], 3)).toEqual([1, 2])
})
