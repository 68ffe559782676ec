import type { Script, SourceComment, Statement } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { SchemaSoFar } from '../../model/schema-so-far.js'
import type { SourceText } from '../../source/source-text.js'
import { startOf, type Span } from '../../source/span.js'
import { readTranslated, type Reading } from '../../sql/script.js'
import { statedIrreversible } from '../irreversible.js'
import { alembicHost, type AlembicHost, type Outcome, type Sent, type Surroundings } from './host.js'
import { importsOf } from './dependencies.js'
import { createMachine } from './python/interpreter.js'
import { Raised, type Machine } from './python/machine.js'
import { exhaustion, followModule, type Module } from './python/module.js'
import type { Stretch } from './python/syntax.js'
import type { FunctionStatement, Statement as PythonStatement } from './python/tree.js'
import type { Value } from './python/value.js'
import type { Repository } from './repository.js'

type Direction = 'upgrade' | 'downgrade'

/** A revision file, and what it is read among. */
export interface RevisionText {
  readonly source: SourceText
  readonly module: Module
  readonly repository: Repository
  /** How the metadata names constraints and indexes, by kind; null when that is not known. */
  readonly naming?: Surroundings['naming']
  readonly outer?: boolean
}

/** Reads both functions of a revision file into the SQL that Alembic sends. */
export function readRevision(text: RevisionText, reading: Reading): { readonly up: Script; readonly down: Script } {
  const up = readFunction('upgrade', text, reading, [])
  return { up, down: readFunction('downgrade', text, reading, [up]) }
}

/** Reads one of them; `before` is what the file has sent before it. */
function readFunction(
  name: Direction,
  { source, module, repository, naming = null, outer = false }: RevisionText,
  reading: Reading,
  before: readonly Script[],
): Script {
  const spanOf = ({ from, to }: Stretch): Span => source.spanOfUnits(from, to)
  const refused = (cause: 'syntax' | 'refused', reason: string, at: Span): Script => ({
    ...{ kind: 'refused', cause },
    ...{ reason, at },
  })
  const { mistake } = module.file
  if (mistake !== null) {
    return refused('syntax', 'the file is not valid Python here', spanOf({ from: mistake, to: mistake }))
  }
  const span = startOf(source.path)
  const follow = (run: number): ReturnType<typeof followed> => {
    const schemaNow = schemaAfter(before, reading, (sql) => readTranslated(sql, span, reading, 'none'))
    return followed(name, source.path, module, { repository, schemaNow, naming, outer, run })
  }
  const first = follow(0)
  if (first === null) {
    return name === 'downgrade' ? { kind: 'absent' } : refused('refused', 'there is no upgrade()', span)
  }
  const { outcome, raised } = first
  const { sent } = outcome
  const written = module.block.findLast((statement) => isFunction(statement, name))
  const comments: SourceComment[] = [...commentsOf(name, source, module)]
  if (raised !== null) {
    const reason = messageOf(raised.value)
    const isAll = sent.length === 0 && outcome.gaps.length === 0
    if (isAll && name === 'downgrade') {
      return {
        kind: 'irreversible',
        reason: reason ?? statedIrreversible(comments)?.reason ?? null,
        at: spanOf(raised.at),
      }
    }
    const why = `it always fails here${reason === null ? '' : `: ${reason}`}`
    if (isAll) return refused('refused', why.replace('it', 'upgrade()').replace(' here', ''), spanOf(raised.at))
    outcome.gaps.push({ cause: 'unsupported call', reason: why, at: raised.at })
  } else if (name === 'downgrade' && sent.length === 0 && outcome.gaps.length === 0) {
    const stated = statedIrreversible([...comments, ...docstringOf(written, spanOf)])
    if (stated !== null) return stated
  }

  const statements: Statement[] = []
  const notes: Note[] = notesOf(name, outcome, spanOf)
  const outside = sent.some(({ autocommit, ends }) => autocommit || ends)
  const asSent = (all: readonly Sent[]): readonly Sent[] => (outside ? bracketed(all) : all)
  // A way down is run once, and another one only after another up.
  const others =
    outcome.made > 0 && name === 'upgrade' ? LATER_RUNS.map((run) => asSent(follow(run)?.outcome.sent ?? [])) : []
  for (const [index, { sql, at }] of asSent(sent).entries()) {
    const read = readTranslated(sql, spanOf(at), reading, outside ? 'none' : 'one')
    if (read.kind !== 'script') return read
    const later = others.map((run) => statementsLike(read, sql, run[index]?.sql, reading))
    for (const [at, statement] of read.statements.entries()) {
      const again = later.map((texts) => texts?.[at] ?? statement.sql)
      const differs = again.some((text) => text !== statement.sql)
      statements.push({ ...statement, index: statements.length, ...(differs ? { again } : {}) })
    }
    notes.push(...read.gaps)
    comments.push(...read.comments)
  }
  // What is done when the file is loaded is said once.
  const own = outcome.remarks.filter(({ when }) => when === 'running' || name === 'upgrade')
  const remarks = [...own, ...importsOf(module.block, name, repository)].map((remark) => ({
    ...remark,
    at: spanOf(remark.at),
  }))
  const at = written === undefined ? startOf(source.path) : spanOf(headOf(written, source.text))
  return {
    ...{ kind: 'script', statements, transaction: outside ? 'none' : 'one', gaps: notes, comments, remarks, at },
    ...(outside ? { shares: { first: isInside(sent[0]), last: isInside(sent.at(-1)) } } : {}),
  }
}

