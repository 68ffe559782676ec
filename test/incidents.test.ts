import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { FileEntries } from '../src/model/file-set.js'
import { analyse } from '../src/review/analyse.js'
import { loadParsers } from '../src/sql/parse.js'
import { DEFAULTS } from './support/settings.js'

/*
 * Changes that hurt somebody, told again with other names: `what` happened, the `source` (repository and the commit that repaired
 * it), the `rules` that would have said so, then files: what was there (`base/`), what the pull request brings (`head/`), and what
 * it takes away (`gone/`).
 */
const FOLDER = resolve('fixtures/incidents')

interface Incident {
  readonly name: string
  readonly what: string
  readonly source: string
  readonly rules: readonly string[]
  readonly base: FileEntries
  readonly head: FileEntries
}

const incidents = readdirSync(FOLDER).map((file) =>
  incidentIn(file.replace(/\.txt$/, ''), readFileSync(join(FOLDER, file), 'utf8')),
)

function incidentIn(name: string, text: string): Incident {
  const [head = '', ...parts] = text.split(/^=== /m)
  const said = new Map(head.split('\n').map((line) => [line.split(':')[0], line.slice(line.indexOf(':') + 2)]))
  const files = parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)] as const)
  const under = (folder: string) =>
    files
      .filter(([path]) => path.startsWith(folder))
      .map(([path, body]) => [path.slice(folder.length), { text: body }] as const)
  const base = new Map(under('base/'))
  const after = new Map([...base, ...under('head/')])
  for (const [path] of under('gone/')) after.delete(path)
  const rules = (said.get('rules') ?? '').split(', ')
  return { name, what: said.get('what') ?? '', source: said.get('source') ?? '', rules, base, head: after }
}

beforeAll(() => loadParsers({ majors: [DEFAULTS.postgres], second: true }))

test('there are as many as are known', () => {
  expect(incidents).toHaveLength(39)
  for (const { what, source } of incidents)
    expect([what, source]).toEqual([expect.stringMatching(/^[A-Z]/), expect.stringMatching(/^\S+\/\S+ [0-9a-f]{9,}$/)])
})

describe('what would have been said', () => {
  test.each(incidents.map((incident) => [incident.source, incident.what, incident] as const))(
    '%s: %s',
    (_, __, { base, head, rules }) => {
      const { findings } = analyse({ base, head, settings: DEFAULTS, today: '2026-11-01', mode: 'pull' })
      expect(findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...rules]))
    },
  )
})
