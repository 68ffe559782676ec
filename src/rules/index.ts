import addCheckValidating from './add-check-validating.js'
import addColumnConstrainedDomain from './add-column-constrained-domain.js'
import addColumnDefaultPrePg11 from './add-column-default-pre-pg11.js'
import addColumnSerial from './add-column-serial.js'
import addColumnStoredGenerated from './add-column-stored-generated.js'
import addColumnVolatileDefault from './add-column-volatile-default.js'
import addExclusionConstraint from './add-exclusion-constraint.js'
import addForeignKeyValidating from './add-foreign-key-validating.js'
import addPrimaryKeyValidating from './add-primary-key-validating.js'
import addRequiredColumn from './add-required-column.js'
import addUniqueConstraint from './add-unique-constraint.js'
import advisoryLockLeak from './advisory-lock-leak.js'
import alterDomainAddConstraint from './alter-domain-add-constraint.js'
import alterIndexRenamePre12 from './alter-index-rename-pre12.js'
import alterIndexStorageLocks from './alter-index-storage-locks.js'
import alterTypeBlockedByDependents from './alter-type-blocked-by-dependents.js'
import analyzeMissingAfterBackfill from './analyze-missing-after-backfill.js'
import attachPartitionScansDefault from './attach-partition-scans-default.js'
import attachPartitionWithoutCheck from './attach-partition-without-check.js'
import blastRadius from './blast-radius.js'
import brokenParentLink from './broken-parent-link.js'
import callAlwaysFails from './call-always-fails.js'
import changeColumnTypeRewrite from './change-column-type-rewrite.js'
import changeTypeBreaksClients from './change-type-breaks-clients.js'
import checksumManifestNotUpdated from './checksum-manifest-not-updated.js'
import citusDdl from './citus-ddl.js'
import cluster from './cluster.js'
import collationOrLocaleDependent from './collation-or-locale-dependent.js'
import concurrentIndexCorruptionPg14 from './concurrent-index-corruption-pg14.js'
import concurrentlyInTransaction from './concurrently-in-transaction.js'
import concurrentlyOnPartitioned from './concurrently-on-partitioned.js'
import constraintBreaksOldWriters from './constraint-breaks-old-writers.js'
import createDomainWithConstraint from './create-domain-with-constraint.js'
import createIndexNonConcurrently from './create-index-non-concurrently.js'
import createPartitionOfLocksParent from './create-partition-of-locks-parent.js'
import createThenRewrite from './create-then-rewrite.js'
import customSqlOrRegexRule from './custom-sql-or-regex-rule.js'
import ddlAndDataMixed from './ddl-and-data-mixed.js'
import defaultPartition from './default-partition.js'
import deleteWithoutWhere from './delete-without-where.js'
import deletedAppliedMigration from './deleted-applied-migration.js'
import detachConcurrentlyWithDefault from './detach-concurrently-with-default.js'
import detachPartitionNonConcurrently from './detach-partition-non-concurrently.js'
import disableTriggersOrFk from './disable-triggers-or-fk.js'
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
import dropBlockedByDependents from './drop-blocked-by-dependents.js'
import dropCascade from './drop-cascade.js'
import dropColumn from './drop-column.js'
import dropColumnDropsConstraint from './drop-column-drops-constraint.js'
import dropConstraint from './drop-constraint.js'
import dropConstraintBackedIndex from './drop-constraint-backed-index.js'
import dropDatabase from './drop-database.js'
import dropDefault from './drop-default.js'
import dropExtension from './drop-extension.js'
import dropFkLocksBothTables from './drop-fk-locks-both-tables.js'
import dropIndex from './drop-index.js'
import dropIndexNonConcurrently from './drop-index-non-concurrently.js'
import dropNotNull from './drop-not-null.js'
import dropPartitionData from './drop-partition-data.js'
import dropPartitionLocksParent from './drop-partition-locks-parent.js'
import dropPrimaryKey from './drop-primary-key.js'
import dropSchema from './drop-schema.js'
import dropSequence from './drop-sequence.js'
import dropTable from './drop-table.js'
import dropTableCascade from './drop-table-cascade.js'
import dropTableMultipleFks from './drop-table-multiple-fks.js'
import dropTablespace from './drop-tablespace.js'
import dropTypeOrEnum from './drop-type-or-enum.js'
import dropViewFunctionTrigger from './drop-view-function-trigger.js'
import duplicateColumns from './duplicate-columns.js'
import duplicateIndex from './duplicate-index.js'
import duplicateMigrationVersion from './duplicate-migration-version.js'
import dynamicCode from './dynamic-code.js'
import editedAppliedMigration from './edited-applied-migration.js'
import editedAppliedMigrationCommentsOnly from './edited-applied-migration-comments-only.js'
import editedAppliedRollback from './edited-applied-rollback.js'
import emptyDown from './empty-down.js'
import emptyMigration from './empty-migration.js'
import enumAddAndUseSameTx from './enum-add-and-use-same-tx.js'
import enumAddNotReversible from './enum-add-not-reversible.js'
import enumAddValueInTxPre12 from './enum-add-value-in-tx-pre12.js'
import enumValueAdded from './enum-value-added.js'
import enumValueWithoutPosition from './enum-value-without-position.js'
import explicitCommitInBlock from './explicit-commit-in-block.js'
import extensionUnavailable from './extension-unavailable.js'
import featureFlagInMigration from './feature-flag-in-migration.js'
import fileTooLarge from './file-too-large.js'
import fkNotIndexed from './fk-not-indexed.js'
import fkTargetNotUnique from './fk-target-not-unique.js'
import fkTypeMismatch from './fk-type-mismatch.js'
import forceRlsOnLiveTable from './force-rls-on-live-table.js'
import functionBodyBroken from './function-body-broken.js'
import grantOrOwnerChange from './grant-or-owner-change.js'
import highTrafficTableDdl from './high-traffic-table-ddl.js'
import hotTableMultiTouch from './hot-table-multi-touch.js'
import identifierTruncated from './identifier-truncated.js'
import identityGeneratedAlways from './identity-generated-always.js'
import ifNotExistsMasksDefinition from './if-not-exists-masks-definition.js'
import ifNotExistsMasksInvalidIndex from './if-not-exists-masks-invalid-index.js'
import inlineBodyLanguageMismatch from './inline-body-language-mismatch.js'
import insertColumnCountMismatch from './insert-column-count-mismatch.js'
import insertInMigration from './insert-in-migration.js'
import insertWithoutColumnList from './insert-without-column-list.js'
import invalidIndexLeftBehind from './invalid-index-left-behind.js'
import invalidMigrationFilename from './invalid-migration-filename.js'
import irreversibleWithoutReason from './irreversible-without-reason.js'
import lockOrderInversion from './lock-order-inversion.js'
import lockTableExplicit from './lock-table-explicit.js'
import lockTimeoutNotInEffect from './lock-timeout-not-in-effect.js'
import lockTimeoutSetTooLate from './lock-timeout-set-too-late.js'
import lockTimeoutTooLong from './lock-timeout-too-long.js'
import lockTimeoutZero from './lock-timeout-zero.js'
import longConcurrentBuild from './long-concurrent-build.js'
import lossyInverse from './lossy-inverse.js'
import maintenanceInMigration from './maintenance-in-migration.js'
import matviewWithData from './matview-with-data.js'
import migrationEnvironmentChanged from './migration-environment-changed.js'
import migrationTimestampInFuture from './migration-timestamp-in-future.js'
import migrationVersionGap from './migration-version-gap.js'
import missingApplicationName from './missing-application-name.js'
import missingDown from './missing-down.js'
import missingIdleInTransactionTimeout from './missing-idle-in-transaction-timeout.js'
import missingLockTimeout from './missing-lock-timeout.js'
import missingStatementTimeout from './missing-statement-timeout.js'
import missingTransactionTimeout from './missing-transaction-timeout.js'
import mixedCaseName from './mixed-case-name.js'
import multipleAlterSameTable from './multiple-alter-same-table.js'
import multipleFksOneTransaction from './multiple-fks-one-transaction.js'
import multipleHeads from './multiple-heads.js'
import needlessNoTransaction from './needless-no-transaction.js'
import networkOrIoInMigration from './network-or-io-in-migration.js'
import noChar from './no-char.js'
import noJson from './no-json.js'
import noMoney from './no-money.js'
import noRules from './no-rules.js'
import noTableInheritance from './no-table-inheritance.js'
import nonDeterministicMigration from './non-deterministic-migration.js'
import nonIdempotentStatement from './non-idempotent-statement.js'
import nonImmutableExpression from './non-immutable-expression.js'
import notEnforcedConstraint from './not-enforced-constraint.js'
import notNullColumnDefaultDropped from './not-null-column-default-dropped.js'
import notValidFkOnPartitioned from './not-valid-fk-on-partitioned.js'
import notValidNeverValidated from './not-valid-never-validated.js'
import nullableBoolean from './nullable-boolean.js'
import objectAlreadyExists from './object-already-exists.js'
import observedDangerousLock from './observed-dangerous-lock.js'
import observedSeqScanUnderLock from './observed-seq-scan-under-lock.js'
import observedTableRewrite from './observed-table-rewrite.js'
import onDeleteCascade from './on-delete-cascade.js'
import oneChangePerMigration from './one-change-per-migration.js'
import ormAppModelImport from './orm-app-model-import.js'
import outOfOrderMigration from './out-of-order-migration.js'
import overwriteExistingValues from './overwrite-existing-values.js'
import partialFailureRecovery from './partial-failure-recovery.js'
import partitionFanoutLock from './partition-fanout-lock.js'
import pg18NotNullNotValid from './pg18-not-null-not-valid.js'
import policyWeakened from './policy-weakened.js'
import preferBigintOverInt from './prefer-bigint-over-int.js'
import preferIdentityOverSerial from './prefer-identity-over-serial.js'
import preferTimestamptz from './prefer-timestamptz.js'
import priorBackupRequired from './prior-backup-required.js'
import psqlMetaCommand from './psql-meta-command.js'
import publicationDdl from './publication-ddl.js'
import refreshConcurrentlyNoUnique from './refresh-concurrently-no-unique.js'
import refreshConcurrentlyStillExclusive from './refresh-concurrently-still-exclusive.js'
import refreshMatviewNonConcurrently from './refresh-matview-non-concurrently.js'
import reindexNonConcurrently from './reindex-non-concurrently.js'
import reindexSchemaOrSystem from './reindex-schema-or-system.js'
import renameColumn from './rename-column.js'
import renameEnumValue from './rename-enum-value.js'
import renameOtherObject from './rename-other-object.js'
import renameSchema from './rename-schema.js'
import renameTable from './rename-table.js'
import renamedAppliedMigration from './renamed-applied-migration.js'
import repeatableMigrationNotIdempotent from './repeatable-migration-not-idempotent.js'
import replaceFunctionSignature from './replace-function-signature.js'
import replaceIndexOrder from './replace-index-order.js'
import replaceViewColumns from './replace-view-columns.js'
import replaceViewOrFunctionIncompatible from './replace-view-or-function-incompatible.js'
import replicaIdentityChange from './replica-identity-change.js'
import requiresNewerPostgres from './requires-newer-postgres.js'
import rlsEnabledOnLiveTable from './rls-enabled-on-live-table.js'
import rollbackGrade from './rollback-grade.js'
import rollbackWindowBroken from './rollback-window-broken.js'
import roundtripDataLoss from './roundtrip-data-loss.js'
import savepointOrExceptionLoop from './savepoint-or-exception-loop.js'
import schemaSnapshotNotUpdated from './schema-snapshot-not-updated.js'
import seededRunFails from './seeded-run-fails.js'
import sequenceNotReset from './sequence-not-reset.js'
import sequenceResetBackwards from './sequence-reset-backwards.js'
import serialWidenedSequenceNot from './serial-widened-sequence-not.js'
import sessionPoolerHazard from './session-pooler-hazard.js'
import sessionSettingLeaks from './session-setting-leaks.js'
import setAccessMethod from './set-access-method.js'
import setDefaultDoesNotBackfill from './set-default-does-not-backfill.js'
import setDefaultPartialWrites from './set-default-partial-writes.js'
import setGeneratedExpression from './set-generated-expression.js'
import setLoggedUnlogged from './set-logged-unlogged.js'
import setNotNullScan from './set-not-null-scan.js'
import setRoleRequired from './set-role-required.js'
import setSchema from './set-schema.js'
import setTablespace from './set-tablespace.js'
import setUnloggedReferenced from './set-unlogged-referenced.js'
import shortTimeoutDuringConcurrentBuild from './short-timeout-during-concurrent-build.js'
import sideEffectOnLoad from './side-effect-on-load.js'
import sqlFromUnknownValues from './sql-from-unknown-values.js'
import statementSplittingHazard from './statement-splitting-hazard.js'
import statementTimeoutTooLong from './statement-timeout-too-long.js'
import statementWhileHoldingAe from './statement-while-holding-ae.js'
import suppressionAddedOnMergedFile from './suppression-added-on-merged-file.js'
import suppressionMalformedOrTooWide from './suppression-malformed-or-too-wide.js'
import suppressionWithoutReason from './suppression-without-reason.js'
import syntaxError from './syntax-error.js'
import tableWithoutPrimaryKey from './table-without-primary-key.js'
import tempTableInMigration from './temp-table-in-migration.js'
import tightenUnique from './tighten-unique.js'
import timescaleHypertableDdl from './timescale-hypertable-ddl.js'
import timestampTimezoneDependent from './timestamp-timezone-dependent.js'
import trailingSemicolon from './trailing-semicolon.js'
import transactionNesting from './transaction-nesting.js'
import truncate from './truncate.js'
import truncateCascade from './truncate-cascade.js'
import truncateReferencedTable from './truncate-referenced-table.js'
import typeChangeNeedsUsing from './type-change-needs-using.js'
import typeChangeRebuildsIndex from './type-change-rebuilds-index.js'
import typeChangeRescansCheck from './type-change-rescans-check.js'
import typeNarrowing from './type-narrowing.js'
import unanalysableStatement from './unanalysable-statement.js'
import unbatchedBackfill from './unbatched-backfill.js'
import uncommittedTransaction from './uncommitted-transaction.js'
import uniqueMissesPartitionKey from './unique-misses-partition-key.js'
import unknownObject from './unknown-object.js'
import unloggedTable from './unlogged-table.js'
import unresolvedPlaceholder from './unresolved-placeholder.js'
import unsafeDown from './unsafe-down.js'
import unusedSuppression from './unused-suppression.js'
import upDownLeavesTrace from './up-down-leaves-trace.js'
import upDownUpFails from './up-down-up-fails.js'
import upDownUpSchemaDiffers from './up-down-up-schema-differs.js'
import upFails from './up-fails.js'
import updateFromWithoutBinding from './update-from-without-binding.js'
import updatePrimaryKeyValues from './update-primary-key-values.js'
import updateWithoutWhere from './update-without-where.js'
import usingInvalidIndex from './using-invalid-index.js'
import usingRefersOtherColumn from './using-refers-other-column.js'
import vacuumFull from './vacuum-full.js'
import validateConstraintScan from './validate-constraint-scan.js'
import validateWhileBlocking from './validate-while-blocking.js'
import volatileCheckConstraint from './volatile-check-constraint.js'
import wideLockWindow from './wide-lock-window.js'
import type { Rule } from './rule.js'

