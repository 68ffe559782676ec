import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { detectProjects, frameworkOf } from '../../../src/frameworks/index.js'
import { fileSet } from '../../../src/model/file-set.js'
import type { PlanItem } from '../../../src/rehearsal/plan.js'
import { fill } from '../../../src/rehearsal/seed/fill.js'
import { advance, type Stage } from '../../../src/rehearsal/stage.js'
import { standIns } from '../../../src/rehearsal/stand-ins.js'
import { loadParsers } from '../../../src/sql/parse.js'
import { folderEntries } from '../../support/history-file.js'
import { washed } from '../washed.js'

const PROJECTS = 'fixtures/projects'
const never = new AbortController().signal
const provider = washed()
beforeAll(async () => loadParsers())
afterAll(async () => provider[Symbol.asyncDispose]())

test.each(readdirSync(PROJECTS))('every table of %s is filled', async (name) => {
  const files = fileSet(folderEntries(`${PROJECTS}/${name}`))
  const projects = detectProjects(files)
  expect(projects.length).toBeGreaterThan(0)
  for (const project of projects) {
    const framework = frameworkOf(project)
    const sandbox = await provider.open({ postgres: 18 }, never)
    if ('unavailable' in sandbox) throw new Error(sandbox.unavailable)
    const session = await sandbox.session()
    const stage: Stage = { sandbox, session, skipped: [], helpers: standIns(session, []), bodies: null }
    const { bookkeeping } = project.conventions
    for (const revision of framework.history(project, files).revisions) {
      const { up } = framework.migration(project, revision, files, { postgres: 18, thorough: false })
      const item: PlanItem = { revision, up, down: { kind: 'absent' }, role: 'replay', bookkeeping }
      expect(await advance(stage, item, never)).toBeNull()
    }
    const tables = [...(await session.dump(bookkeeping)).keys()].filter((key) => key.startsWith('table '))
    expect(tables.length).toBeGreaterThan(0)
    expect(await fill(session, { rows: 5, values: 'awkward', bookkeeping, signal: never })).toEqual([])
  }
})
