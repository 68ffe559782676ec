import type { InlineComment } from '../report/inline.js'
import type { Api } from './api.js'
import { failedWith, mayHaveBeenDone } from './errors.js'
import { inDiff } from './patches.js'
import { ourThreads, resolveThread, type Thread } from './threads.js'

/** What became of the comments on lines. */
export interface KeptReview {
  readonly posted: number
  readonly edited: number
  readonly resolved: number
  /** Left out, because GitHub's diff does not show the line. */
  readonly unplaced: number
}

const REVIEW = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews'
const EDIT = 'PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}'

/**
 * Keeps the comments on lines in step with a review. A finding that has its comment keeps it; threads of findings that are gone,
 * or whose line was changed, are resolved; what is new is posted as one review. A thread that a person resolved is not opened
 * again.
 */
export async function keepReview(
  api: Api,
  asked: {
    readonly pull: number
    /** The commit that the lines are of. */
    readonly head: string
    readonly wanted: readonly InlineComment[]
    /** What the review says above them; Markdown. */
    readonly words: string
    /** Whether comments may be there from earlier; where there can be none, nobody asks. */
    readonly begun: boolean
  },
): Promise<KeptReview> {
  const { pull, head, wanted, words, begun } = asked
  const threads = begun ? await ourThreads(api, pull) : []
  const standing = new Map(threads.filter(stands).map((thread) => [thread.fingerprint, thread]))
  const wishes = new Map(wanted.map((comment) => [comment.fingerprint, comment]))

  let edited = 0
  for (const [fingerprint, { comment, resolved }] of standing) {
    const wish = wishes.get(fingerprint)
    if (wish === undefined || resolved !== 'no' || same(comment.body, api.shown(wish.body))) continue
    await edit(api, comment.id, wish.body)
    edited++
  }
  const fresh = wanted.filter(({ fingerprint }) => !standing.has(fingerprint))
  const posted = fresh.length === 0 ? 0 : await post(api, pull, head, words, fresh)
  const over = threads.filter(
    (thread) => thread.resolved === 'no' && (thread.outdated || !wishes.has(thread.fingerprint)),
  )
  for (const thread of over) await resolveThread(api, thread)
  return { posted, edited, resolved: over.length, unplaced: fresh.length - posted }
}

/** Whether the thread still speaks for its finding. */
function stands({ outdated, resolved }: Thread): boolean {
  return !outdated && resolved !== 'by us'
}

const ATTEMPTS = 2

/** Posts the comments as one review, once; gives how many found their place. */
async function post(
  api: Api,
  pull: number,
  head: string,
  words: string,
  comments: readonly InlineComment[],
): Promise<number> {
  let open = comments
  let narrowed = false
  for (let attempt = 1; open.length > 0; attempt++) {
    try {
      await api.request(REVIEW, {
        pull_number: pull,
        commit_id: head,
        event: 'COMMENT',
        body: words,
        comments: open.map(draft),
      })
      return open.length
    } catch (error) {
      if (failedWith(error, 'unprocessable') && !narrowed) {
        // One line out of place and GitHub takes none of them.
        narrowed = true
        const placed = await inDiff(api, pull, open)
        if (placed.length === open.length) throw error
        open = placed
        continue
      }
      if (!mayHaveBeenDone(error)) throw error
      const there = new Set((await ourThreads(api, pull)).filter(stands).map(({ fingerprint }) => fingerprint))
      if (open.every(({ fingerprint }) => there.has(fingerprint))) return open.length
      if (attempt >= ATTEMPTS + Number(narrowed)) throw error
    }
  }
  return 0
}

function draft({ path, startLine, line, side, body }: InlineComment): object {
  return { path, line, side, body, ...(startLine === null ? {} : { start_line: startLine, start_side: side }) }
}

async function edit(api: Api, id: number, body: string): Promise<void> {
  try {
    await api.request(EDIT, { comment_id: id, body }, { repeatable: true })
  } catch (error) {
    // Somebody deleted it, who did not want to read it.
    if (!failedWith(error, 'not-found', 'gone')) throw error
  }
}

function same(a: string, b: string): boolean {
  const plain = (text: string): string => text.replaceAll('\r\n', '\n').trimEnd()
  return plain(a) === plain(b)
}
