/** The policy of a team that configured nothing. */
export { DEFAULTS } from '../../src/config/schema.js'
