import addRequiredColumn from './add-required-column.js'
import brokenParentLink from './broken-parent-link.js'
import checksumManifestNotUpdated from './checksum-manifest-not-updated.js'
import deleteWithoutWhere from './delete-without-where.js'
import deletedAppliedMigration from './deleted-applied-migration.js'
import downDoesNotCoverUp from './down-does-not-cover-up.js'
import downTouchesVersionTable from './down-touches-version-table.js'
import dropAndAddColumn from './drop-and-add-column.js'
import dropAndRecreateTable from './drop-and-recreate-table.js'
import dropCascade from './drop-cascade.js'
import dropColumn from './drop-column.js'
import dropColumnDropsConstraint from './drop-column-drops-constraint.js'
import dropPrimaryKey from './drop-primary-key.js'
import dropSchema from './drop-schema.js'
import dropTable from './drop-table.js'
import dropTableCascade from './drop-table-cascade.js'
import duplicateMigrationVersion from './duplicate-migration-version.js'
import editedAppliedMigration from './edited-applied-migration.js'
import editedAppliedMigrationCommentsOnly from './edited-applied-migration-comments-only.js'
import editedAppliedRollback from './edited-applied-rollback.js'
import emptyDown from './empty-down.js'
import emptyMigration from './empty-migration.js'
import invalidMigrationFilename from './invalid-migration-filename.js'
import irreversibleWithoutReason from './irreversible-without-reason.js'
import migrationTimestampInFuture from './migration-timestamp-in-future.js'
import migrationVersionGap from './migration-version-gap.js'
import missingDown from './missing-down.js'
import multipleHeads from './multiple-heads.js'
import notNullColumnDefaultDropped from './not-null-column-default-dropped.js'
import outOfOrderMigration from './out-of-order-migration.js'
import renameColumn from './rename-column.js'
import renameEnumValue from './rename-enum-value.js'
import renameTable from './rename-table.js'
import renamedAppliedMigration from './renamed-applied-migration.js'
import repeatableMigrationNotIdempotent from './repeatable-migration-not-idempotent.js'
import truncate from './truncate.js'
import truncateCascade from './truncate-cascade.js'
import typeNarrowing from './type-narrowing.js'
import updateFromWithoutBinding from './update-from-without-binding.js'
import updateWithoutWhere from './update-without-where.js'
import type { Rule } from './rule.js'

/** Every rule, sorted by id. */
export const rules: readonly Rule[] = [
  addRequiredColumn,
  brokenParentLink,
  checksumManifestNotUpdated,
  deleteWithoutWhere,
  deletedAppliedMigration,
  downDoesNotCoverUp,
  downTouchesVersionTable,
  dropAndAddColumn,
  dropAndRecreateTable,
  dropCascade,
  dropColumn,
  dropColumnDropsConstraint,
  dropPrimaryKey,
  dropSchema,
  dropTable,
  dropTableCascade,
  duplicateMigrationVersion,
  editedAppliedMigration,
  editedAppliedMigrationCommentsOnly,
  editedAppliedRollback,
  emptyDown,
  emptyMigration,
  invalidMigrationFilename,
  irreversibleWithoutReason,
  migrationTimestampInFuture,
  migrationVersionGap,
  missingDown,
  multipleHeads,
  notNullColumnDefaultDropped,
  outOfOrderMigration,
  renameColumn,
  renameEnumValue,
  renameTable,
  renamedAppliedMigration,
  repeatableMigrationNotIdempotent,
  truncate,
  truncateCascade,
  typeNarrowing,
  updateFromWithoutBinding,
  updateWithoutWhere,
]
