/** The names of Flyway's events (org.flywaydb.core.api.callback.Event): a file that is called after one is run when it happens. */
const EVENTS: ReadonlySet<string> = new Set(
  `
    afterBaseline afterBaselineError afterClean afterCleanError afterConnect afterEachMigrate afterEachMigrateError
    afterEachMigrateStatement afterEachMigrateStatementError afterEachUndo afterEachUndoError afterEachUndoStatement
    afterEachUndoStatementError afterInfo afterInfoError afterInfoOperationFinish afterMigrate afterMigrateApplied
    afterMigrateError afterMigrateOperationFinish afterRepair afterRepairError afterUndo afterUndoError afterValidate
    afterValidateError afterVersioned beforeBaseline beforeClean beforeConnect beforeCreateSchema beforeEachMigrate
    beforeEachMigrateStatement beforeEachUndo beforeEachUndoStatement beforeInfo beforeMigrate beforeRepair
    beforeRepeatables beforeUndo beforeValidate createSchema
  `
    .trim()
    .split(/\s+/),
)

/** Whether a word is the name of an event. */
export function isEvent(word: string): boolean {
  return EVENTS.has(word)
}
