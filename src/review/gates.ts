import type { Approval } from '../model/consent.js'
import type { Rehearsal } from '../model/evidence.js'
import type { Revision } from '../model/migration.js'
import { SEVERITIES, type Finding } from '../model/finding.js'
import { GATES, type Gate, type GateName } from '../model/review.js'
import type { Settings } from '../model/settings.js'
import type { Family } from '../rules/rule.js'
import { rules } from '../rules/index.js'
import { approvalOf, approvalReading, lifted } from './approval.js'
import type { Circumstances } from './circumstances.js'
import type { Parts } from './conclude.js'
import { nativeReading } from './native-reading.js'
import { breaks, depends, meanwhile } from './row-notes.js'

const BY_FAMILY: Readonly<Record<Family, GateName | null>> = {
  history: 'history',
  environment: 'history',
  'data-loss': 'destructive',
  blocking: 'availability',
  compatibility: 'compatibility',
  rollback: 'rollback',
  failure: 'forward',
  transaction: 'forward',
  security: 'standards',
  hygiene: 'availability',
  reading: null,
}
/** Rules whose family is broader than their gate. */
const BY_RULE: Readonly<Record<string, GateName>> = {
  'empty-migration': 'history',
  'syntax-error': 'syntax',
  'requires-newer-postgres': 'syntax',
  'change-column-type-rewrite': 'performance',
  'add-column-volatile-default': 'performance',
  'add-column-serial': 'performance',
  'add-column-stored-generated': 'performance',
  'set-not-null-scan': 'performance',
  'vacuum-full': 'performance',
  'observed-table-rewrite': 'performance',
  'observed-seq-scan-under-lock': 'performance',
  'orm-app-model-import': 'standards',
  'policy-weakened': 'standards',
  'roundtrip-data-loss': 'data',
  'up-down-up-fails': 're-apply',
  'up-down-up-schema-differs': 're-apply',
}
const FAMILIES = new Map(rules.map(({ meta }) => [meta.id, meta.family]))

type Reading = Omit<Gate, 'gate'>

/** The table of gates, in the order in which they are shown, and what the change needs of people. */
export function gatesOf(
  parts: Parts,
  settings: Settings,
  circumstances: Circumstances,
): { readonly gates: readonly Gate[]; readonly approval: Approval } {
  const nothing = parts.migrations.length === 0 && parts.findings.length === 0
  const others = GATES.filter((gate) => gate !== 'approval').map((gate) => ({
    gate,
    reading: nothing ? UNTOUCHED : readingOf(gate, parts, settings),
  }))
  const readings = others.map(({ reading }) => reading)
  const approval = approvalOf(parts, readings, settings.approval, circumstances)
  const last = nothing ? UNTOUCHED : consentReading(parts, settings, approval, circumstances)
  const gates = others.map(({ gate, reading }): Gate => ({ gate, ...lifted(reading, approval) }))
  return { gates: [...gates, { gate: 'approval', ...last }], approval }
}

function readingOf(gate: GateName, parts: Parts, settings: Settings): Reading {
  const readings = [byFindings(gate, parts.findings), byEvidence(gate, parts, settings)].filter((each) => each !== null)
  return readings.reduce(worse, UNTESTED[gate] ?? NOTHING_FOUND)
}

function consentReading(
  { findings }: Parts,
  settings: Settings,
  approval: Approval,
  { issues }: Circumstances,
): Reading {
  const open = findings.filter(({ severity, allowed }) => severity === 'approval' && allowed === null)
  return approvalReading(approval, open.length, settings.approval, issues) ?? NOBODY_NEEDED
}

function gateOf({ rule, direction }: Finding): GateName | null {
  const family = FAMILIES.get(rule)
  const gate = BY_RULE[rule] ?? (family === undefined ? null : BY_FAMILY[family])
  // What cannot run in a down script stops nobody from going forward.
  return gate === 'forward' && direction === 'down' ? 'rollback' : gate
}

