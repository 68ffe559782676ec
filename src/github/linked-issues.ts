import type { Api } from './api.js'
import { shapeOf } from './shape.js'

const QUERY = `query ($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) { closingIssuesReferences(first: 1) { totalCount } }
  }
}`

/** How many issues a pull request is linked to, by its text or by hand. */
export async function linkedIssues(api: Api, pull: number): Promise<number> {
  const { owner, name } = api.repository
  const shape = shapeOf('POST /graphql')
  const data = shape.members(await api.graphql(QUERY, { owner, name, number: pull }))
  const found = shape.members(shape.members(data['repository'])['pullRequest'])
  return shape.number(shape.members(found['closingIssuesReferences'])['totalCount'])
}
