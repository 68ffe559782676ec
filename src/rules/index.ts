import addCheckValidating from './add-check-validating.js'
import addColumnSerial from './add-column-serial.js'
import addColumnStoredGenerated from './add-column-stored-generated.js'
import addColumnVolatileDefault from './add-column-volatile-default.js'
import addForeignKeyValidating from './add-foreign-key-validating.js'
import addPrimaryKeyValidating from './add-primary-key-validating.js'
import addRequiredColumn from './add-required-column.js'
import addUniqueConstraint from './add-unique-constraint.js'
import brokenParentLink from './broken-parent-link.js'
import changeColumnTypeRewrite from './change-column-type-rewrite.js'
import checksumManifestNotUpdated from './checksum-manifest-not-updated.js'
import concurrentlyInTransaction from './concurrently-in-transaction.js'
import concurrentlyOnPartitioned from './concurrently-on-partitioned.js'
import createIndexNonConcurrently from './create-index-non-concurrently.js'
import ddlAndDataMixed from './ddl-and-data-mixed.js'
import deleteWithoutWhere from './delete-without-where.js'
import deletedAppliedMigration from './deleted-applied-migration.js'
import detachPartitionNonConcurrently from './detach-partition-non-concurrently.js'
import doBlockDdl from './do-block-ddl.js'
import downDoesNotCoverUp from './down-does-not-cover-up.js'
import downTouchesVersionTable from './down-touches-version-table.js'
import dropAndAddColumn from './drop-and-add-column.js'
import dropAndRecreateTable from './drop-and-recreate-table.js'
import dropCascade from './drop-cascade.js'
import dropColumn from './drop-column.js'
import dropColumnDropsConstraint from './drop-column-drops-constraint.js'
import dropIndexNonConcurrently from './drop-index-non-concurrently.js'
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
import enumAddAndUseSameTx from './enum-add-and-use-same-tx.js'
import invalidMigrationFilename from './invalid-migration-filename.js'
import irreversibleWithoutReason from './irreversible-without-reason.js'
import migrationTimestampInFuture from './migration-timestamp-in-future.js'
import migrationVersionGap from './migration-version-gap.js'
import missingDown from './missing-down.js'
import missingLockTimeout from './missing-lock-timeout.js'
import multipleHeads from './multiple-heads.js'
import notNullColumnDefaultDropped from './not-null-column-default-dropped.js'
import notValidNeverValidated from './not-valid-never-validated.js'
import outOfOrderMigration from './out-of-order-migration.js'
import renameColumn from './rename-column.js'
import renameEnumValue from './rename-enum-value.js'
import renameTable from './rename-table.js'
import renamedAppliedMigration from './renamed-applied-migration.js'
import repeatableMigrationNotIdempotent from './repeatable-migration-not-idempotent.js'
import requiresNewerPostgres from './requires-newer-postgres.js'
import type { Rule } from './rule.js'
import setNotNullScan from './set-not-null-scan.js'
import statementWhileHoldingAe from './statement-while-holding-ae.js'
import suppressionWithoutReason from './suppression-without-reason.js'
import syntaxError from './syntax-error.js'
import transactionNesting from './transaction-nesting.js'
import truncate from './truncate.js'
import truncateCascade from './truncate-cascade.js'
import typeNarrowing from './type-narrowing.js'
import unanalysableStatement from './unanalysable-statement.js'
import unbatchedBackfill from './unbatched-backfill.js'
import unusedSuppression from './unused-suppression.js'
import updateFromWithoutBinding from './update-from-without-binding.js'
import updateWithoutWhere from './update-without-where.js'
import vacuumFull from './vacuum-full.js'

/** Every rule, sorted by id. */
export const rules: readonly Rule[] = [
  addCheckValidating,
  addColumnSerial,
  addColumnStoredGenerated,
  addColumnVolatileDefault,
  addForeignKeyValidating,
  addPrimaryKeyValidating,
  addRequiredColumn,
  addUniqueConstraint,
  brokenParentLink,
  changeColumnTypeRewrite,
  checksumManifestNotUpdated,
  concurrentlyInTransaction,
  concurrentlyOnPartitioned,
  createIndexNonConcurrently,
  ddlAndDataMixed,
  deleteWithoutWhere,
  deletedAppliedMigration,
  detachPartitionNonConcurrently,
  doBlockDdl,
  downDoesNotCoverUp,
  downTouchesVersionTable,
  dropAndAddColumn,
  dropAndRecreateTable,
  dropCascade,
  dropColumn,
  dropColumnDropsConstraint,
  dropIndexNonConcurrently,
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
  enumAddAndUseSameTx,
  invalidMigrationFilename,
  irreversibleWithoutReason,
  migrationTimestampInFuture,
  migrationVersionGap,
  missingDown,
  missingLockTimeout,
  multipleHeads,
  notNullColumnDefaultDropped,
  notValidNeverValidated,
  outOfOrderMigration,
  renameColumn,
  renameEnumValue,
  renameTable,
  renamedAppliedMigration,
  repeatableMigrationNotIdempotent,
  requiresNewerPostgres,
  setNotNullScan,
  statementWhileHoldingAe,
  suppressionWithoutReason,
  syntaxError,
  transactionNesting,
  truncate,
  truncateCascade,
  typeNarrowing,
  unanalysableStatement,
  unbatchedBackfill,
  unusedSuppression,
  updateFromWithoutBinding,
  updateWithoutWhere,
  vacuumFull,
]
