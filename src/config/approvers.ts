import type { ApprovalPolicy } from '../model/settings.js'
import type { ConfigProblem } from './problem.js'
import { DEFAULTS } from './schema.js'

/** The key `approval` as the schema has proven it. */
export interface ApprovalConfig {
  readonly data?: readonly string[]
  readonly schema?: readonly string[]
  readonly 'require-issue'?: boolean
  readonly 'require-backup'?: boolean
}

/** What people write for everybody; no list of approvers means that. */
const EVERYBODY: ReadonlySet<string> = new Set(['@all', '@anyone', '@channel', '@everybody', '@everyone', '@here'])
/** Roles that anybody has who can see the repository, or that change nothing in it. */
const TOO_LOW: ReadonlySet<string> = new Set(['role:none', 'role:read', 'role:triage'])

/** Approvers that could not be asked, or that would be everybody. `owner` is whose repository it is, where that is known. */
export function strangeApprovers(
  { data = [], schema = [] }: ApprovalConfig,
  owner: string | null,
  at: (keys: readonly string[]) => number,
): readonly ConfigProblem[] {
  return Object.entries({ data, schema }).flatMap(([list, names]) =>
    names.flatMap((name, i) => {
      const why = objection(name.toLowerCase(), owner)
      const line = at(['approval', list, String(i)])
      return why === null ? [] : [{ message: `approval.${list}: ${name} ${why}`, line }]
    }),
  )
}

function objection(name: string, owner: string | null): string | null {
  if (EVERYBODY.has(name)) return 'is nobody in particular; name users, teams or a role'
  if (TOO_LOW.has(name)) return 'is too low a role to agree; name write, maintain, admin or a role of your own'
  const organisation = /^@([^/]+)\//.exec(name)?.[1]
  if (organisation === undefined || owner === null || organisation === owner.toLowerCase()) return null
  return `is a team of another organisation than ${owner}`
}

/** The policy, each approver once and in lower case, as GitHub compares names. */
export function approvalOf(config: ApprovalConfig = {}): ApprovalPolicy {
  const { approval } = DEFAULTS
  const names = (list: readonly string[]): readonly string[] => [...new Set(list.map((name) => name.toLowerCase()))]
  return {
    data: names(config.data ?? approval.data),
    schema: names(config.schema ?? approval.schema),
    requireIssue: config['require-issue'] ?? approval.requireIssue,
    requireBackup: config['require-backup'] ?? approval.requireBackup,
  }
}
