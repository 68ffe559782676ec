import { meantBy, respond } from '../commands/respond.js'
import type { Answer, Context, Effect } from '../commands/command.js'
import type { Api } from '../github/api.js'
import { readComment, replyOnce, type Comment } from '../github/comments.js'
import type { WholePull } from '../github/pulls.js'
import { react } from '../github/reactions.js'
import type { Review } from '../model/review.js'
import type { Standing } from '../review/consent-right.js'
import { CONFIG_PATH } from '../review/policy.js'
import { digestOf } from './digest.js'
import type { Found } from './finding-out.js'
import { storedConsents } from './holding.js'
import { sourcesIn } from './quotes.js'
import { standingOf } from './standing.js'
import { approve, endApprovals } from './stores/approvals.js'
import { commandsWithin, pendingCommands, settleCommand, type PendingCommand } from './stores/commands.js'
import { ignore } from './stores/ignores.js'
import { pushersOf } from './stores/pushers.js'
import type { PublishedReview } from './stores/reviews.js'
import { moveWatermark, watermark } from './stores/watermarks.js'
import type { Hold } from './worker.js'
import type { Workshop } from './workshop.js'

/** What is spoken about: what was found and made of it now, and what was published before. */
export interface Topic {
  readonly review: Review
  readonly found: Found
  readonly published: PublishedReview | null
}

/** What the conversation came to. */
export interface Talk {
  /** Somebody asked for another review. */
  readonly again: boolean
  /** Somebody said something that the review depends on. */
  readonly changed: boolean
  /** Says that it is done, once it is. */
  answer(): Promise<void>
}

/** So many comments with commands are answered within ten minutes; more is a loop, or somebody's idea of a joke. */
const MOST_COMMENTS = 20
const WINDOW_MILLISECONDS = 600_000

/** Carries out the commands that wait on a pull request, each comment once, and answers them. */
export async function converse(api: Api, hold: Hold, pull: WholePull, topic: Topic, shop: Workshop): Promise<Talk> {
  const { database } = shop
  const { repository } = hold.lease
  const waiting = await pendingCommands(database, repository, pull.number)
  const effects: Effect[] = []
  const later: (() => Promise<void>)[] = []
  for (const command of waiting) {
    const answer = await answered(api, hold, pull, topic, command, shop)
    if (answer === null) continue
    for (const effect of answer.effects) await perform(hold, pull, effect, { ...command, role: answer.role }, shop)
    effects.push(...answer.effects)
    if (answer.effects.some(({ kind }) => kind === 'rerun')) await react(api, command.comment, 'rocket')
    const settle = async (): Promise<void> => {
      if (answer.reply !== null) {
        await replyOnce(api, pull.number, shop.appId, markOf(command.comment), answer.reply)
      }
      await react(api, command.comment, answer.reaction)
      await settleCommand(database, command.comment, answer.reaction === '+1' ? 'done' : 'refused', null)
    }
    if (answer.effects.length === 0) await settle()
    else later.push(settle)
  }
  return {
    again: effects.some(({ kind }) => kind === 'rerun'),
    changed: effects.some(({ kind }) => kind !== 'rerun'),
    answer: async () => {
      for (const settle of later) await settle()
    },
  }
}

/** Refuses the commands that wait on a pull request about which there is nothing more to say. */
export async function refuseAll(api: Api, hold: Hold, pull: number, { database }: Workshop): Promise<void> {
  for (const { comment } of await pendingCommands(database, hold.lease.repository, pull)) {
    await react(api, comment, 'confused')
    await settleCommand(database, comment, 'refused', 'the pull request is closed')
  }
}

/** Stands unseen in the answer to a comment, so that it is given once. */
function markOf(comment: number): string {
  return `<!-- dba:reply ${comment} -->`
}

