import { atlas } from './atlas.js'
import { dbmate } from './dbmate.js'
import type { Dialect } from './dialect.js'
import { diesel } from './diesel.js'
import { golangMigrate } from './golang-migrate.js'
import { goose } from './goose.js'
import { hasura } from './hasura.js'
import { nodePgMigrate } from './node-pg-migrate.js'
import { plain } from './plain.js'
import { prisma } from './prisma.js'
import { sqlx } from './sqlx.js'
import { supabase } from './supabase.js'

/** The dialects by the id of their framework. */
export const DIALECTS = {
  atlas,
  dbmate,
  diesel,
  'golang-migrate': golangMigrate,
  goose,
  hasura,
  'node-pg-migrate': nodePgMigrate,
  prisma,
  sql: plain,
  sqlx,
  supabase,
} as const satisfies Readonly<Record<string, Dialect>>

export type DialectId = keyof typeof DIALECTS

/** The dialect of a project of one of these frameworks. */
export function dialectOf(id: string): Dialect {
  const dialect = Object.entries(DIALECTS).find(([key]) => key === id)?.[1]
  if (dialect === undefined) throw new Error(`${id} is no SQL dialect`)
  return dialect
}
