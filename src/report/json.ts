import { GRADES } from '../model/rollback.js'
import type { Approval } from '../model/consent.js'
import { blockedBy, strongest } from '../model/effect.js'
import type {
  Between,
  DataDependent,
  Diagnosis,
  Drift,
  NativeProof,
  Recovery,
  Rehearsal,
  RowCount,
  SchemaDifference,
  SqlFailure,
  Window,
} from '../model/evidence.js'
import type { Finding } from '../model/finding.js'
import type { Review, ReviewedScript } from '../model/review.js'
import type { Reporter } from './reporter.js'
import { asJson } from './untrusted.js'
import { drawing } from './erd.js'
import { locksOf, statementsOf, type TableLock } from './locks.js'
import { picturesOf, type ProjectPicture } from './merged-picture.js'
import { plansOf, type Query, type RollbackPlan } from './rollback-plan.js'

/** The review for other programs, as `schema/review.schema.json` says. A change that breaks a reader changes `version`. */
export function json(): Reporter<string> {
  return { id: 'json', render: (review) => asJson(documentOf(review)) }
}

function documentOf(review: Review): object {
  const { pull, verdict, conclusion } = review
  return {
    version: 1,
    pull: { repository: pull.repository, number: pull.number, base: pull.base, head: pull.head },
    verdict,
    conclusion,
    approval: approvalOf(review.approval),
    gates: review.gates.map(({ gate, status, detail }) => ({ gate, status, detail })),
    projects: review.projects.map(({ framework, root }) => ({ framework, root })),
    migrations: review.migrations.map(({ revision, framework, change, up, down }) => ({
      id: revision.id,
      path: revision.path,
      framework,
      change,
      parents: revision.parents,
      up: scriptOf(up),
      down: scriptOf(down),
    })),
    findings: review.findings.map(findingOf),
    rehearsals: review.rehearsals.map(rehearsalOf),
    locks: locksOf(review).map(lockOf),
    pictures: picturesOf(review).map(pictureOf),
    rollbackPlan: plansOf(review).map(planOf),
    clashes:
      review.clashes === null
        ? null
        : review.clashes.map(({ pull: other, kind, message }) => ({ pull: other, kind, message })),
    notes: review.notes.map(({ message, at }) => ({ message, path: at?.path ?? null, line: at?.start.line ?? null })),
  }
}

function approvalOf({ code, needed, given, approvers, backup }: Approval): object {
  return {
    code,
    needed,
    given: given.map((consent) => ({
      kinds: consent.kinds,
      by: { id: consent.by.id, login: consent.by.login },
      at: consent.at,
      comment: consent.comment,
      code: consent.code,
      backup: consent.backup,
    })),
    approvers: { data: approvers.data, schema: approvers.schema },
    backup,
  }
}

function scriptOf(reviewed: ReviewedScript): object {
  return {
    kind: reviewed.script.kind,
    statements: statementsOf(reviewed).map(({ statement: { sql, span }, effect }) => {
      const lock = strongest(effect.locks.map(({ mode }) => mode))
      return {
        sql,
        path: span.path,
        line: span.start.line,
        endLine: span.end.line,
        lock,
        blocks: lock === null ? [] : blockedBy(lock),
        rewrite: effect.rewrites.length > 0,
      }
    }),
  }
}

function findingOf(finding: Finding): object {
  const { at, allowed } = finding
  return {
    rule: finding.rule,
    severity: finding.severity,
    confidence: finding.confidence,
    message: finding.message,
    path: at.path,
    line: at.start.line,
    column: at.start.column,
    endLine: at.end.line,
    endColumn: at.end.column,
    direction: finding.direction,
    place: finding.place,
    allowed: allowed === null ? null : { by: allowed.by, reason: allowed.reason },
    fingerprint: finding.fingerprint,
    fix: finding.fix,
  }
}