/** Every rule that a policy may name, sorted by id. */
export const rules: readonly Rule[] = [
  addCheckValidating,
  addColumnConstrainedDomain,
  addColumnDefaultPrePg11,
  addColumnSerial,
  addColumnStoredGenerated,
  addColumnVolatileDefault,
  addExclusionConstraint,
  addForeignKeyValidating,
  addPrimaryKeyValidating,
  addRequiredColumn,
  addUniqueConstraint,
  advisoryLockLeak,
  alterDomainAddConstraint,
  alterIndexRenamePre12,
  alterIndexStorageLocks,
  alterTypeBlockedByDependents,
  analyzeMissingAfterBackfill,
  attachPartitionScansDefault,
  attachPartitionWithoutCheck,
  blastRadius,
  brokenParentLink,
  callAlwaysFails,
  changeColumnTypeRewrite,
  changeTypeBreaksClients,
  checksumManifestNotUpdated,
  citusDdl,
  cluster,
  collationOrLocaleDependent,
  concurrentIndexCorruptionPg14,
  concurrentlyInTransaction,
  concurrentlyOnPartitioned,
  constraintBreaksOldWriters,
  createDomainWithConstraint,
  createIndexNonConcurrently,
  createPartitionOfLocksParent,
  createThenRewrite,
  customSqlOrRegexRule,
  ddlAndDataMixed,
  defaultPartition,
  deleteWithoutWhere,
  deletedAppliedMigration,
  detachConcurrentlyWithDefault,
  detachPartitionNonConcurrently,
  disableTriggersOrFk,
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
  dropBlockedByDependents,
  dropCascade,
  dropColumn,
  dropColumnDropsConstraint,
  dropConstraint,
  dropConstraintBackedIndex,
  dropDatabase,
  dropDefault,
  dropExtension,
  dropFkLocksBothTables,
  dropIndex,
  dropIndexNonConcurrently,
  dropNotNull,
  dropPartitionData,
  dropPartitionLocksParent,
  dropPrimaryKey,
  dropSchema,
  dropSequence,
  dropTable,
  dropTableCascade,
  dropTableMultipleFks,
  dropTablespace,
  dropTypeOrEnum,
  dropViewFunctionTrigger,
  duplicateColumns,
  duplicateIndex,
  duplicateMigrationVersion,
  dynamicCode,
  editedAppliedMigration,
  editedAppliedMigrationCommentsOnly,
  editedAppliedRollback,
  emptyDown,
  emptyMigration,
  enumAddAndUseSameTx,
  enumAddNotReversible,
  enumAddValueInTxPre12,
  enumValueAdded,
  enumValueWithoutPosition,
  explicitCommitInBlock,
  extensionUnavailable,
  featureFlagInMigration,
  fileTooLarge,
  fkNotIndexed,
  fkTargetNotUnique,
  fkTypeMismatch,
  forceRlsOnLiveTable,
  functionBodyBroken,
  grantOrOwnerChange,
  highTrafficTableDdl,
  hotTableMultiTouch,
  identifierTruncated,
  identityGeneratedAlways,
  ifNotExistsMasksDefinition,
  ifNotExistsMasksInvalidIndex,
  inlineBodyLanguageMismatch,
  insertColumnCountMismatch,
  insertInMigration,
  insertWithoutColumnList,
  invalidIndexLeftBehind,
  invalidMigrationFilename,
  irreversibleWithoutReason,
  lockOrderInversion,
  lockTableExplicit,
  lockTimeoutNotInEffect,
  lockTimeoutSetTooLate,
  lockTimeoutTooLong,
  lockTimeoutZero,
  longConcurrentBuild,
  lossyInverse,
  maintenanceInMigration,
  matviewWithData,
  migrationEnvironmentChanged,
  migrationTimestampInFuture,
  migrationVersionGap,
  missingApplicationName,
  missingDown,
  missingIdleInTransactionTimeout,
  missingLockTimeout,
  missingStatementTimeout,
  missingTransactionTimeout,
  mixedCaseName,
  multipleAlterSameTable,
  multipleFksOneTransaction,
  multipleHeads,
  needlessNoTransaction,
  networkOrIoInMigration,
  noChar,
  noJson,
  noMoney,
  noRules,
  noTableInheritance,
  nonDeterministicMigration,
  nonIdempotentStatement,
  nonImmutableExpression,
  notEnforcedConstraint,
  notNullColumnDefaultDropped,
  notValidFkOnPartitioned,
  notValidNeverValidated,
  nullableBoolean,
  objectAlreadyExists,
  observedDangerousLock,
  observedSeqScanUnderLock,
  observedTableRewrite,
  onDeleteCascade,
  oneChangePerMigration,
  ormAppModelImport,
  outOfOrderMigration,
  overwriteExistingValues,
  partialFailureRecovery,
  partitionFanoutLock,
  pg18NotNullNotValid,
  preferBigintOverInt,
  preferIdentityOverSerial,
  preferTimestamptz,
  priorBackupRequired,
  psqlMetaCommand,
  publicationDdl,
  refreshConcurrentlyNoUnique,
  refreshConcurrentlyStillExclusive,
  refreshMatviewNonConcurrently,
  reindexNonConcurrently,
  reindexSchemaOrSystem,
  renameColumn,
  renameEnumValue,
  renameOtherObject,
  renameSchema,
  renameTable,
  renamedAppliedMigration,
  repeatableMigrationNotIdempotent,
  replaceFunctionSignature,
  replaceIndexOrder,
  replaceViewColumns,
  replaceViewOrFunctionIncompatible,
  replicaIdentityChange,
  requiresNewerPostgres,
  rlsEnabledOnLiveTable,
  rollbackGrade,
  rollbackWindowBroken,
  roundtripDataLoss,
  savepointOrExceptionLoop,
  schemaSnapshotNotUpdated,
  seededRunFails,
  sequenceNotReset,
  sequenceResetBackwards,
  serialWidenedSequenceNot,
  sessionPoolerHazard,
  sessionSettingLeaks,
  setAccessMethod,
  setDefaultDoesNotBackfill,
  setDefaultPartialWrites,
  setGeneratedExpression,
  setLoggedUnlogged,
  setNotNullScan,
  setRoleRequired,
  setSchema,
  setTablespace,
  setUnloggedReferenced,
  shortTimeoutDuringConcurrentBuild,
  sideEffectOnLoad,
  sqlFromUnknownValues,
  statementSplittingHazard,
  statementTimeoutTooLong,
  statementWhileHoldingAe,
  suppressionAddedOnMergedFile,
  suppressionMalformedOrTooWide,
  suppressionWithoutReason,
  syntaxError,
  tableWithoutPrimaryKey,
  tempTableInMigration,
  tightenUnique,
  timescaleHypertableDdl,
  timestampTimezoneDependent,
  trailingSemicolon,
  transactionNesting,
  truncate,
  truncateCascade,
  truncateReferencedTable,
  typeChangeNeedsUsing,
  typeChangeRebuildsIndex,
  typeChangeRescansCheck,
  typeNarrowing,
  unanalysableStatement,
  unbatchedBackfill,
  uncommittedTransaction,
  uniqueMissesPartitionKey,
  unknownObject,
  unloggedTable,
  unresolvedPlaceholder,
  unsafeDown,
  unusedSuppression,
  upDownLeavesTrace,
  upDownUpFails,
  upDownUpSchemaDiffers,
  upFails,
  updateFromWithoutBinding,
  updatePrimaryKeyValues,
  updateWithoutWhere,
  usingInvalidIndex,
  usingRefersOtherColumn,
  vacuumFull,
  validateConstraintScan,
  validateWhileBlocking,
  volatileCheckConstraint,
  wideLockWindow,
]

/** Every rule that a finding may name: also the one about the policy itself, which no policy may turn off. */
export const named: readonly Rule[] = [...rules, policyWeakened]

const METAS = new Map(named.map(({ meta }) => [meta.id, meta]))

/** What a rule says of itself, by its id; undefined for one that is not known. */
export function metaOf(id: string): (typeof rules)[number]['meta'] | undefined {
  return METAS.get(id)
}
