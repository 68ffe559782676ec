import { expect } from '@jest/globals'
import { until } from '../support/app-database.js'
import { APP_ID, type AppProcess, type Stage } from '../support/app-under-test.js'
import type { CheckRun, FakePull, FakeRepository, FileChanges, IssueComment } from '../support/github/index.js'

/** A policy under which nothing is rehearsed, for what does not depend on it. */
export const UNREHEARSED: FileChanges = {
  '.github/dba.yml': 'rehearsal:\n  required: false\n  sandbox: none\n',
}
/** A shop whose history is in order. */
export const SHOP: FileChanges = {
  ...UNREHEARSED,
  'go.mod': 'module example.com/shop\n',
  'main.go': 'package main\n',
  'migrations/000001_users.up.sql':
    'CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, note text);\n',
  'migrations/000001_users.down.sql': 'DROP TABLE users;\n',
}
/** Drops a column, and can put an empty one back: waits for agreement. */
export const DROP: FileChanges = {
  'migrations/000002_drop_note.up.sql': "SET lock_timeout = '2s';\nALTER TABLE users DROP COLUMN note;\n",
  'migrations/000002_drop_note.down.sql': "SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN note text;\n",
}
export const ROLES = { ann: 'write', carl: 'write', dora: 'maintain', tom: 'triage', rob: 'read' } as const

/** A repository on the stage, and what a test asks of it again and again. */
export interface Scene {
  readonly repository: FakeRepository
  /** The check runs of the App under test on a commit, the oldest first. */
  runs(at: { readonly sha: string }): readonly CheckRun[]
  /** The newest of them, once it is completed and all is quiet. With `after`: once there are more than so many. */
  judged(at: { readonly sha: string }, after?: number): Promise<CheckRun>
  /** Does something that makes another check run on the same commit necessary, and waits for it. */
  judgedAnew(pull: FakePull, what: () => unknown): Promise<CheckRun>
  /** What the App wrote under a pull request, the oldest first. */
  replies(pull: FakePull): readonly string[]
  /** What is to be typed to agree to a pull request. */
  code(pull: FakePull): string
  /** Writes a comment; returns the reactions to it, once there is one that ends it. */
  said(pull: FakePull, who: string, body: string): Promise<readonly string[]>
}

let scenes = 0

export function scene(at: Stage, app: AppProcess, files = SHOP, owner = 'acme'): Scene {
  const repository = at.github.repository(`${owner}/shop-${++scenes}`, { files, roles: ROLES })
  const runs: Scene['runs'] = ({ sha }) => repository.checkRuns(sha, 'dba').filter((run) => run.app.id === APP_ID)
  const judged: Scene['judged'] = async (what, after = 0) => {
    const isJudged = (): boolean => runs(what).length > after && runs(what).at(-1)?.status === 'completed'
    // Once it is quiet another may have begun, such as for another pull request with the same head.
    do {
      await until(isJudged, 60_000).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${app.lines.slice(-20).join('\n')}`)
      })
      await at.github.quiet()
    } while (!isJudged())
    const run = runs(what).at(-1)
    if (run === undefined) throw new Error('there is no check run')
    return run
  }
  const replies: Scene['replies'] = (pull) =>
    repository.comments(pull).flatMap((comment) => (comment.app?.id === APP_ID ? [comment.body] : []))
  return {
    repository,
    runs,
    judged,
    replies,
    async judgedAnew(pull, what) {
      const before = runs(pull).length
      what()
      return judged(pull, before)
    },
    code: (pull) => /\/dba approve ([0-9a-f]{12})/.exec(replies(pull)[0] ?? '')?.[1] ?? 'none',
    async said(pull, who, body) {
      const comment = pull.comment(who, body)
      await until(() => isSettled(comment), 60_000)
      await at.github.quiet()
      return contents(comment)
    },
  }
}

const isSettled = (comment: IssueComment): boolean =>
  contents(comment).some((each) => ['+1', 'confused'].includes(each))
export const contents = ({ reactions }: IssueComment): readonly string[] => reactions.map(({ content }) => content)

/** That nothing was asked of GitHub which it does not describe, or with a token that is not for it. */
export function expectNoViolation({ github }: Stage): void {
  expect(github.violations).toEqual([])
  expect(github.mistakes).toEqual([])
}
