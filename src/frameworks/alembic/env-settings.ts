import type { SessionSetting } from '../../model/migration.js'
import type { SourceText } from '../../source/source-text.js'
import type { Span } from '../../source/span.js'
import type { Call } from './env-calls.js'
import type { Module } from './python/module.js'
import type { Stretch } from './python/syntax.js'
import type { Value } from './python/value.js'

type Setting = SessionSetting & { readonly at: Span }

/** The settings that matter to who waits for a lock. */
const NAMES = /\b(lock_timeout|statement_timeout)\b/gi

/**
 * The timeouts that `env.py` sets for the session of the migrations: by SQL that it sends before `run_migrations`, by
 * listeners for new connections, or by what it gives to the driver.
 */
export function settingsIn(source: SourceText, { file }: Module, calls: readonly Call[]): readonly Setting[] {
  if (file.text.search(NAMES) < 0) return []
  const text = ({ from, to }: Stretch): string => file.text.slice(from, to)
  const placed = (call: Call, settings: readonly SessionSetting[]): readonly Setting[] =>
    settings.map((setting) => ({ ...setting, at: source.spanOfUnits(call.at.from, call.at.to) }))
  const unknown = (stretch: Stretch): readonly SessionSetting[] =>
    namesIn(text(stretch)).map((name) => ({ name, value: null, local: false }))

  return calls.flatMap((call): readonly Setting[] => {
    const connect = call.keywords.get('connect_args')
    if (connect !== undefined) return placed(call, ofDriver(connect.value) ?? unknown(connect.at))
    const [sent] = call.positional
    if (sent === undefined || !/^(execute|exec_driver_sql|scalar)$/.test(call.name)) return []
    if (isOffline(call, calls) || isAfterwards(call, calls)) return []
    const sql = sqlOf(sent.value)
    const settings = sql === null ? unknown(sent.at) : ofSql(sql)
    // Whether a condition holds is not known here, and neither is the value then.
    const sure = settings.map((setting) => (call.conditional ? { ...setting, value: null } : setting))
    return placed(call, sure)
  })
}

function namesIn(text: string): readonly string[] {
  return [...new Set((text.match(NAMES) ?? []).map((name) => name.toLowerCase()))]
}

function sqlOf(value: Value): string | null {
  if (value.kind === 'string') return value.text
  const [inner] = value.kind === 'call' && /(^|\.)(text|DDL)$/.test(value.path) ? value.positional : []
  return inner?.kind === 'string' ? inner.text : null
}

/** https://www.postgresql.org/docs/current/sql-set.html */
function ofSql(sql: string): readonly SessionSetting[] {
  const sets = [
    ...sql.matchAll(
      /\bset\s+(?:(local|session)\s+)?(lock_timeout|statement_timeout)\s*(?:=|\bto\b)\s*('[^']*'|[\w.]+)/gi,
    ),
  ].map(([, scope, name = '', value = '']) => setting(name, value, scope?.toLowerCase() === 'local'))
  const calls = [
    ...sql.matchAll(/\bset_config\(\s*'(lock_timeout|statement_timeout)'\s*,\s*'([^']*)'\s*,\s*(true|false)/gi),
  ].map(([, name = '', value = '', local]) => setting(name, value, local?.toLowerCase() === 'true'))
  return [...sets, ...calls]
}

/** What libpq or asyncpg is given; null when it cannot be told. */
function ofDriver(value: Value): readonly SessionSetting[] | null {
  if (value.kind !== 'dict') return null
  const settings: SessionSetting[] = []
  for (const { key, value: given } of value.entries) {
    if (key.kind !== 'string') return null
    if (key.text === 'options') {
      if (given.kind !== 'string') return null
      for (const [, name = '', to = ''] of given.text.matchAll(/(?:-c\s*|--)(lock_timeout|statement_timeout)=(\S+)/gi))
        settings.push(setting(name, to, false))
    } else if (key.text === 'server_settings') {
      if (given.kind !== 'dict') return null
      for (const { key: name, value: to } of given.entries) {
        if (name.kind !== 'string' || !/^(lock_timeout|statement_timeout)$/i.test(name.text)) continue
        settings.push(setting(name.text, to.kind === 'string' || to.kind === 'number' ? to.text : null, false))
      }
    }
  }
  return settings
}

function setting(name: string, value: string | null, local: boolean): SessionSetting {
  return { name: name.toLowerCase(), value: value === null ? null : value.replace(/^'|'$/g, ''), local }
}

/** Whether it stands where Alembic only writes SQL to a file. */
function isOffline({ around }: Call, calls: readonly Call[]): boolean {
  const beside = calls.filter((call) => call.path === 'alembic.context.configure' && call.around === around)
  return around !== null && beside.length > 0 && beside.every(({ keywords }) => keywords.has('url'))
}

/** Whether the migrations have run when it comes. */
function isAfterwards({ around, at }: Call, calls: readonly Call[]): boolean {
  const runs = calls.filter((call) => call.name === 'run_migrations' && call.around === around)
  return runs.length > 0 && runs.every((run) => run.at.from < at.from)
}
