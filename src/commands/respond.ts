import { nearest } from '../source/nearest.js'
import { mayWrite } from '../review/consent-right.js'
import type { Answer, Command, Context } from './command.js'
import { commands } from './index.js'
import { type Asked, type Asking, MOST_COMMANDS, parse } from './parse.js'
import { RATE } from './rate.js'
import { refuse } from './reply.js'

/** GitHub refuses a longer comment. */
const LONGEST_REPLY = 65_536
const TOO_MANY = `A pull request may run ${RATE.commands} commands in ${RATE.minutes} minutes: not all of these were run`
const BETWEEN = '\n---\n\n'

/** A command that people wrote, and the one that it is. */
export interface Meant {
  readonly asked: Asked
  /** null for one that is not known. */
  readonly command: Command | null
}

/** What a comment asks for. Null when it asks for nothing. */
export function meantBy(body: string): (Omit<Asking, 'commands'> & { readonly commands: readonly Meant[] }) | null {
  const { commands: asked, more, refused } = parse(body)
  if (asked.length === 0 && refused === null) return null
  return { commands: asked.map((each) => ({ asked: each, command: commandOf(each.name) })), more, refused }
}

/** Whether a comment asks for something that a report has to be there for. */
export function awaitsReport(body: string): boolean {
  return meantBy(body)?.commands.some(({ command }) => command?.about === 'report') ?? false
}

/**
 * One answer to a whole comment; null when it asks for nothing. `left` is how many commands the pull request may still run, as
 * `allowance` says: beyond it nothing is run, and where none is left nothing is said, since answers would be a flood as well.
 */
export function respond(body: string, context: Omit<Context, 'room'>, left: number = MOST_COMMANDS): Answer | null {
  const meant = meantBy(body)
  if (meant === null) return null
  if (left <= 0) return { reaction: 'confused', reply: null, effects: [] }
  const { commands: all, more, refused } = meant
  const room = Math.floor(LONGEST_REPLY / (all.length + 1)) - BETWEEN.length
  const each = { ...context, room }
  if (refused !== null) return refuse(each, `Nothing was done: ${refused}`)
  const answers = all.slice(0, left).map(({ asked, command }) => answerTo(asked, command, each))
  if (all.length > left) answers.push(refuse(each, TOO_MANY))
  if (more > 0) answers.push(refuse(each, `A comment may hold ${MOST_COMMANDS} commands: ${more} more were not run`))
  return together(answers)
}

function commandOf(name: string): Command | null {
  return commands.find((command) => command.name === (name === '' ? 'help' : name)) ?? null
}

function answerTo(asked: Asked, command: Command | null, context: Context): Answer {
  if (command === null) {
    const near = nearest(
      asked.name,
      commands.map(({ name }) => name),
    )
    const meant = near.length > 0 ? '; perhaps one of these was meant' : '; these are known'
    const names = near.length > 0 ? near : commands.map(({ name }) => name)
    return refuse(
      context,
      `There is no command ${asked.name.slice(0, 40)}${meant}`,
      names.map((name) => `/dba ${name}`),
    )
  }
  if (asked.problem !== null)
    return refuse(context, `The command cannot be read: ${asked.problem}`, [`/dba ${command.usage}`])
  const refusal = permission(command, context)
  return refusal === null ? command.run(asked, context) : refuse(context, refusal)
}

/** Why somebody may not ask for this; null when they may. Who may agree is for the command to say, text by text. */
function permission({ name, who }: Command, { standing }: Context): string | null {
  if (who !== 'write' || mayWrite(standing)) return null
  return standing.role === 'unknown'
    ? `Whether you may ask for ${name} could not be seen; try again later`
    : `${name} is for those who may write to the repository`
}

/** Several answers as one comment. */
function together(answers: readonly Answer[]): Answer {
  const replies = [...new Set(answers.flatMap(({ reply }) => reply ?? []))]
  return {
    reaction: answers.some(({ reaction }) => reaction === 'confused') ? 'confused' : '+1',
    reply: replies.length === 0 ? null : replies.join(BETWEEN),
    effects: distinct(answers.flatMap(({ effects }) => effects)),
  }
}

/** What is asked for twice is done once. */
function distinct(effects: Answer['effects']): Answer['effects'] {
  return [...new Map(effects.map((effect) => [JSON.stringify(effect), effect])).values()]
}
