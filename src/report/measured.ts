/** What the statement that a rule's example is about was seen to do on servers, on tables with rows. */
export interface RuleMeasured {
  readonly statement: string
  /** By majors, such as `14-18`. */
  readonly seen: Readonly<Record<string, Measured>>
}

/** What one version does to relations that were there before, by their names. */
export type Measured =
  | {
      /** The strongest lock on each that is more than reading takes. */
      readonly locks: Readonly<Record<string, string>>
      readonly rewrites: readonly string[]
      readonly scans: readonly string[]
    }
  /** Why nothing could be seen, to follow `it`. */
  | { readonly unseen: string }

/** One line of a table on what was measured. */
export interface MeasuredRow {
  readonly versions: string
  readonly locks: string
  readonly reads: string
  readonly rewrites: string
}

const NOTHING = '—'

/** What was measured, a line for versions that do the same, oldest first. */
export function measuredRows({ seen }: RuleMeasured): readonly MeasuredRow[] {
  const oldestFirst = Object.entries(seen).toSorted(([a], [b]) => parseInt(a) - parseInt(b))
  return oldestFirst.map(([majors, what]) => {
    const versions = majors.replace('-', ' to ')
    if ('unseen' in what) return { versions, locks: NOTHING, reads: NOTHING, rewrites: NOTHING }
    const locks = Object.entries(what.locks).map(([name, mode]) => `${mode} on ${name}`)
    return { versions, locks: listed(locks), reads: listed(what.scans), rewrites: listed(what.rewrites) }
  })
}

/** Why there is nothing beside a version, each reason once. */
export function unseenReasons({ seen }: RuleMeasured): readonly string[] {
  return [...new Set(Object.values(seen).flatMap((what) => ('unseen' in what ? [what.unseen] : [])))]
}

function listed(texts: readonly string[]): string {
  return texts.length === 0 ? NOTHING : texts.join(', ')
}
