import type { Api } from './api.js'
import { failedWith } from './errors.js'
import { shapeOf } from './shape.js'

const PERMISSION = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission'
const MEMBERSHIP = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}'

/** Somebody by the number that stays and the name that GitHub is asked by. */
export interface Person {
  readonly id: number
  readonly login: string
}

/**
 * The role that somebody has on the repository: `admin`, `maintain`, `write`, `triage`, `read`, the name of an organisation's
 * own role, or `none`. Who is not known, or was renamed and the name given to another, has none; when GitHub cannot say, this
 * throws, so that nobody is let in by a hiccup.
 */
export async function roleOf(api: Api, { id, login }: Person): Promise<string> {
  try {
    const shape = shapeOf(PERMISSION)
    const found = shape.members((await api.request(PERMISSION, { username: login })).data)
    const user = found['user'] === null ? null : shape.number(shape.members(found['user'])['id'])
    // The older `permission` says `write` for `maintain` and `read` for `triage`.
    return user === id ? shape.text(found['role_name']) : 'none'
  } catch (error) {
    if (failedWith(error, 'not-found', 'forbidden')) return 'none'
    throw error
  }
}

/**
 * Whether somebody is an active member of a team, also through a team below it. A team that is not known has no member; when
 * GitHub cannot say, this throws. Takes the permission to read members. It goes by the name: ask `roleOf` as well, which knows
 * whether the name is still theirs.
 */
export async function isMember(api: Api, org: string, team: string, { login }: Person): Promise<boolean> {
  try {
    const shape = shapeOf(MEMBERSHIP)
    const { data } = await api.request(MEMBERSHIP, { org, team_slug: team, username: login })
    return shape.text(shape.members(data)['state']) === 'active'
  } catch (error) {
    if (failedWith(error, 'not-found', 'forbidden')) return false
    throw error
  }
}
