/**
 * Rows of the catalogue that are no rules of their own, with the rules that say what they are about: a statement and cause
 * has one finding, so that a row about one way to come to it is said by the rule about the cause.
 */
const ANSWERED: Readonly<Record<string, readonly string[]>> = {
  A24: ['unknown-object'],
  B29: ['drop-table'],
  C6: ['create-index-non-concurrently', 'concurrently-on-partitioned'],
  C20: ['missing-lock-timeout'],
  C21: ['missing-lock-timeout'],
  C28: ['add-primary-key-validating'],
  C29: ['missing-lock-timeout'],
  C39: ['add-column-serial'],
  C42: ['add-check-validating'],
  C43: ['add-unique-constraint'],
  C44: ['missing-lock-timeout'],
  C50: ['change-column-type-rewrite'],
  C53: ['missing-lock-timeout'],
  C63: ['missing-lock-timeout'],
  C64: ['missing-lock-timeout'],
  C65: ['missing-lock-timeout'],
  C66: ['missing-lock-timeout', 'rls-enabled-on-live-table'],
  C87: ['create-index-non-concurrently'],
  D17: ['drop-blocked-by-dependents', 'alter-type-blocked-by-dependents'],
  F1: ['set-not-null-scan'],
  F2: ['add-unique-constraint'],
  F3: ['add-check-validating'],
  F4: ['add-foreign-key-validating'],
  F5: ['type-narrowing'],
  G2: ['partial-failure-recovery'],
  G3: ['partial-failure-recovery'],
}

/** The rules that say what a row is about which is no rule of its own; none where nothing does. */
export function answering(code: string): readonly string[] {
  return ANSWERED[code] ?? []
}

/** The rows that a rule answers to: its own and those that have none. */
export function rowsOf(rule: { readonly id: string; readonly code: string }): readonly string[] {
  return [rule.code, ...Object.keys(ANSWERED).filter((code) => answering(code).includes(rule.id))]
}

/** The rows that are no rules of their own. */
export const answeredRows: readonly string[] = Object.keys(ANSWERED)
