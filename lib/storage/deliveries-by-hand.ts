import { resultOf, type Attempt } from '../deliveries/attempt';
import type { Delivery } from '../deliveries/delivery';
import type { Statement } from '../shared/statement';
import type { Database } from './database';

type Named = Pick<Delivery, 'id' | 'subscriptionId'>;

/** What a resend changes besides its attempt. */
export function resendUpdates(
  database: Database,
  { id, subscriptionId }: Named,
  attempt: Attempt,
  now: number,
): Statement[] {
  const table = database.table('delivery');
  const result = { sql: `UPDATE ${table} SET last_result = ? WHERE id = ?`, params: [resultOf(attempt), id] };
  if (!attempt.succeeded) return [result];
  const taken =
    `UPDATE ${table} SET state = 'delivered', next_attempt_at = NULL, sequence = NULL, finished_at = ? ` +
    `WHERE id = ? AND state <> 'delivered'`;
  // So that its lane does not send it once more from memory.
  return [result, { sql: taken, params: [now, id] }, callAnew(database, subscriptionId)];
}

/** What has a delivery attempted again from the start, as if it were new. */
export function dueAgain(database: Database, { id, subscriptionId }: Named, now: number): Statement[] {
  // In this order, because MySQL assigns from left to right: the count depends on the state as it was.
  const due =
    `UPDATE ${database.table('delivery')} SET attempt_count = CASE WHEN state = 'pending' THEN attempt_count ELSE 0 END, ` +
    `state = 'pending', next_attempt_at = ?, finished_at = NULL WHERE id = ?`;
  // As for a subscription that has changed: what its lane has learnt of the endpoint must not keep it waiting.
  return [{ sql: due, params: [now, id] }, callAnew(database, subscriptionId)];
}

function callAnew(database: Database, subscriptionId: string): Statement {
  const sql = `UPDATE ${database.table('lane')} SET calling = 2 WHERE subscription_id = ?`;
  return { sql, params: [subscriptionId] };
}
