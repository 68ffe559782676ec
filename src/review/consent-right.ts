import { CONSENT_KINDS, type ConsentKind } from '../model/consent.js'
import type { ApprovalPolicy } from '../model/settings.js'

/** An account, by GitHub's number. */
export interface Account {
  readonly id: number
  readonly login: string
  /** As GitHub says it: `User`, `Bot`, `Organization`, `Mannequin`. */
  readonly type: string
}

/** Who wants to agree to what, with all that decides whether they may. What could not be found out is `unknown`, and then they may not. */
export interface Standing {
  readonly actor: Account
  /** Whether an App wrote in their name. */
  readonly viaApp: boolean
  readonly author: Account | 'unknown'
  /** Whoever wrote, committed or signed a commit of the pull request as an author of it. */
  readonly committers: readonly number[] | 'unknown'
  /** Whoever pushed to its branch since it left the base. */
  readonly pushers: readonly number[] | 'unknown'
  /** The person for whom a bot opened it; null where nobody is known to have asked. */
  readonly requester: number | null
  /** Their role in the repository by its own name, such as `maintain`; null where they have none. */
  readonly role: string | null | 'unknown'
  /** Teams that they are known to be in, such as `@acme/dba`. */
  readonly teams: readonly string[]
}

/** What somebody may agree to; `why` is null where that is anything, and says otherwise why it is not. */
export interface Right {
  readonly kinds: readonly ConsentKind[]
  readonly why: string | null
}

/** GitHub's roles, each with what the ones before it may do. A role of an organisation's own has no place among them. */
const ROLES = ['read', 'triage', 'write', 'maintain', 'admin']

/** What somebody may agree to. Nobody agrees to their own change, no bot does, and whoever the policy does not name may not. */
export function mayApprove(standing: Standing, policy: ApprovalPolicy): Right {
  const bar = barred(standing)
  if (bar !== null) return { kinds: [], why: bar }
  const kinds = CONSENT_KINDS.filter((kind) => policy[kind].some((approver) => isMeant(approver, standing)))
  if (kinds.length > 0) return { kinds, why: null }
  return {
    kinds: [],
    why:
      standing.role === 'unknown' ? 'their role in the repository could not be seen' : 'the policy does not name them',
  }
}

/** Whether somebody may do what needs write access, such as to take an agreement back. */
export function mayWrite({ actor, viaApp, role }: Pick<Standing, 'actor' | 'viaApp' | 'role'>): boolean {
  return isPerson(actor, viaApp) && role !== null && ROLES.indexOf(role) >= ROLES.indexOf('write')
}

/** Why somebody can never agree to this change, whatever the policy says; null where nothing is in the way. */
function barred({ actor, viaApp, author, committers, pushers, requester }: Standing): string | null {
  if (!isPerson(actor, viaApp)) return 'only a person can agree'
  if (author === 'unknown') return 'whose pull request it is could not be seen'
  if (author.id === actor.id) return 'nobody agrees to their own pull request'
  if (committers === 'unknown') return 'not every commit of it could be looked at'
  if (committers.includes(actor.id)) return 'a commit of it is theirs'
  if (pushers === 'unknown') return 'not everyone who pushed to it could be seen'
  if (pushers.includes(actor.id)) return 'they pushed to it'
  if (requester === actor.id) return 'a bot opened it for them'
  return null
}

function isPerson({ id, type }: Account, viaApp: boolean): boolean {
  return Number.isSafeInteger(id) && id > 0 && type === 'User' && !viaApp
}

/** Whether an entry of the policy means them; names are compared without case, as GitHub does. */
function isMeant(approver: string, { actor, role, teams }: Standing): boolean {
  const wanted = approver.toLowerCase()
  if (wanted.startsWith('role:')) {
    if (role === null || role === 'unknown') return false
    const name = wanted.slice('role:'.length)
    const [least, has] = [ROLES.indexOf(name), ROLES.indexOf(role.toLowerCase())]
    return least < 0 || has < 0 ? name === role.toLowerCase() : has >= least
  }
  // Whoever cannot even read the repository, or of whom that is not known, is no approver of it, named or not.
  if (role === null || role === 'unknown') return false
  if (wanted.includes('/')) return teams.some((team) => team.toLowerCase() === wanted)
  return wanted === `@${actor.login.toLowerCase()}`
}
