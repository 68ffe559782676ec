import { REDACTED, type Redactor } from '../report/redact.js'

/** A log of lines of JSON. */
export interface Log {
  info(message: string, fields: Fields): void
  warn(message: string, fields: Fields): void
  error(message: string, fields: Fields): void
  /** The same log, whose lines all bear these as well. */
  with(fields: Fields): Log
}
export type Fields = Readonly<Record<string, unknown>>

const LONGEST_VALUE = 4_000

/**
 * One line a message: the time, the level, the message, the fields. Nothing reaches `write` but through the redactor; a line break
 * in a value cannot begin a line, and errors are their names, messages and stacks.
 */
export function jsonLog(write: (line: string) => void, redact: Redactor, time: () => Date, always: Fields = {}): Log {
  const line = (level: string, message: string, fields: Fields): void => {
    const record = { time: time().toISOString(), level, message, ...always, ...fields }
    write(`${encoded(record, redact)}\n`)
  }
  return {
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    error: (message, fields) => line('error', message, fields),
    with: (fields) => jsonLog(write, redact, time, { ...always, ...fields }),
  }
}

/** Values are redacted one by one: what is taken out of a line as a whole might take a quotation mark with it. */
function encoded(record: Fields & { readonly message: string }, redact: Redactor): string {
  const plain = (key: string, value: unknown): unknown => {
    if (SECRET_NAME.test(key)) return REDACTED
    if (value instanceof Error) {
      const { name, message, stack, cause } = value
      return { name, message, code: 'code' in value ? value.code : undefined, stack, cause }
    }
    if (typeof value === 'bigint') return value.toString()
    return typeof value === 'string' ? redact(cut(value)) : value
  }
  try {
    return JSON.stringify(record, plain)
  } catch (error) {
    return JSON.stringify({ message: redact(cut(record.message)), unloggable: redact(cut(String(error))) })
  }
}

/** Fields that never hold anything else. */
const SECRET_NAME = /^(password|secret|token|private_?key|authorization)$/i

function cut(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)` : text
}
