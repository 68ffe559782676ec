import type { Grammar, OptionGrammar, Values } from './grammar.js'

/** The names of branches and tags, one a line; whoever reads them must not let the shell expand them. */
export const REFS = "git for-each-ref --format='%(refname:short)' refs/heads refs/remotes refs/tags 2>/dev/null"

/**
 * The script for bash 3.2 and newer. Candidates are filtered by hand: `compgen -W` would expand what it is given, and a branch may
 * be called `$(…)`.
 */
export function bash({ programs, options, verbs, rules }: Grammar): string {
  const names = verbs.map(({ name }) => name)
  return `# Completion of ${programs.join(' and ')} in bash. Into ~/.bashrc: source <(dba completion bash)
_dba_among() {
  local word
  while IFS= read -r word; do
    [[ "$word" == "$current"* ]] && COMPREPLY+=("$(printf '%q' "$word")")
  done
}
_dba_words() { _dba_among <<< "$(printf '%s\\n' "$@")"; }
_dba_paths() {
  local path
  compopt -o filenames 2>/dev/null
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$current")
}
_dba_refs() { _dba_among < <(${REFS}); }
_dba_rules() { _dba_words ${rules.join(' ')}; }
_dba() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" verb='' i
  COMPREPLY=()
  # Bash takes \`--option=value\` apart at the sign.
  if [[ "$current" == '=' ]]; then current=''
  elif [[ "$previous" == '=' ]]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in -*) ;; *) verb="\${COMP_WORDS[i]}"; break ;; esac
  done
  case "$verb" in
    '') _dba_words ${[...names, ...longOf(options)].join(' ')} ;;
${verbs.map(({ name, options, subject }) => verbCase(name, options, subject)).join('\n')}
  esac
}
complete -F _dba ${programs.join(' ')}
`
}

function verbCase(name: string, options: readonly OptionGrammar[], subject: Values | null): string {
  const valued = options.flatMap(({ names, values }) =>
    values === null ? [] : [`        ${names.join('|')}) ${candidates(values)}; return ;;`],
  )
  const lines = [
    `    ${name})`,
    ...(valued.length === 0 ? [] : ['      case "$previous" in', ...valued, '      esac']),
    `      if [[ "$current" == -* ]]; then _dba_words ${longOf(options).join(' ')}`.trimEnd(),
    ...(subject === null ? ['      fi'] : [`      else ${candidates(subject)}; fi`]),
    '      ;;',
  ]
  return lines.join('\n')
}

function candidates(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `_dba_words ${values.words.join(' ')}`
    case 'files':
      return '_dba_paths -f'
    case 'folders':
      return '_dba_paths -d'
    case 'refs':
      return '_dba_refs'
    case 'rules-and-files':
      return '_dba_rules; _dba_paths -f'
    case 'anything':
      return ':'
  }
}

function longOf(options: readonly OptionGrammar[]): readonly string[] {
  return options.flatMap(({ names }) => names.filter((name) => name.startsWith('--')))
}
