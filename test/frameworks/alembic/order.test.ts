import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readAll, tree } from '../tree.js'
import { withAlembic } from '../../support/alembic.js'

type Graph = readonly (readonly [id: string, parents: readonly string[], depends: readonly string[]])[]

/** A graph in short: `a < b c + d` follows b and c and depends on d. */
function graph(...lines: readonly string[]): Graph {
  const words = (text = ''): readonly string[] => text.split(' ').filter((word) => word !== '')
  return lines.map((line) => {
    const [, id = '', parents, depends] = /^(\w+)(?: <([\w ]*))?(?: \+([\w ]*))?$/.exec(line) ?? []
    return [id, words(parents), words(depends)]
  })
}

/** The order of our history; files are read in the order of the graph. */
function ours(of: Graph): readonly string[] {
  const list = (ids: readonly string[]): string => `(${ids.map((id) => `"${id}",`).join(' ')})`
  const files = of.map(([id, parents, depends], index) => {
    const name = String(index).padStart(3, '0')
    const links = `down_revision = ${parents.length === 0 ? 'None' : list(parents)}\ndepends_on = ${list(depends)}`
    return [`alembic/versions/${name}.py`, `revision = "${id}"\n${links}\ndef upgrade():\n    pass\n`]
  })
  const [read] = readAll(tree({ 'alembic/env.py': '', ...Object.fromEntries(files) }))
  return read?.history.revisions.map(({ id }) => id) ?? []
}

const KNOWN: readonly (readonly [what: string, of: Graph, order: string])[] = [
  ['a line', graph('c < b', 'b < a', 'a'), 'a b c'],
  ['a branch and its merge', graph('a', 'b < a', 'c < a', 'd < b c'), 'a c b d'],
  ['a merge that names them the other way', graph('a', 'b < a', 'c < a', 'd < c b'), 'a b c d'],
  ['longer branches', graph('a', 'b < a', 'c < b', 'd < a', 'e < d', 'f < c e'), 'a d e b c f'],
  ['two heads', graph('a', 'b < a', 'c < a'), 'a c b'],
  ['two bases', graph('a', 'b', 'c < a', 'd < b'), 'b d a c'],
  ['what is depended on', graph('a', 'b < a + d', 'c', 'd < c'), 'c d a b'],
  ['what an ancestor depends on as well', graph('a + x', 'b < a + x', 'x'), 'x a b'],
]

test.each(KNOWN)('%s', (_, of, order) => {
  expect(ours(of).join(' ')).toBe(order)
})

/** Revisions that each follow up to three earlier ones, and may depend on another. */
const graphs = fc
  .array(fc.tuple(fc.array(fc.nat(30), { maxLength: 3 }), fc.option(fc.nat(30), { freq: 4 })), {
    minLength: 1,
    maxLength: 16,
  })
  .chain((drawn) => {
    const all = drawn.map(([parents, needs], index): Graph[number] => {
      const place = (named: number): string => `r${named % Math.max(1, index)}`
      if (index === 0) return ['r0', [], []]
      const named = [...new Set(parents.map(place))]
      return [`r${index}`, named, needs === null || named.includes(place(needs)) ? [] : [place(needs)]]
    })
    return fc.shuffledSubarray(all, { minLength: all.length })
  })

function ask(python: string, graphs: readonly Graph[]): Promise<readonly (readonly string[])[]> {
  const program = fileURLToPath(new URL('../../support/order.py', import.meta.url))
  return new Promise((resolve, reject) => {
    const child = execFile(python, [program], { maxBuffer: 1 << 27 }, (error, out, complaint) => {
      if (error === null) resolve(JSON.parse(out) as readonly (readonly string[])[])
      else reject(new Error(complaint, { cause: error }))
    })
    child.stdin?.end(JSON.stringify(graphs))
  })
}

await withAlembic((programs) => {
  test('Alembic itself runs them in this order', async () => {
    const all = [...KNOWN.map(([, of]) => of), ...fc.sample(graphs, { seed: 1, numRuns: 300 })]
    expect(all.map(ours)).toEqual(await ask(join(programs, 'python'), all))
  })
})
