import type { Surrounding } from '../../model/migration.js'
import type { FileSet } from '../../model/pull-request.js'
import type { Facts, Member } from './project.js'

/** What only tells where the database is and how Flyway speaks of its work. */
const ASIDE =
  /^(url|user|password|driver|connectRetries\w*|licenseKey|locations|loggers|outputType|reportEnabled|reportFilename|edition|driverDependencies|cleanDisabled)$/

/** The callbacks of a project and its configuration, in a form that stays the same while only comments or layout change. */
export function surroundingsOf(
  { told, files: configurations }: Facts,
  members: readonly Member[],
  files: FileSet,
): readonly Surrounding[] {
  const callbacks = members.flatMap(({ path, named }): readonly Surrounding[] => {
    if (named.kind !== 'callback') return []
    const meaning = files.read(path)?.text ?? files.refusal(path)?.reason ?? 'not loaded'
    return [{ path, role: 'runs', meaning: meaning.replace(/\r\n?/g, '\n') }]
  })
  const [first] = configurations
  if (first === undefined) return callbacks
  const meaning = JSON.stringify([...told].filter(([name]) => !ASIDE.test(name)).sort())
  return [...callbacks, { path: first, role: 'configures', meaning }]
}

/** Whether a setting only tells where the database is, or how Flyway speaks of its work. */
export function isAside(setting: string): boolean {
  return ASIDE.test(setting)
}
