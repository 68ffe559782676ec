import type Docker from 'dockerode'
import { reachEngine, type EnginePlace } from '../../src/sandbox/docker-engine.js'

const host = process.env['DBA_TEST_DOCKER_HOST']
if (host === undefined) throw new Error('these tests need a Docker engine: run them with `npm run test:docker`')

/** The engine that the tests were given. */
export const PLACE: EnginePlace = { host }

const reached = await reachEngine(PLACE)
if ('unavailable' in reached) throw new Error(reached.unavailable)

/** A client of it. */
export const engine: Docker = reached.docker

/** What there is of sandboxes on the engine: their containers, by name, and every volume. */
export async function leftovers(): Promise<readonly string[]> {
  const containers = await engine.listContainers({ all: true, filters: { label: ['dba-bot=sandbox'] } })
  const { Volumes: volumes } = await engine.listVolumes()
  return [...containers.map(({ Names: [name = ''] }) => name.slice(1)), ...volumes.map(({ Name: name }) => name)]
}
