import type { Requests } from './api.js'
import { shapeOf } from './shape.js'

const VIEWER = 'query { viewer { databaseId login } }'

/** For whom a token speaks: the account that stands as the author of what is written with it. */
export async function viewerOf(api: Requests): Promise<{ readonly account: number; readonly login: string }> {
  const shape = shapeOf('POST /graphql')
  const viewer = shape.members(shape.members(await api.graphql(VIEWER))['viewer'])
  return { account: shape.number(viewer['databaseId']), login: shape.text(viewer['login']) }
}