/** What to say to a comment; null for one that is passed over, which is noted. */
async function answered(
  api: Api,
  hold: Hold,
  pull: WholePull,
  topic: Topic,
  command: PendingCommand,
  shop: Workshop,
): Promise<(Answer & { readonly role: string }) | null> {
  const { database } = shop
  const { repository } = hold.lease
  const passOver = async (why: string): Promise<null> => {
    await settleCommand(database, command.comment, 'refused', why)
    return null
  }
  const comment = await readComment(api, command.comment)
  if (comment === null) return passOver('it was deleted')
  const changed = changeOf(comment, command)
  if (changed !== null) return passOver(changed)
  const meant = meantBy(comment.body)
  if (meant === null) return passOver('it asks for nothing')
  if ((await commandsWithin(database, repository, pull.number, WINDOW_MILLISECONDS)) > MOST_COMMENTS) {
    await react(api, command.comment, 'confused')
    return passOver('there were too many')
  }
  await react(api, command.comment, 'eyes')
  const open = meant.commands.every((each) => each.command === null || each.command.who === 'anyone')
  const standing = open ? bystander(command.author) : await standingIn(api, hold, pull, topic, command, shop)
  const asksTo = (name: string): boolean => meant.commands.some((each) => each.command?.name === name)
  const agrees = asksTo('approve')
  const mark = `revoked:${repository}:${pull.number}`
  if (asksTo('revoke')) await moveWatermark(database, mark, String(command.comment))
  // What is delivered late was said before it was taken back all the same: comments are numbered as they are written.
  if (agrees && command.comment < Number((await watermark(database, mark)) ?? 0)) {
    await react(api, command.comment, 'confused')
    return passOver('it was taken back later on, and came after that')
  }
  const answer = respond(comment.body, await contextOf(hold, pull, topic, { ...command, agrees, standing }, shop))
  return answer === null ? null : { ...answer, role: standing.role ?? 'none' }
}

/** Why a comment is not the one that came; null when it is. */
function changeOf(comment: Comment, { author, bodyDigest }: PendingCommand): string | null {
  if (comment.author?.id !== author.id || comment.author.type !== 'User' || comment.app !== null)
    return 'it is not theirs'
  if (digestOf(comment.body) !== bodyDigest) return 'it was edited'
  return comment.updatedAt.getTime() > comment.createdAt.getTime() ? 'it was edited' : null
}

/** Somebody who asks for what anyone may ask for: nothing needs to be known of them. */
function bystander(author: PendingCommand['author']): Standing {
  const actor = { ...author, type: 'User' }
  const nobody = { author: 'unknown', committers: 'unknown', pushers: 'unknown', role: 'unknown' } as const
  return { actor, viaApp: false, ...nobody, requester: null, teams: [] }
}

async function standingIn(
  api: Api,
  hold: Hold,
  pull: WholePull,
  { found }: Topic,
  { author }: PendingCommand,
  shop: Workshop,
): Promise<Standing> {
  const pushers = await pushersOf(shop.database, hold.lease.repository, pull.number)
  return standingOf(api, pull, { ...author, type: 'User' }, false, { policy: found.settings.approval, pushers })
}

/** What a command is told, asked by somebody of whom so much is known. */
export async function contextOf(
  hold: Hold,
  pull: WholePull,
  { review, found, published }: Topic,
  asker: {
    readonly author: PendingCommand['author']
    readonly comment: number
    /** Left out where nothing need be known of them. */
    readonly standing?: Standing
    /** Whether they want to agree to something. */
    readonly agrees?: boolean
  },
  shop: Workshop,
): Promise<Omit<Context, 'room'>> {
  const { agrees = false, standing = bystander(asker.author), comment } = asker
  // Nobody agrees to what they could not read: only what was published before can be agreed to.
  const isShown = published !== null && published.code === review.approval.code && published.head === review.pull.head
  const shown = !agrees || isShown ? review : ((published?.review as Review | undefined) ?? null)
  return {
    review: shown,
    current: !agrees || isShown,
    policy: {
      settings: found.settings,
      path: found.policy === null ? null : CONFIG_PATH,
      lines: found.policy ?? {},
    },
    standing,
    comment,
    now: shop.now().toISOString(),
    consents: await storedConsents(shop.database, hold.lease.repository, pull.number),
    textOf: sourcesIn(found.quotes),
    templates: shop.templates,
  }
}

/** Does what a command asks for. Done twice it is done once. */
async function perform(
  hold: Hold,
  pull: WholePull,
  effect: Effect,
  { comment, author, role }: PendingCommand & { readonly role: string },
  { database }: Workshop,
): Promise<void> {
  await hold.fence()
  const { installation, repository } = hold.lease
  const place = { installation, repository, pull: pull.number }
  switch (effect.kind) {
    case 'rerun':
      return
    case 'approve': {
      const { code, kinds, by, backup } = effect.consent
      await approve(database, place, { code, kinds, user: by, role, comment, backup })
      return
    }
    case 'revoke':
      await endApprovals(database, place, 'revoked', author)
      return
    case 'ignore': {
      const { fingerprint, reason, until, by } = effect.ignore
      return ignore(database, place, { fingerprint, reason, until, user: by, comment })
    }
  }
}
