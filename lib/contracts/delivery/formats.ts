import type { DeliveryFormat } from '../../subscriptions/format-rule';
import type { Subscription } from '../../subscriptions/subscription';
import { milliseconds } from '../times';
import type { ContractEvent } from './contract-event';
import type { DeliveryDescription } from './delivery-description';

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
}

const JSON_TYPE = 'application/json';

const FORMATS: Readonly<Record<DeliveryFormat, Format>> = {
  full: { contentType: JSON_TYPE, body: (event) => enveloped(event, event.payload) },
  thin: {
    contentType: JSON_TYPE,
    body: (event, { link }) =>
      enveloped(event, { id: event.id, subject: event.subject ?? undefined, link: event.publicUrlOf(link(event)) }),
  },
  cloudevents: {
    contentType: 'application/cloudevents+json',
    body: (event, formatted) => cloudEvent(event, formatted),
  },
  'cloudevents-binary': {
    contentType: JSON_TYPE,
    headers: (event, formatted) =>
      Object.fromEntries(
        Object.entries(attributesOf(event, formatted)).map(([name, value]) => [`ce-${name}`, headerValue(value)]),
      ),
    body: ({ payload }) => payload,
  },
};

/** Deliveries in the format that their subscription prefers: see {@link DeliveryFormat}. */
export function formatted(places: Formatted): Pick<DeliveryDescription, 'contentType' | 'headers' | 'body'> {
  const formatOf = ({ preferences }: Subscription) => FORMATS[preferences.format ?? 'full'];
  return {
    contentType: (subscription) => formatOf(subscription).contentType,
    headers: (event, subscription) => formatOf(subscription).headers?.(event, places) ?? {},
    body: (event, subscription) => formatOf(subscription).body(event, places),
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
