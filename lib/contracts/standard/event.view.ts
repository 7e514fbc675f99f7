import type { WebhookEvent } from '../../events/event';
import { apiProperty, apiSchema } from '../generated/openapi';
import { time } from './time';

/** An event as the standard API lists it. */
@apiSchema('WebhookEvent')
export class EventView {
  @apiProperty({ type: String, example: 'evt_019abc4e5f607b3d8a1c2e4f60718293', description: 'Sent as `webhook-id`.' })
  readonly id!: string;

  @apiProperty({ type: String, example: 'order.shipped' })
  readonly topic!: string;

  @apiProperty({ type: String, nullable: true, description: "Whose it is; null is nobody's." })
  readonly tenant!: string | null;

  @apiProperty({ type: String, nullable: true, description: 'The id of the thing it happened to.' })
  readonly subject!: string | null;

  @apiProperty({ type: String, format: 'date-time' })
  readonly createdAt!: string;
}

/** An event with what it said. */
@apiSchema('WebhookEventWithPayload')
export class EventWithPayloadView extends EventView {
  @apiProperty({ type: 'object', additionalProperties: true, description: 'Sent as `data`.' })
  readonly payload!: unknown;
}

export function eventView({ id, topic, tenant, subject, createdAt }: WebhookEvent): EventView {
  return { id, topic, tenant, subject, createdAt: time(createdAt) };
}

export function eventWithPayloadView(event: WebhookEvent): EventWithPayloadView {
  return { ...eventView(event), payload: JSON.parse(event.payload) as unknown };
}
