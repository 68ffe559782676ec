import type { Session } from '../../sandbox/sandbox.js'
import type { Facts, TypeFacts } from './facts.js'
import { hints } from './hints.js'
import { cast, literal } from './literal.js'
import { supplyOf, type Supply, type Types } from './supply.js'

/** Asks PostgreSQL which values the domains allow, and which texts the types take that no table lists. */
export async function learn(session: Session, { types: facts }: Facts, many: number): Promise<Types> {
  const learned = new Map<string, Supply>()
  const types: Types = { facts, learned, many }
  let left = [...facts.values()].filter(
    (type) => type.kind === 'domain' || (type.kind === 'base' && isUnknown(type, types)),
  )
  while (left.length > 0) {
    const waiting = new Set(left.map(({ oid }) => oid))
    const ready = left.filter(({ of }) => of === null || !waiting.has(of))
    const now = ready.length > 0 ? ready : left
    const asked = now.map((type) => candidates(type, types))
    const answers = await session.read(asked.map(({ query }) => query))
    now.forEach(({ oid }, at) => {
      const answer = answers[at]
      const places = new Set(
        answer !== undefined && 'rows' in answer ? answer.rows.map(([place]) => Number(place)) : [],
      )
      const kept = (list: readonly string[], from: number): readonly string[] =>
        list.filter((_, i) => places.has(from + i))
      const { plain, awkward } = asked[at] ?? { plain: [], awkward: [] }
      learned.set(oid, { plain: kept(plain, 0), awkward: kept(awkward, plain.length) })
    })
    left = left.filter((type) => !now.includes(type))
  }
  return types
}

function isUnknown({ oid, qualified }: TypeFacts, types: Types): boolean {
  const { plain, awkward } = supplyOf(oid, qualified, types)
  return plain.length + awkward.length === 0
}

interface Asked extends Supply {
  /** Answers with the places of what is allowed, in `plain` and then `awkward`. */
  readonly query: string
}

function candidates({ kind, of, ofName, qualified, checks }: TypeFacts, types: Types): Asked {
  if (kind === 'base') {
    const rows = PROBES.map((text, at) => `(${at}, ${literal(text)})`).join(', ')
    return {
      plain: PROBES.map((text) => cast(text, qualified)),
      awkward: [],
      query: `SELECT place FROM (VALUES ${rows}) AS v (place, text) WHERE pg_input_is_valid(text, ${literal(qualified)})`,
    }
  }
  const base = supplyOf(of ?? '', ofName, types)
  const hinted = checks.flatMap((check) => hints(check, ofName))
  const plain = [...new Set(checks.length > 0 ? [...hinted, ...base.plain] : base.plain)]
  const rows = [...plain, ...base.awkward].map((value, at) => `(${at}, ${value})`).join(', ')
  const conditions = ['true', ...checks.map((check) => `(${check}) IS NOT FALSE`)].join(' AND ')
  const into = (value: string): string => `(${value})::${qualified}`
  return {
    plain: plain.map(into),
    awkward: base.awkward.map(into),
    query:
      rows === ''
        ? 'SELECT 0 WHERE false'
        : `SELECT place FROM (VALUES ${rows}) AS v (place, value) WHERE ${conditions}`,
  }
}

/** Texts of which a type that nobody knows may take one. */
const PROBES = [
  '1',
  '2',
  '3',
  'a',
  'b',
  'c',
  '0',
  '',
  '{}',
  '[]',
  '(0,0)',
  '(1,2)',
  '1.5',
  'a=>1',
  '2024-01-15',
  'true',
  '0 0',
]
