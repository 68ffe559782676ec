import type { RequiredCheck } from '../../github/branches.js'
import { right, wrong, type Finding } from './finding.js'

/** The name of the App's check run. */
const CHECK = 'dba'
const WHERE = 'in the ruleset or protection of the branch, under Require status checks to pass'

/**
 * Whether the check is required, and of this App: any source would let whoever may write to the repository report a pass in its
 * name. Where several rules require it, all have to be met, so one of this App's is enough.
 */
export function requiredFindings(
  required: readonly RequiredCheck[],
  branch: string,
  appId: number,
): readonly Finding[] {
  const ours = required.filter(({ name }) => name === CHECK)
  const sources = ours.map(({ source }) => source)
  const other = sources.find((source) => source !== null && source !== appId)
  const foreign =
    other === undefined
      ? []
      : [
          wrong(
            `${branch} expects \`${CHECK}\` from another App, number ${other}`,
            `choose this App, number ${appId}, as its source, ${WHERE}`,
          ),
        ]
  if (sources.includes(appId)) return [right(`${branch} requires \`${CHECK}\`, of this App`), ...foreign]
  if (foreign.length > 0) return foreign
  if (ours.length > 0) {
    return [
      wrong(
        `${branch} requires \`${CHECK}\` from any source, so that whoever may write to the repository can report it as passed`,
        `choose this App as its source, ${WHERE}`,
      ),
    ]
  }
  return [
    wrong(
      `${branch} does not require \`${CHECK}\`, so that nothing holds a pull request back`,
      `add \`${CHECK}\`, with this App as its source, ${WHERE}`,
    ),
  ]
}

/** Whether the App hears of a merge queue, where there is one. */
export function queueFindings(
  branch: string,
  mergeQueue: boolean,
  {
    permissions,
    events,
  }: { readonly permissions: Readonly<Record<string, string>>; readonly events: readonly string[] },
): readonly Finding[] {
  if (!mergeQueue) return []
  const lacks = [
    ...('merge_queues' in permissions ? [] : ['the permission `merge_queues: read`']),
    ...(events.includes('merge_group') ? [] : ['the event `merge_group`']),
  ]
  if (lacks.length === 0) return [right(`The merge queue of ${branch} can ask the App`)]
  return [
    wrong(
      `${branch} has a merge queue, which would wait for \`${CHECK}\` for ever`,
      `give the App ${lacks.join(' and ')}, and accept it where it is installed`,
    ),
  ]
}
