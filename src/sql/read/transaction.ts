import type { TransactionStmt, TransactionStmtKind } from '@pgsql/types'
import type { Transaction } from '../../model/operations/data.js'
import type { Reader } from './reader.js'
import { spanOfAll } from './stretch.js'

const ACTIONS: { readonly [Kind in TransactionStmtKind]: Transaction['action'] } = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollback-to',
  TRANS_STMT_PREPARE: 'prepare',
  TRANS_STMT_COMMIT_PREPARED: 'commit-prepared',
  TRANS_STMT_ROLLBACK_PREPARED: 'rollback-prepared',
}

/** BEGIN, COMMIT, SAVEPOINT and all others that open, close or mark a transaction. */
export const readTransaction: Reader<TransactionStmt> = (
  { kind = 'TRANS_STMT_BEGIN', chain, savepoint_name: savepoint },
  place,
) => [
  {
    kind: 'transaction',
    span: spanOfAll(place),
    action: ACTIONS[kind],
    chain: chain === true,
    ...(savepoint === undefined ? {} : { savepoint }),
  },
]
