import { bash } from './completion/bash.js'
import { fish } from './completion/fish.js'
import { grammarOf, type Described } from './completion/grammar.js'
import { zsh } from './completion/zsh.js'
import { EXIT, type Io } from './io.js'

/** The shells for which there is a script. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

const WRITERS = { bash, zsh, fish } as const

/** `dba completion SHELL`: the script by which a shell completes what the command line takes. */
export function completionVerb(shell: Shell, program: Described, io: Io): number {
  io.out(WRITERS[shell](grammarOf(program)))
  return EXIT.pass
}
