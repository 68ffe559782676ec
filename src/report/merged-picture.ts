import { isSameRevision } from '../model/migration.js'
import type { DrawnChange, DrawnColumn, DrawnRelation, DrawnTable, Picture } from '../model/evidence.js'
import type { Review } from '../model/review.js'
import { newRehearsals } from './new-migrations.js'
import { projectOf } from './rollback-plan.js'

/** The tables around what one project changes. */
export interface ProjectPicture {
  /** The project's folder. */
  readonly root: string
  readonly picture: Picture
}

/** More tables are none that a person looks at. */
const MOST_TABLES = 20

/** A picture of each project whose tables change, as far as anything was seen. */
export function picturesOf(review: Review): readonly ProjectPicture[] {
  const groups = new Map<string, Picture[]>()
  for (const { revision, picture } of newRehearsals(review)) {
    if (picture === null) continue
    const migration = review.migrations.find((each) => isSameRevision(each.revision, revision))
    const root = migration === undefined ? '' : (projectOf(review, migration)?.root ?? '')
    groups.set(root, [...(groups.get(root) ?? []), picture])
  }
  return [...groups].flatMap(([root, pictures]) => {
    const picture = merged(pictures)
    return picture.tables.length === 0 ? [] : [{ root, picture }]
  })
}

/** One picture of what several migrations do, one after the other: tables as the last of them leaves them. */
function merged(pictures: readonly Picture[]): Picture {
  const tables = new Map<string, DrawnTable>()
  const relations = new Map<string, DrawnRelation>()
  for (const picture of pictures) {
    for (const table of picture.tables) put(tables, table.name, table, mergedTable)
    for (const relation of picture.relations) {
      const key = JSON.stringify([relation.from, relation.columns, relation.to])
      put(relations, key, relation, (_, now) => now)
    }
  }
  // What changes comes before what stands beside it.
  const ordered = [...tables.values()].sort((a, b) => Number(a.change === null) - Number(b.change === null))
  const drawn = ordered.slice(0, MOST_TABLES)
  const names = new Set(drawn.map(({ name }) => name))
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
  return {
    tables: drawn,
    relations: [...relations.values()].filter(({ from, to }) => names.has(from) && names.has(to)),
    more: ordered.length - drawn.length + sum(pictures.map(({ more }) => more)),
    partitions: sum(pictures.map(({ partitions }) => partitions)),
  }
}

function put<Thing extends { readonly change: DrawnChange }>(
  things: Map<string, Thing>,
  key: string,
  now: Thing,
  merge: (old: Thing, now: Thing) => Thing,
): void {
  const old = things.get(key)
  if (old === undefined) things.set(key, now)
  // What comes and goes again was never there.
  else if (old.change === 'added' && now.change === 'dropped') things.delete(key)
  else things.set(key, { ...merge(old, now), change: both(old.change, now.change) })
}

function both(first: DrawnChange, then: DrawnChange): DrawnChange {
  if (first === 'added' && then !== 'dropped') return 'added'
  if (first === 'dropped' && then === 'added') return 'altered'
  return then ?? first
}

function mergedTable(old: DrawnTable, now: DrawnTable): DrawnTable {
  const columns = new Map<string, DrawnColumn>()
  for (const column of [...old.columns, ...now.columns]) put(columns, column.name, column, (_, later) => later)
  const all = now.columns.length + now.more
  const parts = mergedParts(old.parts, now.parts)
  return { ...now, columns: [...columns.values()], more: Math.max(0, all - columns.size), parts }
}

/** As the first of two migrations met it, and as the second leaves it; what only came in between was never there. */
function mergedParts(old: DrawnTable['parts'], now: DrawnTable['parts']): DrawnTable['parts'] {
  // A table that is only a neighbour of one of them says nothing of its parts there.
  if (old.length === 0 || now.length === 0) return now.length === 0 ? old : now
  const key = ({ kind, name }: DrawnTable['parts'][number]): string => `${kind} ${name}`
  const before = new Map(old.map((part) => [key(part), part]))
  const there = new Set(now.map(key))
  const gone = old.filter((part) => part.after === null && !there.has(key(part)))
  const firstOf = (part: DrawnTable['parts'][number]): string | null => {
    const first = before.get(key(part))
    return first === undefined ? part.before : first.before
  }
  const both = now.map((part) => ({ ...part, before: firstOf(part) }))
  return [...both, ...gone].filter(({ before: first, after }) => first !== null || after !== null)
}
