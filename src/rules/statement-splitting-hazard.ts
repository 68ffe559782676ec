import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'statement-splitting-hazard',
    code: 'G24',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'The tool cuts a statement apart at a semicolon inside it',
    why:
      'Some tools look for semicolons at the ends of lines and do not know quotes. The body of a function has one after each of ' +
      'its statements: PostgreSQL is sent the first half, and refuses it.',
    instead: 'Put the marks of the tool around the statement, such as StatementBegin and StatementEnd.',
    messages: {
      cut: '{{tool}} cuts this statement apart {{where}}',
    },
  },
  check: {
    script(script) {
      if (script.kind !== 'script') return
      return script.gaps.flatMap(({ foreign, at }) =>
        foreign?.kind === 'cut' && at !== null
          ? [{ message: 'cut', at, data: { tool: foreign.tool, where: foreign.where } } as const]
          : [],
      )
    },
  },
})
