import type { Direction } from '../../model/finding.js'
import type { SourceText } from '../../source/source-text.js'
import type { Part } from './dialect.js'

// The patterns of https://github.com/amacneil/dbmate/blob/main/pkg/dbmate/migration.go: dbmate looks at lines, not at SQL.
const UP = /^--\s*migrate:up(\s*$|\s+\S+)/gm
const DOWN = /^--\s*migrate:down(\s*$|\s+\S+)/gm

/** The up or the down block of a dbmate file. */
export function dbmateSection(source: SourceText, direction: Direction): Part {
  const { text } = source
  const ups = [...text.matchAll(UP)].map(({ index }) => index)
  const downs = [...text.matchAll(DOWN)].map(({ index }) => index)
  const [up] = ups
  const [down] = downs
  const refuse = (reason: string, at: number): Part => ({
    kind: 'refused',
    reason,
    at: source.spanOfUnits(at, endOfLine(text, at)),
  })
  if (up === undefined) return refuse('dbmate refuses the file: there is no line `-- migrate:up`', 0)
  if (down === undefined) return refuse('dbmate refuses the file: there is no line `-- migrate:down`', up)
  if (down < up) return refuse('dbmate refuses the file: `-- migrate:down` stands before `-- migrate:up`', down)
  const before = text.slice(0, up).split('\n')
  const early = before.findIndex((line) => !/^\s*(--[^]*)?$/.test(line))
  if (early >= 0) {
    const at = before.slice(0, early).reduce((sum, line) => sum + line.length + 1, 0)
    return refuse('dbmate refuses the file: there is text before `-- migrate:up`', at)
  }
  const [, secondDown] = downs
  const [, secondUp] = ups
  // It runs each block in a transaction of its own, and writes the version into its books after each.
  if (secondUp !== undefined)
    return refuse(
      'dbmate stops at the second `-- migrate:up` block, whose version the first has put into its books',
      secondUp,
    )
  if (secondDown !== undefined) return refuse('dbmate refuses the file: `-- migrate:down` is there twice', secondDown)

  const start = direction === 'up' ? up : down
  const end = direction === 'up' ? down : text.length
  const options = text.slice(start, endOfLine(text, start))
  return {
    kind: 'sql',
    range: { start: Buffer.byteLength(text.slice(0, start)), end: Buffer.byteLength(text.slice(0, end)) },
    wrapped: !/\stransaction:false(\s|$)/.test(options),
    sent: 'whole',
    gaps: [],
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}
