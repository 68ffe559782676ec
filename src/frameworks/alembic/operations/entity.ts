import { describe, type Value, type ValueOf } from '../python/value.js'
import { textSql } from '../sql/text.js'
import { argumentsOf, parameters, type Parameters, type Translation } from '../translation.js'
import type { OperationSql } from './operation.js'

/**
 * What alembic_utils makes of an entity (https://github.com/olirice/alembic_utils): the SQL that makes it, drops it and puts it
 * in place of an older one. The texts go through `sa.text`.
 */
interface Entity {
  readonly create: readonly string[]
  readonly drop: (cascade: string) => readonly string[]
  readonly replace: readonly string[]
}

/** `op.create_entity`. */
export const createEntity: OperationSql = (call, translation) => {
  const given = parameters(call, { order: ['target'], ignored: /^$/ }, translation)
  return entityOf(given.value('target'), translation)?.create.map((sql) => textSql(sql, translation)) ?? []
}

/** `op.drop_entity`. */
export const dropEntity: OperationSql = (call, translation) => {
  const given = parameters(call, { order: ['target', 'cascade'], ignored: /^$/ }, translation)
  const entity = entityOf(given.value('target'), translation)
  const cascade = given.flag('cascade') === true ? ' cascade' : ''
  return entity?.drop(cascade).map((sql) => textSql(sql, translation)) ?? []
}

/** `op.replace_entity`. */
export const replaceEntity: OperationSql = (call, translation) => {
  const given = parameters(call, { order: ['target'], ignored: /^$/ }, translation)
  return entityOf(given.value('target'), translation)?.replace.map((sql) => textSql(sql, translation)) ?? []
}

function entityOf(value: Value | undefined, translation: Translation): Entity | null {
  const name = value?.kind === 'call' ? /^alembic_utils\.(?:\w+\.)?(PG\w+)$/.exec(value.path)?.[1] : undefined
  const read = name === undefined ? undefined : ENTITIES[name]
  if (value?.kind === 'call' && read !== undefined) return read(value, translation)
  translation.problem(value === undefined ? 'the entity is missing' : describe(value))
  return null
}

