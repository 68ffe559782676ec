import type { CreateSchemaStmt, Node } from '@pgsql/types'
import type { StatementPlace } from '../tokens.js'
import type { Reader } from './reader.js'
import { inside, isWord, spanOf, spanOfAll, wholeOf, type Stretch } from './stretch.js'
import { entry, roleName } from './tree.js'

/** CREATE SCHEMA, and each of the objects that it holds from the start. */
export const readCreateSchema: Reader<CreateSchemaStmt> = (statement, place, read) => {
  const { authrole, if_not_exists, schemaElts = [] } = statement
  const schema = statement.schemaname ?? roleName(authrole)
  const stretches = elementStretches(place, schemaElts.length)
  const first = stretches[0]?.from
  const span = first === undefined ? spanOfAll(place) : spanOf(place, { from: 0, to: first })
  return [
    { kind: 'create-schema', span, schema, ifNotExists: if_not_exists === true },
    ...schemaElts.flatMap((element, i) => {
      const stretch = stretches[i]
      return read(within(schema, element), stretch === undefined ? place : inside(place, stretch))
    }),
  ]
}

/** An element begins with CREATE or GRANT; empty when that does not give one stretch for each. */
function elementStretches(place: StatementPlace, count: number): readonly Stretch[] {
  const starts: number[] = []
  for (let i = 1; i < place.tokens.length; i++) {
    const begins = isWord(place, i, 'create') ? !isWord(place, i - 1, 'grant') : isWord(place, i, 'grant')
    if (begins && !isWord(place, i - 1, 'with') && place.tokens[i - 1]?.text !== ',') starts.push(i)
  }
  const stretches = starts.map((from, i) => ({ from, to: starts[i + 1] ?? wholeOf(place).to }))
  return stretches.length === count ? stretches : []
}

/** Elements are made in the schema unless they say otherwise. */
function within(schemaname: string, element: Node): unknown {
  const node = entry(element)
  if (node === null) return element
  const fields = node.fields as Readonly<Record<string, unknown>>
  const target = ['relation', 'view', 'sequence'].find((key) => key in fields)
  if (target === undefined || node.name === 'GrantStmt') return element
  return { [node.name]: { ...fields, [target]: { schemaname, ...(fields[target] as object) } } }
}
