import { rules } from '../../rules/index.js'

/** What may stand in a place of the command line. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' | 'folders' | 'refs' | 'rules-and-files' | 'anything' }

/** An option, with what follows it; null when nothing does. */
export interface OptionGrammar {
  /** `--format`, and its short form where it has one. */
  readonly names: readonly string[]
  readonly description: string
  readonly values: Values | null
  /** Whether the option may also stand alone. */
  readonly alone: boolean
}

export interface VerbGrammar {
  readonly name: string
  readonly description: string
  readonly options: readonly OptionGrammar[]
  /** What its arguments are; null when it takes none. */
  readonly subject: Values | null
}

/** All that the command line takes. */
export interface Grammar {
  /** The names under which the program is started. */
  readonly programs: readonly string[]
  readonly options: readonly OptionGrammar[]
  readonly verbs: readonly VerbGrammar[]
  readonly rules: readonly string[]
}

/** A command as the parser of arguments describes it. */
export interface Described {
  name(): string
  description(): string
  readonly commands: readonly Described[]
  readonly registeredArguments: readonly { name(): string; readonly argChoices?: readonly string[] | undefined }[]
  createHelp(): {
    visibleCommands(command: Described): readonly Described[]
    visibleOptions(command: Described): readonly DescribedOption[]
  }
}

interface DescribedOption {
  readonly flags: string
  readonly long?: string | null | undefined
  readonly short?: string | undefined
  readonly description: string
  readonly argChoices?: readonly string[] | undefined
  readonly required: boolean
  readonly optional: boolean
}

/** Reads the grammar off the commands as they are declared, so that there is no second list to keep. */
export function grammarOf(program: Described): Grammar {
  const help = program.createHelp()
  const options = (command: Described): readonly OptionGrammar[] => help.visibleOptions(command).map(optionOf)
  const shown = help.visibleCommands(program)
  const verbs = shown.map((command) => ({
    name: command.name(),
    description: command.description(),
    // What commander adds itself takes the name of a command.
    options: command.name() === 'help' ? [] : options(command),
    subject:
      command.name() === 'help'
        ? { kind: 'words' as const, words: shown.map((each) => each.name()) }
        : subjectOf(command),
  }))
  return {
    programs: [program.name(), 'dba-bot'],
    options: options(program),
    verbs,
    rules: rules.map(({ meta }) => meta.id),
  }
}

function optionOf({ flags, long, short, description, argChoices, required, optional }: DescribedOption): OptionGrammar {
  const names = [long, short].filter((name) => typeof name === 'string')
  const placeholder = /[<[](.+?)[\]>]/.exec(flags)?.[1] ?? ''
  const values = required || optional ? valuesOf(placeholder, argChoices) : null
  return { names, description, values, alone: optional }
}

function subjectOf({ registeredArguments: [first] }: Described): Values | null {
  return first === undefined ? null : valuesOf(first.name(), first.argChoices)
}

/** By the word that stands for a value in the help. */
const KINDS: Readonly<Record<string, Values>> = {
  file: { kind: 'files' },
  folder: { kind: 'folders' },
  ref: { kind: 'refs' },
  subject: { kind: 'rules-and-files' },
}

function valuesOf(placeholder: string, choices: readonly string[] | undefined): Values {
  if (choices !== undefined) return { kind: 'words', words: choices }
  return KINDS[placeholder.replace(/\.+$/, '')] ?? { kind: 'anything' }
}
