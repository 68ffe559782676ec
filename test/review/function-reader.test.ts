import { expect, test } from '@jest/globals'
import type { FunctionText } from '../../src/model/function-body.js'
import { readFunctionsApart } from '../../src/review/function-reader.js'

const of = (source: string): FunctionText => ({
  definition: `create function f() returns void language plpgsql as $$${source}$$`,
  source,
})
const SOUND = of('begin delete from t; end')

test('functions are read in the order in which they are given', async () => {
  const read = await readFunctionsApart(
    [SOUND, of('begin if'), of('begin delete from u; end')],
    new AbortController().signal,
  )
  expect(read.map((body) => body?.pieces ?? null)).toEqual([['delete from t'], null, ['delete from u']])
})

test('nothing is said of any when there is no time', async () => {
  expect(await readFunctionsApart([SOUND], AbortSignal.abort())).toEqual([null])
  const soon = new AbortController()
  const reading = readFunctionsApart([SOUND], soon.signal)
  soon.abort()
  expect(await reading).toEqual([null])
})
