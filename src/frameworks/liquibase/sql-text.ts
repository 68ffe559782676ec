import type { Script, Statement } from '../../model/migration.js'
import { sourceText, type SourceText } from '../../source/source-text.js'
import type { Span } from '../../source/span.js'
import { readEmbedded, type Reading } from '../../sql/script.js'
import { cut, type Stretch, trimmed } from './split.js'

/** SQL that an author wrote in a changelog, and how Liquibase sends it. */
export interface SqlText {
  readonly text: string
  /** The file that it stands in, and where in it each code unit is; null where the file says it in other words. */
  readonly source: SourceText
  readonly offsetOf: ((index: number) => number) | null
  /** The change that it belongs to. */
  readonly at: Span
  readonly split: boolean
  /** null: Liquibase's own. */
  readonly delimiter: string | null
}

/** What is sent for a text, each statement where it stands; refused where Liquibase cuts it so that PostgreSQL cannot read it. */
export function readSqlText(sql: SqlText, reading: Reading, transaction: 'one' | 'none'): Script {
  const whole = trimmed(sql.text, 0, sql.text.length)
  const pieces = sql.split ? cut(sql.text, sql.delimiter) : whole === null ? [] : [whole]
  if (!sql.split || sql.delimiter === null || sql.delimiter === ';') {
    const script = readStretch(sql, { start: 0, end: sql.text.length }, reading, transaction)
    if (script.kind !== 'script' || (sql.split && !fits(script.statements, pieces, sql))) {
      // As a whole it may read otherwise than in pieces; what counts is what is sent.
      return pieces.length > 1 ? inPieces(sql, pieces, reading, transaction) : script
    }
    return sql.split || transaction === 'one' || script.statements.length < 2
      ? script
      : { ...script, transaction: 'one' }
  }
  return inPieces(sql, pieces, reading, transaction)
}

/** What is sent for a text, one piece after the other, whatever is in it. */
export function piecesOf({ text, split, delimiter }: Pick<SqlText, 'text' | 'split' | 'delimiter'>): readonly string[] {
  const whole = trimmed(text, 0, text.length)
  const pieces = split ? cut(text, delimiter) : whole === null ? [] : [whole]
  return pieces.map(({ start, end }) => text.slice(start, end))
}

/** Whether every statement is a piece of its own. */
function fits(statements: readonly Statement[], pieces: readonly Stretch[], { text }: SqlText): boolean {
  const bodies = pieces.map(({ start, end }) => text.slice(start, end))
  let next = 0
  for (const { sql } of statements) {
    // What is passed over must be comments alone.
    while (next < bodies.length && !(bodies[next] ?? '').endsWith(sql) && isComment(bodies[next] ?? '')) next++
    if (bodies[next]?.endsWith(sql) !== true) return false
    next++
  }
  return bodies.slice(next).every(isComment)
}

function isComment(text: string): boolean {
  return text.replace(/\/\*[^]*?\*\/|--[^\r\n]*/g, '').trim() === ''
}

function inPieces(sql: SqlText, pieces: readonly Stretch[], reading: Reading, transaction: 'one' | 'none'): Script {
  const scripts: Extract<Script, { kind: 'script' }>[] = []
  for (const piece of pieces) {
    const script = readStretch(sql, piece, reading, transaction)
    if (script.kind !== 'script') {
      if (script.kind !== 'refused' || script.cause !== 'syntax' || pieces.length === 1) return script
      const reason = `${script.reason}; Liquibase cuts the text at each ${sql.delimiter ?? 'semicolon'} outside quotes, also between dollar quotes: splitStatements false keeps it whole`
      return { ...script, reason }
    }
    scripts.push(script)
  }
  const several = scripts.some(({ statements }) => statements.length > 1)
  return {
    kind: 'script',
    statements: scripts.flatMap(({ statements }) => statements).map((statement, index) => ({ ...statement, index })),
    transaction: several && pieces.length === 1 ? 'one' : transaction,
    gaps: scripts.flatMap(({ gaps }) => gaps),
    comments: scripts.flatMap(({ comments }) => comments),
  }
}

function readStretch(sql: SqlText, stretch: Stretch, reading: Reading, transaction: 'one' | 'none'): Script {
  const { source, offsetOf, at } = sql
  const own = sourceText(source.path, sql.text.slice(stretch.start, stretch.end))
  // What precedes a byte is as long in code units as JavaScript says.
  const unitOf = (byte: number): number => stretch.start + own.sliceBytes(0, byte).length
  const place = (start: number, end: number): Stretch | null => {
    if (offsetOf === null) return null
    const from = offsetOf(unitOf(start))
    return { start: from, end: end > start ? Math.max(from, offsetOf(unitOf(end) - 1) + 1) : from }
  }
  return readEmbedded(
    {
      source: own,
      locate: (start, end) => {
        const found = place(start, end)
        return found === null ? at : source.spanOfUnits(found.start, found.end)
      },
      bytes: (start, end) => {
        const found = source.path.toLowerCase().endsWith('.sql') ? place(start, end) : null
        if (found === null || source.text.slice(found.start, found.end) !== own.sliceBytes(start, end)) return null
        const before = Buffer.byteLength(source.text.slice(0, found.start))
        return { start: before, end: before + end - start }
      },
    },
    reading,
    transaction,
  )
}
