import { type Approval, type Consent, type ConsentKind, outstanding } from '../model/consent.js'

/** Approvers as a person reads them: `@acme/dba or an admin`. */
export function approverWords(approvers: readonly string[]): string {
  const words = approvers.map((name) => (name.startsWith('role:') ? roleWords(name.slice('role:'.length)) : name))
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

function roleWords(role: string): string {
  switch (role) {
    case 'admin':
      return 'an admin'
    case 'maintain':
      return 'a maintainer'
    case 'write':
      return 'anyone who may write'
    default:
      return `anyone with the role ${role}`
  }
}

/** What each kind of agreement is to; `findings` wait for it. */
export function kindWords(kind: ConsentKind, findings: number): string {
  if (kind === 'schema') return 'the changed tables'
  return findings === 0
    ? 'what does not come back'
    : findings === 1
      ? '1 finding'
      : `${findings.toLocaleString('en-US')} findings`
}

/** What is missing, and from whom, one sentence a kind. */
export function missingWords(approval: Approval, findings: number): readonly string[] {
  return outstanding(approval).map(
    (kind) => `${approverWords(approval.approvers[kind])} must agree to ${kindWords(kind, findings)}`,
  )
}

/** What an approver types to agree to this very text; '' where nothing is missing, or nobody takes it. */
export function commandOf(approval: Approval): string {
  const missing = outstanding(approval)
  if (approval.code === null || missing.length === 0) return ''
  const backup = approval.backup && missing.includes('data') ? ' backup="where it is"' : ''
  return `/dba approve ${approval.code}${backup}`
}

/** An agreement with all that makes it one. */
export function consentWords({ kinds, by, at, comment, code, backup }: Consent): string {
  const where = backup === null ? '' : `; the backup: ${backup}`
  return `${by.login} agreed to ${kinds.map((kind) => KINDS[kind]).join(' and ')} at ${at}, with the code ${code} in comment ${comment}${where}`
}

const KINDS: Readonly<Record<ConsentKind, string>> = { data: 'what destroys data', schema: 'the changed tables' }
