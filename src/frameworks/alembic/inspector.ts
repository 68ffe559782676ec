import type { Catalog, CatalogConstraint, CatalogTable } from '../../model/catalog.js'
import { boolean, NONE, string, unknown, type Arguments, type Value } from './python/value.js'

const MISSING: Value = { ...unknown('needs the database', 'whether there is more is not known'), open: true }

/**
 * What a question to SQLAlchemy's inspector (https://docs.sqlalchemy.org/en/20/core/reflection.html) is answered with, as far
 * as the history before tells: a list of which not all is known ends with an item that is not known. null for a question that
 * the history does not answer.
 */
export function inspected(question: string, given: Arguments, catalog: Catalog): Value | null {
  const asked = argumentsOf(given, question)
  return asked === null ? null : (QUESTIONS.get(question)?.(asked, catalog) ?? null)
}

interface Asked {
  readonly name: string | null
  readonly schema: string
}
type Question = (asked: Asked, catalog: Catalog) => Value | null

/** The table, if the question is about one, and the schema. */
function argumentsOf({ positional, keywords }: Arguments, question: string): Asked | null {
  const isOfTable = !/^get_\w+_names$|^get_enums$/.test(question)
  const values = isOfTable ? positional : [NONE, ...positional]
  const name = values[0] ?? keywords.get('table_name') ?? keywords.get('name')
  const schema = values[1] ?? keywords.get('schema') ?? NONE
  if (schema.kind !== 'none' && schema.kind !== 'string') return null
  if (isOfTable && name?.kind !== 'string') return null
  return { name: name?.kind === 'string' ? name.text : null, schema: schema.kind === 'string' ? schema.text : '' }
}

function list(items: readonly Value[], isWhole: boolean): Value {
  return { kind: 'list', items: isWhole ? [...items] : [...items, MISSING] }
}

function dict(entries: Readonly<Record<string, Value>>): Value {
  return { kind: 'dict', entries: Object.entries(entries).map(([key, value]) => ({ key: string(key), value })) }
}

const strings = (texts: readonly (string | null)[]): Value => ({
  kind: 'list',
  items: texts.map((text) => (text === null ? NONE : string(text))),
})

/** Whether an object is in the schema that was asked about. */
function isIn(schema: string, asked: string, catalog: Catalog): boolean {
  return asked === ''
    ? schema === '' || schema === catalog.searchPath[0]
    : schema === asked || (schema === '' && asked === 'public')
}

function tableNamed({ name, schema }: Asked, catalog: Catalog): CatalogTable | undefined {
  return catalog.table({ schema, name: name ?? '' })
}

/** A question about a table that has to be there. */
function ofTable(answer: (table: CatalogTable, catalog: Catalog) => Value): Question {
  return (asked, catalog) => {
    const table = tableNamed(asked, catalog)
    return table === undefined ? null : answer(table, catalog)
  }
}

function ofConstraints(
  type: CatalogConstraint['type'],
  show: (constraint: CatalogConstraint) => Readonly<Record<string, Value>>,
): Question {
  return ofTable(({ constraints }, { complete }) =>
    list(
      constraints
        .filter((constraint) => constraint.type === type)
        .map((constraint) => dict({ name: string(constraint.name), ...show(constraint) })),
      complete,
    ),
  )
}

const QUESTIONS: ReadonlyMap<string, Question> = new Map(
  Object.entries<Question>({
    has_table: (asked, catalog) => {
      if (tableNamed(asked, catalog) !== undefined) return boolean(true)
      if (catalog.view({ schema: asked.schema, name: asked.name ?? '' }) !== undefined) return boolean(true)
      return catalog.complete ? boolean(false) : null
    },
    get_table_names: ({ schema }, catalog) =>
      list(
        [...catalog.tables]
          .filter(({ name, persistence }) => persistence !== 'temporary' && isIn(name.schema, schema, catalog))
          .map(({ name }) => string(name.name)),
        catalog.complete,
      ),
    get_view_names: ({ schema }, catalog) =>
      list(
        [...catalog.views]
          .filter(({ name, materialized }) => !materialized && isIn(name.schema, schema, catalog))
          .map(({ name }) => string(name.name)),
        catalog.complete,
      ),
    get_enums: ({ schema }, catalog) =>
      list(
        [...catalog.enums]
          .filter(({ name }) => isIn(name.schema, schema, catalog))
          .map(({ name, values }) => dict({ name: string(name.name), labels: strings(values) })),
        catalog.complete,
      ),
    get_columns: ofTable(({ columns, complete }, catalog) =>
      list(
        columns.map(({ name, notNull }) => dict({ name: string(name), nullable: boolean(!notNull) })),
        complete && catalog.complete,
      ),
    ),
    get_indexes: (asked, catalog) => {
      const table = tableNamed(asked, catalog)
      if (table === undefined) return null
      const own = catalog
        .indexes(table.name)
        .filter(
          ({ constraint }) =>
            !table.constraints.some(({ type, name }) => type === 'primary-key' && name === constraint),
        )
      return list(
        own.map(({ name, columns, unique }) =>
          dict({ name: string(name.name), column_names: strings(columns), unique: boolean(unique) }),
        ),
        catalog.complete,
      )
    },
    get_unique_constraints: ofConstraints('unique', ({ columns }) => ({ column_names: strings(columns) })),
    get_check_constraints: ofConstraints('check', () => ({})),
    get_foreign_keys: ofConstraints('foreign-key', ({ columns, references }) => ({
      constrained_columns: strings(columns),
      ...(references === null
        ? {}
        : { referred_table: string(references.table.name), referred_columns: strings(references.columns) }),
    })),
    get_pk_constraint: ofTable(({ constraints }, { complete }) => {
      const key = constraints.find(({ type }) => type === 'primary-key')
      if (key === undefined) return complete ? dict({ name: NONE, constrained_columns: strings([]) }) : MISSING
      return dict({ name: string(key.name), constrained_columns: strings(key.columns) })
    }),
  }),
)
