import { NO_EXTRAS, type Extras } from './extras.js'
import { more, PARTS, type Cut, type Limits, type Part } from './limits.js'
import { pictureFold, planFold, schemaFold } from './page-change.js'
import { shorten, shortenBlock } from './untrusted.js'
import type {
  ClashView,
  FindingView,
  GateView,
  LockView,
  NoteView,
  ProofView,
  ReviewView,
  ScriptView,
  Step,
} from './view.js'
import { count, GATE_MARKS, SEVERITY_MARKS, VERDICT_MARKS } from './wording.js'

/** More lines nobody takes in at one look. */
const MOST_LINES = 25

/** What the templates of a report are given: texts, lists and nulls, nothing left to compute. */
export function pageOf(view: ReviewView, wanted: Limits, extras: Extras = NO_EXTRAS): object {
  const { blocking, advice, open, proofs } = view
  const cut = (text: string): string => shorten(text, wanted.text)
  const parts = foldedParts(view, cut, wanted)
  const limits = {
    ...wanted,
    visible: visibleRows(view, Object.values(parts), wanted.visible, Number(extras.commands.length > 0)),
  }
  const finding = (found: FindingView): object => findingPage(found, cut, limits)
  const gate = (found: GateView): object => ({ ...found, mark: GATE_MARKS[found.status], detail: cut(found.detail) })
  const later = blocking.slice(limits.visible)
  return {
    mark: VERDICT_MARKS[view.verdict],
    title: view.title,
    subject: cut(view.subject),
    base: cut(view.base),
    head: cut(view.head),
    needs: cut(view.needs),
    command: view.command,
    open: open.slice(0, limits.visible).map(gate),
    moreOpen: more(open.length, limits.visible, 'gate'),
    blocking: blocking.slice(0, limits.visible).map(finding),
    moreBlocking: fold(later, `${count(later.length, 'more finding')} in the way`, finding, limits, 'finding'),
    proofs: proofPage(proofs, cut, limits),
    advice: fold(advice, `${count(advice.length, 'remark')} without weight for the verdict`, finding, limits, 'remark'),
    gates: view.gates.map(gate),
    ...parts,
    commands: extras.commands.length === 0 ? null : { rows: commandRows(extras) },
  }
}

/** Commands stand in one line, so that something has to stand between them. */
function commandRows({ commands }: Extras): readonly object[] {
  return commands.map(({ usage, does }, i) => ({ usage, does: i < commands.length - 1 ? `${does} ·` : does }))
}

/** What is one line until it is unfolded, save the remarks and the gates. */
function foldedParts(view: ReviewView, cut: Cut, limits: Limits): Readonly<Record<string, object | string | null>> {
  const { locks, suppressions, notes, agreements, clashes } = view
  const omitted: readonly Part[] = PARTS.slice(0, limits.omitted)
  const unless = (part: Part, page: () => object | null): object | null => (omitted.includes(part) ? null : page())
  return {
    locks: unless('locks', () => lockPage(locks, cut, limits)),
    schemas: unless('schema', () => schemaFold(view.schemas, cut, limits)),
    pictures: unless('picture', () => pictureFold(view.pictures, cut, limits)),
    plans: unless('plan', () => planFold(view.plans, cut, limits)),
    statements: unless('statements', () => statementPage(view.scripts, cut, limits)),
    agreements: fold(
      agreements,
      count(agreements.length, 'agreement'),
      (line) => ({ line: cut(line) }),
      limits,
      'agreement',
    ),
    clashes: clashPage(clashes, cut, limits),
    suppressions: fold(
      suppressions,
      `${count(suppressions.length, 'finding')} allowed`,
      (row) => ({ where: cut(row.where), rule: cut(row.rule), by: row.by, reason: cut(row.reason) }),
      limits,
      'finding',
    ),
    notes: fold(
      notes,
      noteSummary(notes),
      (note) => ({ where: cut(note.where), message: cut(note.message) }),
      limits,
      'note',
    ),
    omitted: omissions(view, omitted),
  }
}

/** Other pull requests that are in the way; null where none is. */
export function clashPage(clashes: readonly ClashView[], cut: Cut, limits: Limits): object | null {
  const pulls = new Set(clashes.map(({ pull }) => pull)).size
  const summary = `In the way of ${count(pulls, 'other open pull request')}`
  return fold(clashes, summary, ({ pull, message }) => ({ pull, message: cut(message) }), limits, 'clash')
}

/** So many gates, findings and proofs are seen without unfolding that the page stays within its lines; at least one. */
function visibleRows(
  { open, blocking, proofs, advice, gates, command }: ReviewView,
  parts: readonly (object | string | null)[],
  most: number,
  besides: number,
): number {
  const folded = parts.filter((part) => part !== null && part !== '').length
  const fixed =
    2 +
    besides +
    folded +
    Number(command !== '') +
    Number(advice.length > 0) +
    Number(gates.length > 0) +
    2 * Number(proofs.length > 0)
  const listed = (rows: number, visible: number, lines = 1): number =>
    lines * Math.min(rows, visible) + Number(rows > visible)
  const fits = (visible: number): boolean =>
    fixed + listed(open.length, visible) + listed(blocking.length, visible, 2) + Math.min(proofs.length, visible) <=
    MOST_LINES
  return Array.from({ length: most }, (_, i) => most - i).find(fits) ?? 1
}

