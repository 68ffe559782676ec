import type { Figures } from '../metrics.js'

/** How orders stand, as their table says: all that an analyser may see. Ages are in seconds; 0 when there is nothing. */
export const ORDER_FIGURES: Figures = {
  help: {
    waitingOrders: ['waiting_orders', 'Orders that no analyser is at'],
    runningOrders: ['running_orders', 'Orders that an analyser is at'],
    oldestOrder: ['oldest_waiting_order_age_seconds', 'Age of the oldest order that no analyser is at'],
  },
  async read(database) {
    const [row] = await database.query<Record<string, number>>(`
      WITH moment AS MATERIALIZED (SELECT pg_catalog.clock_timestamp() AS now),
      open AS (SELECT now - placed_at AS age, coalesce(lease_until > now, false) AS held FROM dba.orders, moment
        WHERE answer IS NULL AND reason IS NULL AND wanted_until > now)
      SELECT
        (SELECT count(*) FROM open WHERE NOT held)::int AS "waitingOrders",
        (SELECT count(*) FROM open WHERE held)::int AS "runningOrders",
        coalesce((SELECT extract(epoch FROM max(age)) FROM open WHERE NOT held), 0)::float8 AS "oldestOrder"`)
    if (row === undefined) throw new Error('the database said nothing')
    return row
  },
}
