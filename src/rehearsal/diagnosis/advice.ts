import { because, type Explain } from './failing.js'

/** Failures whose whole explanation is a sentence, by SQLSTATE and message. */
export const advice: Explain = ({ failure: { sqlstate, message } }) => {
  const found = ADVICE.find((each) => each.sqlstate === sqlstate && each.message.test(message))
  return found === undefined ? null : because(found.cause, { remedy: found.remedy })
}

/** https://www.postgresql.org/docs/current/sql-createindex.html, sql-altertype.html, sql-set-constraints.html, runtime-config-client.html */
const ADVICE: readonly {
  readonly sqlstate: string
  readonly message: RegExp
  readonly cause: string
  readonly remedy: string
}[] = [
  {
    sqlstate: '25001',
    message: /cannot (?:run|be executed) (?:inside|from) a (?:transaction block|subtransaction|function|pipeline)/,
    cause: 'the statement commits as it goes, and the tool runs the script in one transaction',
    remedy: 'put it alone into a migration that the tool runs outside a transaction',
  },
  {
    sqlstate: '55P04',
    message: /./,
    cause: 'a new enum value cannot be used before the transaction that adds it has committed',
    remedy: 'add the value in a migration of its own, and use it in the next',
  },
  {
    sqlstate: '55006',
    message: /pending trigger events/,
    cause: 'rows that the transaction changed still wait for deferred constraints or triggers',
    remedy: 'run SET CONSTRAINTS ALL IMMEDIATE before it, or change rows and schema in separate migrations',
  },
  {
    sqlstate: '55006',
    message: /being used by active queries/,
    cause: 'a query of this session is still reading the table, such as the loop or trigger that the statement runs in',
    remedy: 'collect what the loop needs first, and change the table after it',
  },
  {
    sqlstate: '55P03',
    message: /lock timeout/,
    cause: 'another session holds a lock on the table for longer than lock_timeout',
    remedy: 'try again when it is free; keep the timeout, since what waits for a lock makes everyone behind it wait',
  },
]
