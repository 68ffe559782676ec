import type { InlineComment } from '../report/inline.js'
import type { Api } from './api.js'
import { listPages } from './pages.js'

/** A stretch of a diff, by the lines that it shows of each side. */
interface Hunk {
  readonly left: readonly [from: number, to: number]
  readonly right: readonly [from: number, to: number]
}

const FILES = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files'

/** Those of some comments that lie on lines which GitHub's own diff shows; it takes no others. */
export async function inDiff(
  api: Api,
  pull: number,
  comments: readonly InlineComment[],
): Promise<readonly InlineComment[]> {
  const open = new Set(comments.map(({ path }) => path))
  const { items } = await listPages(api, {
    route: FILES,
    parameters: { pull_number: pull },
    read: (value, shape) => {
      const file = shape.members(value)
      // There is no patch where there are too many lines, or none of text.
      return { path: shape.text(file['filename']), hunks: hunksOf(shape.textOrNull(file['patch']) ?? '') }
    },
    key: ({ path }) => path,
    until: ({ path }) => open.delete(path) && open.size === 0,
  })
  const hunks = new Map(items.map((file) => [file.path, file.hunks]))
  return comments.filter(({ path, side, startLine, line }) =>
    (hunks.get(path) ?? []).some((hunk) => {
      const [from, to] = side === 'LEFT' ? hunk.left : hunk.right
      const first = startLine ?? line
      return from <= first && first <= line && line <= to
    }),
  )
}

function hunksOf(patch: string): readonly Hunk[] {
  return [...patch.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)].map(([, left, lefts, right, rights]) => ({
    left: stretch(left, lefts),
    right: stretch(right, rights),
  }))
}

function stretch(start = '0', count = '1'): readonly [number, number] {
  return [Number(start), Number(start) + Number(count) - 1]
}
