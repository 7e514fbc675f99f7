import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Subscription } from 'nestjs-webhooks';
import type { ContractsHost } from '../contracts/contracts-host';
import { CONTRACTS, OrderCreated } from './served-contracts';

/** What somebody has, with something in every field that is nowhere else. */
export interface Planted {
  /** Null is nobody: platform-wide. */
  readonly tenant: string | null;
  readonly subscriptions: readonly Subscription[];
  readonly eventIds: readonly string[];
  readonly deliveryIds: readonly string[];
  /** Texts by which it is known wherever it shows. */
  readonly marks: readonly string[];
}

/** Gives somebody a subscription of each contract, and an event with its deliveries. */
export async function plant(host: ContractsHost, tenant: string | null): Promise<Planted> {
  const mark = `planted-for-${tenant ?? 'everybody'}`;
  host.receiver.answers(200, {}, { body: `${mark}-answer` });
  const subscriptions: Subscription[] = [];
  for (const { name } of CONTRACTS) {
    subscriptions.push(
      await host.subscriptions.create({
        contract: name,
        tenant,
        url: host.receiver.url(`/${mark}-url`),
        topics: ['order.created'],
        description: `${mark}-description`,
        metadata: { note: `${mark}-metadata` },
        headers: { 'X-Planted': `${mark}-header` },
        credentials: { type: 'basic', username: `${mark}-user`, password: `${mark}-password` },
      }),
    );
  }
  const payload = { id: `${mark}-id`, note: `${mark}-payload` };
  const { id } = await host.webhooks.publish(OrderCreated, payload, { tenant, subject: `${mark}-subject` });
  await host.webhooks.idle();
  const { data } = await host.deliveries.list({ event: id });
  const ids = [id, ...data.map((each) => each.id), ...subscriptions.map((each) => each.id)];
  const secrets = subscriptions.map((each) => each.secrets.current());
  const marks = [mark, ...ids.map(digitsOf), ...ids.map(uuidOf), ...secrets];
  return { tenant, subscriptions, eventIds: [id], deliveryIds: data.map((each) => each.id), marks };
}

/** Every id that somebody has, as every contract would write it. */
export function idsOf({ subscriptions, eventIds, deliveryIds }: Planted): string[] {
  const numbers = subscriptions.map(({ number }) => String(number));
  const ids = [...subscriptions.map(({ id }) => id), ...eventIds, ...deliveryIds];
  return [...numbers, ...ids, ...ids.map(uuidOf)];
}

/** Every row that somebody has, as text. */
export async function rowsOf(host: ContractsHost, tenant: string | null): Promise<string> {
  const owned = tenant === null ? 'tenant IS NULL' : `tenant = '${tenant}'`;
  const ofSubscriptions = `subscription_id IN (SELECT id FROM webhooks_subscription WHERE ${owned})`;
  const conditions = {
    subscription: `${owned} ORDER BY id`,
    subscription_topic: `${ofSubscriptions} ORDER BY subscription_id, pattern`,
    event: `${owned} ORDER BY id`,
    delivery: `${owned} ORDER BY id`,
    attempt: `delivery_id IN (SELECT id FROM webhooks_delivery WHERE ${owned}) ORDER BY id`,
  };
  const tables: unknown[] = [];
  for (const [table, condition] of Object.entries(conditions)) {
    tables.push(await query(host, `SELECT * FROM webhooks_${table} WHERE ${condition}`));
  }
  return JSON.stringify(tables);
}

/** Whose subscriptions there are. */
export async function owners(host: ContractsHost): Promise<(string | null)[]> {
  const rows = await query(host, 'SELECT DISTINCT tenant FROM webhooks_subscription ORDER BY tenant');
  return (rows as { tenant: string | null }[]).map(({ tenant }) => tenant);
}

function query(host: ContractsHost, sql: string): Promise<unknown> {
  return host.app.get<DataSource>(getDataSourceToken()).query(sql);
}

function digitsOf(id: string): string {
  return id.slice(-32);
}

function uuidOf(id: string): string {
  return digitsOf(id).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
