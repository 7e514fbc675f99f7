import { MOST_DRIFT_MS } from '../shared/clock';
import type { Statement } from '../shared/statement';
import type { Database } from './database';

/**
 * Remembers since when events are held, where a change has just turned a subscription off that was on.
 * @param since null where none are held
 */
export function holding(database: Database, id: string, since: number | null | undefined): Statement[] {
  if (since == null) return [];
  const table = database.table('subscription');
  const isOff = '(enabled = 0 OR suspended_at IS NOT NULL)';
  const beginning = `UPDATE ${table} SET held_since = ? WHERE id = ? AND held_since IS NULL AND ${isOff}`;
  const corrected =
    `UPDATE ${table} SET held_since = ${credible(database, 'held_since')}, ` +
    `off_since = ${credible(database, 'COALESCE(off_since, updated_at)')} WHERE id = ? AND held_since IS NOT NULL`;
  return [
    { sql: beginning, params: [since, id] },
    { sql: corrected, params: [id] },
  ];
}

/**
 * What a process whose clock is ahead says of now is later than what others date their next events: these would be taken
 * for older. One that differs by more is no drift, and who knows which of the two is wrong.
 */
function credible({ clock }: Database, time: string): string {
  return `CASE WHEN ${time} > ${clock} AND ${time} <= ${clock} + ${MOST_DRIFT_MS} THEN ${clock} ELSE ${time} END`;
}
