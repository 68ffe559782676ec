import { codeCell, text as asMarkdown } from './render.js'
import { sieve } from './sieve.js'

/** Takes secrets out of a text that somebody may read. */
export type Redactor = (text: string) => string

/** What stands where a secret stood. */
export const REDACTED = '[redacted]'

/** A shorter value is not a secret but a word: taking it out everywhere would make texts unreadable, and hide nothing. */
const SHORTEST = 6
/** A line of a secret of many lines, such as a key, is a secret of its own from this length on. */
const SHORTEST_LINE = 16

/**
 * The one redactor of every sink. The values that are known to be secret are taken out in every form they travel in: as they are,
 * in URLs, in JSON, in HTML, in Markdown, in hexadecimal, in base64 at each of its three offsets; of a URL its password, of a key each line.
 * What only looks like a secret is taken out as well: the user's part of a URL with a password, `password=…`, keys and tokens whose
 * form is known.
 */
export function redactor(secrets: readonly string[]): Redactor {
  return taking(
    secrets.flatMap(partsOf).filter((value) => value.length >= SHORTEST),
    [...UNMISTAKABLE, ...BY_THEIR_NAMES],
  )
}

/**
 * The redactor of all that is published, which is made of the repository's own text: what stands after the word `password` is there
 * mostly a column, and a password that is nothing but a word, as it may be on somebody's own machine, would take that word out of
 * every report. Such a one is only taken out where it stands in a URL.
 */
export function publishedRedactor(secrets: readonly string[]): Redactor {
  const values = secrets.flatMap(partsOf).filter((value) => value.length >= SHORTEST && !isWord(value))
  return taking(values, UNMISTAKABLE)
}

/** Whether people may write this and mean nothing secret, such as `postgres` or `dba_bot`. */
function isWord(value: string): boolean {
  return value.length < SHORTEST_LINE && /^(?:[A-Z]?[a-z]+|[A-Z]+)(?:[_-](?:[a-z]+|[A-Z]+))*$/.test(value)
}

function taking(secret: readonly string[], looks: typeof UNMISTAKABLE): Redactor {
  const values = new Set(secret)
  const forms = [...new Set([...values].flatMap(formsOf))].sort((a, b) => b.length - a.length)
  const known = new RegExp(forms.map(literally).join('|'), 'gi')
  const mayHold = sieve(forms)
  return (text) => {
    const without = mayHold(text) ? text.replace(known, REDACTED) : text
    return looks.reduce((left, { what, instead }) => left.replace(what, instead), without)
  }
}

function partsOf(secret: string): readonly string[] {
  const lines = secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'))
  const parts = [secret, secret.trim(), ...lines]
  if (URL.canParse(secret)) {
    const { password } = new URL(secret)
    parts.push(password, decoded(password))
  }
  return parts
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function formsOf(value: string): readonly string[] {
  const inJson = JSON.stringify(value).slice(1, -1)
  const bytes = Buffer.from(value)
  return [
    value,
    inJson,
    JSON.stringify(inJson).slice(1, -1),
    encodeURIComponent(value),
    encodeURI(value),
    new URLSearchParams({ '': value }).toString().slice(1),
    value.replace(/[&<>"'`=]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`),
    value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character),
    asMarkdown(value),
    codeCell(value).replace(/^`+ ?| ?`+$/g, ''),
    bytes.toString('hex'),
    ...[0, 1, 2].flatMap((offset) => inBase64(bytes, offset)),
  ].filter((form) => form.length >= SHORTEST)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** The characters that stand for the bytes alone, wherever in a longer text the bytes begin. */
function inBase64(bytes: Buffer, offset: number): readonly string[] {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const core = text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}

/** What gives a secret away by its looks. None of them may take time that grows faster than the text. */
const UNMISTAKABLE: readonly { readonly what: RegExp; readonly instead: string }[] = [
  {
    what: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
    instead: REDACTED,
  },
  // The user's part of a URL, though somebody forgot to encode a slash in the password.
  // In Markdown an invisible space keeps an address from being a link.
  { what: /(:\u200b?\/\/)[^\s/?#"'<>@:]{0,200}:(?!\d+\/)[^\s"'<>@]{1,500}@/g, instead: `$1${REDACTED}@` },
  { what: /(:\u200b?\/\/)[^\s/?#"'<>@]{1,200}@/g, instead: `$1${REDACTED}@` },
  { what: /\bgh[pousr]_[A-Za-z0-9_.-]{16,}/g, instead: REDACTED },
  { what: /\bgithub_pat_[A-Za-z0-9_]{16,}/g, instead: REDACTED },
  { what: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g, instead: REDACTED },
  { what: /\bAKIA[0-9A-Z]{16}\b/g, instead: REDACTED },
]

/** What is said to be secret by the word before it. */
const BY_THEIR_NAMES: typeof UNMISTAKABLE = [
  {
    what: /\b((?:ssl)?password|passwd|pwd|secret|client_secret|token|access_token|api[_-]?key)(\\?["']?\s{0,3}(?:=|%3D)\s{0,3}|\\?["']\s{0,3}:\s{0,3})(?:\\?"[^"\\]*\\?"|'[^']*'|[^\s&,;"'}\\]+)/gi,
    instead: `$1$2${REDACTED}`,
  },
  { what: /\b(password)(\s{1,3})'(?:[^']|'')*'/gi, instead: `$1$2'${REDACTED}'` },
  {
    what: /\b(authorization\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?(?:bearer|basic|token)\s)[^\s"'\\]+/gi,
    instead: `$1${REDACTED}`,
  },
]
