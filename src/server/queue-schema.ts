/** Where the queue keeps its tables, apart from the App's own. */
export const QUEUE_SCHEMA = 'dba_queue'

/** The one task: a worker wakes and looks which subject comes next. */
export const WAKE_TASK = 'wake'
