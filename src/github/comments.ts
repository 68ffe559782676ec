import type { Api } from './api.js'
import { failedWith, mayHaveBeenDone } from './errors.js'
import { type Listed, listPages } from './pages.js'
import { type Account, accountOf } from './pulls.js'
import { type Shape, shapeOf } from './shape.js'

/** A comment in the conversation of a pull request. */
export interface Comment {
  readonly id: number
  readonly body: string
  /** null when the account is gone. */
  readonly author: Account | null
  /** The App that it was written through, by whomever; null for none. */
  readonly app: number | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

const LIST = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments'
const READ = 'GET /repos/{owner}/{repo}/issues/comments/{comment_id}'
const CREATE = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
const EDIT = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}'
const DELETE = 'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}'

/** Reads a comment as it is now; null when it was deleted. */
export async function readComment(api: Api, id: number): Promise<Comment | null> {
  try {
    return commentOf((await api.request(READ, { comment_id: id })).data, shapeOf(READ))
  } catch (error) {
    if (failedWith(error, 'not-found', 'gone')) return null
    throw error
  }
}

/** The comments of a pull request, the oldest first; `since`: those that were changed at or after that moment. */
export async function commentsOf(
  api: Api,
  pull: number,
  { since, until }: { readonly since?: Date; until?(comment: Comment): boolean } = {},
): Promise<Listed<Comment>> {
  return listPages(api, {
    route: LIST,
    parameters: { issue_number: pull, ...(since === undefined ? {} : { since: since.toISOString() }) },
    read: (value, shape) => commentOf(value, shape),
    key: ({ id }) => id,
    ...(until === undefined ? {} : { until }),
  })
}

/** Who writes: an App by its number, or whomever a token speaks for by the number of the account. */
export type Writer = number | { readonly account: number }

/** Whether the writer itself wrote it. People can write through an App too, and anybody can copy a mark. */
export function isOurs({ app, author }: Comment, writer: Writer): boolean {
  return typeof writer === 'number' ? app === writer && author?.type === 'Bot' : author?.id === writer.account
}

/** Our first comment with a mark in it; null when there is none. */
export async function findOwn(api: Api, pull: number, writer: Writer, mark: string): Promise<Comment | null> {
  const wanted = (comment: Comment): boolean => isOurs(comment, writer) && comment.body.includes(mark)
  const { items } = await commentsOf(api, pull, { until: wanted })
  return items.find(wanted) ?? null
}

const ATTEMPTS = 2

/** Writes a comment once: where the answer leaves open whether it is there, the conversation is read before it is sent again. */
export async function writeOnce(api: Api, pull: number, writer: Writer, mark: string, body: string): Promise<Comment> {
  for (let attempt = 1; ; attempt++) {
    try {
      return commentOf((await api.request(CREATE, { issue_number: pull, body })).data, shapeOf(CREATE))
    } catch (error) {
      if (!mayHaveBeenDone(error)) throw error
      const made = await findOwn(api, pull, writer, mark)
      if (made !== null) return made
      if (attempt === ATTEMPTS) throw error
    }
  }
}

/**
 * Answers a comment, once however often it is asked to: `mark` tells this answer from all others, and must not show.
 */
export async function replyOnce(api: Api, pull: number, writer: Writer, mark: string, body: string): Promise<Comment> {
  const found = await findOwn(api, pull, writer, mark)
  return found ?? writeOnce(api, pull, writer, mark, `${mark}\n${body}`)
}

/** Puts another body into one of our comments; null when it was deleted. */
export async function editComment(api: Api, id: number, body: string): Promise<Comment | null> {
  try {
    const { data } = await api.request(EDIT, { comment_id: id, body }, { repeatable: true })
    return commentOf(data, shapeOf(EDIT))
  } catch (error) {
    if (failedWith(error, 'not-found', 'gone')) return null
    throw error
  }
}

/** Deletes one of our comments; one that is gone already is as good. */
export async function deleteComment(api: Api, id: number): Promise<void> {
  try {
    await api.request(DELETE, { comment_id: id }, { repeatable: true })
  } catch (error) {
    if (!failedWith(error, 'not-found', 'gone')) throw error
  }
}

function commentOf(value: unknown, shape: Shape): Comment {
  const comment = shape.members(value)
  const through = comment['performed_via_github_app']
  return {
    id: shape.number(comment['id']),
    body: shape.textOrNull(comment['body']) ?? '',
    author: accountOf(comment['user'], shape),
    app: through === null || through === undefined ? null : shape.number(shape.members(through)['id']),
    createdAt: shape.date(comment['created_at']),
    updatedAt: shape.date(comment['updated_at']),
  }
}
