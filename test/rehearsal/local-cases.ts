import { afterAll, beforeAll, describe, test } from '@jest/globals'
import { local } from '../../src/sandbox/local.js'
import { loadParsers } from '../../src/sql/parse.js'
import { withPostgres, type Major } from '../support/postgres-binaries.js'
import { BETWEEN_CASES } from './between-cases.js'
import { CASES } from './cases.js'
import { DIAGNOSIS_CASES } from './diagnosis-cases.js'
import { ROW_CASES } from './row-cases.js'
import { expectTold } from './told.js'
import { washed } from './washed.js'

/** Every case, rehearsed on a local server of a version: all tell the same as on PGlite. */
export function localCases(major: Major): Promise<void> {
  return withPostgres(major, (folder) => {
    const own = local({ folders: [folder] })
    const provider = washed({ id: own.id, open: (wish, signal) => own.open({ ...wish, postgres: major }, signal) })
    beforeAll(async () => loadParsers())
    afterAll(async () => provider[Symbol.asyncDispose]())

    describe(`a rehearsal on PostgreSQL ${major}`, () => {
      test.each([...CASES, ...ROW_CASES, ...DIAGNOSIS_CASES, ...BETWEEN_CASES])('$name', (each) =>
        expectTold(each, provider),
      )
    })
  })
}
