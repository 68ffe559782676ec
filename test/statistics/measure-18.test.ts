import { withPostgres } from '../support/postgres-binaries.js'
import { measures } from './measure.js'

await withPostgres(18, measures)
