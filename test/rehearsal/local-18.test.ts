import { localCases } from './local-cases.js'

await localCases(18)
