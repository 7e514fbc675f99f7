import type { DeliveryFormat } from '../../subscriptions/format';
import type { Subscription } from '../../subscriptions/subscription';
import { milliseconds } from '../times';
import type { ContractEvent } from './contract-event';
import type { ContractBatch, DeliveryDescription } from './delivery-description';

/** What the formats need to know of a contract. */
export interface Formatted {
  /** Where the event can be read: a path below the host's global prefix. */
  readonly link: (event: ContractEvent) => string;
  /** Where events come from, for CloudEvents: a path likewise. */
  readonly source: string;
}

interface Format {
  readonly contentType: string;
  readonly headers?: (event: ContractEvent, formatted: Formatted) => Record<string, string>;
  readonly body: (event: ContractEvent, formatted: Formatted) => unknown;
  readonly batch: BatchFormat;
}

interface BatchFormat {
  readonly contentType: string;
  readonly body: (batch: ContractBatch, eventOf: (event: ContractEvent) => unknown, formatted: Formatted) => unknown;
}

const JSON_TYPE = 'application/json';

const BATCH_TYPE = 'webhooks.batch';

/** Each event as it would go out alone, and its id beside it. */
const ENVELOPED: BatchFormat = {
  contentType: JSON_TYPE,
  body: ({ createdAt, events }, eventOf) => ({
    type: BATCH_TYPE,
    timestamp: milliseconds.write(createdAt),
    data: events.map((event) => ({ id: event.id, ...(eventOf(event) as object) })),
  }),
};

/** @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#4-json-batch-format */
const CLOUDEVENTS: BatchFormat = {
  contentType: 'application/cloudevents-batch+json',
  body: ({ events }, _, places) => events.map((event) => cloudEvent(event, places)),
};

const FORMATS: Readonly<Record<DeliveryFormat, Format>> = {
  full: { contentType: JSON_TYPE, body: (event) => enveloped(event, event.payload), batch: ENVELOPED },
  thin: {
    contentType: JSON_TYPE,
    body: (event, { link }) =>
      enveloped(event, { id: event.id, subject: event.subject ?? undefined, link: event.publicUrlOf(link(event)) }),
    batch: ENVELOPED,
  },
  cloudevents: {
    contentType: 'application/cloudevents+json',
    body: (event, formatted) => cloudEvent(event, formatted),
    batch: CLOUDEVENTS,
  },
  'cloudevents-binary': {
    contentType: JSON_TYPE,
    headers: (event, formatted) =>
      Object.fromEntries(
        Object.entries(attributesOf(event, formatted)).map(([name, value]) => [`ce-${name}`, headerValue(value)]),
      ),
    body: ({ payload }) => payload,
    batch: CLOUDEVENTS,
  },
};

/** Deliveries in the format that their subscription prefers: see {@link DeliveryFormat}. */
export function formatted(places: Formatted): Pick<DeliveryDescription, 'contentType' | 'headers' | 'body' | 'batch'> {
  const formatOf = ({ preferences }: Subscription) => FORMATS[preferences.format ?? 'full'];
  return {
    contentType: (subscription) => formatOf(subscription).contentType,
    headers: (event, subscription) => formatOf(subscription).headers?.(event, places) ?? {},
    body: (event, subscription) => formatOf(subscription).body(event, places),
    batch: {
      contentType: (subscription) => formatOf(subscription).batch.contentType,
      body: (batch, subscription) => {
        const format = formatOf(subscription);
        return format.batch.body(batch, (event) => format.body(event, places), places);
      },
    },
  };
}

/** An event as Standard Webhooks recommends it. */
function enveloped({ topic, createdAt }: ContractEvent, data: unknown): object {
  return { type: topic, timestamp: milliseconds.write(createdAt), data };
}

/**
 * An event in the JSON format of CloudEvents 1.0.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export function cloudEvent(event: ContractEvent, places: Formatted): object {
  return { ...attributesOf(event, places), datacontenttype: JSON_TYPE, data: event.payload };
}

function attributesOf(event: ContractEvent, { source }: Formatted): Record<string, string> {
  return {
    specversion: '1.0',
    id: event.id,
    source: event.publicUrlOf(source),
    type: event.topic,
    time: milliseconds.write(event.createdAt) as string,
    ...(event.subject !== null && event.subject !== '' && { subject: event.subject }),
  };
}

/**
 * What HTTP cannot carry in a header, percent-encoded.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3132-http-header-values
 */
function headerValue(value: string): string {
  return value.replace(/[^\x21-\x7e]|["%]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
