import { pglite } from '../../src/sandbox/pglite.js'
import { hostileCorpus } from './hostile-corpus.js'

hostileCorpus('PGlite', pglite(), 'pglite-child')
