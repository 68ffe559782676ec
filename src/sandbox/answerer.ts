import type { Backend } from './backend.js'
import type { Question, Report } from './messages.js'

/** Answers one question after the other, however fast they come; what throws leaves the sandbox of no further use. */
export function answerer(server: Backend, tell: (report: Report) => void): (question: Question) => void {
  let last: Promise<void> = Promise.resolve()
  return (question) => {
    last = last.then(async () => tell(await answer(server, question)))
  }
}

async function answer(server: Backend, question: Question): Promise<Report> {
  const { id } = question
  try {
    switch (question.kind) {
      case 'run':
        return { kind: 'ran', id, outcome: await server.run(question.sql, question.locks) }
      case 'dump':
        return { kind: 'dumped', id, entries: await server.dump(question.bookkeeping) }
      case 'read':
        return { kind: 'was-read', id, answers: await server.read(question.queries) }
      case 'reset':
        await server.reset()
        return { kind: 'was-reset', id }
    }
  } catch (error) {
    return { kind: 'broken', reason: reasonOf(error) }
  }
}

/** What an error says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
