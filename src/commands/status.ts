import type { Script } from '../model/migration.js'
import type { Review, ReviewedMigration } from '../model/review.js'
import { more } from '../report/limits.js'
import { GATE_MARKS, REHEARSALS, VERDICT_MARKS } from '../report/wording.js'
import type { Command } from './command.js'
import { aboutReport, type Shape } from './reply.js'

export const status: Command = {
  name: 'status',
  usage: 'status',
  summary: 'the gates, the migrations of this pull request, and the newest revision once it is merged',
  who: 'anyone',
  about: 'report',
  run: (_, context) =>
    aboutReport(context, 'command-status', (review, view, shape) => ({
      mark: VERDICT_MARKS[view.verdict],
      title: view.title,
      needs: shape.cut(view.needs),
      gates: view.gates.map((gate) => ({ ...gate, mark: GATE_MARKS[gate.status], detail: shape.cut(gate.detail) })),
      migrations: migrationsOf(review, shape),
    })),
}

function migrationsOf(review: Review, { cut, limits }: Shape): object | null {
  const { migrations } = review
  if (migrations.length === 0) return null
  return {
    rows: migrations.slice(0, limits.folded).map((migration) => ({
      path: cut(migration.revision.path),
      change: migration.change,
      up: KINDS[migration.up.script.kind],
      down: KINDS[migration.down.script.kind],
      rehearsal: rehearsalOf(review, migration),
    })),
    more: more(migrations.length, limits.folded, 'migration'),
    head: cut(headOf(migrations)),
  }
}

const KINDS: Readonly<Record<Script['kind'], string>> = {
  script: 'read',
  absent: 'none',
  irreversible: 'none, by intent',
  refused: 'not read',
}

function rehearsalOf({ rehearsals }: Review, { revision }: ReviewedMigration): string {
  const found = rehearsals.find((rehearsal) => rehearsal.revision.path === revision.path)
  return found === undefined ? '–' : REHEARSALS[found.verdict]
}

/** The new migration that no other new one follows; '' where there is none, or more than one. */
function headOf(migrations: readonly ReviewedMigration[]): string {
  const added = migrations.filter(({ change }) => change === 'added').map(({ revision }) => revision)
  const heads = added.filter(({ id }) => !added.some(({ parents }) => parents.includes(id)))
  return heads.length === 1 ? (heads[0]?.id ?? '') : ''
}
