import { GRADES } from '../model/rollback.js'
import type { Deployment, RollbackPlan, Undoing, Worth } from './rollback-plan.js'

/** One thing to do, and what there is to say about it. */
export interface PlanStep {
  readonly text: string
  readonly remarks: readonly string[]
  /** null for what is no undoing of a migration. */
  readonly undoing: Undoing | null
}

/** What a plan is worth, for its title: its grade, and why. */
export const WORTHS: Readonly<Record<Worth, string>> = {
  shown: `${GRADES.shown}, shown by the rehearsal`,
  partly: `${GRADES.partly}, shown by the rehearsal in part`,
  fails: `${GRADES.fails}, does not work, as the rehearsal shows`,
  unknown: `${GRADES.unknown}, not shown to work`,
  none: `${GRADES.none}, there is no way back`,
}

const APPLIED: Readonly<Record<Deployment['when'], (migration: string) => string>> = {
  before: (migration) => `Apply ${migration} before the new code`,
  after: (migration) => `Apply ${migration} once the new code runs everywhere`,
  either: (migration) => `Apply ${migration} before or after the new code: nothing in it demands the one or the other`,
  neither: (migration) =>
    `Apply ${migration} with the old code stopped, or in smaller steps: in no order do the old and the new code both work`,
  both: (migration) => `Split ${migration}: a part of it belongs before the new code and a part of it after`,
  unknown: (migration) => `Apply ${migration} when its author says: not all that it does could be read`,
}

/** The way out: migrations in the order in which the tool applies them, with the code in its place among them. */
export function wayOut({ deployment }: RollbackPlan): readonly PlanStep[] {
  const steps = deployment.map(({ migration, when, because }): PlanStep => ({
    text: APPLIED[when](migration),
    remarks: because,
    undoing: null,
  }))
  const code: PlanStep = { text: 'Deploy the new code', remarks: [], undoing: null }
  return steps.toSpliced(codeAt(deployment), 0, code)
}

/** The way back: newest first, the code where it was on the way out. */
export function wayBack({ deployment, rollback }: RollbackPlan): readonly PlanStep[] {
  const steps = rollback.map((undoing): PlanStep => ({
    text: `Undo ${undoing.migration} (${GRADES[undoing.worth]}): ${undoing.evidence}`,
    remarks: undoing.remark === '' ? [] : [undoing.remark],
    undoing,
  }))
  const code: PlanStep = { text: 'Deploy the code of before', remarks: [], undoing: null }
  return steps.toSpliced(deployment.length - codeAt(deployment), 0, code)
}

function codeAt(deployment: readonly Deployment[]): number {
  const late = deployment.findIndex(({ when }) => when === 'after')
  return late < 0 ? deployment.length : late
}

/** What one plan is about: a folder where there are several. */
export function subjectOf({ root, framework }: RollbackPlan, plans: number): string {
  return plans === 1 ? '' : `${root === '' ? framework : root}: `
}
