import { local } from '../../src/sandbox/local.js'
import { washed } from '../rehearsal/washed.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { evidenceCases } from './evidence-cases.js'

await withPostgres(18, (folder) => evidenceCases(washed(local({ folders: [folder] }))))
