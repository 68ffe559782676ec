import { COMMENT_MARK } from '../report/comment.js'
import type { Api } from './api.js'
import { type Comment, editComment, findOwn, isOurs, readComment, writeOnce, type Writer } from './comments.js'

/** What became of the comment; `id` is to be kept for the next time. */
export interface Stuck {
  readonly id: number | null
  readonly did: 'created' | 'edited' | 'untouched' | 'nothing'
}

/**
 * Sees to it that the one comment on a pull request says `body`. It is found by the id that is kept, else by author and mark
 * through the whole conversation; one that says so already is left alone, and where there is none `whenMissing` decides.
 */
export async function stickComment(
  api: Api,
  asked: {
    readonly pull: number
    readonly writer: Writer
    /** The id from the last time; null when there is none, or it was lost. */
    readonly known: number | null
    readonly body: string
    /** `skip`: say nothing where nothing was said before, such as for a pull request without findings. */
    readonly whenMissing: 'create' | 'skip'
  },
): Promise<Stuck> {
  const { pull, writer, body, whenMissing } = asked
  const found = await find(api, asked)
  if (found !== null) {
    if (same(found.body, api.shown(body))) return { id: found.id, did: 'untouched' }
    const edited = await editComment(api, found.id, body)
    if (edited !== null) return { id: edited.id, did: 'edited' }
    // It was deleted a moment ago: as if there had been none.
  }
  if (whenMissing === 'skip') return { id: null, did: 'nothing' }
  return { id: (await writeOnce(api, pull, writer, COMMENT_MARK, body)).id, did: 'created' }
}

async function find(
  api: Api,
  { pull, writer, known }: { readonly pull: number; readonly writer: Writer; readonly known: number | null },
): Promise<Comment | null> {
  const kept = known === null ? null : await readComment(api, known)
  if (kept !== null && isOurs(kept, writer)) return kept
  return findOwn(api, pull, writer, COMMENT_MARK)
}

/** GitHub may give other line ends back than it was sent. */
function same(a: string, b: string): boolean {
  const plain = (text: string): string => text.replaceAll('\r\n', '\n').trimEnd()
  return plain(a) === plain(b)
}