const PART_NAMES: Readonly<Record<Part, string>> = {
  picture: 'the picture',
  schema: 'the schema change',
  statements: 'the statements',
  locks: 'the locks',
  plan: 'the rollback plan',
}

/** What is left out that there would have been something to say about; '' when nothing is. */
function omissions({ pictures, schemas, scripts, locks, plans }: ReviewView, omitted: readonly Part[]): string {
  const there = { picture: pictures, schema: schemas, statements: scripts, locks, plan: plans }
  const missed = omitted.filter((part) => there[part].length > 0).map((part) => PART_NAMES[part])
  return missed.length === 0
    ? ''
    : `Left out, because GitHub takes no longer text: ${missed.join(', ')}. The JSON report has all of it.`
}

/** A folded list with its title and what was left out of it; null when there is nothing to fold. */
function fold<Item>(
  items: readonly Item[],
  summary: string,
  row: (item: Item) => object,
  { folded }: Limits,
  noun: string,
): object | null {
  if (items.length === 0) return null
  return { summary, rows: items.slice(0, folded).map(row), more: more(items.length, folded, noun) }
}

function findingPage(found: FindingView, cut: Cut, { block }: Limits): object {
  return {
    mark: SEVERITY_MARKS[found.severity],
    where: cut(found.where),
    message: cut(found.message),
    rule: cut(found.rule),
    confidence: found.confidence,
    why: found.why,
    instead: found.instead,
    fix: shortenBlock(found.fix, block),
    remedy: found.why !== '' || found.instead !== '' || found.fix !== '',
  }
}

const STEPS: Readonly<Record<Step, string>> = { yes: '✅', no: '❌', none: 'none', unknown: '–' }

function proofPage(proofs: readonly ProofView[], cut: Cut, limits: Limits): object | null {
  if (proofs.length === 0) return null
  const ordered = worstFirst(proofs)
  const hidden = ordered.slice(limits.visible)
  const details = ordered.flatMap(({ migration, failures, details }) =>
    [...failures, ...details].map((detail) => ({ migration: cut(migration), detail: cut(detail) })),
  )
  const rest = hidden.map(({ migration, outcome }) => ({ migration: cut(migration), detail: outcome }))
  const folded = [...rest, ...details]
  return {
    rows: ordered.slice(0, limits.visible).map(({ migration, up, down, again, schema, rows, postgres }) => ({
      migration: cut(migration),
      up: STEPS[up],
      down: STEPS[down],
      again: STEPS[again],
      schema: STEPS[schema],
      rows: STEPS[rows],
      postgres: postgres === '' ? STEPS.unknown : postgres,
    })),
    summary: hidden.length > 0 ? `${count(hidden.length, 'more rehearsal')}, and what was seen` : 'What was seen',
    details: folded.slice(0, limits.folded),
    more: more(folded.length, limits.folded, 'line'),
  }
}

/** A table that shows only some must not show only the good ones. */
function worstFirst(proofs: readonly ProofView[]): readonly ProofView[] {
  const good = ({ outcome }: ProofView): number => Number(outcome === 'reversible')
  return [...proofs].sort((a, b) => good(a) - good(b))
}

/** The locks of the change, statement by statement; null when there are none. */
export function lockPage(locks: readonly LockView[], cut: Cut, limits: Limits): object | null {
  const page = fold(locks, lockSummary(locks), (lock) => lockRow(lock, cut), limits, 'lock')
  return page && { ...page, differs: locks.some(({ differs }) => differs) }
}

function lockRow(lock: LockView, cut: Cut): object {
  return {
    statement: cut(lock.statement),
    where: cut(lock.where),
    table: cut(lock.table),
    predicted: lock.predicted === '' ? '–' : lock.predicted,
    observed: `${lock.differs ? '⚠️ ' : ''}${lock.observed === '' ? '–' : lock.observed}`,
    blocks: lock.blocks === '' ? '–' : lock.blocks,
    rewrite: lock.rewrite ? 'yes' : 'no',
  }
}

function lockSummary(locks: readonly LockView[]): string {
  const blocking = locks.filter(({ blocks }) => blocks.includes('writes')).length
  return `${count(locks.length, 'lock')}, ${blocking === 0 ? 'none' : blocking} of them against reads or writes`
}

function statementPage(scripts: readonly ScriptView[], cut: Cut, { folded, block }: Limits): object | null {
  if (scripts.length === 0) return null
  const number = scripts.reduce((sum, { statements }) => sum + statements.length, 0)
  return {
    summary: `${count(number, 'statement')} in ${count(scripts.length, 'script')}`,
    scripts: scripts.slice(0, folded).map(({ migration, direction, remark, statements }) => ({
      migration: cut(migration),
      direction,
      remark: cut(remark),
      sql: shortenBlock(statements.map(({ sql }) => cut(sql)).join('\n'), block),
    })),
    more: more(scripts.length, folded, 'script'),
  }
}

function noteSummary(notes: readonly NoteView[]): string {
  const unseen = notes.filter(({ withholds }) => withholds).length
  return unseen === 0 ? count(notes.length, 'note') : `${count(unseen, 'thing')} not looked at`
}
