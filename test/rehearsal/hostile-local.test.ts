import { local } from '../../src/sandbox/local.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { hostileCorpus } from './hostile-corpus.js'

await withPostgres(18, (folder) => hostileCorpus('a local server', local({ folders: [folder] }), 'local-child'))