function byFindings(gate: GateName, findings: readonly Finding[]): Reading | null {
  const mine = findings.filter((finding) => finding.allowed === null && gateOf(finding) === gate)
  const worst = [...mine].sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity))[0]
  if (worst === undefined) return null
  const others = mine.length > 1 ? ` (and ${mine.length - 1} more)` : ''
  const status = worst.severity === 'error' ? 'fail' : worst.severity === 'approval' ? 'needs-approval' : 'pass'
  return { status, detail: `${worst.message}${others}` }
}

const NOTHING_FOUND: Reading = { status: 'pass', detail: 'nothing found' }
const NOTHING_REHEARSED: Reading = { status: 'not-applicable', detail: 'nothing to rehearse' }
/** Gates that this version does not test unless something is found. */
const UNTESTED: Partial<Record<GateName, Reading>> = {
  forward: NOTHING_REHEARSED,
  rollback: NOTHING_REHEARSED,
  're-apply': NOTHING_REHEARSED,
  data: NOTHING_REHEARSED,
  integrity: NOTHING_REHEARSED,
  standards: { status: 'not-applicable', detail: 'no standards are configured' },
}
const NOBODY_NEEDED: Reading = { status: 'not-applicable', detail: 'nothing needs a named person' }
const UNTOUCHED: Reading = { status: 'not-applicable', detail: 'no migration changed' }

function byEvidence(gate: GateName, parts: Parts, settings: Settings): Reading | null {
  if (gate === 'syntax') return syntax(parts.migrations)
  if (!isRehearsed(gate)) return null
  const readings = parts.rehearsals.flatMap((rehearsal): readonly Reading[] => [
    rehearsal.verdict === 'not-run'
      ? notRun(settings, rehearsal.reason ?? 'no reason given')
      : READINGS[gate](rehearsal, parts.migrations),
    ...nativeReading(gate, rehearsal),
  ])
  const unseen = parts.rehearsals.flatMap(({ between }) =>
    gate === 'data' && between?.outcome === 'not-run' ? [notRun(settings, meanwhile(between))] : [],
  )
  const forgotten = parts.migrations
    .filter(({ change }) => change === 'added')
    .filter(({ revision }) => !rehearsed(revision, parts))
  return [...readings, ...unseen, ...forgotten.map(({ revision }) => notRun(settings, revision.id))].reduce(
    worse,
    NOTHING_REHEARSED,
  )
}

function rehearsed({ id, path }: Revision, { rehearsals }: Parts): boolean {
  return rehearsals.some(({ revision }) => revision.id === id && revision.path === path)
}

function syntax(migrations: Parts['migrations']): Reading | null {
  const scripts = migrations.flatMap(({ up, down }) => [up.script, down.script])
  const refused = scripts.find((script) => script.kind === 'refused')
  if (refused?.kind !== 'refused') return null
  return {
    status: refused.cause === 'refused' ? 'inconclusive' : 'fail',
    detail: `${refused.at.path}: ${refused.reason}`,
  }
}

type Read = (rehearsal: Rehearsal, migrations: Parts['migrations']) => Reading

