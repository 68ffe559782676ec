import { afterAll, beforeAll, describe, test } from '@jest/globals'
import { docker } from '../../src/sandbox/docker.js'
import { loadParsers } from '../../src/sql/parse.js'
import { CASES, type Case } from '../rehearsal/cases.js'
import { ROW_CASES } from '../rehearsal/row-cases.js'
import { expectTold } from '../rehearsal/told.js'
import { washed } from '../rehearsal/washed.js'
import { PLACE } from './engine.js'
import { imageOf } from './image.js'

const provider = washed(docker({ ...PLACE, image: await imageOf(18) }))
beforeAll(async () => loadParsers())
afterAll(async () => provider[Symbol.asyncDispose]())

/** The first case of each verdict. */
const oneOfEach = (cases: readonly Case[]): readonly Case[] =>
  cases.filter(({ verdict }, index) => cases.findIndex((each) => each.verdict === verdict) === index)

describe('a rehearsal in a container tells the same as on PGlite', () => {
  test.each([...oneOfEach(CASES), ...oneOfEach(ROW_CASES)])('$name', (each) => expectTold(each, provider))
})
