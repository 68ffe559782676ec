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
import { bounded } from './depth.js'
import { dropColumn } from './drop-column.js'
import { dropConstraint } from './drop-constraint.js'
import { dropIndex } from './drop-index.js'
import { dropTable } from './drop-table.js'
import { createEntity, dropEntity, replaceEntity } from './entity.js'
import { addEnumValue, syncEnumValues } from './enum-values.js'
import { execute } from './execute.js'
import { GEOSPATIAL } from './geospatial.js'
import type { OperationSql } from './operation.js'
import { renameTable } from './rename-table.js'
import { createTableComment, dropTableComment } from './table-comment.js'

/** The operations that are understood, by the name they have on `op` (https://alembic.sqlalchemy.org/en/latest/ops.html), and those of three packages. */
export const OPERATIONS: ReadonlyMap<string, OperationSql> = new Map(
  Object.entries<OperationSql>({
    add_column: addColumn,
    add_enum_value: addEnumValue,
    alter_column: alterColumn,
    bulk_insert: bulkInsert,
    create_check_constraint: createCheckConstraint,
    create_entity: createEntity,
    create_exclude_constraint: createExcludeConstraint,
    create_foreign_key: createForeignKey,
    create_index: createIndex,
    create_primary_key: createPrimaryKey,
    create_table: createTable,
    create_table_comment: createTableComment,
    create_unique_constraint: createUniqueConstraint,
    drop_column: dropColumn,
    drop_constraint: dropConstraint,
    drop_entity: dropEntity,
    drop_index: dropIndex,
    drop_table: dropTable,
    drop_table_comment: dropTableComment,
    execute,
    rename_table: renameTable,
    ...GEOSPATIAL,
    replace_entity: replaceEntity,
    sync_enum_values: syncEnumValues,
  }).map(([name, operation]) => [name, bounded(operation)]),
)
