import { washed } from '../rehearsal/washed.js'
import { evidenceCases } from './evidence-cases.js'

evidenceCases(washed())
