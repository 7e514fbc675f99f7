import { defineTopic, type Batching, type PublishedEvent, type Subscription } from 'nestjs-webhooks';
import type { Host, HostOptions } from '../support/host';
import type { ReceivedRequest } from '../support/receiver';

class Parcel {
  serial!: number;
  text?: string;
}

export const ParcelSent = defineTopic('parcel.sent', Parcel, { example: { serial: 0 } });

export const BATCHING_HOST: HostOptions = { topics: [ParcelSent], webhooks: { shutdownTimeoutMs: 100 } };

/** A batch as the standard contract has it. */
export interface StandardBatch {
  readonly type: string;
  readonly timestamp: string;
  readonly data: readonly { id: string; type: string; timestamp: string; data: Parcel }[];
}

export function subscribeTo(host: Host, batch: Batching): Promise<Subscription> {
  return host.subscribe({ preferences: { batch } });
}

/** Publishes parcels of these serial numbers, one after the other, so that their ids are in that order. */
export async function publish(host: Host, count: number, more: object = {}): Promise<PublishedEvent[]> {
  const events: PublishedEvent[] = [];
  const serials = Array.from({ length: count }, (_, serial) => serial);
  const published = serials.map((serial) => host.webhooks.publish(ParcelSent, { serial, ...more }));
  for (const each of published) events.push(await each);
  await host.webhooks.idle();
  return events;
}

export function batchIn({ body }: Pick<ReceivedRequest, 'body'>): StandardBatch {
  return JSON.parse(body) as StandardBatch;
}

export function idsIn(request: Pick<ReceivedRequest, 'body'>): string[] {
  return batchIn(request).data.map(({ id }) => id);
}

/** How many events each request carried. */
export function sizes(host: Host): number[] {
  return host.receiver.requests.map((request) => idsIn(request).length);
}

export async function deliveriesOf(host: Host) {
  return (await host.deliveries.list({ limit: 250 })).data;
}

/** How many deliveries are in which state. */
export async function states(host: Host): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of await deliveriesOf(host)) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
