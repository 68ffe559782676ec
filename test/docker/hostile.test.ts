import { docker } from '../../src/sandbox/docker.js'
import { hostileCorpus } from '../rehearsal/hostile-corpus.js'
import { PLACE } from './engine.js'
import { imageOf } from './image.js'

hostileCorpus('a container', docker({ ...PLACE, image: await imageOf(18) }), 'docker-child')
