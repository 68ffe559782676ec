import type { Command } from './command.js'
import { fitting } from './reply.js'

const WHO: Readonly<Record<Command['who'], string>> = {
  anyone: 'anyone',
  write: 'who may write',
  approver: 'approvers',
}

/** The help, over all commands that there are. */
export function helpOn(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    usage: 'help',
    summary: 'this table',
    who: 'anyone',
    about: 'nothing',
    run: (_, context) => fitting(context, 'command-help', () => ({ commands: rowsOf(commands()) })),
  }
}

/** The commands as rows of a table. */
export function rowsOf(commands: readonly Command[]): readonly object[] {
  return commands.map(({ usage, summary, who }) => ({ usage: `/dba ${usage}`, summary, who: WHO[who] }))
}
