import type { Api } from './api.js'
import { failedWith } from './errors.js'
import { type Account, accountOf } from './pulls.js'
import { shapeOf } from './shape.js'

const USER = 'GET /users/{username}'
const TEAM = 'GET /orgs/{org}/teams/{team_slug}'

/** The account of a name; null when nobody has it. */
export async function accountNamed(api: Api, username: string): Promise<Account | null> {
  try {
    return accountOf((await api.request(USER, { username })).data, shapeOf(USER))
  } catch (error) {
    if (failedWith(error, 'not-found')) return null
    throw error
  }
}

/** How many members a team has; null when there is none of that name, or it is hidden. Takes the permission to read members. */
export async function membersOf(api: Api, org: string, team: string): Promise<number | null> {
  const shape = shapeOf(TEAM)
  try {
    const found = shape.members((await api.request(TEAM, { org, team_slug: team })).data)
    return shape.number(found['members_count'])
  } catch (error) {
    if (failedWith(error, 'not-found')) return null
    throw error
  }
}
