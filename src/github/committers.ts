import type { Api } from './api.js'
import { listPages } from './pages.js'
import { accountOf, type WholePull } from './pulls.js'

/** Who wrote the commits of a pull request. */
export interface Committers {
  /** Ids of authors, committers and co-authors, each once. */
  readonly ids: ReadonlySet<number>
  /** Commits with an author or committer whom GitHub knows no account of. */
  readonly unknown: number
  /** `true`, or why somebody may be missing. */
  readonly complete: true | { readonly incomplete: string }
}

const COMMITS = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits'
/** GitHub lists no more (https://docs.github.com/rest/pulls/pulls#list-commits-on-a-pull-request). */
const MOST_COMMITS = 250
/** The account that stands as committer of what is made in the browser. */
const WEB_FLOW = 19_864_447

/** Everybody who had a hand in the commits of a pull request. */
export async function committersOf(api: Api, pull: Pick<WholePull, 'number' | 'commits'>): Promise<Committers> {
  const { items, complete } = await listPages(api, {
    route: COMMITS,
    parameters: { pull_number: pull.number },
    read: (value, shape) => {
      const commit = shape.members(value)
      const message = shape.text(shape.members(commit['commit'])['message'])
      const people = ['author', 'committer'].map((role) => {
        // Where there is no account GitHub gives null, or an object without members.
        const given = commit[role]
        const isEmpty = typeof given === 'object' && given !== null && Object.keys(given).length === 0
        return isEmpty ? null : (accountOf(given, shape)?.id ?? null)
      })
      return { sha: shape.object(commit['sha']), people, coAuthors: coAuthorsOf(message) }
    },
    key: ({ sha }) => sha,
  })
  const ids = items.flatMap(({ people, coAuthors }) => [...people.filter((id) => id !== null), ...coAuthors])
  return {
    ids: new Set(ids.filter((id) => id !== WEB_FLOW)),
    unknown: items.filter(({ people }) => people.includes(null)).length,
    complete: shortage(items.length, pull.commits) ?? complete,
  }
}

function shortage(listed: number, counted: number): { readonly incomplete: string } | null {
  if (counted > MOST_COMMITS) return { incomplete: `GitHub lists ${MOST_COMMITS} of its ${counted} commits` }
  return listed === counted ? null : { incomplete: `${listed} of its ${counted} commits were listed` }
}

/** The accounts in the addresses that GitHub gives to those who hide theirs: `123+name@users.noreply.github.com`. */
function coAuthorsOf(message: string): readonly number[] {
  const trailers = message.matchAll(/^co-authored-by:[^\n]*<(\d+)\+[^<>\s]*@users\.noreply\.[^<>\s]+>/gim)
  return [...trailers].map(([, id]) => Number(id))
}
