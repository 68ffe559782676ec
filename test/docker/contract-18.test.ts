import { dockerContract } from './subject.js'

await dockerContract(18)
