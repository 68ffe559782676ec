import type { QualifiedName } from '../model/names.js'
import type { Volatility } from '../model/operations/shared.js'
import { BUILT_IN_FUNCTIONS } from './built-in-functions.js'

/** Functions of the extensions that migrations use most; they live in whatever schema the extension was put. */
const EXTENSION_FUNCTIONS = {
  volatile: 'uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_random_bytes gen_salt',
  stable: 'unaccent',
  immutable: `uuid_generate_v3 uuid_generate_v5 uuid_nil uuid_ns_dns uuid_ns_url uuid_ns_oid uuid_ns_x500
    crypt digest hmac armor similarity word_similarity strict_word_similarity`,
} as const

const BUILT_IN = table(BUILT_IN_FUNCTIONS)
const EXTENSION = table(EXTENSION_FUNCTIONS)

const ORDER: readonly Volatility[] = ['immutable', 'stable', 'unknown', 'volatile']

/**
 * How a function's result may change, by its name and number of arguments: the most volatile overload; `unknown` for names
 * nobody ships.
 */
export function volatilityOfFunction({ schema, name }: QualifiedName, argumentCount: number): Volatility {
  const builtIn =
    schema === '' || schema === 'pg_catalog'
      ? (BUILT_IN.get(`${name}/${argumentCount}`) ?? BUILT_IN.get(name))
      : undefined
  return builtIn ?? (schema === 'pg_catalog' ? undefined : EXTENSION.get(name)) ?? 'unknown'
}

/** The volatility of a whole whose parts have these: `unknown` outweighs all but `volatile`. */
export function mostVolatile(parts: Iterable<Volatility>): Volatility {
  let most: Volatility = 'immutable'
  for (const part of parts) if (ORDER.indexOf(part) > ORDER.indexOf(most)) most = part
  return most
}

/** All of the data, by `name` and `name/arguments`; for checking it against a server. */
export function knownFunctions(): ReadonlyMap<string, Volatility> {
  return BUILT_IN
}

function table(lists: Readonly<Record<'immutable' | 'stable' | 'volatile', string>>): ReadonlyMap<string, Volatility> {
  const volatilities = ['immutable', 'stable', 'volatile'] as const
  return new Map(
    volatilities.flatMap((each) =>
      lists[each]
        .trim()
        .split(/\s+/)
        .map((name) => [name, each] as const),
    ),
  )
}
