/** `data`: what destroys data, or was set to need agreement. `schema`: what changes tables. */
export const CONSENT_KINDS = ['data', 'schema'] as const
export type ConsentKind = (typeof CONSENT_KINDS)[number]

/** One person's agreement to one text, and to nothing else. */
export interface Consent {
  readonly kinds: readonly ConsentKind[]
  /** Who agreed, by GitHub's number; a login can change hands. */
  readonly by: { readonly id: number; readonly login: string }
  /** When, in ISO 8601. */
  readonly at: string
  /** The number of the comment that says so. */
  readonly comment: number
  /** Of the text that was agreed to, as the report showed it. */
  readonly code: string
  /** Where the backup is, in the words of who agreed; null when they did not say. */
  readonly backup: string | null
}

/** Why an agreement no longer counts. `changed`: what was agreed to is not what stands there. */
export type ConsentEnd = 'revoked' | 'changed' | 'retargeted' | 'closed' | 'expired'

/** An agreement as it is kept. Once ended it never counts again, whatever comes back. */
export interface StoredConsent extends Consent {
  readonly expires: string
  readonly ended: { readonly how: ConsentEnd; readonly at: string } | null
}

/** What a change needs of people, and what it has. */
export interface Approval {
  /** What to type to agree to exactly this text; null where nobody takes agreements. */
  readonly code: string | null
  /** What has to be agreed to, whether or not it has been. */
  readonly needed: readonly ConsentKind[]
  /** The agreements to this very text. */
  readonly given: readonly Consent[]
  /** Who may agree to each kind, as the policy names them. */
  readonly approvers: Readonly<Record<ConsentKind, readonly string[]>>
  /** Whether agreement to what destroys data has to say where the backup is. */
  readonly backup: boolean
}

/** What nobody has agreed to yet. */
export function outstanding({ needed, given }: Pick<Approval, 'needed' | 'given'>): readonly ConsentKind[] {
  return needed.filter((kind) => !given.some(({ kinds }) => kinds.includes(kind)))
}
