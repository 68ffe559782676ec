import { REFS } from './bash.js'
import type { Grammar, OptionGrammar, Values, VerbGrammar } from './grammar.js'

/** The script for fish. */
export function fish({ programs: [program = '', ...others], options, verbs, rules }: Grammar): string {
  const lines = [
    `# Completion of ${[program, ...others].join(' and ')} in fish. Into ~/.config/fish/config.fish: dba completion fish | source`,
    `complete -c ${program} -f`,
    ...options.map((option) => `complete -c ${program} -n __fish_use_subcommand${flag(option)}`),
    ...verbs.flatMap((verb) => verbLines(program, verb, rules)),
    ...others.map((other) => `complete -c ${other} -w ${program}`),
  ]
  return `${lines.join('\n')}\n`
}

function verbLines(
  program: string,
  { name, description, options, subject }: VerbGrammar,
  rules: readonly string[],
): readonly string[] {
  const within = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`
  const words = subject?.kind === 'rules-and-files' ? [`${within} -a ${quoted(rules.join(' '))}`] : []
  return [
    `complete -c ${program} -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
    ...options.map((option) => `${within}${flag(option)}`),
    ...words,
    ...(subject === null || subject.kind === 'anything' ? [] : [`${within}${candidates(subject)}`]),
  ]
}

function flag({ names, description, values, alone }: OptionGrammar): string {
  const flags = names.map((name) => (name.startsWith('--') ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`))
  const takes = values === null ? '' : `${alone ? '' : ' -r'}${candidates(values)}`
  return `${flags.join('')}${takes} -d ${quoted(description)}`
}

function candidates(values: Values): string {
  switch (values.kind) {
    case 'words':
      return ` -f -a ${quoted(values.words.join(' '))}`
    case 'files':
    case 'rules-and-files':
      return ' -F'
    case 'folders':
      return ` -f -a '(__fish_complete_directories)'`
    case 'refs':
      return ` -f -a ${quoted(`(${REFS})`)}`
    case 'anything':
      return ' -f'
  }
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
