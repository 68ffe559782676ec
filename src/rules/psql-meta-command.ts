import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'psql-meta-command',
    code: 'G25',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A command of psql stands in a script that is not run by psql',
    why:
      'Commands that begin with a backslash are read by the program psql and never reach the server; so are the rows below COPY ' +
      'FROM stdin, as a dump has them. A tool that sends the file through a driver sends them as SQL: PostgreSQL stops with a ' +
      'syntax error, or waits for rows that nobody sends.',
    instead:
      'Write plain SQL: INSERT for rows, and what a file that is included says in its place. A dump is made so by pg_dump ' +
      '--inserts.',
    messages: {
      command: '{{tool}} sends {{text}} to PostgreSQL, where it is a syntax error: only psql knows it',
      rows: '{{tool}} sends these rows of COPY to PostgreSQL as SQL, where they are a syntax error',
      copy: '{{tool}} does not send the rows that COPY FROM stdin waits for',
    },
  },
  check: {
    script(script, { conventions: { verbatim, tool } }) {
      if (script.kind !== 'script' || verbatim !== true) return
      return script.gaps.flatMap(({ foreign, at }): Problem<'command' | 'rows'>[] => {
        if (at === null) return []
        if (foreign?.kind === 'copy-rows') return [{ message: 'rows', at, data: { tool } }]
        return foreign?.kind === 'meta-command' ? [{ message: 'command', at, data: { tool, text: foreign.text } }] : []
      })
    },
    copy({ direction, endpoint, span }, { conventions: { verbatim, tool }, script }) {
      if (verbatim !== true || direction === 'to' || endpoint !== 'stdin') return
      const hasRows = script.gaps.some(({ foreign }) => foreign?.kind === 'copy-rows')
      return hasRows ? undefined : { message: 'copy', at: span, data: { tool } }
    },
  },
})
