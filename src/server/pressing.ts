import { respond } from '../commands/respond.js'
import type { Api } from '../github/api.js'
import { replyOnce } from '../github/comments.js'
import type { WholePull } from '../github/pulls.js'
import { approvalRequest } from '../report/approval-request.js'
import { contextOf, type Topic } from './conversation.js'
import { pressedButtons, settleButton, type Press } from './stores/buttons.js'
import type { Hold } from './worker.js'
import type { Workshop } from './workshop.js'

/** Whether somebody pressed Re-run since the last time. */
export async function rerunPressed(hold: Hold, { database }: Workshop): Promise<boolean> {
  const { repository, subject } = hold.lease
  return (await pressedButtons(database, repository, subject)).some(({ button }) => button === 'rerun')
}

/** Acts on the buttons of the check run that were pressed, once what they ask about has been published. */
export async function answerButtons(
  api: Api,
  hold: Hold,
  pull: WholePull,
  topic: Topic,
  shop: Workshop,
): Promise<void> {
  const { repository, subject } = hold.lease
  for (const press of await pressedButtons(shop.database, repository, subject)) {
    const body = await bodyOf(press, hold, pull, topic, shop)
    if (body !== null) {
      const mark = `<!-- dba:button ${press.button} ${topic.review.pull.head} -->`
      await replyOnce(api, pull.number, shop.appId, mark, body)
    }
    await settleButton(shop.database, repository, subject, press.button)
  }
}

async function bodyOf(
  { button, user }: Press,
  hold: Hold,
  pull: WholePull,
  topic: Topic,
  shop: Workshop,
): Promise<string | null> {
  if (button === 'explain') {
    const asker = { author: user, comment: 0 }
    return respond('/dba explain', await contextOf(hold, pull, topic, asker, shop))?.reply ?? null
  }
  return button === 'approval' ? approvalRequest(topic.review.approval, shop.templates) : null
}
