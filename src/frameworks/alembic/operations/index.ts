import { addColumn } from './add-column.js'
import { alterColumn } from './alter-column.js'
import { bulkInsert } from './bulk-insert.js'
import { createCheckConstraint } from './create-check-constraint.js'
import { createExcludeConstraint } from './create-exclude-constraint.js'
import { createForeignKey } from './create-foreign-key.js'
import { createIndex } from './create-index.js'
import { createPrimaryKey } from './create-primary-key.js'
import { createTable } from './create-table.js'
import { createUniqueConstraint } from './create-unique-constraint.js'
import { dropColumn } from './drop-column.js'
import { dropConstraint } from './drop-constraint.js'
import { dropIndex } from './drop-index.js'
import { dropTable } from './drop-table.js'
import { execute } from './execute.js'
import type { OperationSql } from './operation.js'
import { renameTable } from './rename-table.js'
import { createTableComment, dropTableComment } from './table-comment.js'

/** The operations that are understood, by the name they have on `op` (https://alembic.sqlalchemy.org/en/latest/ops.html). */
export const OPERATIONS: ReadonlyMap<string, OperationSql> = new Map(
  Object.entries({
    add_column: addColumn,
    alter_column: alterColumn,
    bulk_insert: bulkInsert,
    create_check_constraint: createCheckConstraint,
    create_exclude_constraint: createExcludeConstraint,
    create_foreign_key: createForeignKey,
    create_index: createIndex,
    create_primary_key: createPrimaryKey,
    create_table: createTable,
    create_table_comment: createTableComment,
    create_unique_constraint: createUniqueConstraint,
    drop_column: dropColumn,
    drop_constraint: dropConstraint,
    drop_index: dropIndex,
    drop_table: dropTable,
    drop_table_comment: dropTableComment,
    execute,
    rename_table: renameTable,
  }),
)
