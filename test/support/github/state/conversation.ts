import { issueCommentJson, issueJson } from '../json/issues.js'
import type { Account } from './people.js'
import type { FakeRepository } from './repository.js'
import { timestamp, type App, type World } from './world.js'

export const REACTIONS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const

export interface Reaction {
  readonly id: number
  readonly content: string
  readonly author: Account
  readonly createdAt: string
}

export interface IssueComment {
  readonly id: number
  readonly number: number
  readonly author: Account
  /** The App that wrote it, when it was one. */
  readonly app: App | null
  readonly createdAt: string
  updatedAt: string
  body: string
  readonly reactions: Reaction[]
  /** Every text that it ever had, the first first. */
  readonly bodies: string[]
}

/** An issue, which is also what a pull request is talked about in. */
export interface Issue {
  readonly id: number
  readonly number: number
  readonly author: Account
  readonly createdAt: string
  title: string
  body: string | null
  state: 'open' | 'closed'
  locked: boolean
  readonly isPull: boolean
}

/** The issues of a repository, and what is said in them. */
export class Conversation {
  readonly issues = new Map<number, Issue>()
  readonly comments: IssueComment[] = []
  readonly #world: World
  readonly #repository: FakeRepository

  constructor(world: World, repository: FakeRepository) {
    this.#world = world
    this.#repository = repository
  }

  /** How many are open. */
  get open(): number {
    let count = 0
    for (const { state } of this.issues.values()) if (state === 'open') count++
    return count
  }

  begin(author: Account, fields: { title: string; body: string | null; isPull: boolean }): Issue {
    const issue: Issue = {
      id: this.#world.nextId(),
      number: this.issues.size + 1,
      author,
      createdAt: timestamp(this.#world.now()),
      ...fields,
      state: 'open',
      locked: false,
    }
    this.issues.set(issue.number, issue)
    return issue
  }

  comment(issue: Issue, author: Account, body: string, app: App | null = null): IssueComment {
    const at = timestamp(this.#world.now())
    const comment: IssueComment = {
      id: this.#world.nextId(),
      number: issue.number,
      author,
      app,
      createdAt: at,
      updatedAt: at,
      body,
      reactions: [],
      bodies: [body],
    }
    this.comments.push(comment)
    this.#tell('created', comment, author)
    return comment
  }

  edit(comment: IssueComment, body: string, by: Account): void {
    const changes = { body: { from: comment.body } }
    comment.body = body
    comment.bodies.push(body)
    comment.updatedAt = timestamp(this.#world.now())
    this.#tell('edited', comment, by, { changes })
  }

  delete(comment: IssueComment, by: Account): void {
    this.comments.splice(this.comments.indexOf(comment), 1)
    this.#tell('deleted', comment, by)
  }

  /** The reaction, and whether it is new: the same from the same account is given once. */
  react(reactions: Reaction[], author: Account, content: string): { reaction: Reaction; created: boolean } {
    const found = reactions.find((reaction) => reaction.author.id === author.id && reaction.content === content)
    if (found) return { reaction: found, created: false }
    const reaction = { id: this.#world.nextId(), content, author, createdAt: timestamp(this.#world.now()) }
    reactions.push(reaction)
    return { reaction, created: true }
  }

  #tell(action: string, comment: IssueComment, sender: Account, more: object = {}): void {
    const issue = this.issues.get(comment.number)
    if (!issue) return
    const parts = {
      issue: issueJson(this.#world, this.#repository, issue),
      comment: issueCommentJson(this.#world, this.#repository, comment),
      ...more,
    }
    this.#world.tell({ event: 'issue_comment', action, repository: this.#repository, parts, sender })
  }
}
