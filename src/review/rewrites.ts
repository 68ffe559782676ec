import type { Direction, Finding } from '../model/finding.js'
import type { Statement } from '../model/migration.js'
import type { ReviewedMigration } from '../model/review.js'
import type { FileSet } from '../model/pull-request.js'
import { sourceText, type SourceText } from '../source/source-text.js'
import { compareSpans, contains, type Span } from '../source/span.js'

/** Files as they would be with what a finding asks for. */
export interface Rewrite {
  readonly texts: ReadonlyMap<string, string>
  /** SQL that belongs into a later migration; null when nothing is left to do. */
  readonly later: string | null
}

/** The statement that a finding is about, with where it stands. */
interface Place {
  readonly statement: Statement
  readonly migration: ReviewedMigration
  readonly direction: Direction
}

/** Words in place of those of a span; an empty span has them put before it. */
interface Edit {
  readonly at: Span
  readonly words: string
}

interface Way {
  (
    fix: string,
    place: Place,
  ): { readonly edits: readonly Edit[]; readonly outside?: readonly Direction[]; later?: string } | null
}

/** The rules whose advice is one statement for one. */
const WAYS: Readonly<Record<string, Way>> = {
  'create-index-non-concurrently': (fix, { statement, migration, direction }) => {
    if (/^--/m.test(fix)) return null
    const undoing = direction === 'up' ? dropsOf(statement, migration) : []
    const edits = [{ at: statement.span, words: fix }, ...undoing]
    return { edits, outside: undoing.length > 0 ? [direction, 'down'] : [direction] }
  },
  'drop-index-non-concurrently': (fix, { statement, direction }) => ({
    edits: [{ at: statement.span, words: guarded(fix) }],
    outside: [direction],
  }),
  'add-foreign-key-validating': thenLater,
  'add-check-validating': thenLater,
  'missing-lock-timeout': (fix, { statement: { span } }) => ({
    edits: [{ at: { ...span, end: span.start }, words: `${fix.split('\n')[0] ?? ''}\n` }],
  }),
}

/** Whether findings of a rule can be put right one for one. */
export function isRewritable(rule: string): boolean {
  return Object.hasOwn(WAYS, rule)
}

/** The files with what a finding asks for; null where that is more than one statement for one, or is not written as SQL. */
export function rewriteOf(finding: Finding, migrations: readonly ReviewedMigration[], files: FileSet): Rewrite | null {
  const way = WAYS[finding.rule]
  const place = placeOf(finding, migrations)
  if (way === undefined || place === null || finding.fix === null) return null
  const found = way(finding.fix, place)
  if (found === null) return null
  const { edits, outside = [], later = null } = found
  const texts = new Map<string, string>()
  for (const path of new Set(edits.map(({ at }) => at.path))) {
    const source = files.read(path)
    if (source === undefined || !path.endsWith('.sql')) return null
    const mine = edits.filter(({ at }) => at.path === path)
    texts.set(path, mine.toSorted((a, b) => -compareSpans(a.at, b.at)).reduce(edited, source).text)
  }
  const leaves = outside.every((direction) => leaveTransaction(place.migration, direction, texts))
  return leaves ? { texts, later } : null
}

function placeOf({ at, direction: said }: Finding, migrations: readonly ReviewedMigration[]): Place | null {
  for (const migration of migrations)
    for (const direction of ['up', 'down'] as const) {
      if (said !== null && said !== direction) continue
      const statement = writtenIn(migration, direction).find(({ span }) => contains(span, at))
      if (statement !== undefined) return { statement, migration, direction }
    }
  return null
}

function writtenIn(migration: ReviewedMigration, direction: Direction): readonly Statement[] {
  const { script } = migration[direction]
  return script.kind === 'script' ? script.statements.filter(({ origin }) => origin === 'written') : []
}

/** What is built without a lock has to go without one. */
function dropsOf({ operations: [built] }: Statement, migration: ReviewedMigration): readonly Edit[] {
  if (built?.kind !== 'create-index') return []
  return writtenIn(migration, 'down').flatMap(({ operations: [drop, ...more], span, sql }) =>
    more.length === 0 && drop?.kind === 'drop-index' && !drop.concurrently && drop.index.name === built.name
      ? [{ at: span, words: guarded(sql.trim().replace(/^DROP\s+INDEX\s+/i, 'DROP INDEX CONCURRENTLY ')) }]
      : [],
  )
}

/** Outside a transaction nothing is undone, and a second attempt finds the index gone. */
function guarded(drop: string): string {
  return drop.replace(/\bCONCURRENTLY\s+(?!IF\s+EXISTS)/i, 'CONCURRENTLY IF EXISTS ')
}

const LATER = '-- in a later migration:\n'

function thenLater(fix: string, { statement }: Place): ReturnType<Way> {
  const [now = '', later] = fix.split(LATER)
  if (statement.operations.length !== 1 || /^--/m.test(now)) return null
  return { edits: [{ at: statement.span, words: now.trim() }], ...(later === undefined ? {} : { later: later.trim() }) }
}

/** How a tool is told to run a whole file outside a transaction; for one that is not here there is nothing to write. */
const DIRECTIVES: Readonly<Record<string, (text: string, direction: Direction) => string>> = {
  goose: (text) => (/^-- \+goose NO TRANSACTION/m.test(text) ? text : `-- +goose NO TRANSACTION\n${text}`),
  sqlx: (text) => (text.startsWith('-- no-transaction') ? text : `-- no-transaction\n${text}`),
  dbmate: (text, direction) =>
    text.replace(new RegExp(`^--\\s*migrate:${direction}\\b.*$`, 'm'), `-- migrate:${direction} transaction:false`),
}

/** Has a script run outside a transaction; false where it does more than one thing, which would then not be undone together. */
function leaveTransaction(migration: ReviewedMigration, direction: Direction, texts: Map<string, string>): boolean {
  const { path, downPath } = migration.revision
  const { script } = migration[direction]
  const file = direction === 'down' ? (downPath ?? path) : path
  const text = texts.get(file)
  const directive = DIRECTIVES[migration.framework]
  if (script.kind !== 'script' || script.transaction === 'none') return true
  if (text === undefined || directive === undefined) return true
  const whole = migration.framework === 'goose' ? (['up', 'down'] as const) : [direction]
  if (whole.some((each) => stepsOf(migration, each) > 1)) return false
  texts.set(file, directive(text, direction))
  return true
}

function stepsOf(migration: ReviewedMigration, direction: Direction): number {
  return writtenIn(migration, direction).filter(({ operations }) => operations.some(({ kind }) => kind !== 'set'))
    .length
}

/** A text with an edit in it. A statement's span may or may not hold the semicolon that ends it. */
function edited(source: SourceText, { at, words }: Edit): SourceText {
  const before = source.slice({ path: at.path, start: { line: 1, column: 1 }, end: at.start })
  const old = source.slice(at)
  const indent = /[^\S\r\n]*$/.exec(before)?.[0] ?? ''
  const ended = old.trimEnd().endsWith(';')
  const text = old === '' ? `${words}${indent}` : `${words.replace(/;$/, '')}${ended ? ';' : ''}`
  return sourceText(at.path, `${before}${text}${source.text.slice(before.length + old.length)}`)
}
