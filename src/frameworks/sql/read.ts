import type { Script, Statement } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import type { Direction } from '../../model/finding.js'
import type { SourceText } from '../../source/source-text.js'
import { startOf } from '../../source/span.js'
import { readScript, type Reading } from '../../sql/script.js'
import { refusedInTransaction } from '../../model/outside-transaction.js'
import { codeOf } from '../code.js'
import { statedIrreversible } from '../irreversible.js'
import type { ByteRange, Dialect, Part } from './dialect.js'

/** Reads one direction of a migration out of its file, the way the tool would run it. */
export function readDirection(
  dialect: Dialect,
  direction: Direction,
  path: string,
  files: FileSet,
  reading: Reading,
): Script {
  const source = files.read(path)
  if (source === undefined || codeOf(path) !== null) return unreadable(path, files)
  const beside = (name: string): SourceText | undefined => files.read(path.replace(/[^/]*$/, name))
  const part = dialect.part({ source, direction, beside })
  if (part.kind === 'absent') return part
  if (part.kind === 'refused') return { kind: 'refused', cause: 'refused', reason: part.reason, at: part.at }
  const script = readScript(source, reading, { transaction: part.wrapped ? 'one' : 'none', range: part.range })
  if (script.kind === 'refused') return unknownText(part, script) ?? script
  if (script.kind !== 'script') return script
  const { statements, comments } = script
  if (direction === 'down' && statements.length === 0 && script.gaps.length === 0) {
    const stated = statedIrreversible(comments)
    if (stated !== null) return stated
  }
  return {
    ...script,
    statements: bracketed(part, statements),
    transaction: transactionOf(part, statements),
    gaps: [...part.gaps, ...script.gaps, ...cutNotes(dialect, part, statements)],
  }
}

/** A text that does not parse while parts of it are not known has no syntax error that anybody could tell. */
function unknownText({ gaps }: SqlPart, { cause }: Extract<Script, { kind: 'refused' }>): Script | null {
  const unknown = gaps.find(({ bearing }) => bearing === 'withholds')
  const at = unknown?.at ?? null
  if (unknown === undefined || at === null || cause === 'refused') return null
  return { kind: 'refused', cause: 'refused', reason: unknown.message, at }
}

function unreadable(path: string, files: FileSet): Script {
  const refusal = files.refusal(path)
  if (refusal !== undefined) {
    const start = { line: refusal.line, column: 1 }
    return { kind: 'refused', cause: 'refused', reason: refusal.reason, at: { path, start, end: start } }
  }
  const language = codeOf(path)
  const reason = language === null ? 'the file was not loaded' : `a migration in ${language} is code, which is not read`
  return { kind: 'refused', cause: 'refused', reason, at: startOf(path) }
}

type SqlPart = Extract<Part, { kind: 'sql' }>

/**
 * A query of several statements is one implicit transaction although nobody opened one
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT), unless the text itself begins
 * a block and ends with its COMMIT, or never ends it: nobody else does. A statement sent alone is in none.
 */
function transactionOf({ wrapped, sent }: SqlPart, statements: readonly Statement[]): 'one' | 'none' {
  if (wrapped) return 'one'
  const whole =
    typeof sent === 'string'
      ? sent === 'whole' || (sent === 'batches' && !statements.some(standsAlone))
      : sent.some((piece) => statements.every((one) => holds(piece, one)))
  return whole && statements.length > 1 && !bracketsItself(statements) && !leavesOpen(statements) ? 'one' : 'none'
}

/** What is sent as batches: PostgreSQL refuses some statements inside a transaction, and those are sent alone between them. */
function batchesOf(statements: readonly Statement[]): readonly (readonly Statement[])[] {
  const batches: Statement[][] = [[]]
  for (const statement of statements) {
    if (standsAlone(statement)) batches.push([])
    else batches.at(-1)?.push(statement)
  }
  return batches.filter(({ length }) => length > 0)
}

function standsAlone({ operations }: Statement): boolean {
  return operations.some((operation) => refusedInTransaction(operation) !== null)
}

function holds(piece: ByteRange, { bytes }: Statement): boolean {
  return bytes !== null && piece.start <= bytes.start && bytes.end <= piece.end
}

