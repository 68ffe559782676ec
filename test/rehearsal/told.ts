import { expect } from '@jest/globals'
import type { Rehearsal, RowCount } from '../../src/model/evidence.js'
import type { Revision, Script } from '../../src/model/migration.js'
import type { PlanItem } from '../../src/rehearsal/plan.js'
import { rehearse } from '../../src/rehearsal/rehearse.js'
import type { SandboxProvider } from '../../src/sandbox/sandbox.js'
import { diagnosisLines } from '../../src/report/diagnosis.js'
import { rowLines } from '../../src/report/row-lines.js'
import { sourceText, type SourceText } from '../../src/source/source-text.js'
import { readScript } from '../../src/sql/script.js'
import type { Case } from './cases.js'

const READING = { postgres: 18, thorough: false }
const never = new AbortController().signal
const silent = (): void => undefined

export function script(source: SourceText, transaction: 'one' | 'none' = 'one'): Script {
  return readScript(source, READING, { transaction })
}

export function revision(id: string): Revision {
  return { id, parents: [], path: `${id}.up.sql`, downPath: `${id}.down.sql`, title: id, repeatable: false }
}

function planOf({ history = [], up, down, transaction }: Case): {
  readonly plan: readonly PlanItem[]
  readonly files: readonly SourceText[]
} {
  const replayed = history.map((text, index): PlanItem => {
    const before = revision(String(index + 1))
    return {
      revision: before,
      up: script(sourceText(before.path, text)),
      down: { kind: 'absent' },
      role: 'replay',
      bookkeeping: [],
    }
  })
  const subject = revision('subject')
  const files = [sourceText(subject.path, up), ...(down === null ? [] : [sourceText('subject.down.sql', down)])]
  const [upFile, downFile] = files
  const item: PlanItem = {
    revision: subject,
    up: upFile === undefined ? { kind: 'absent' } : script(upFile, transaction),
    down: downFile === undefined ? { kind: 'absent' } : script(downFile, transaction),
    role: 'rehearse',
    bookkeeping: [],
  }
  return { plan: [...replayed, item], files }
}

function errorOf({ steps }: Rehearsal, files: readonly SourceText[]): string | undefined {
  const at = steps.find(({ error }) => error !== null)?.error?.at
  const file = files.find(({ path }) => path === at?.path)
  return at && `${at.start.line}:${at.start.column} ${file?.slice(at)}`
}

function counted({ table, column, rows }: RowCount): string {
  return `${rows} ${table}${column === null ? '' : `.${column}`}`
}

function diagnosisOf({ steps, dataDependent }: Rehearsal): readonly string[] {
  const failed = steps.find(({ error }) => error !== null)?.error ?? dataDependent
  return diagnosisLines(failed?.diagnosis ?? null)
}

/** PostgreSQL 15 cannot be asked which texts a type takes. */
function without(query: string | undefined, { postgres }: Rehearsal): boolean {
  return postgres?.startsWith('15.') === true && query?.includes('pg_input_is_valid') === true
}

/** Rehearses a case and expects what it tells. */
export async function expectTold(each: Case, provider: SandboxProvider): Promise<void> {
  const { plan, files } = planOf(each)
  const [seen] = await rehearse(plan, provider, {
    postgres: 18,
    signal: never,
    seconds: 25,
    rows: 5,
    onProgress: silent,
  })
  expect(seen).toBeDefined()
  if (seen === undefined) return
  expect({
    verdict: seen.verdict,
    reason: seen.reason,
    residue: seen.residue,
    error: errorOf(seen, files),
    skipped: seen.skipped.map(({ sql }) => sql),
    lost: seen.lost.map(counted),
    filled: seen.filled.map(counted),
    violations: seen.violations.map(
      ({ constraint, table, rows, query, since }) => `${rows} ${table} ${constraint} since ${since}: ${query}`,
    ),
    unfilled: seen.unfilled.map(({ table }) => table),
    depends: seen.dataDependent && `${seen.dataDependent.sql}: ${seen.dataDependent.query}`,
    ...(each.diagnosis && { diagnosis: diagnosisOf(seen) }),
    ...(each.between && { between: [seen.between?.outcome ?? 'nothing written', ...rowLines(seen)] }),
  }).toEqual({
    verdict: each.verdict,
    reason: each.verdict === 'reversible' ? null : expect.stringContaining(each.reason ?? ''),
    residue: each.residue ?? [],
    error: each.error,
    skipped: each.skipped ?? [],
    lost: each.lost ?? [],
    filled: each.filled ?? [],
    violations: each.violations ?? [],
    unfilled: each.unfilled ?? [],
    depends: without(each.depends, seen) ? `${seen.dataDependent?.sql}: null` : (each.depends ?? null),
    ...(each.diagnosis && { diagnosis: each.diagnosis.filter((line) => !without(line, seen)) }),
    ...(each.between && { between: each.between.filter((line) => !without(line, seen)) }),
  })
}