function rehearsalOf(rehearsal: Rehearsal): object {
  return {
    migration: rehearsal.revision.id,
    path: rehearsal.revision.path,
    sandbox: rehearsal.sandbox,
    postgres: rehearsal.postgres,
    verdict: rehearsal.verdict,
    reason: rehearsal.reason,
    steps: rehearsal.steps.map(({ phase, sql, error, milliseconds, locks, rewrites, scans }) => ({
      phase,
      sql,
      ok: error === null,
      milliseconds,
      locks: locks.map(({ mode, object }) => ({ mode, object })),
      rewrites,
      scans,
      error: error === null ? null : failureOf(error),
    })),
    residue: rehearsal.residue,
    schema: rehearsal.schema === null ? null : schemaOf(rehearsal.schema),
    rows: rehearsal.rows,
    lost: rehearsal.lost.map(countOf),
    changed: rehearsal.changed.map(countOf),
    between: rehearsal.between === null ? null : betweenOf(rehearsal.between),
    unfilled: rehearsal.unfilled.map(({ table, reason }) => ({ table, reason })),
    violations: rehearsal.violations.map(({ constraint, table, rows, query, since }) => ({
      constraint,
      table,
      rows,
      query,
      since,
    })),
    unfinished: rehearsal.unfinished.map(({ what, object, table }) => ({ what, object, table })),
    brokenFunctions: rehearsal.brokenFunctions.map(({ function: name, message, created }) => ({
      function: name,
      message,
      created,
    })),
    unreadFunctions: rehearsal.unreadFunctions,
    window: rehearsal.window === null ? null : windowOf(rehearsal.window),
    recovery: rehearsal.recovery === null ? null : recoveryOf(rehearsal.recovery),
    dataDependent: rehearsal.dataDependent === null ? null : dependenceOf(rehearsal.dataDependent),
    ...(rehearsal.native === undefined ? {} : { native: nativeOf(rehearsal.native) }),
  }
}

function nativeOf({ tool, contained, verdict, outcome, reason, lines, output, drift }: NativeProof): object {
  const models = drift === undefined ? {} : { drift: driftOf(drift) }
  return { tool, contained, verdict, outcome, reason, lines, output, ...models }
}

function driftOf(drift: Drift): object {
  const said = drift.kind === 'differs' ? drift.said : drift.kind === 'unknown' ? drift.reason : null
  return { kind: drift.kind, said }
}

function windowOf({ phase, message, at }: Window): object {
  return { phase, message, path: at?.path ?? null, line: at?.start.line ?? null }
}

function recoveryOf({ stops, tried, failure }: Recovery): object {
  if (failure === null) return { stops, tried, failure }
  const { after, at, message, down } = failure
  return { stops, tried, failure: { after: after.start.line, path: at.path, line: at.start.line, message, down } }
}

function schemaOf({ changes, more }: SchemaDifference): object {
  return {
    changes: changes.map(({ kind, name, table, before, after }) => ({ kind, name, table, before, after })),
    more,
  }
}

function lockOf({ at, direction, sql, table, predicted, observed, held, differs, blocks, rewrite }: TableLock): object {
  const { path, start } = at
  return { path, line: start.line, direction, sql, table, predicted, observed, held, differs, blocks, rewrite }
}

/** Longer is what no program that draws it takes (https://mermaid.js.org/config/schema-docs/config.html#maxtextsize). */
const LONGEST_PICTURE = 50_000

function pictureOf({ root, picture }: ProjectPicture): object {
  const { mermaid, left } = drawing(picture, LONGEST_PICTURE)
  return { root, mermaid, left, tables: picture.tables.map(({ name, change }) => ({ name, change })) }
}

function planOf(plan: RollbackPlan): object {
  const { framework, root, worth, conflict, losses, unproven } = plan
  const query = ({ why, sql }: Query): object => ({ why, sql })
  return {
    framework,
    root,
    worth,
    grade: GRADES[worth],
    deployment: plan.deployment.map(({ migration, when, because }) => ({ migration, when, because })),
    conflict: conflict === '' ? null : conflict,
    rollback: plan.rollback.map(({ migration, path, command, sql, remark, worth: proof, evidence }) => ({
      migration,
      path,
      command,
      sql,
      remark: remark === '' ? null : remark,
      worth: proof,
      grade: GRADES[proof],
      evidence,
    })),
    losses,
    unproven,
    queries: plan.queries.map(query),
    leftovers: plan.leftovers.map(query),
  }
}

function countOf({ table, column, rows }: RowCount): object {
  return { table, column, rows }
}

function betweenOf({ rows, outcome, reason, failure, lost, gone }: Between): object {
  return {
    rows,
    outcome,
    reason,
    failure: failure === null ? null : failureOf(failure),
    lost: lost.map(countOf),
    gone: gone.map(countOf),
  }
}

function dependenceOf({ sql, at, sqlstate, message, query, diagnosis }: DataDependent): object {
  return { sql, path: at.path, line: at.start.line, sqlstate, message, query, diagnosis: diagnosisOf(diagnosis) }
}

function failureOf({ sqlstate, message, detail, hint, at, diagnosis }: SqlFailure): object {
  const { line, column } = at.start
  return { sqlstate, message, detail, hint, path: at.path, line, column, diagnosis: diagnosisOf(diagnosis) }
}

function diagnosisOf(diagnosis: Diagnosis | null): object | null {
  if (diagnosis === null) return null
  const { cause, remedy, rows, total, query, cleanup, nearest, dependents } = diagnosis
  const seen = rows.map((row) => row.map(({ column, value }) => ({ column, value })))
  return { cause, remedy, rows: seen, total, query, cleanup, nearest, dependents }
}
