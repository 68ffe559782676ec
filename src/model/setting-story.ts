import type { Span } from '../source/span.js'
import type { Conventions, Script, Statement } from './migration.js'
import type { Operation } from './operation.js'

type ReadScript = Extract<Script, { kind: 'script' }>
type Setting = Extract<Operation, { kind: 'set' }>

/** Why a script's text speaks of a timeout, and none is in force at one of its statements. */
export type SettingStory =
  /** It does not speak of it before or after, or takes it back by its own will. */
  | { readonly kind: 'none' }
  /** The last word before the statement is 0. */
  | { readonly kind: 'zero'; readonly at: Span; readonly local: boolean }
  /** The first word comes after the statement. */
  | { readonly kind: 'late'; readonly at: Span }
  /** SET LOCAL where there is no transaction. */
  | { readonly kind: 'outside'; readonly at: Span }
  /** SET LOCAL that a COMMIT ended, or SET that a ROLLBACK undid. */
  | { readonly kind: 'ended'; readonly at: Span; readonly by: 'COMMIT' | 'ROLLBACK' }

/** What a script says of a timeout that is not in force at a statement. */
export function settingStory(script: ReadScript, statement: Statement, name: string): SettingStory {
  let open = script.transaction === 'one'
  let last = null as LastWord | null
  for (const { index, operation } of spokenIn(script)) {
    if (index >= statement.index) break
    if (operation.kind === 'set') {
      if (speaksOf(operation, name)) last = { set: operation, open, by: null }
    } else if (operation.action === 'begin') open = true
    else if (operation.action === 'commit' || operation.action === 'rollback') {
      open = operation.chain
      const undoes = operation.action === 'rollback' || last?.set.local === true
      if (last !== null && last.open && undoes)
        last = { ...last, by: operation.action === 'commit' ? 'COMMIT' : 'ROLLBACK' }
    }
  }
  if (last === null) return late(script, statement, name)
  const { set, by } = last
  if (set.value === null) return { kind: 'none' }
  if (isZero(set.value)) return { kind: 'zero', at: set.span, local: set.local }
  if (set.local && !last.open) return { kind: 'outside', at: set.span }
  return by === null ? { kind: 'none' } : { kind: 'ended', at: set.span, by }
}

/** The last SET of a name before a statement, whether or not it is in force; null when there is none. */
export function lastSetting(script: ReadScript, statement: Statement, name: string): Setting | null {
  const spoken = spokenIn(script).findLast(
    ({ index, operation }) => index < statement.index && isSetOf(operation, name),
  )
  return spoken?.operation.kind === 'set' ? spoken.operation : null
}

/** Whether a setting has a value at a statement, from the script or from what the tool sets for its session. */
export function isSetAt(
  script: ReadScript,
  statement: Statement,
  name: string,
  { settings = [] }: Conventions,
): boolean {
  const last = lastSetting(script, statement, name)
  if (last !== null) return last.value !== null && !isZero(last.value)
  return settings.some(
    (setting) => setting.name.toLowerCase() === name && (setting.value === null || !isZero(setting.value)),
  )
}

function late(script: ReadScript, statement: Statement, name: string): SettingStory {
  const next = spokenIn(script).find(({ index, operation }) => index > statement.index && isSetOf(operation, name))
  const set = next?.operation.kind === 'set' ? next.operation : null
  return set === null || set.value === null || isZero(set.value) ? { kind: 'none' } : { kind: 'late', at: set.span }
}

/** The last SET before a statement: whether a transaction was open then, and what has ended its effect. */
interface LastWord {
  readonly set: Setting
  readonly open: boolean
  readonly by: 'COMMIT' | 'ROLLBACK' | null
}

/** A word on settings or transactions, with the place of its statement in the script. */
interface Spoken {
  readonly index: number
  readonly operation: Setting | Extract<Operation, { kind: 'transaction' }>
}

/** Of a script that is read once and asked about at each of its statements. */
const SPOKEN = new WeakMap<ReadScript, readonly Spoken[]>()

function spokenIn(script: ReadScript): readonly Spoken[] {
  const known = SPOKEN.get(script)
  if (known !== undefined) return known
  const spoken = script.statements.flatMap(({ index, operations }) =>
    operations.flatMap((operation) =>
      operation.kind === 'set' || operation.kind === 'transaction' ? [{ index, operation }] : [],
    ),
  )
  SPOKEN.set(script, spoken)
  return spoken
}

function isSetOf(operation: Operation, name: string): boolean {
  return operation.kind === 'set' && speaksOf(operation, name)
}

function speaksOf(set: Setting, name: string): boolean {
  return set.name.toLowerCase() === name
}

function isZero(value: string): boolean {
  return /^\s*0+(?:\.0+)?\s*(?:us|ms|s|min|h|d)?\s*$/.test(value)
}
