import { appFindings, type Line } from './doctor/app.js'
import { checkoutFindings } from './doctor/checkout.js'
import { tell } from './doctor/finding.js'
import { isProblem, type Io, type Problem } from './io.js'

export type { Line }

export interface DoctorOptions {
  /** `true` for the App alone, or a repository as well, as `owner/name`. */
  readonly app?: string | true
}

/** `dba doctor`: what is set up and what is amiss, a line for each; exit code 1 when something is, 2 when something was not seen. */
export async function doctorVerb({ app }: DoctorOptions, io: Io, line: Line): Promise<number | Problem> {
  const findings =
    app === undefined ? await checkoutFindings(io) : await appFindings(app === true ? null : app, io, line)
  if (isProblem(findings)) return findings
  io.progress('')
  return tell(findings, io)
}
