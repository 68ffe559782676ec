import type { DoStmt } from '@pgsql/types'
import type { Operation } from '../../model/operation.js'
import { sourceText } from '../../source/source-text.js'
import type { Span } from '../../source/span.js'
import { guard } from '../guard.js'
import { parse, parsePlpgsql } from '../parse.js'
import type { StatementPlace } from '../tokens.js'
import { option, optionText } from './definition.js'
import { fragmentsOf, type Fragment } from './plpgsql.js'
import type { Reader, ReadStatement } from './reader.js'
import { spanOfAll } from './stretch.js'
import { entry } from './tree.js'

/** DO: the statements of a PL/pgSQL body are read too; what text it runs beyond those is said, not guessed. */
export const readDo: Reader<DoStmt> = ({ args }, place, read) => {
  const language = optionText(option(args, 'language')) ?? 'plpgsql'
  const body = optionText(option(args, 'as')) ?? ''
  const contents = language === 'plpgsql' ? contentsOf(body, place, read) : { inner: [], dynamic: true, unread: 1 }
  return [{ kind: 'do', span: spanOfAll(place), language, body, ...contents }]
}

interface Contents {
  readonly inner: readonly Operation[]
  readonly dynamic: boolean
  readonly unread: number
}

function contentsOf(body: string, place: StatementPlace, read: ReadStatement): Contents {
  const outcome = guard(body).kind === 'safe' ? parsePlpgsql(place.text(place.start, place.end)) : null
  if (outcome?.kind !== 'parsed') return { inner: [], dynamic: /\bexecute\b/i.test(body), unread: 1 }
  const { fragments, dynamic } = fragmentsOf(outcome.tree, body)
  const start = bodyStart(body, place)
  const operations = fragments.map((fragment) => readFragment(fragment, body, start, place, read))
  return {
    inner: operations.flatMap((each) => each ?? []),
    dynamic,
    unread: operations.filter((each) => each === null).length,
  }
}

/** The operations of one piece of SQL, or null when it cannot be read. */
function readFragment(
  { sql, at, exact }: Fragment,
  body: string,
  bodyStart: number | null,
  place: StatementPlace,
  read: ReadStatement,
): readonly Operation[] | null {
  const guarded = guard(sql)
  const outcome = guarded.kind === 'safe' ? parse(sql, guarded.scan.tokens) : null
  // Blocks within blocks could nest without end.
  if (guarded.kind !== 'safe' || outcome?.kind !== 'parsed') return null
  if (outcome.statements.some(({ node }) => entry(node)?.name === 'DoStmt')) return null
  const byteOf = (unit: number): number => (bodyStart ?? 0) + Buffer.byteLength(body.slice(0, unit))
  const locate = (start: number, end: number): Span => {
    if (at === null || bodyStart === null) return spanOfAll(place)
    const base = byteOf(at.start)
    return exact ? place.locate(base + start, base + end) : place.locate(base, byteOf(at.end))
  }
  const { sliceBytes } = sourceText('', sql)
  return outcome.statements.flatMap(({ node, start, end }) => {
    const tokens = guarded.scan.tokens.filter((token) => token.start >= start && token.end <= end)
    return read(node, { tokens, start, end, locate, text: sliceBytes })
  })
}

/** The byte where the body begins, unless its quotes make it read differently from how it is written. */
function bodyStart(body: string, { tokens }: StatementPlace): number | null {
  for (const { kind, text, start } of tokens) {
    if (kind !== 'string') continue
    const quote = text.startsWith('$') ? text.indexOf('$', 1) + 1 : 1
    if (text.slice(quote, quote + body.length) === body && text.length === body.length + 2 * quote) return start + quote
  }
  return null
}
