import type { Requests } from './api.js'
import { type Shape, shapeOf } from './shape.js'

/** A list that came in pages. */
export interface Listed<Item> {
  readonly items: readonly Item[]
  /** `true`, or why the list may be short. */
  readonly complete: true | { readonly incomplete: string }
}

/** What is asked for, and how an item is read. */
export interface Listing<Item> {
  readonly route: string
  readonly parameters?: Readonly<Record<string, unknown>>
  /** The member that holds the list; the answer itself is the list when none is named. */
  readonly member?: string
  read(value: unknown, shape: Shape): Item
  /** What tells items apart. */
  key(item: Item): string | number
  /** Stop early: this is the one that was looked for. */
  until?(item: Item): boolean
  /** The most pages that are read. */
  readonly most?: number
}

const PAGE = 100
const MOST_PAGES = 100

/**
 * Reads a list page by page. Items may come and go while it is read: one that comes twice is kept once, and a page that brings
 * nothing new although there should be more makes the list incomplete.
 */
export async function listPages<Item>(requests: Requests, listing: Listing<Item>): Promise<Listed<Item>> {
  const { route, member, read, key, until, most = MOST_PAGES } = listing
  const shape = shapeOf(route)
  const items = new Map<string | number, Item>()
  const ended = (complete: Listed<Item>['complete']): Listed<Item> => ({ items: [...items.values()], complete })
  for (let page = 1; page <= most; page++) {
    const { data, headers } = await requests.request(route, { ...listing.parameters, per_page: PAGE, page })
    const list = shape.list(member === undefined ? data : shape.members(data)[member])
    const before = items.size
    for (const value of list) {
      const item = read(value, shape)
      items.set(key(item), item)
      if (until?.(item) === true) return ended(true)
    }
    const more = list.length >= PAGE || /rel="next"/.test(String(headers['link'] ?? ''))
    if (!more) return ended(true)
    if (items.size === before && list.length > 0) return ended({ incomplete: 'GitHub gave the same page twice' })
  }
  return ended({ incomplete: `there are more than ${most * PAGE}` })
}
