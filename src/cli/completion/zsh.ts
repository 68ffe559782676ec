import { REFS } from './bash.js'
import type { Grammar, OptionGrammar, Values, VerbGrammar } from './grammar.js'

/** The script for zsh: sourced, or as `_dba` in a folder of `fpath`. */
export function zsh({ programs, options, verbs, rules }: Grammar): string {
  const described = verbs.map(({ name, description }) => `      ${quoted(`${name}:${description}`)}`)
  return `#compdef ${programs.join(' ')}
# Completion of ${programs.join(' and ')} in zsh. Into ~/.zshrc, after compinit: source <(dba completion zsh)
_dba_refs() {
  local -a refs
  refs=("\${(@f)$(${REFS})}")
  compadd -a refs
}
_dba_subject() {
  local -a rules
  rules=(${rules.join(' ')})
  compadd -a rules
  _files
}
_dba() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C ${options.map((option) => specification(option)).join(' ')} '1: :->verb' '*:: :->rest'
  case $state in
  verb)
    local -a verbs
    verbs=(
${described.join('\n')}
    )
    _describe command verbs
    ;;
  rest)
    case $words[1] in
${verbs.map(verbCase).join('\n')}
    esac
    ;;
  esac
}
if [ "$funcstack[1]" = _dba ]; then _dba "$@"; else compdef _dba ${programs.join(' ')}; fi
`
}

function verbCase({ name, options, subject }: VerbGrammar): string {
  const subjects = subject === null ? [] : [quoted(`*: :${action(subject)}`)]
  const all = [...options.map((option) => specification(option)), ...subjects]
  return `    ${name}) ${all.length === 0 ? ':' : `_arguments ${all.join(' ')}`} ;;`
}

function specification({ names, description, values, alone }: OptionGrammar): string {
  const about = description.replace(/[[\]:\\]/g, '\\$&')
  const value = values === null ? '' : `${alone ? '::' : ':'} :${action(values)}`
  return names.map((name) => quoted(`${name}[${about}]${value}`)).join(' ')
}

function action(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `(${values.words.join(' ')})`
    case 'files':
      return '_files'
    case 'folders':
      return '_files -/'
    case 'refs':
      return '_dba_refs'
    case 'rules-and-files':
      return '_dba_subject'
    case 'anything':
      return ''
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
