import { type Approval, CONSENT_KINDS, type Consent, type ConsentKind, outstanding } from '../model/consent.js'
import type { Gate } from '../model/review.js'
import type { ApprovalPolicy } from '../model/settings.js'
import type { Circumstances } from './circumstances.js'
import type { Parts } from './conclude.js'
import { changesTables } from './consent-kinds.js'

type Reading = Omit<Gate, 'gate'>

/** What a change needs of people and has, given what the other gates say. */
export function approvalOf(
  { migrations, rehearsals, findings }: Parts,
  gates: readonly Reading[],
  policy: ApprovalPolicy,
  { code, consents }: Pick<Circumstances, 'code' | 'consents'>,
): Approval {
  const held = findings.some(({ severity, allowed }) => severity === 'approval' && allowed === null)
  const needed = {
    data: held || gates.some(({ status }) => status === 'needs-approval'),
    schema: policy.schema.length > 0 && changesTables(migrations, rehearsals),
  }
  return {
    code,
    needed: CONSENT_KINDS.filter((kind) => needed[kind]),
    given: code === null ? [] : consents.flatMap((consent) => counted(consent, code, policy)),
    approvers: { data: policy.data, schema: policy.schema },
    backup: policy.requireBackup,
  }
}

/** An agreement as far as it counts: only to this very text, and to lost data only with what the policy asks for. */
function counted(consent: Consent, code: string, { requireBackup }: ApprovalPolicy): readonly Consent[] {
  if (consent.code !== code || !(consent.by.id > 0)) return []
  const unsaid = requireBackup && (consent.backup ?? '').trim() === ''
  const kinds = consent.kinds.filter((kind) => kind !== 'data' || !unsaid)
  return kinds.length === 0 ? [] : [{ ...consent, kinds }]
}

/** The gate of what needs a person; null where nothing does. */
export function approvalReading(
  approval: Approval,
  open: number,
  policy: ApprovalPolicy,
  issues: Circumstances['issues'],
): Reading | null {
  if (approval.needed.length === 0) return null
  const missing = outstanding(approval)
  const issue = policy.requireIssue && approval.code !== null ? issueReading(issues) : null
  if (issue !== null) return issue
  if (missing.length > 0) {
    return { status: 'needs-approval', detail: missing.map((kind) => `${WHAT[kind](open)} to be agreed to`).join(', ') }
  }
  const who = approval.given.map(({ by, kinds }) => `@${by.login} (${kinds.join(', ')})`)
  return { status: 'pass', detail: `agreed to by ${who.join(' and ')}` }
}

const WHAT: Readonly<Record<ConsentKind, (findings: number) => string>> = {
  data: (findings) => (findings === 0 ? 'what does not come back' : `${findings} finding${findings > 1 ? 's' : ''}`),
  schema: () => 'changes of tables',
}

function issueReading(issues: Circumstances['issues']): Reading | null {
  if (issues === 'unknown') {
    return {
      status: 'inconclusive',
      detail: 'the policy asks for a linked issue, and whether there is one could not be seen',
    }
  }
  if (issues > 0) return null
  return {
    status: 'fail',
    detail: 'the policy asks for a linked issue: write “Closes” and its number into the description, or link it',
  }
}

/** A gate that waited for what somebody has agreed to passes; every other one stays as it is. */
export function lifted(reading: Reading, { given }: Approval): Reading {
  if (reading.status !== 'needs-approval') return reading
  const by = given.filter(({ kinds }) => kinds.includes('data')).map(({ by: { login } }) => `@${login}`)
  return by.length === 0 ? reading : { status: 'pass', detail: `${reading.detail}; agreed to by ${by.join(' and ')}` }
}
