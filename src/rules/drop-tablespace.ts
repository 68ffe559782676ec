import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-tablespace',
    code: 'B7',
    family: 'data-loss',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A tablespace is dropped',
    why:
      'A tablespace is a directory of the server, which all its databases share. PostgreSQL drops only an empty one, so that the ' +
      'statement fails as long as any database has something in it, and may succeed on a test server and fail on the one that ' +
      'counts. It cannot run in a transaction. Temporary files and later CREATE … TABLESPACE lose their place.',
    instead: 'Leave it to whoever runs the server.',
    messages: { dropped: 'Drops a tablespace, which belongs to the whole server and not to this database' },
  },
  check: {
    unmodelled({ node, span }) {
      return node === 'DropTableSpaceStmt' ? { message: 'dropped', at: span } : undefined
    },
  },
})
