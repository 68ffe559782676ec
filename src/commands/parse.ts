import { plainLines } from './plain-lines.js'
import { argumentsOf, type Arguments } from './tokens.js'

/** A command as somebody wrote it. */
export interface Asked extends Arguments {
  /** In lower case; '' for `/dba` alone. */
  readonly name: string
  /** Why its arguments cannot be read; null when they can. */
  readonly problem: string | null
}

/** What a comment asks for. */
export interface Asking {
  /** In the order in which they are written, `MOST_COMMANDS` at most. */
  readonly commands: readonly Asked[]
  /** Commands beyond those, which nobody runs. */
  readonly more: number
  /** Why none of them is run; null when they are. */
  readonly refused: string | null
}

export const MOST_COMMANDS = 5

/** ASCII alone: a space that is none, or a letter that looks like another, makes no command. */
const COMMAND = /^ {0,3}\/dba(?:[ \t]+([^ \t]+)(.*))?[ \t]*$/i
const START = /^ {0,3}\/dba(?:[ \t]|$)/i

/** Two that cannot both be meant. */
const CONTRADICTION = ['approve', 'revoke']

/** The commands of a comment, as GitHub's Markdown has it: what is quoted, shown as code or hidden is not said. */
export function parse(markdown: string): Asking {
  const lines = plainLines(markdown, START)
  if (lines === null) {
    return {
      commands: [],
      more: 0,
      refused: 'the comment is too long, or too intricate: give commands in a short comment of their own',
    }
  }
  const asked = lines.map(askedIn)
  const names = new Set(asked.map(({ name }) => name))
  const contradicts = CONTRADICTION.every((name) => names.has(name))
  return {
    commands: asked.slice(0, MOST_COMMANDS),
    more: Math.max(0, asked.length - MOST_COMMANDS),
    refused: contradicts ? `${CONTRADICTION.join(' and ')} stand in one comment` : null,
  }
}

function askedIn(line: string): Asked {
  const [, name = '', rest = ''] = COMMAND.exec(line) ?? []
  const read = argumentsOf(rest)
  // Only ASCII has a lower case here: a letter of another alphabet stays what it is.
  const lower = name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  return 'problem' in read
    ? { name: lower, words: [], named: new Map(), problem: read.problem }
    : { name: lower, ...read, problem: null }
}