/** Whether it is sent in Alembic's transaction, and does not end that. */
function isInside(item: Sent | undefined): boolean {
  return item?.autocommit === false && !item.ends
}

/** A rehearsal brings a migration up three times at most on one database. */
const LATER_RUNS = [1, 2]

/** The statements of a text that another run sends; null where it is the same, or not the same but for its values. */
function statementsLike(
  { statements }: Extract<Script, { kind: 'script' }>,
  sql: string,
  other: string | undefined,
  reading: Reading,
): readonly string[] | null {
  const [first] = statements
  if (other === undefined || other === sql || first === undefined) return null
  const read = readTranslated(other, first.span, { ...reading, thorough: false }, 'none')
  const same = read.kind === 'script' && read.statements.length === statements.length
  return same ? read.statements.map((statement) => statement.sql) : null
}

/** The schema as it is once a script was sent so far; it is replayed when it is first asked for. */
function schemaAfter(
  before: readonly Script[],
  { schema }: Reading,
  read: (sql: string) => Script,
): Surroundings['schemaNow'] {
  let known: SchemaSoFar | null = null
  let seen = 0
  return (sent) => {
    if (schema === undefined) return null
    if (known === null) {
      known = schema()
      for (const script of before) known.apply(script)
    }
    for (const { sql } of sent.slice(seen)) known.apply(read(sql))
    seen = sent.length
    return known.catalog
  }
}

/** Follows the module and then its function; null when it has none of that name. */
function followed(
  name: Direction,
  path: string,
  { block, names }: Module,
  among: Pick<Surroundings, 'repository' | 'schemaNow' | 'naming' | 'outer' | 'run'>,
): { readonly outcome: Outcome; readonly raised: Raised | null } | null {
  const id = names.get('revision')
  const origin = `${id?.kind === 'string' ? id.text : path} ${name}`
  const host: AlembicHost = alembicHost({ ...among, origin, machine: () => machine })
  const machine: Machine = createMachine(host, path)
  const { outcome } = host
  const scope = followModule(block, path, machine)
  host.loaded()
  // What is sent while the file is loaded belongs to neither direction.
  for (const { at } of outcome.sent.splice(0)) host.gap('unsupported call', 'it is sent when the file is loaded', at)
  const called = scope.names.get(name)
  if (called === undefined) return null
  try {
    machine.call(called, { positional: [], keywords: new Map() }, name)
  } catch (error) {
    if (error instanceof Raised) return { outcome, raised: error }
    host.gap('unsupported call', exhaustion(error), machine.site)
  }
  return { outcome, raised: null }
}

function notesOf(name: Direction, { gaps, guards }: Outcome, spanOf: (at: Stretch) => Span): Note[] {
  const said = (at: Stretch, message: (line: number) => string, bearing: Note['bearing']): Note => {
    const span = spanOf(at)
    return { message: message(span.start.line), at: span, bearing }
  }
  return [
    ...gaps.map(({ cause, reason, at }) => {
      const why = cause === 'unsupported call' ? reason : `it ${cause}: ${reason}`
      return said(at, (line) => `line ${line} of ${name}() is not read: ${why}`, 'withholds')
    }),
    ...guards.map(({ reason, at }) => said(at, (line) => `line ${line} of ${name}(): ${reason}`, 'informs')),
  ]
}

function isFunction(statement: PythonStatement, name: Direction): statement is FunctionStatement {
  return statement.kind === 'function' && statement.name === name
}

/** The line that begins a function. */
function headOf({ from, to }: Stretch, text: string): Stretch {
  const end = text.indexOf('\n', from)
  return { from, to: end < 0 || end > to ? to : end }
}

/** What a function says of itself. */
function docstringOf(written: FunctionStatement | undefined, spanOf: (at: Stretch) => Span): readonly SourceComment[] {
  const [first] = written?.body() ?? []
  const isText = first?.kind === 'expression' && first.value.kind === 'string'
  return isText && first.value.kind === 'string' ? [{ text: first.value.text.trim(), span: spanOf(first) }] : []
}

/** What an exception that is raised says. */
function messageOf(value: Value | null): string | null {
  const [first] = value?.kind === 'call' ? value.positional : []
  return first?.kind === 'string' && first.text.trim() !== '' ? first.text.trim() : null
}

/**
 * An `autocommit_block` commits Alembic's transaction and begins another one after it. Such a script is told as what is really
 * sent: no transaction around it, and BEGIN and COMMIT around each run of statements outside the blocks. So is one that commits.
 */
function bracketed(sent: readonly Sent[]): readonly Sent[] {
  const result: Sent[] = []
  let open = false
  for (const item of sent) {
    if (item.ends) {
      if (open) result.push(item)
      open = false
      continue
    }
    if (open === item.autocommit) {
      result.push({ ...item, sql: open ? 'COMMIT' : 'BEGIN' })
      open = !open
    }
    result.push(item)
  }
  const last = sent.at(-1)
  return open && last !== undefined ? [...result, { ...last, sql: 'COMMIT' }] : result
}

/** The Python comments of one direction; those outside both functions count for the way up. */
function commentsOf(name: Direction, source: SourceText, { file, block }: Module): readonly SourceComment[] {
  const down = block.findLast((statement) => isFunction(statement, 'downgrade'))
  const isDown = ({ from, to }: Stretch): boolean => down !== undefined && down.from <= from && to <= down.to
  return file.comments
    .filter((comment) => isDown(comment) === (name === 'downgrade'))
    .map(({ from, to }) => ({
      text: file.text.slice(from, to).replace(/^#+/, '').trim(),
      span: source.spanOfUnits(from, to),
    }))
}
