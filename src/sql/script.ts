import type { Script, Statement } from '../model/migration.js'
import type { Note } from '../model/note.js'
import type { Operation } from '../model/operation.js'
import type { SchemaSoFar } from '../model/schema-so-far.js'
import { sourceText, type SourceText } from '../source/source-text.js'
import { compareSpans, type Span } from '../source/span.js'
import { comments } from './comments.js'
import { guard } from './guard.js'
import { lexingChange, mayChangeLexing } from './lexing-settings.js'
import { acceptedBy, isPrimary, nodeName, secondOpinion, type ParsedStatement } from './parse.js'
import { parseAround } from './parse-around.js'
import { readStatement } from './read-statement.js'
import { replacedText, type Replacement } from './replaced-text.js'
import type { Hole } from './split.js'
import type { StatementPlace, Token } from './tokens.js'

/** How closely SQL is read. */
export interface Reading {
  /** Target major version, 15 to 18. */
  readonly postgres: number
  /** For changed files: also ask the target's own grammar and the second reader. */
  readonly thorough: boolean
  /** The schema before the migration, for one that asks what is there; absent when nobody knows. */
  readonly schema?: () => SchemaSoFar
}

/** Reads a stretch of an SQL file (byte offsets; all of it by default) into statements with their operations. */
export function readScript(
  source: SourceText,
  reading: Reading,
  options: { readonly transaction: 'one' | 'none'; readonly range?: { readonly start: number; readonly end: number } },
): Script {
  const { start, end } = options.range ?? { start: 0, end: source.bytes }
  const whole = start === 0 && end === source.bytes
  return read(
    {
      sql: whole ? source.text : source.sliceBytes(start, end),
      origin: 'written',
      locate: (from, to) => source.spanOfBytes(start + from, start + to),
      text: (from, to) => source.sliceBytes(start + from, start + to),
      bytes: (from, to) => ({ start: start + from, end: start + to }),
    },
    reading,
    options.transaction,
  )
}

/**
 * Reads an SQL file of which a tool replaces some stretches before it sends it. Places are those of the file; a statement in
 * which something was replaced is `translated`.
 */
export function readReplaced(
  source: SourceText,
  replacements: readonly Replacement[],
  reading: Reading,
  transaction: 'one' | 'none',
): Script {
  if (replacements.length === 0) return readScript(source, reading, { transaction })
  const replaced = replacedText(source, replacements)
  const text = sourceText(source.path, replaced.sql)
  return read({ ...replaced, origin: 'written', text: text.sliceBytes }, reading, transaction)
}

/** Reads SQL that came out of another language; every span is `at`. */
export function readTranslated(sql: string, at: Span, reading: Reading, transaction: 'one' | 'none'): Script {
  const source = sourceText(at.path, sql)
  return read(
    { sql, origin: 'translated', locate: () => at, text: source.sliceBytes, bytes: () => null },
    reading,
    transaction,
  )
}

/** SQL within a file of another form, and how its byte offsets lead to the file. */
export interface Embedded {
  readonly source: SourceText
  locate(start: number, end: number): Span
  /** The same stretch in the file, where it stands there sign for sign; else null. */
  bytes(start: number, end: number): Statement['bytes']
}

/** Reads SQL that stands within a file of another form, each statement at its place. */
export function readEmbedded(
  { source, locate, bytes }: Embedded,
  reading: Reading,
  transaction: 'one' | 'none',
): Script {
  return read({ sql: source.text, origin: 'written', locate, text: source.sliceBytes, bytes }, reading, transaction)
}

/** A text to read, and how its byte offsets lead to the file that the reviewer has before them. */
interface Text {
  readonly sql: string
  readonly origin: Statement['origin']
  locate(start: number, end: number): Span
  text(start: number, end: number): string
  bytes(start: number, end: number): Statement['bytes']
}
type Refused = Extract<Script, { kind: 'refused' }>

function read(text: Text, reading: Reading, transaction: 'one' | 'none'): Script {
  const guarded = guard(text.sql)
  if (guarded.kind !== 'safe') {
    return refuse(guarded.kind, guarded.reason, text.locate(guarded.start, guarded.end))
  }
  const { tokens } = guarded.scan
  const { sql, holes, rest, outcome } = parseAround(text.sql, tokens)
  const offender = (codePoint: number): Span => locateToken(text, rest, byteOfCodePoint(sql, codePoint))

  if (outcome.kind === 'refused') return refuse('refused', outcome.reason, text.locate(0, 0))
  if (outcome.kind === 'syntax-error') return refuse('syntax', outcome.message, offender(outcome.codePoint))
  const misread = reading.postgres < 16 ? rest.find(isNewNumber) : undefined
  if (misread) {
    const reason = `PostgreSQL ${reading.postgres} reads ${misread.text} as a number and a name`
    return refuse('version', reason, text.locate(misread.start, misread.end))
  }
  if (reading.thorough && !isPrimary(reading.postgres)) {
    const accepted = acceptedBy(reading.postgres, sql)
    const grammar = `PostgreSQL ${accepted.grammar}`
    if (accepted.kind === 'refused') return refuse('refused', `${grammar}: ${accepted.reason}`, text.locate(0, 0))
    if (accepted.kind === 'rejected') {
      return refuse('version', `not valid on ${grammar}: ${accepted.message}`, offender(accepted.codePoint))
    }
  }

  const gaps: Note[] = holes.map(({ reason, start, end, foreign }) => ({
    ...withholding(reason, text.locate(start, end)),
    foreign,
  }))
  if (reading.thorough) gaps.push(...doubts(text, sql, rest, outcome.statements))
  const { statements, certainUntil } = readStatements(text, rest, outcome.statements, holes, gaps)
  const end = rest.findLast(({ kind }) => kind !== 'comment')
  const isOpen = end !== undefined && end.text !== ';' && statements.length > 0 && text.origin === 'written'
  const seen = certainUntil === Infinity ? tokens : tokens.filter(({ end }) => end <= certainUntil)
  return {
    kind: 'script',
    statements,
    transaction,
    gaps: gaps.sort((a, b) => (a.at && b.at ? compareSpans(a.at, b.at) : 0)),
    comments: text.origin === 'written' ? comments(seen, text.locate) : [],
    ...(isOpen ? { unended: text.locate(end.start, end.end) } : {}),
  }
}

