import type { DropStmt, Node } from '@pgsql/types'
import type { Operation } from '../../model/operation.js'
import type { TypeName } from '../../model/operations/shared.js'
import type { Span } from '../../source/span.js'
import type { StatementPlace } from '../tokens.js'
import { typeName } from '../type-name.js'
import { objectKind, objectName } from './object-name.js'
import type { Reader } from './reader.js'
import { isWord, nameBefore, spanOf, spanOfAll, split, wholeOf } from './stretch.js'
import { all, as } from './tree.js'

/** DROP of whatever can be dropped by a list of names: one operation each. */
export const readDrop: Reader<DropStmt> = (statement, place) => {
  const objects = statement.objects ?? []
  const spans = listedSpans(place, objects.length)
  return objects.map((object, i) => dropOne(statement, object, spans[i] ?? spanOfAll(place)))
}

/** Where each name of a statement's only list stands; with a single name, the statement itself. */
export function listedSpans(place: StatementPlace, count: number): readonly Span[] {
  const whole = wholeOf(place)
  const behaviour = isWord(place, whole.to - 1, 'cascade', 'restrict')
  const pieces = split(place, { from: 0, to: behaviour ? whole.to - 1 : whole.to })
  if (count === 1 || pieces.length !== count) return []
  return pieces.map((piece) => spanOf(place, nameBefore(place, piece)))
}

function dropOne(statement: DropStmt, object: Node, span: Span): Operation {
  const { name, table } = objectName(statement.removeType, object)
  const ifExists = statement.missing_ok === true
  const cascade = statement.behavior === 'DROP_CASCADE'
  switch (statement.removeType) {
    case 'OBJECT_TABLE':
      return { kind: 'drop-table', span, table: name, ifExists, cascade }
    case 'OBJECT_INDEX':
      return { kind: 'drop-index', span, index: name, concurrently: statement.concurrent === true, ifExists, cascade }
    case 'OBJECT_SCHEMA':
      return { kind: 'drop-schema', span, schema: name.name, ifExists, cascade }
    default:
      return {
        ...{ kind: 'drop-object', span, object: objectKind(statement.removeType), name, table },
        ...{ takes: CALLED.has(statement.removeType) ? typesOf(object) : null, ifExists, cascade },
      }
  }
}

const CALLED: ReadonlySet<unknown> = new Set(['OBJECT_FUNCTION', 'OBJECT_PROCEDURE', 'OBJECT_ROUTINE'])

/** The list of types behind a function's name; of OUT parameters PostgreSQL takes no notice. */
function typesOf(object: Node): readonly TypeName[] | null {
  const called = as('ObjectWithArgs', object)
  if (called === undefined || called.args_unspecified === true) return null
  return all('TypeName', called.objargs).map(typeName)
}
