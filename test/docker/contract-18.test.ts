import { imageOf as officialImageOf } from '../../src/sandbox/docker.js'
import { engine } from './engine.js'
import { imageOf } from './image.js'
import { dockerContract } from './subject.js'

dockerContract(await imageOf(18), 18)

const official = officialImageOf(18)
const there = await engine
  .getImage(official)
  .inspect()
  .catch(() => null)
if (there !== null) dockerContract(official, 18)
else
  process.stderr.write(
    `the image ${official} itself is not tested: the engine does not have it, and nothing is pulled\n`,
  )
