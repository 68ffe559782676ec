import type { Answer } from '../http/answer.js'
import type { Call, Routes } from '../http/call.js'
import { changeJson, commitJson } from '../json/git.js'
import { pullJson } from '../json/pulls.js'

const REPO = '/repos/{owner}/{repo}'

/** Pull requests, their files and their commits. */
export const pulls: Routes = {
  [`GET ${REPO}/pulls`]: { needs: ['pull_requests:read'], handle: list },
  [`GET ${REPO}/pulls/{pull_number}`]: {
    needs: ['pull_requests:read'],
    handle: (call) => ({ status: 200, body: pullJson(call.world, call.pull, 'full') }),
  },
  [`GET ${REPO}/pulls/{pull_number}/files`]: {
    needs: ['pull_requests:read'],
    handle: (call) => {
      const { pull, world, repository } = call
      const listed = pull.changes().slice(0, world.limits.pullFiles)
      return call.page(listed, (change) => changeJson(world, repository, pull.sha, change))
    },
  },
  [`GET ${REPO}/pulls/{pull_number}/commits`]: {
    needs: ['pull_requests:read'],
    handle: (call) => {
      const listed = call.pull.commits().slice(0, call.world.limits.pullCommits)
      return call.page(listed, (commit) => commitJson(call.world, call.repository, commit))
    },
  },
}

function list(call: Call): Answer {
  const { state = 'open', head, base, sort = 'created', direction } = call.query
  const wanted = [...call.repository.pulls.values()]
    .filter(({ issue }) => state === 'all' || issue.state === state)
    .filter((pull) => base === undefined || pull.base.ref === base)
    .filter((pull) => head === undefined || `${pull.head.repository.owner.login}:${pull.head.ref}` === head)
  if (sort === 'updated') wanted.sort((one, other) => (one.updatedAt < other.updatedAt ? -1 : 1))
  const down = (direction ?? (sort === 'created' ? 'desc' : 'asc')) === 'desc'
  return call.page(down ? wanted.reverse() : wanted, (pull) => pullJson(call.world, pull, 'simple'))
}
