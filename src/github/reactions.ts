import type { Api } from './api.js'
import { failedWith } from './errors.js'

/** 👀 seen, 🚀 at work, 👍 done, 😕 refused or unknown. */
export type Reaction = 'eyes' | 'rocket' | '+1' | 'confused'

const REACT = 'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions'

/** Reacts to a comment. GitHub keeps one of a kind from each account, so that asking twice does no harm; a deleted comment is passed over. */
export async function react(api: Api, comment: number, content: Reaction): Promise<void> {
  try {
    await api.request(REACT, { comment_id: comment, content }, { repeatable: true })
  } catch (error) {
    if (!failedWith(error, 'not-found', 'gone')) throw error
  }
}
