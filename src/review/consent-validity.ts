import type { Consent, ConsentEnd, ConsentKind, StoredConsent } from '../model/consent.js'

/** An agreement holds no longer than this, in milliseconds: three days. */
export const LIFETIME = 72 * 60 * 60 * 1000

/** What an agreement is measured against. */
export interface Present {
  /** Of the text that stands there; null where there is none to agree to. */
  readonly code: string | null
  /** In ISO 8601, by the clock that also stamped the agreements. */
  readonly now: string
  /** What its author may agree to now; nothing where that could not be found out. */
  readonly may: (consent: Consent) => readonly ConsentKind[]
}

/** The agreements that count: to this text, in time, never ended, and by people who may still give them. */
export function validConsents(stored: readonly StoredConsent[], present: Present): readonly Consent[] {
  return stored.flatMap((consent) => {
    if (consent.ended !== null || endOf(consent, present) !== null) return []
    const may = present.may(consent)
    const kinds = consent.kinds.filter((kind) => may.includes(kind))
    const { by, at, comment, code, backup } = consent
    return kinds.length === 0 ? [] : [{ kinds, by, at, comment, code, backup }]
  })
}

/**
 * The agreements as they are to be kept once a text has been looked at. What was agreed to another text is over for good: when
 * the old one comes back it is not revived.
 */
export function afterLook(
  stored: readonly StoredConsent[],
  present: Pick<Present, 'code' | 'now'>,
): readonly StoredConsent[] {
  return stored.map((consent) => {
    const how = consent.ended === null ? endOf(consent, present) : null
    return how === null ? consent : { ...consent, ended: { how, at: present.now } }
  })
}

/** The agreements once something has ended all that were open: a push, another target, a closed pull request, a revocation. */
export function endAll(stored: readonly StoredConsent[], how: ConsentEnd, now: string): readonly StoredConsent[] {
  return stored.map((consent) => (consent.ended === null ? { ...consent, ended: { how, at: now } } : consent))
}

/** An agreement as it is kept from the moment it is given. */
export function kept(consent: Consent): StoredConsent {
  const expires = new Date(Date.parse(consent.at) + LIFETIME).toISOString()
  return { ...consent, expires, ended: null }
}

function endOf({ code, expires }: StoredConsent, present: Pick<Present, 'code' | 'now'>): ConsentEnd | null {
  if (present.code === null || code !== present.code) return 'changed'
  // What is no date is never later than now.
  return Date.parse(expires) > Date.parse(present.now) ? null : 'expired'
}
