import type { Settings } from '../../src/model/settings.js'

/** The policy of a team that configured nothing. */
export const DEFAULTS: Settings = {
  postgres: 18,
  migrations: [],
  rules: {},
  tables: { large: [], small: [] },
  rehearsal: { required: true, sandbox: 'auto', seconds: 60, rows: 5 },
}
