import { operationsOf, type Migration } from './migration.js'
import { keyOf, type QualifiedName } from './names.js'
import type { Operation } from './operation.js'

interface Course {
  readonly operations: readonly Operation[]
  readonly places: ReadonlyMap<Operation, number>
}

const courses = new WeakMap<readonly Migration[], Course>()

/** What the up scripts of some migrations do, in order; what stands in DO blocks too. */
export function operationsIn(pull: readonly Migration[]): readonly Operation[] {
  return courseOf(pull).operations
}

/** What the up scripts of some migrations do after an operation of theirs; all of it for an operation that is not theirs. */
export function operationsAfter(operation: Operation, pull: readonly Migration[]): readonly Operation[] {
  const { operations, places } = courseOf(pull)
  return operations.slice((places.get(operation) ?? -1) + 1)
}

/** Whether an operation drops a table, or one of its columns. */
export function drops(operation: Operation, table: QualifiedName, column?: string): boolean {
  if (operation.kind === 'drop-table') return keyOf(operation.table) === keyOf(table)
  return operation.kind === 'drop-column' && operation.column === column && keyOf(operation.table) === keyOf(table)
}

function courseOf(pull: readonly Migration[]): Course {
  const known = courses.get(pull)
  if (known !== undefined) return known
  const operations = pull
    .flatMap(({ up }) => operationsOf(up))
    .flatMap((each): readonly Operation[] => (each.kind === 'do' ? [each, ...each.inner] : [each]))
  const course = { operations, places: new Map(operations.map((each, place) => [each, place])) }
  courses.set(pull, course)
  return course
}
