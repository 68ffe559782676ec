import { GitHubError } from './errors.js'

/** A JSON object of which nothing is known yet. */
export type Members = Readonly<Record<string, unknown>>

/** Reads one answer member by member; what is not as GitHub describes it is a `garbled` answer, never a guess. */
export interface Shape {
  members(value: unknown): Members
  list(value: unknown): readonly unknown[]
  text(value: unknown): string
  textOrNull(value: unknown): string | null
  number(value: unknown): number
  flag(value: unknown): boolean
  /** A commit or object id. */
  object(value: unknown): string
  date(value: unknown): Date
}

/** A reader of the answers to one route, which is named in what it throws. */
export function shapeOf(route: string): Shape {
  const wrong = (wanted: string, value: unknown): GitHubError =>
    new GitHubError('garbled', `${route}: the answer has ${kindOf(value)} in the place of ${wanted}`, { status: 200 })
  const text = (value: unknown): string => {
    if (typeof value !== 'string') throw wrong('a text', value)
    return value
  }
  return {
    members: (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('an object', value)
      return value as Members
    },
    list: (value) => {
      if (!Array.isArray(value)) throw wrong('a list', value)
      return value
    },
    text,
    textOrNull: (value) => (value === null || value === undefined ? null : text(value)),
    number: (value) => {
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong('a number', value)
      return value
    },
    flag: (value) => {
      if (typeof value !== 'boolean') throw wrong('true or false', value)
      return value
    },
    object: (value) => {
      const id = text(value)
      if (!/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(id)) throw wrong('an object id', value)
      return id
    },
    date: (value) => {
      const date = new Date(text(value))
      if (Number.isNaN(date.getTime())) throw wrong('a moment', value)
      return date
    },
  }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
