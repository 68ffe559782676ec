import type { OperationCall } from '../translation.js'
import { addColumn } from './add-column.js'
import { createIndex } from './create-index.js'
import { createTable } from './create-table.js'
import { dropColumn } from './drop-column.js'
import { dropIndex } from './drop-index.js'
import { dropTable } from './drop-table.js'
import type { OperationSql } from './operation.js'

/**
 * The operations of GeoAlchemy 2 (https://geoalchemy-2.readthedocs.io/en/latest/alembic.html). On PostgreSQL they are those of
 * Alembic, but for a few.
 */
export const GEOSPATIAL: Readonly<Record<string, OperationSql>> = {
  create_geospatial_table: createTable,
  drop_geospatial_table: dropTable,
  create_geospatial_index: createIndex,
  drop_geospatial_index: (call, translation) => dropIndex(without(call, 'column_name'), translation),
  // It adds the column and nothing else: an index is made by an operation of its own.
  add_geospatial_column: (call, translation) => addColumn(call, translation).slice(0, 1),
  drop_geospatial_column: dropColumn,
  // Constraints are for SQL Server.
  create_geospatial_constraints: () => [],
  drop_geospatial_constraints: () => [],
}

function without(call: OperationCall, name: string): OperationCall {
  return { ...call, keywords: new Map([...call.keywords].filter(([keyword]) => keyword !== name)) }
}
