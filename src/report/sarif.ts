import type { Finding, Severity } from '../model/finding.js'
import type { Review } from '../model/review.js'
import type { Span } from '../source/span.js'
import type { Reporter } from './reporter.js'
import type { RuleFacts } from './rule-page.js'
import { asJson } from './untrusted.js'

/** Code scanning has three levels; what holds a pull request is an error there too. */
const LEVELS: Readonly<Record<Severity, string>> = {
  error: 'error',
  approval: 'error',
  warning: 'warning',
  notice: 'note',
}
const WEIGHTS: Readonly<Record<RuleFacts['weight'], string>> = {
  error: 'error',
  warning: 'warning',
  notice: 'note',
  off: 'none',
}

/** SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), for code scanning and editors. */
export function sarif(rules: readonly RuleFacts[], version: string): Reporter<string> {
  const indexes = new Map(rules.map(({ id }, index) => [id, index]))
  return {
    id: 'sarif',
    render: (review) =>
      asJson({
        $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
        version: '2.1.0',
        runs: [
          {
            tool: { driver: { name: 'dba-bot', semanticVersion: version, rules: rules.map(descriptorOf) } },
            columnKind: 'utf16CodeUnits',
            originalUriBaseIds: { SRCROOT: { description: { text: 'The top of the repository.' } } },
            invocations: [invocationOf(review)],
            results: review.findings.map((finding) => resultOf(finding, indexes)),
          },
        ],
      }),
  }
}

function descriptorOf({ id, code, family, weight, confidence, summary, why, instead }: RuleFacts): object {
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: why },
    help: { text: instead, markdown: instead },
    defaultConfiguration: { enabled: weight !== 'off', level: WEIGHTS[weight] },
    properties: {
      code,
      precision: confidence === 'certain' ? 'very-high' : confidence === 'likely' ? 'high' : 'medium',
      tags: [family],
    },
  }
}

function resultOf(finding: Finding, indexes: ReadonlyMap<string, number>): object {
  const { rule, severity, confidence, message, at, related, allowed, fingerprint, direction, migration, fix, place } =
    finding
  const index = indexes.get(rule)
  return {
    ruleId: rule,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: LEVELS[severity],
    message: { text: plainText(message) },
    locations: [locationOf(at)],
    relatedLocations: related.map((span, id) => ({ id, ...locationOf(span) })),
    partialFingerprints: { 'dbaFinding/v1': fingerprint },
    suppressions:
      allowed === null
        ? []
        : [
            {
              kind: allowed.by === 'comment' ? 'inSource' : 'external',
              status: 'accepted',
              justification: allowed.reason,
            },
          ],
    properties: { severity, confidence, direction, migration, place, fix },
  }
}

function locationOf({ path, start, end }: Span): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(path), uriBaseId: 'SRCROOT' },
      region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
    },
  }
}

/** A path as a relative reference: a colon in the first part would make it a scheme, so that is escaped too. */
function uriOf(path: string): string {
  return path
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/')
}

/** Brackets before a parenthesis would be a link (§3.11.6). */
function plainText(message: string): string {
  return /\]\(/.test(message) ? message.replace(/[\\[\]]/g, '\\$&') : message
}

/** A run that could not look everywhere was not successful, whatever it found. */
function invocationOf({ notes, gates }: Review): object {
  const undecided = gates.filter(({ status }) => status === 'inconclusive')
  const withholds = notes.some(({ bearing }) => bearing === 'withholds')
  return {
    executionSuccessful: !withholds && undecided.length === 0,
    toolExecutionNotifications: [
      ...notes.map(({ message, at, bearing }) => ({
        level: bearing === 'withholds' ? 'error' : 'note',
        message: { text: plainText(message) },
        ...(at === null ? {} : { locations: [locationOf(at)] }),
      })),
      ...undecided.map(({ gate, detail }) => ({
        level: 'error',
        message: { text: plainText(`The gate ${gate} could not be decided: ${detail}`) },
      })),
    ],
  }
}
