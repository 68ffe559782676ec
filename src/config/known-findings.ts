import { Ajv } from 'ajv'
import type { KnownFinding } from '../model/settings.js'
import { checkedJson } from '../source/checked-json.js'

/** The form of the file of known findings as JSON Schema (draft 7). */
export const KNOWN_FINDINGS_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'dba known findings',
  description: 'Findings that the team knows of and lets be: what `dba baseline` has written down.',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'findings'],
  properties: {
    version: { const: 1 },
    findings: {
      type: 'array',
      maxItems: 50_000,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['path', 'rule', 'fingerprint', 'reason', 'since'],
        properties: {
          path: { type: 'string', minLength: 1, description: 'of the migration, from the top of the repository' },
          rule: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' },
          fingerprint: { type: 'string', pattern: '^[0-9a-f]{16}$', description: 'as the report in JSON has it' },
          reason: { type: 'string', pattern: '\\S', description: 'why it may stay' },
          since: {
            type: 'string',
            pattern: '^\\d{4}-\\d\\d-\\d\\d$',
            description: 'the day on which it was written down',
          },
        },
      },
    },
  },
} as const

const validate = new Ajv().compile<{ readonly findings: readonly KnownFinding[] }>(KNOWN_FINDINGS_SCHEMA)

/** Reads a file of known findings, or says what is wrong with it. */
export function readKnownFindings(text: string): readonly KnownFinding[] | { readonly problem: string } {
  const read = checkedJson(text, validate)
  if ('problem' in read) return read
  const { data } = read
  const seen = new Set<string>()
  const twice = data.findings.find(({ fingerprint }) => seen.size === seen.add(fingerprint).size)
  return twice === undefined ? data.findings : { problem: `the finding ${twice.fingerprint} is there twice` }
}

/** The text of the file: in the order of paths, rules and fingerprints, so that equal findings make equal files. */
export function knownFindingsText(findings: readonly KnownFinding[]): string {
  const key = ({ path, rule, fingerprint }: KnownFinding): string => `${path}\u0000${rule}\u0000${fingerprint}`
  const sorted = findings
    .map(({ path, rule, fingerprint, reason, since }) => ({ path, rule, fingerprint, reason, since }))
    .sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
  return `${JSON.stringify({ version: 1, findings: sorted }, null, 2)}\n`
}
