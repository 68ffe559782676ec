import type { OperationCall, Translation } from '../translation.js'

/** How one `op.*` call becomes the SQL that Alembic sends to PostgreSQL, statement by statement. */
export type OperationSql = (call: OperationCall, translation: Translation) => readonly string[]
