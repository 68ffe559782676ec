import addCheckValidating from './add-check-validating.js'
import addColumnSerial from './add-column-serial.js'
import addColumnStoredGenerated from './add-column-stored-generated.js'
import addColumnVolatileDefault from './add-column-volatile-default.js'
import addForeignKeyValidating from './add-foreign-key-validating.js'
import addPrimaryKeyValidating from './add-primary-key-validating.js'
import addRequiredColumn from './add-required-column.js'
import addUniqueConstraint from './add-unique-constraint.js'
import brokenParentLink from './broken-parent-link.js'
import callAlwaysFails from './call-always-fails.js'
import changeColumnTypeRewrite from './change-column-type-rewrite.js'
import checksumManifestNotUpdated from './checksum-manifest-not-updated.js'
import concurrentlyInTransaction from './concurrently-in-transaction.js'
import concurrentlyOnPartitioned from './concurrently-on-partitioned.js'
import createIndexNonConcurrently from './create-index-non-concurrently.js'
import ddlAndDataMixed from './ddl-and-data-mixed.js'
import deleteWithoutWhere from './delete-without-where.js'
import deletedAppliedMigration from './deleted-applied-migration.js'
import detachConcurrentlyWithDefault from './detach-concurrently-with-default.js'
import detachPartitionNonConcurrently from './detach-partition-non-concurrently.js'
import dmlDryRunFails from './dml-dry-run-fails.js'
import doBlockDdl from './do-block-ddl.js'
import downDependsOnEnvironment from './down-depends-on-environment.js'
import downDestroysNewData from './down-destroys-new-data.js'
import downDoesNotCoverUp from './down-does-not-cover-up.js'
import downFails from './down-fails.js'
import downOrderWrong from './down-order-wrong.js'
import downTouchesUnrelated from './down-touches-unrelated.js'
import downTouchesVersionTable from './down-touches-version-table.js'
import dropAndAddColumn from './drop-and-add-column.js'
import dropAndRecreateTable from './drop-and-recreate-table.js'
import dropCascade from './drop-cascade.js'
import dropColumnDropsConstraint from './drop-column-drops-constraint.js'
import dropColumn from './drop-column.js'
import dropIndexNonConcurrently from './drop-index-non-concurrently.js'
import dropPrimaryKey from './drop-primary-key.js'
import dropSchema from './drop-schema.js'
import dropTableCascade from './drop-table-cascade.js'
import dropTable from './drop-table.js'
import duplicateMigrationVersion from './duplicate-migration-version.js'
import dynamicCode from './dynamic-code.js'
import editedAppliedMigrationCommentsOnly from './edited-applied-migration-comments-only.js'
import editedAppliedMigration from './edited-applied-migration.js'
import editedAppliedRollback from './edited-applied-rollback.js'
import emptyDown from './empty-down.js'
import emptyMigration from './empty-migration.js'
import enumAddAndUseSameTx from './enum-add-and-use-same-tx.js'
import enumAddNotReversible from './enum-add-not-reversible.js'
import functionBodyBroken from './function-body-broken.js'
import invalidIndexLeftBehind from './invalid-index-left-behind.js'
import invalidMigrationFilename from './invalid-migration-filename.js'
import irreversibleWithoutReason from './irreversible-without-reason.js'
import lossyInverse from './lossy-inverse.js'
import migrationEnvironmentChanged from './migration-environment-changed.js'
import migrationTimestampInFuture from './migration-timestamp-in-future.js'
import migrationVersionGap from './migration-version-gap.js'
import missingDown from './missing-down.js'
import missingLockTimeout from './missing-lock-timeout.js'
import multipleHeads from './multiple-heads.js'
import needlessNoTransaction from './needless-no-transaction.js'
import networkOrIoInMigration from './network-or-io-in-migration.js'
import notNullColumnDefaultDropped from './not-null-column-default-dropped.js'
import notValidFkOnPartitioned from './not-valid-fk-on-partitioned.js'
import notValidNeverValidated from './not-valid-never-validated.js'
import observedDangerousLock from './observed-dangerous-lock.js'
import observedSeqScanUnderLock from './observed-seq-scan-under-lock.js'
import observedTableRewrite from './observed-table-rewrite.js'
import ormAppModelImport from './orm-app-model-import.js'
import outOfOrderMigration from './out-of-order-migration.js'
import partialFailureRecovery from './partial-failure-recovery.js'
import refreshConcurrentlyNoUnique from './refresh-concurrently-no-unique.js'
import renameColumn from './rename-column.js'
import renameEnumValue from './rename-enum-value.js'
import renameTable from './rename-table.js'
import renamedAppliedMigration from './renamed-applied-migration.js'
import repeatableMigrationNotIdempotent from './repeatable-migration-not-idempotent.js'
import replaceViewOrFunctionIncompatible from './replace-view-or-function-incompatible.js'
import requiresNewerPostgres from './requires-newer-postgres.js'
import rollbackGrade from './rollback-grade.js'
import rollbackWindowBroken from './rollback-window-broken.js'
import roundtripDataLoss from './roundtrip-data-loss.js'
import seededRunFails from './seeded-run-fails.js'
import setNotNullScan from './set-not-null-scan.js'
import setUnloggedReferenced from './set-unlogged-referenced.js'
import sideEffectOnLoad from './side-effect-on-load.js'
import sqlFromUnknownValues from './sql-from-unknown-values.js'
import statementWhileHoldingAe from './statement-while-holding-ae.js'
import suppressionWithoutReason from './suppression-without-reason.js'
import syntaxError from './syntax-error.js'
import transactionNesting from './transaction-nesting.js'
import truncateCascade from './truncate-cascade.js'
import truncateReferencedTable from './truncate-referenced-table.js'
import truncate from './truncate.js'
import typeNarrowing from './type-narrowing.js'
import unanalysableStatement from './unanalysable-statement.js'
import unbatchedBackfill from './unbatched-backfill.js'
import unknownObject from './unknown-object.js'
import unsafeDown from './unsafe-down.js'
import unusedSuppression from './unused-suppression.js'
import upDownLeavesTrace from './up-down-leaves-trace.js'
import upDownUpFails from './up-down-up-fails.js'
import upDownUpSchemaDiffers from './up-down-up-schema-differs.js'
import upFails from './up-fails.js'
import updateFromWithoutBinding from './update-from-without-binding.js'
import updateWithoutWhere from './update-without-where.js'
import usingInvalidIndex from './using-invalid-index.js'
import vacuumFull from './vacuum-full.js'
import type { Rule } from './rule.js'

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
  callAlwaysFails,
  changeColumnTypeRewrite,
  checksumManifestNotUpdated,
  concurrentlyInTransaction,
  concurrentlyOnPartitioned,
  createIndexNonConcurrently,
  ddlAndDataMixed,
  deleteWithoutWhere,
  deletedAppliedMigration,
  detachConcurrentlyWithDefault,
  detachPartitionNonConcurrently,
  dmlDryRunFails,
  doBlockDdl,
  downDependsOnEnvironment,
  downDestroysNewData,
  downDoesNotCoverUp,
  downFails,
  downOrderWrong,
  downTouchesUnrelated,
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
  dynamicCode,
  editedAppliedMigration,
  editedAppliedMigrationCommentsOnly,
  editedAppliedRollback,
  emptyDown,
  emptyMigration,
  enumAddAndUseSameTx,
  enumAddNotReversible,
  functionBodyBroken,
  invalidIndexLeftBehind,
  invalidMigrationFilename,
  irreversibleWithoutReason,
  lossyInverse,
  migrationEnvironmentChanged,
  migrationTimestampInFuture,
  migrationVersionGap,
  missingDown,
  missingLockTimeout,
  multipleHeads,
  needlessNoTransaction,
  networkOrIoInMigration,
  notNullColumnDefaultDropped,
  notValidFkOnPartitioned,
  notValidNeverValidated,
  observedDangerousLock,
  observedSeqScanUnderLock,
  observedTableRewrite,
  ormAppModelImport,
  outOfOrderMigration,
  partialFailureRecovery,
  refreshConcurrentlyNoUnique,
  renameColumn,
  renameEnumValue,
  renameTable,
  renamedAppliedMigration,
  repeatableMigrationNotIdempotent,
  replaceViewOrFunctionIncompatible,
  requiresNewerPostgres,
  rollbackGrade,
  rollbackWindowBroken,
  roundtripDataLoss,
  seededRunFails,
  setNotNullScan,
  setUnloggedReferenced,
  sideEffectOnLoad,
  sqlFromUnknownValues,
  statementWhileHoldingAe,
  suppressionWithoutReason,
  syntaxError,
  transactionNesting,
  truncate,
  truncateCascade,
  truncateReferencedTable,
  typeNarrowing,
  unanalysableStatement,
  unbatchedBackfill,
  unknownObject,
  unsafeDown,
  unusedSuppression,
  upDownLeavesTrace,
  upDownUpFails,
  upDownUpSchemaDiffers,
  upFails,
  updateFromWithoutBinding,
  updateWithoutWhere,
  usingInvalidIndex,
  vacuumFull,
]

const METAS = new Map(rules.map(({ meta }) => [meta.id, meta]))

/** What a rule says of itself, by its id; undefined for one that is not known. */
export function metaOf(id: string): (typeof rules)[number]['meta'] | undefined {
  return METAS.get(id)
}
