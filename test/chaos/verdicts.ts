import type { FakePull, FakeRepository } from '../support/github/index.js'
import { APPROVER } from './cast.js'
import type { Context, Ledger, Life } from './ledger.js'
import type { Oracle, Truth } from './oracle.js'

/** Conclusions of a check run that are right at some moment: more than one where nobody can tell which was first. */
export type Right = ReadonlySet<string>

/** What is right of heads, at any moment of what the ledger holds. */
export interface Verdicts {
  /** Of a commit; null when it was no head of an open pull request or group then. */
  rightAt(repository: FakeRepository, head: string, moment: number): Promise<Right | null>
  /** The moments within a stretch of time at which something about this commit changed, its beginning among them. */
  momentsOf(repository: FakeRepository, head: string, from: number, to: number): readonly number[]
}

export function verdicts(ledger: Ledger, oracle: Oracle): Verdicts {
  const livesWith = (repository: FakeRepository, head: string): readonly Life[] =>
    ledger.lives().filter((life) => life.repository === repository && life.contexts.some((each) => each.head === head))
  const truthOf = ({ repository, pull }: Life, { target, base, head }: Context): Promise<Truth> =>
    oracle.truth({ repository, number: pull.number, target, base, head })

  async function pullRight(life: Life, context: Context, moment: number): Promise<Right> {
    const { verdict, code } = await truthOf(life, context)
    if (verdict === 'pass') return new Set(['success'])
    if (verdict === 'block') return new Set(['failure'])
    return agreementRight(ledger, life, code, moment)
  }

  return {
    async rightAt(repository, head, moment) {
      const rights: Right[] = []
      for (const life of livesWith(repository, head)) {
        const context = contextAt(life, moment)
        if (context?.open === true && context.head === head) rights.push(await pullRight(life, context, moment))
      }
      for (const { group, at } of ledger.groups()) {
        if (group.headSha !== head || at > moment) continue
        const { baseRef: target, baseSha: base } = group
        const { verdict } = await oracle.truth({ repository, number: null, target, base, head })
        rights.push(new Set(GROUP[verdict]))
      }
      return rights.length === 0 ? null : rights.reduce(worseOf)
    },
    momentsOf(repository, head, from, to) {
      const contexts = livesWith(repository, head).flatMap((life) => life.contexts.map(({ at }) => at))
      const words = ledger.words().map(({ at }) => at)
      const groups = ledger.groups().flatMap(({ group, at }) => (group.headSha === head ? [at] : []))
      const within = [...contexts, ...words, ...groups].filter((at) => at > from && at <= to)
      return [from, ...new Set(within)].sort((a, b) => a - b)
    },
  }
}

/** What needs agreement in a group has it from its pull requests, or has not. */
const GROUP: Readonly<Record<Truth['verdict'], readonly string[]>> = {
  pass: ['success'],
  approval: ['success', 'action_required'],
  block: ['failure'],
}

export function contextAt({ contexts }: Life, moment: number): Context | undefined {
  return contexts.findLast(({ at }) => at <= moment)
}

const WEIGHT = ['success', 'action_required', 'failure']

/** A check run says the worst of what is said of those that share its head. */
function worseOf(one: Right, other: Right): Right {
  return new Set([...one].flatMap((a) => [...other].map((b) => (WEIGHT.indexOf(a) > WEIGHT.indexOf(b) ? a : b))))
}

/**
 * What waits for agreement has it when somebody who may has typed the code of this very text, and nobody took it back after. Whether it
 * was still that text when the comment was read, nobody outside can tell if it was another one meanwhile.
 */
function agreementRight(ledger: Ledger, { pull, contexts }: Life, code: string | null, moment: number): Right {
  const said = ledger.words().filter((word) => word.pull === pull && word.at <= moment)
  const agreed = said.filter(
    ({ comment }) => comment.author.login === APPROVER && comment.bodies[0] === `/dba approve ${code}`,
  )
  const last = agreed.at(-1)
  if (last === undefined) return new Set(['action_required'])
  const revoked = said.filter(({ comment, at }) => comment.bodies[0] === '/dba revoke' && at >= last.at)
  if (revoked.some(({ touched }) => !touched)) return new Set(['action_required'])
  const changed = contexts.some(({ at }) => at > last.at && at <= moment)
  const settled = !changed && revoked.length === 0 && agreed.some(({ touched }) => !touched) && isStill(pull)
  return new Set(settled ? ['success'] : ['success', 'action_required'])
}

/** Nobody agrees to what they pushed themselves. */
function isStill(pull: FakePull): boolean {
  return pull.issue.author.login !== APPROVER
}