/** Reads each statement; adds to `gaps` what was not understood. What follows a change of lexing is left unread. */
function readStatements(
  text: Text,
  tokens: readonly Token[],
  parsed: readonly ParsedStatement[],
  holes: readonly Hole[],
  gaps: Note[],
): { readonly statements: readonly Statement[]; readonly certainUntil: number } {
  const statements: Statement[] = []
  const watchful = mayChangeLexing(text.sql)
  let next = 0
  for (const { node, start, end } of parsed) {
    while ((tokens[next]?.start ?? Infinity) < start) next++
    const first = next
    while ((tokens[next]?.end ?? Infinity) <= end) next++
    const span = text.locate(start, end)

    if (holes.some((hole) => hole.start >= start && hole.end <= end)) {
      gaps.push(withholding('a statement that is interrupted by other text is not reviewed', span))
      continue
    }
    const place = { tokens: tokens.slice(first, next), start, end, locate: text.locate, text: text.text }
    const operations = readOperations(node, place, gaps)
    const sql = text.text(start, end)
    const bytes = text.bytes(start, end)
    const origin = bytes === null ? 'translated' : text.origin
    statements.push({ index: statements.length, span, sql, bytes, origin, operations })

    const change = watchful ? lexingChange(node, operations) : null
    if (change !== null) {
      const reason = `${change} may change how PostgreSQL reads quotes and escapes, so nothing from here on can be reviewed`
      gaps.push(withholding(reason, text.locate(start, Buffer.byteLength(text.sql))))
      return { statements, certainUntil: end }
    }
  }
  return { statements, certainUntil: Infinity }
}

function readOperations(node: unknown, place: StatementPlace, gaps: Note[]): readonly Operation[] {
  const span = place.locate(place.start, place.end)
  try {
    const operations = readStatement(node, place)
    for (const operation of operations) {
      if (operation.kind !== 'do') continue
      if (operation.dynamic) gaps.push(withholding('DO block runs SQL that it makes at run time', operation.span))
      if (operation.unread > 0)
        gaps.push(withholding('DO block holds parts that cannot be read as SQL', operation.span))
    }
    return operations
  } catch (error) {
    // The only failure that a text can bring about: a tree too high to walk.
    if (!(error instanceof RangeError)) throw error
    gaps.push(withholding('statement is nested too deeply to be reviewed', span))
    return [{ kind: 'unmodelled', node: nodeName(node), span }]
  }
}

/** Where an independent build of the parser sees other statements, or could not be asked. */
function doubts(
  text: Text,
  sql: string,
  tokens: readonly Token[],
  statements: readonly ParsedStatement[],
): readonly Note[] {
  const opinion = secondOpinion(sql, statements, tokens)
  if (opinion.kind === 'agrees' || opinion.kind === 'too-old') return []
  if (opinion.kind === 'not-asked') {
    return [{ message: opinion.reason, at: text.locate(0, 0), bearing: 'informs', ofReading: true }]
  }
  const message = `two builds of PostgreSQL’s parser disagree: ${opinion.reason}`
  return [withholding(message, text.locate(opinion.start, opinion.end))]
}

/** The span of the token that an error points at; the last one's, when it points at the end. */
function locateToken(text: Text, tokens: readonly Token[], byte: number): Span {
  const token = tokens.find(({ end }) => end > byte) ?? tokens.at(-1)
  return token ? text.locate(token.start, token.end) : text.locate(byte, byte)
}

/** Written with underscores or in another base, which PostgreSQL 15 neither knows nor always rejects. */
function isNewNumber({ kind, text }: Token): boolean {
  return kind === 'number' && /[_xob]/i.test(text)
}

function byteOfCodePoint(sql: string, index: number): number {
  let unit = 0
  for (let i = 0; i < index && unit < sql.length; i++) unit += (sql.codePointAt(unit) ?? 0) < 0x10000 ? 1 : 2
  return Buffer.byteLength(sql.slice(0, unit))
}

function withholding(message: string, at: Span): Note {
  return { message, at, bearing: 'withholds' }
}

const LONGEST_REASON = 300

function refuse(cause: Refused['cause'], reason: string, at: Span): Refused {
  // PostgreSQL quotes the offending token in full.
  const short = reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason
  return { kind: 'refused', cause, reason: short, at }
}