const ENTITIES: Readonly<Record<string, ((value: ValueOf<'call'>, translation: Translation) => Entity) | undefined>> = {
  PGFunction: (value, translation) => {
    const given = common(value, ['schema', 'signature', 'definition'], translation)
    const definition = withoutSemicolon(given.string('definition'))
    const escape = /language plpgsql/i.test(normalized(definition).replaceAll("'", '')) ? escapePlpgsql : escapeSql
    const signature = unquoted(normalized(given.string('signature')))
    const [, name = '', rest = ''] = /^([^(]*)\((.*)$/s.exec(signature) ?? []
    if (name === '') translation.problem(`the signature ${signature} is not that of a function`)
    const full = `${schemaOf(given)}."${name.trim()}"`
    const body = `FUNCTION ${full}(${rest} ${escape(definition)}`
    const types = rest
      .replace(/\)$/, '')
      .split(',')
      .map((part) => (part.split(/default/i)[0] ?? '').trim())
    return {
      create: [`CREATE ${body}`],
      drop: (cascade) => [`DROP FUNCTION ${full}(${types.join(', ')})${cascade}`],
      replace: [`CREATE OR REPLACE ${body}`],
    }
  },
  PGView: (value, translation) => {
    const given = common(value, ['schema', 'signature', 'definition'], translation)
    const name = `${schemaOf(given)}."${unquoted(normalized(given.string('signature')))}"`
    const body = `VIEW ${name} AS ${withoutSemicolon(given.string('definition'))};`
    return {
      create: [`CREATE ${body}`],
      drop: (cascade) => [`DROP VIEW ${name}${cascade}`],
      replace: [
        `do $$ begin CREATE OR REPLACE ${body} exception when others then DROP VIEW IF EXISTS ${name}; CREATE ${body} end; $$ language 'plpgsql'`,
      ],
    }
  },
  PGMaterializedView: (value, translation) => {
    const given = common(value, ['schema', 'signature', 'definition', 'with_data'], translation)
    const name = `${schemaOf(given)}."${unquoted(normalized(given.string('signature')))}"`
    const data = given.flag('with_data') === false ? 'NO DATA' : 'DATA'
    const create = `CREATE MATERIALIZED VIEW ${name} AS ${withoutSemicolon(given.string('definition'))} WITH ${data};`
    return {
      create: [create],
      drop: (cascade) => [`DROP MATERIALIZED VIEW ${name}${cascade}`],
      replace: [`DROP MATERIALIZED VIEW IF EXISTS ${name};`, create],
    }
  },
  PGTrigger: (value, translation) => {
    const order = ['schema', 'signature', 'definition', 'on_entity', 'is_constraint']
    const given = common(value, order, translation)
    const name = unquoted(normalized(given.string('signature')))
    const definition = escapeSql(withoutSemicolon(given.string('definition')))
    const [, event, table, action] = /^(.+?)\s+ON\s+(.+?)\s+(.+)$/is.exec(definition) ?? []
    if (event === undefined || table === undefined || action === undefined)
      translation.problem(`the definition of trigger ${name} is not understood`)
    const on = (table ?? '').includes('.') ? (table ?? '').slice((table ?? '').indexOf('.') + 1) : (table ?? '')
    const where = `${unquoted(normalized(given.string('schema')))}.${on}`
    const constraint = given.flag('is_constraint') === true ? 'CONSTRAINT ' : ''
    const create = `CREATE ${constraint}TRIGGER "${name}" ${event ?? ''} ON ${where} ${action ?? ''}`
    const entity = onEntity(given)
    return {
      create: [create],
      drop: (cascade) => [`DROP TRIGGER "${name}" ON ${entity}${cascade}`],
      replace: [`DROP TRIGGER IF EXISTS "${name}" ON ${entity};`, create],
    }
  },
  PGPolicy: (value, translation) => {
    const given = common(value, ['schema', 'signature', 'definition', 'on_entity'], translation)
    const on = `${unquoted(normalized(given.string('signature')))} on ${onEntity(given)}`
    const definition = escapeSql(withoutSemicolon(given.string('definition')))
    return {
      create: [`CREATE POLICY ${on} ${definition}`],
      drop: (cascade) => [`DROP POLICY ${on}${cascade}`],
      replace: [`DROP POLICY IF EXISTS ${on};`, `CREATE POLICY ${on} ${definition};`],
    }
  },
  PGExtension: (value, translation) => {
    const given = common(value, ['schema', 'signature'], translation)
    const name = `"${unquoted(normalized(given.string('signature')))}"`
    return {
      create: [`CREATE EXTENSION ${name} WITH SCHEMA ${schemaOf(given)};`],
      drop: (cascade) => [`DROP EXTENSION ${name}${cascade.toUpperCase()}`],
      get replace() {
        return [translation.fails('an extension is not replaced: this always fails')]
      },
    }
  },
  PGGrantTable: (value, translation) => {
    const order = ['schema', 'table', 'role', 'grant', 'columns', 'with_grant_option']
    const given = common(value, order, translation)
    const grant = grantOf(given, translation)
    const columns = [...given.strings('columns')].sort()
    const needs = ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'].includes(grant)
    if (needs !== columns.length > 0) translation.fails(`a grant of ${grant} with these columns always fails`)
    const on = `${schemaOf(given, unquoted)}.${quoted(unquoted(given.string('table')))}`
    const role = quoted(unquoted(given.string('role')))
    const list = columns.length === 0 ? '' : ` (${columns.join(', ')})`
    const option = given.flag('with_grant_option') === true ? ' WITH GRANT OPTION' : ''
    const create = `GRANT ${grant}${list} ON ${on} TO ${role}${option}`
    const drop = `REVOKE ${grant} ON ${on} FROM ${role}`
    return { create: [create], drop: () => [drop], replace: [drop, create] }
  },
}

function grantOf(given: Parameters, translation: Translation): string {
  const value = given.value('grant')
  if (value?.kind === 'name') return value.path.slice(value.path.lastIndexOf('.') + 1)
  return value?.kind === 'string' ? value.text : translation.problem('the grant is not known')
}

function common(value: ValueOf<'call'>, order: readonly string[], translation: Translation): Parameters {
  return parameters(argumentsOf(value), { order, ignored: /^$/ }, translation)
}

function schemaOf(given: Parameters, read: (text: string) => string = (text) => unquoted(normalized(text))): string {
  return quoted(read(given.string('schema')))
}

/** The table that a trigger or policy is on; in `public` where no schema is said. */
function onEntity(given: Parameters): string {
  const entity = given.string('on_entity')
  return unquoted(entity.includes('.') ? entity : `public.${entity}`)
}

function normalized(text: string): string {
  return text.split(/\s+/).filter(Boolean).join(' ')
}

function unquoted(text: string): string {
  return text.replaceAll('"', '')
}

function quoted(text: string): string {
  const dot = text.indexOf('.')
  if (dot === -1) return `"${text}"`
  return `"${text.slice(0, dot)}"."${text.slice(dot + 1)}"`
}

function withoutSemicolon(text: string): string {
  return text.trim().replace(/;+$/, '').trim()
}

/** Every colon but `::` is escaped, for `sa.text` to take it as it is. */
function escapeSql(text: string): string {
  return text.replace(/::|:/g, (colons) => (colons === '::' ? colons : '\\:'))
}

/** As for SQL, but `:=` stays, and so does what is escaped already. */
function escapePlpgsql(text: string): string {
  return text.replace(/::|:=|\\:|:/g, (colons) => (colons === ':' ? '\\:' : colons))
}