function bracketsItself(statements: readonly Statement[]): boolean {
  const actions = statements.map(({ operations }) => {
    const [operation] = operations
    return operation?.kind === 'transaction' ? operation.action : null
  })
  const middle = actions.slice(1, -1)
  return (
    actions[0] === 'begin' &&
    actions.at(-1) === 'commit' &&
    middle.every((action) => action === null || action === 'savepoint' || action === 'release')
  )
}

/** Whether a block is begun after which none ends. */
function leavesOpen(statements: readonly Statement[]): boolean {
  const [last] = statements
    .flatMap(({ operations }) => operations)
    .filter((operation) => operation.kind === 'transaction')
    .filter(({ action }) => BLOCKS.has(action))
    .slice(-1)
  return last !== undefined && (last.action === 'begin' || last.chain)
}

const BLOCKS: ReadonlySet<string> = new Set(['begin', 'commit', 'rollback', 'prepare'])

/** The statements of each query that holds several, where not all are one query. */
function queriesOf({ sent, wrapped }: SqlPart, statements: readonly Statement[]): readonly (readonly Statement[])[] {
  if (wrapped || sent === 'whole' || sent === 'statements') return []
  if (sent === 'batches') {
    return statements.some(standsAlone)
      ? batchesOf(statements).filter((batch) => batch.length > 1 && !bracketsItself(batch))
      : []
  }
  const groups = sent.map((piece) => statements.filter((statement) => holds(piece, statement)))
  const used = groups.filter(({ length }) => length > 0)
  return used.length === 1 ? [] : used.filter((group) => group.length > 1 && !bracketsItself(group))
}

/** Each such query is told as what it is to PostgreSQL: BEGIN and COMMIT around its statements. */
function bracketed(part: SqlPart, statements: readonly Statement[]): readonly Statement[] {
  const queries = queriesOf(part, statements).filter((query) => !query.some(controls))
  if (queries.length === 0) return statements
  const told = statements.flatMap((statement) => [
    ...(queries.some((query) => query[0] === statement) ? [bracket('begin', statement)] : []),
    statement,
    ...(queries.some((query) => query.at(-1) === statement) ? [bracket('commit', statement)] : []),
  ])
  return told.map((statement, index) => ({ ...statement, index }))
}

function bracket(action: 'begin' | 'commit', { span }: Statement): Statement {
  const operation = { kind: 'transaction', action, chain: false, span } as const
  return { index: 0, span, sql: action.toUpperCase(), origin: 'translated', operations: [operation], bytes: null }
}

function controls({ operations }: Statement): boolean {
  return operations.some(({ kind }) => kind === 'transaction')
}

/** What the tool's own way of cutting a file does to its statements. */
function cutNotes({ title }: Dialect, part: SqlPart, statements: readonly Statement[]): readonly Note[] {
  const { sent, cuts = 'there' } = part
  if (sent === 'batches') return batchNotes(title, statements)
  if (typeof sent === 'string') return []
  const cut = statements.filter((statement) => !sent.some((piece) => holds(piece, statement)))
  return [
    ...cut.map(({ span }): Note => ({
      message: `${title} cuts the statement in line ${span.start.line} apart ${cuts}`,
      at: span,
      bearing: 'withholds',
      foreign: { kind: 'cut', tool: title, where: cuts },
    })),
    ...queriesOf(part, statements).flatMap((query): readonly Note[] => {
      const at = query[0]?.span
      if (at === undefined) return []
      const message = `${title} sends the ${query.length} statements from line ${at.start.line} on as one query, which is a transaction of its own`
      return [{ message, at, bearing: query.some(controls) ? 'withholds' : 'informs' }]
    }),
  ]
}

/** Where a batch ends in the middle of a file, what is before it stays when what follows fails. */
function batchNotes(title: string, statements: readonly Statement[]): readonly Note[] {
  const first = statements.findIndex((statement) => !standsAlone(statement))
  const later = first < 0 ? [] : statements.slice(first).filter(standsAlone)
  return later.map(({ span }): Note => ({
    message: `${title} commits what stands before line ${span.start.line} and sends that statement alone; older versions of its command line refuse it there`,
    at: span,
    bearing: 'informs',
  }))
}
