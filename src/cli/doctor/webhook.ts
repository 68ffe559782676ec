import type { Attempt, Hook } from '../../github/registration.js'
import { note, right, unseen, wrong, type Finding } from './finding.js'

/** Whether webhooks go to a safe place, signed. */
export function hookFindings({ url, signed, json, verifiesTls }: Hook): readonly Finding[] {
  if (url === null)
    return [wrong('The App has no webhook', "activate it in the App's settings, with the address of this program")]
  const secure = url.startsWith('https://')
  const findings: readonly Finding[] = [
    secure
      ? right(`The webhook goes to ${url}`)
      : wrong(
          `The webhook goes to ${url} without TLS`,
          'give it an https:// address: whoever is on the way reads and replays deliveries',
        ),
    ...(verifiesTls
      ? []
      : [
          wrong(
            'GitHub does not verify the certificate of the webhook',
            "enable SSL verification in the App's settings",
          ),
        ]),
    signed
      ? right('The webhook is signed with a secret')
      : wrong(
          'The webhook has no secret',
          "set one of at least 32 characters in the App's settings and in WEBHOOK_SECRET",
        ),
    ...(json
      ? []
      : [wrong('The webhook sends forms', "choose the content type application/json in the App's settings")]),
  ]
  return findings
}

/** How many of the newest deliveries are looked at. */
const LOOKED_AT = 30

/** Whether what GitHub delivered of late was taken. `attempts` are the newest first; the last attempt at a delivery counts. */
export function deliveryFindings(attempts: readonly Attempt[]): readonly Finding[] {
  const newest = new Map<string, Attempt>()
  for (const attempt of attempts) if (!newest.has(attempt.guid)) newest.set(attempt.guid, attempt)
  const deliveries = [...newest.values()].slice(0, LOOKED_AT)
  const [last] = deliveries
  if (last === undefined) {
    const remedy = "open a pull request, or redeliver one under Advanced in the App's settings, and look again"
    return [
      unseen(
        'Nothing was delivered in the last three days, so whether the webhook can be reached is not known',
        remedy,
      ),
    ]
  }
  const failed = deliveries.filter(({ code }) => !taken(code))
  if (failed.length === 0) return [right(`${many(deliveries.length)} answered`)]
  const kinds = [...new Set(failed.map(({ code, status }) => (code === 0 ? status : String(code))))].join(', ')
  const since = failed.map(({ event, at }) => `${event} at ${at.toISOString()}`)[0] ?? ''
  const says = `${failed.length} of the last ${deliveries.length} deliveries failed (${kinds}), the newest ${since}`
  // What failed before the last success is over; the App asks for what it has missed.
  return taken(last.code)
    ? [right('The last delivery was answered'), note(`${says}; the App asks for those itself`)]
    : [wrong(says, remedyFor(last))]
}

function many(count: number): string {
  return count === 1 ? 'The last delivery was' : `The last ${count} deliveries were`
}

function taken(code: number): boolean {
  return code >= 200 && code <= 299
}

function remedyFor({ code, status }: Attempt): string {
  if (code === 401) return "the secret in WEBHOOK_SECRET is not that of the App's settings"
  if (code === 404 || code === 405)
    return 'the address leads to another program or path; deliveries are taken at / and /api/github/webhooks'
  if (code === 413) return 'something on the way refuses large bodies; let 25 MB through'
  if (code === 415 || code === 411) return 'something on the way changes what GitHub sends; let it through as it is'
  if (code >= 500)
    return 'the App or what stands before it is down, or its database cannot be reached; /readyz says which'
  if (code >= 300 && code <= 399) return 'GitHub follows no redirections; name the last address'
  return /time/i.test(status)
    ? 'GitHub waits for ten seconds; look whether the address is open to it and the App is up'
    : 'look whether the name resolves, the port is open to GitHub, the certificate is valid, and the App is up'
}
