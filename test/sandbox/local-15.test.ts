import { localContract } from './local-subject.js'

await localContract(15)
