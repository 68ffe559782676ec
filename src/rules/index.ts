import brokenParentLink from './broken-parent-link.js'
import checksumManifestNotUpdated from './checksum-manifest-not-updated.js'
import deletedAppliedMigration from './deleted-applied-migration.js'
import downTouchesVersionTable from './down-touches-version-table.js'
import dropAndAddColumn from './drop-and-add-column.js'
import dropAndRecreateTable from './drop-and-recreate-table.js'
import dropColumn from './drop-column.js'
import dropTable from './drop-table.js'
import dropTableCascade from './drop-table-cascade.js'
import duplicateMigrationVersion from './duplicate-migration-version.js'
import editedAppliedMigration from './edited-applied-migration.js'
import editedAppliedMigrationCommentsOnly from './edited-applied-migration-comments-only.js'
import editedAppliedRollback from './edited-applied-rollback.js'
import emptyMigration from './empty-migration.js'
import invalidMigrationFilename from './invalid-migration-filename.js'
import migrationTimestampInFuture from './migration-timestamp-in-future.js'
import migrationVersionGap from './migration-version-gap.js'
import multipleHeads from './multiple-heads.js'
import outOfOrderMigration from './out-of-order-migration.js'
import renamedAppliedMigration from './renamed-applied-migration.js'
import repeatableMigrationNotIdempotent from './repeatable-migration-not-idempotent.js'
import type { Rule } from './rule.js'

/** Every rule, sorted by id. */
export const rules: readonly Rule[] = [
  brokenParentLink,
  checksumManifestNotUpdated,
  deletedAppliedMigration,
  downTouchesVersionTable,
  dropAndAddColumn,
  dropAndRecreateTable,
  dropColumn,
  dropTable,
  dropTableCascade,
  duplicateMigrationVersion,
  editedAppliedMigration,
  editedAppliedMigrationCommentsOnly,
  editedAppliedRollback,
  emptyMigration,
  invalidMigrationFilename,
  migrationTimestampInFuture,
  migrationVersionGap,
  multipleHeads,
  outOfOrderMigration,
  renamedAppliedMigration,
  repeatableMigrationNotIdempotent,
]
