import type { Backend } from './backend.js'
import type { Question, Report } from './messages.js'
import type { Baseline, Outcome } from './sandbox.js'

/** Keeps the present state, where the sandbox can. */
export type Keep = (baseline: Baseline, hint: string | null) => Promise<void>

/** Answers one question after the other, however fast they come; what throws leaves the sandbox of no further use. */
export function answerer(
  server: Backend,
  tell: (report: Report) => void,
  keep: Keep = async () => undefined,
): (question: Question) => void {
  let last: Promise<void> = Promise.resolve()
  return (question) => {
    last = last.then(async () => tell(await answer(server, question, keep)))
  }
}

async function answer(server: Backend, question: Question, keep: Keep): Promise<Report> {
  const { id } = question
  try {
    switch (question.kind) {
      case 'run':
        return { kind: 'ran', id, outcome: await server.run(question.sql, question.locks) }
      case 'run-all':
        return { kind: 'ran-all', id, outcomes: await runAll(server, question.statements) }
      case 'dump':
        return { kind: 'dumped', id, entries: await server.dump(question.bookkeeping) }
      case 'read':
        return { kind: 'was-read', id, answers: await server.read(question.queries) }
      case 'reset':
        await server.reset()
        return { kind: 'was-reset', id }
      case 'keep':
        await keep(question.baseline, question.hint)
        return { kind: 'was-kept', id }
    }
  } catch (error) {
    return { kind: 'broken', reason: reasonOf(error) }
  }
}

async function runAll(server: Backend, statements: readonly string[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const sql of statements) {
    const outcome = await server.run(sql, 'ignored')
    outcomes.push(outcome)
    if (outcome.kind !== 'done') break
  }
  return outcomes
}

/** What an error says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
