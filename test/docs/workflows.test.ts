import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { interpolatedRuns, type Job, workflowIn, wrongPins } from '../support/workflow-checks.js'

const own = ['.github/workflows/ci.yml', '.github/workflows/release.yml']
const samples = readdirSync('fixtures/workflows')
  .filter((name) => name.endsWith('.yml'))
  .map((name) => `fixtures/workflows/${name}`)

const read = (path: string): string => readFileSync(path, 'utf8')
const jobsOf = (path: string): readonly (readonly [string, Job])[] => Object.entries(workflowIn(read(path)).jobs)

describe.each(own)('%s', (path) => {
  test('is pinned, grants nothing as a whole, and puts no script together', () => {
    const workflow = workflowIn(read(path))
    expect([...wrongPins(read(path)), ...interpolatedRuns(workflow)]).toEqual([])
    expect(workflow.permissions).toEqual({})
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target')
  })

  test.each(jobsOf(path))('%s says what it may, and leaves no token on disk', (_, job) => {
    expect(job.permissions).toBeDefined()
    const checkouts = (job.steps ?? []).filter(({ uses = '' }) => uses.startsWith('actions/checkout@'))
    for (const { with: given } of checkouts) expect(given?.['persist-credentials']).toBe(false)
  })
})

describe('a release', () => {
  const jobs = new Map(jobsOf('.github/workflows/release.yml'))
  const needs = (name: string): readonly string[] =>
    [(jobs.get(name)?.needs ?? []) as string | readonly string[]].flat()
  const before = (name: string): ReadonlySet<string> => new Set(needs(name).flatMap((each) => [each, ...before(each)]))
  const writes = ([, { permissions }]: readonly [string, Job]): boolean =>
    Object.values(permissions as Readonly<Record<string, string>>).includes('write')
  const publishing = [...jobs].filter(writes).map(([name]) => name)

  test('is published by jobs of an environment, which run nothing of the sources', () => {
    expect(publishing).toEqual(['attest', 'publish-commit', 'publish-npm', 'publish-image', 'announce'])
    for (const name of publishing) {
      expect(jobs.get(name)).toHaveProperty('environment', 'release')
      const runs = jobs
        .get(name)
        ?.steps?.map(({ run = '' }) => run)
        .join('\n')
      expect(runs).not.toMatch(/npm (ci|install|run|test)|node scripts|\.ci\/run/)
    }
  })

  test.each(publishing)('is tested, built twice alike and tried before %s', (name) => {
    const earlier = before(name)
    for (const each of ['check', 'build', 'reproduce', 'try-package', 'try-image']) expect(earlier).toContain(each)
  })

  test('is announced last', () => {
    for (const name of publishing.filter((each) => each !== 'announce')) expect(before('announce')).toContain(name)
  })
})

test('an action is pinned to one commit wherever it is used', () => {
  const pins = new Map<string, Set<string>>()
  for (const path of [...own, ...samples, 'templates/init/workflow.yml.hbs']) {
    for (const [, name = '', pin = ''] of read(path).matchAll(/uses: ([\w.-]+\/[\w./-]+)@(\S+ # \S+)/g)) {
      pins.set(name, (pins.get(name) ?? new Set()).add(pin))
    }
  }
  expect(pins.size).toBeGreaterThan(5)
  expect([...pins].filter(([, each]) => each.size > 1)).toEqual([])
})
