import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Client } from 'pg'
import type { Review } from '../../src/model/review.js'
import { json } from '../../src/report/json.js'
import { stage, type AppProcess, type Stage } from '../support/app-under-test.js'
import { until } from '../support/app-database.js'
import { dba } from '../support/dba.js'
import { changesOf, filesOf, type FakePull, type FakeRepository } from '../support/github/index.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { checkout, eventOf, pack, step, tokenFor, WRITES, type Packed } from './packed.js'

const PATIENCE = 180_000

/** What every door has, so that no difference comes of the machine. */
const POLICY = 'postgres: 18\nrehearsal: { sandbox: pglite }\n'

await withPostgres(18, (programs) => {
  describe('the same change behind three doors', () => {
    let packed: Packed
    let at: Stage
    let app: AppProcess
    beforeAll(async () => {
      ;[packed, at] = await Promise.all([pack(), stage(programs)])
      app = await at.start()
    }, PATIENCE)
    afterAll(async () => {
      packed?.dispose()
      await at?.stop()
    })

    test.each(['harmful', 'clean'])(
      '%s: the same report, but for what says where it was made',
      async (name) => {
        const [base, head] = ['base', 'head'].map((side) => join('fixtures/pulls', name, side))
        const repository = at.github.repository(`acme/${name}`, {
          files: { ...filesOf(base ?? ''), '.github/dba.yml': POLICY },
        })
        const pull = repository.openPull({ files: changesOf(base ?? '', head ?? '') })
        const event = eventOf(at.github, 'pull_request', 'opened')
        const told = await byApp(repository, pull)
        const workspace = await checkout(repository, { pull, depth: 0 })
        const cli = await dba(workspace, ['review', '--base', 'origin/main', '--head', pull.sha, '--format', 'json'])
        const inputs = { 'github-token': tokenFor(at.github, repository, WRITES) }
        const action = await step(packed, { github: at.github, event, workspace, inputs })

        const [one, two, three] = [told, cli.out, JSON.stringify(action.report)].map(withoutPlace)
        expect(one?.length).toBeGreaterThan(2_000)
        expect(two).toBe(one)
        expect(three).toBe(one)
        expect(action.outputs['verdict']).toBe((JSON.parse(told) as Review).verdict)
        expect([cli.code, action.code]).toEqual(name === 'clean' ? [0, 0] : [1, 1])
        // Neither takes the other's check run for its own.
        const runs = repository.checkRuns(pull.sha).map((run) => [run.name, run.conclusion])
        const conclusion = name === 'clean' ? 'success' : 'failure'
        expect(runs).toEqual([
          ['dba', conclusion],
          ['dba review', conclusion],
        ])
      },
      PATIENCE,
    )

    /** The report of the review that the App keeps. */
    async function byApp(repository: FakeRepository, pull: FakePull): Promise<string> {
      const judged = (): boolean => repository.checkRuns(pull.sha, 'dba').at(-1)?.status === 'completed'
      await until(judged, PATIENCE / 2).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${app.lines.slice(-10).join('\n')}`)
      })
      const client = new Client({ connectionString: at.databaseUrl })
      await client.connect()
      try {
        const { rows } = await client.query<{ review: Review }>(
          'SELECT review FROM dba.reviews WHERE repository_id = $1 AND subject = $2',
          [repository.id, `pull/${pull.number}`],
        )
        const [row] = rows
        if (row === undefined) throw new Error('the App keeps no review')
        return json().render(row.review)
      } finally {
        await client.end()
      }
    }
  })
})

/** The report without what says where it was made: names, the number, the code to agree by, who else is open, and how long it took. */
function withoutPlace(report: string): string {
  const { pull, approval, ...rest } = JSON.parse(report) as {
    pull: { base: string; head: string }
    approval: { code: string | null }
  }
  const kept = { ...rest, pull: { base: pull.base, head: pull.head }, approval: { ...approval, code: null } }
  const blank: Readonly<Record<string, unknown>> = { milliseconds: 0, clashes: null }
  return JSON.stringify(kept, (key, value: unknown) => (Object.hasOwn(blank, key) ? blank[key] : value), 2)
}
