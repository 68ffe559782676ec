import type { EnginePlace } from './docker-engine.js'
import type { BaselineWish } from './sandbox.js'

/** What the parent tells the child at its start. */
export interface DockerBoot {
  readonly place: EnginePlace
  /** The image, by its name. */
  readonly image: string
  /** The name of the container that is to be made. */
  readonly name: string
  readonly owner: string
  /** Where the seed and kept states are cached. */
  readonly cache: string
  /** The kept state to begin with, when it is there. */
  readonly baseline: BaselineWish
  /** The most memory that one process of the server may take. */
  readonly megabytes: number
}
