import { GitHubError } from '../../github/errors.js'
import { onOneLine, visible } from '../../report/untrusted.js'
import { EXIT, type Io } from '../io.js'

/** One thing that was looked at, in words. */
export interface Finding {
  /** `note` is for what is neither right nor wrong; `unseen` for what could not be looked at. */
  readonly kind: 'right' | 'wrong' | 'unseen' | 'note'
  readonly says: string
  /** What to do about it. */
  readonly remedy?: string
}

export const right = (says: string): Finding => ({ kind: 'right', says })
export const note = (says: string): Finding => ({ kind: 'note', says })
export const wrong = (says: string, remedy: string): Finding => ({ kind: 'wrong', says, remedy })
export const unseen = (says: string, remedy?: string): Finding => ({
  kind: 'unseen',
  says,
  ...(remedy === undefined ? {} : { remedy }),
})

/** Looks, and says so when GitHub does not let it: what was not seen is not right. */
export async function look(what: string, work: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    return [unseen(`${what} could not be looked at: ${error.message}`)]
  }
}

const MARKS: Readonly<Record<Finding['kind'], { readonly mark: string; readonly color: number }>> = {
  right: { mark: '✓', color: 32 },
  wrong: { mark: '✗', color: 31 },
  unseen: { mark: '–', color: 33 },
  note: { mark: '–', color: 2 },
}

/** Writes each finding on a line of its own, and tells the exit code: what is wrong comes before what could not be seen. */
export function tell(findings: readonly Finding[], io: Pick<Io, 'out' | 'color'>): number {
  for (const { kind, says, remedy } of findings) {
    const { mark, color } = MARKS[kind]
    const shown = io.color ? `\u001b[${color}m${mark}\u001b[0m` : mark
    io.out(`${shown} ${visible(onOneLine(remedy === undefined ? says : `${says}: ${remedy}`))}\n`)
  }
  const any = (kind: Finding['kind']): boolean => findings.some((each) => each.kind === kind)
  return any('wrong') ? EXIT.stop : any('unseen') ? EXIT.unable : EXIT.pass
}