/** What a rehearsal that ran says to each gate. */
const READINGS = {
  forward: (rehearsal) =>
    rehearsal.verdict === 'up-fails'
      ? { status: 'fail', detail: about(rehearsal) }
      : {
          status: 'pass',
          detail: rehearsal.dataDependent === null ? ranOn(rehearsal) : depends(rehearsal.dataDependent),
        },
  rollback: (rehearsal, migrations) => {
    switch (rehearsal.verdict) {
      case 'up-fails':
        return { status: 'inconclusive', detail: 'up failed, so down was not tried' }
      case 'down-fails':
      case 'leaves-residue':
        return { status: 'fail', detail: about(rehearsal) }
      case 'no-down':
        return noDown(rehearsal, migrations)
      default:
        return { status: 'pass', detail: `the schema after down equals the schema before up${partial(rehearsal)}` }
    }
  },
  're-apply': (rehearsal) => {
    if (rehearsal.verdict === 'reapply-fails') return { status: 'fail', detail: about(rehearsal) }
    if (rehearsal.verdict === 'reversible')
      return { status: 'pass', detail: 'up ran again after down, to the same schema' }
    return { status: 'not-applicable', detail: 'there was no clean down to apply it after' }
  },
  data: (rehearsal) => {
    const { verdict, lost, filled, rows, between } = rehearsal
    if (lost.length > 0) return { status: 'needs-approval', detail: `${rehearsal.revision.id}: ${losses(lost)}` }
    if (verdict === 'loses-data') return { status: 'needs-approval', detail: about(rehearsal) }
    if (rows === 0) return { status: 'not-applicable', detail: 'there was no row to compare' }
    if (!WENT_DOWN.includes(verdict)) return { status: 'not-applicable', detail: 'there was no down to compare after' }
    const still = filled
      .map(({ table, column, rows: some }) => `; ${some} of ${table}.${column ?? '*'} had no value before`)
      .join('')
    const kept = `after down the ${count(rows, 'row')} had the values of before up${still}`
    return { status: 'pass', detail: between === null ? kept : `${kept}; ${meanwhile(between)}` }
  },
  integrity: (rehearsal) => {
    const { verdict, violations, rows } = rehearsal
    const broken = violations.find(({ since }) => since === 'before')
    if (broken !== undefined) return { status: 'fail', detail: `${rehearsal.revision.id}: ${breaks(broken)}` }
    if (rows === 0 || verdict === 'up-fails')
      return { status: 'not-applicable', detail: 'there was no row to look at after up' }
    const [open] = violations
    if (open === undefined) return { status: 'pass', detail: 'after up every row satisfied every rule' }
    return { status: 'pass', detail: `depends on the rows: ${breaks(open)}` }
  },
} satisfies Partial<Record<GateName, Read>>

function isRehearsed(gate: GateName): gate is keyof typeof READINGS {
  return Object.hasOwn(READINGS, gate)
}

const WENT_DOWN: readonly Rehearsal['verdict'][] = ['reversible', 'leaves-residue', 'loses-data', 'reapply-fails']

function ranOn({ postgres, rows }: Rehearsal): string {
  return `up ran on PostgreSQL ${postgres ?? '?'}${rows > 0 ? `, with ${count(rows, 'row')} in the tables` : ''}`
}

function losses(lost: Rehearsal['lost']): string {
  const each = lost.map(({ table, column, rows }) =>
    column === null ? `${count(rows, 'row')} of ${table}` : `${count(rows, 'value')} of ${table}.${column}`,
  )
  return `a rollback does not bring back ${each.join(', ')} of the generated rows`
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`
}

/** What is proven on a stage that could not be set in full is proven in part. */
function partial({ skipped: { length } }: Rehearsal): string {
  if (length === 0) return ''
  return `, as far as could be seen: ${length} earlier statement${length > 1 ? 's' : ''} could not run here`
}

/** Whether a missing down is a fault is for the rules to say: some tools have none by design. One declared impossible needs consent. */
function noDown(rehearsal: Rehearsal, migrations: Parts['migrations']): Reading {
  const { id, path } = rehearsal.revision
  const migration = migrations.find(({ revision }) => revision.id === id && revision.path === path)
  if (migration?.down.script.kind !== 'irreversible') return { status: 'not-applicable', detail: about(rehearsal) }
  return {
    status: 'needs-approval',
    detail: `${id} is declared irreversible: ${migration.down.script.reason ?? 'no reason given'}`,
  }
}

function notRun(settings: Settings, what: string): Reading {
  return { status: settings.rehearsal.required ? 'inconclusive' : 'not-applicable', detail: `not rehearsed: ${what}` }
}

function about({ revision, reason }: Rehearsal): string {
  return `${revision.id}: ${reason ?? 'failed'}`
}

const STATUSES: readonly Gate['status'][] = ['not-applicable', 'pass', 'needs-approval', 'inconclusive', 'fail']

/** The worse of two readings; of equals the later, which is the more particular. */
function worse(a: Reading, b: Reading): Reading {
  return STATUSES.indexOf(b.status) >= STATUSES.indexOf(a.status) ? b : a
}
