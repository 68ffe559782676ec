import { Ajv } from 'ajv'
import type { Sizes, Thresholds } from '../model/settings.js'
import { checkedJson } from '../source/checked-json.js'

/** What was measured of a table; null where it is not known. */
export interface TableStatistics {
  /** With its schema, such as `public.orders`. */
  readonly table: string
  readonly rows: number | null
  /** With indexes and what lies outside the rows. */
  readonly bytes: number | null
  /** Rows inserted, updated and deleted in a second. */
  readonly writes: number | null
}

/** A file of statistics. */
export interface Statistics {
  readonly version: 1
  /** The day, `YYYY-MM-DD`. */
  readonly taken: string
  readonly tables: readonly TableStatistics[]
}

const amount = { type: ['number', 'null'], minimum: 0 }

/** The form of the file as JSON Schema (draft 7). */
export const STATISTICS_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'dba statistics',
  description: 'How large tables are, and how often they are written to: what `dba stats` has measured.',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'taken', 'tables'],
  properties: {
    version: { const: 1 },
    taken: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'the day on which it was measured' },
    tables: {
      type: 'array',
      maxItems: 100_000,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['table', 'rows', 'bytes', 'writes'],
        properties: {
          table: { type: 'string', minLength: 3, pattern: '^[^.].*\\..', description: 'with its schema' },
          rows: { ...amount, description: 'null where the table was never analysed' },
          bytes: { ...amount, description: 'with its indexes' },
          writes: { ...amount, description: 'rows written in a second; null where it is not known since when' },
        },
      },
    },
  },
} as const

const validate = new Ajv({ allowUnionTypes: true }).compile<Statistics>(STATISTICS_SCHEMA)

/** Reads a file of statistics, or says what is wrong with it. */
export function readStatistics(text: string): Statistics | { readonly problem: string } {
  const read = checkedJson(text, validate)
  if ('problem' in read) return read
  const { data } = read
  const seen = new Set<string>()
  const twice = data.tables.find(({ table }) => seen.size === seen.add(table).size)
  return twice === undefined ? data : { problem: `${twice.table} is there twice` }
}

/** The tables that are large or small by thresholds. What lies between, or is not known, is in neither list. */
export function sizesIn({ tables }: Statistics, thresholds: Thresholds): Sizes {
  const keys = (fits: (each: TableStatistics) => boolean): readonly string[] =>
    tables.filter(fits).map(({ table }) => table.replace(/^public\./, ''))
  const isLarge = ({ rows, bytes, writes }: TableStatistics): boolean =>
    (rows ?? 0) >= thresholds.largeRows ||
    (bytes ?? 0) >= thresholds.largeBytes ||
    (writes ?? 0) >= thresholds.busyWrites
  const isSmall = ({ rows, bytes }: TableStatistics): boolean =>
    rows !== null && bytes !== null && rows <= thresholds.smallRows && bytes <= thresholds.smallBytes
  return { large: keys(isLarge), small: keys((each) => isSmall(each) && !isLarge(each)) }
}
