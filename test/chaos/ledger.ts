import type { FakePull, FakeRepository, IssueComment, MergeGroup } from '../support/github/index.js'

/** What a pull request was from some moment on. Times are milliseconds since 1970. */
export interface Context {
  readonly at: number
  readonly open: boolean
  readonly head: string
  readonly target: string
  /** The commit that the target was at. */
  readonly base: string
}

/** A pull request with all that it was. */
export interface Life {
  readonly repository: FakeRepository
  readonly pull: FakePull
  readonly contexts: readonly Context[]
}

/** A comment of somebody's. */
export interface Word {
  readonly at: number
  readonly pull: FakePull
  readonly comment: IssueComment
  /** It was edited or deleted since. */
  touched: boolean
}

export interface Group {
  readonly repository: FakeRepository
  readonly group: MergeGroup
  readonly at: number
  gone: boolean
}

/** What was so, and when: what happened is judged by it afterwards. */
export interface Ledger {
  /** Looks at everything; to be called after each thing that people do. */
  note(): void
  comment(repository: FakeRepository, pull: FakePull, comment: IssueComment): void
  touched(comment: IssueComment): void
  group(repository: FakeRepository, group: MergeGroup): void
  groupsOf(repository: FakeRepository): readonly MergeGroup[]
  ungroup(group: MergeGroup): void
  readonly repositories: readonly FakeRepository[]
  /** Milliseconds since 1970, by the clock that the fake goes by. */
  now(): number
  lives(): readonly Life[]
  words(): readonly Word[]
  groups(): readonly Group[]
}

export function ledger(repositories: readonly FakeRepository[], now: () => number): Ledger {
  const lives = new Map<FakePull, { repository: FakeRepository; contexts: Context[] }>()
  const words: Word[] = []
  const groups: Group[] = []
  return {
    repositories,
    now,
    note() {
      const at = now()
      for (const repository of repositories) {
        for (const pull of repository.pulls.values()) {
          const { sha: head, open } = pull
          const present = { at, open, head, target: pull.base.ref, base: repository.tip(pull.base.ref) }
          const life = lives.get(pull) ?? { repository, contexts: [] }
          lives.set(pull, life)
          if (!same(life.contexts.at(-1), present)) life.contexts.push(present)
        }
      }
    },
    comment: (_, pull, comment) => void words.push({ at: now(), pull, comment, touched: false }),
    touched(comment) {
      for (const word of words) if (word.comment === comment) word.touched = true
    },
    group: (repository, group) => void groups.push({ repository, group, at: now(), gone: false }),
    groupsOf: (repository) =>
      groups.filter((each) => each.repository === repository && !each.gone).map(({ group }) => group),
    ungroup(group) {
      for (const each of groups) if (each.group === group) each.gone = true
    },
    lives: () => [...lives].map(([pull, life]) => ({ pull, ...life })),
    words: () => words,
    groups: () => groups,
  }
}

function same(one: Context | undefined, other: Context): boolean {
  return (
    one !== undefined &&
    one.open === other.open &&
    one.head === other.head &&
    one.target === other.target &&
    one.base === other.base
  )
}
