import { type Environment, runGit, userSetting } from './command.js'

/**
 * Which of some files git converts from CRLF to LF when they are committed, by `.gitattributes` and `core.autocrlf`
 * (https://git-scm.com/docs/gitattributes#_text). `always`: whatever the committed text has. `unless-committed`: only
 * while the committed text has no CRLF itself.
 */
export type Conversion = 'always' | 'unless-committed'

/** Asks git for the conversion of each path; a path without one is not in the answer. */
export async function conversions(
  root: string,
  environment: Environment,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Conversion>> {
  if (paths.length === 0) return new Map()
  const input = paths.map((path) => `${path}\0`).join('')
  const answer = await runGit(root, environment, ['check-attr', '-z', '--stdin', 'text', 'crlf', 'eol'], input)
  if (answer.code !== 0) throw new Error(`git check-attr failed: ${answer.error}`)

  const attributes = new Map<string, Record<string, string>>()
  const fields = answer.out.toString('utf8').split('\0')
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [path = '', name = '', value = ''] = fields.slice(i, i + 3)
    attributes.set(path, { ...attributes.get(path), [name]: value })
  }
  const automatic = /^(true|yes|on|1|input)$/i.test((await userSetting(root, environment, 'core.autocrlf')) ?? '')
  const found = new Map<string, Conversion>()
  for (const [path, values] of attributes) {
    const conversion = conversionOf(values, automatic)
    if (conversion !== null) found.set(path, conversion)
  }
  return found
}

function conversionOf(values: Readonly<Record<string, string>>, automatic: boolean): Conversion | null {
  // `crlf` is the old spelling of `text`.
  const text = values['text'] === 'unspecified' ? values['crlf'] : values['text']
  if (text === 'unset') return null
  if (text === 'auto') return 'unless-committed'
  if (text === 'set' || text === 'input' || values['eol'] === 'lf' || values['eol'] === 'crlf') return 'always'
  return automatic ? 'unless-committed' : null
}

/** The bytes as git would commit them: each CRLF becomes LF, a lone CR stays. */
export function withLineFeeds(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
}
