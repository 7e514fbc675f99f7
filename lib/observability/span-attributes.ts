import type { Attributes } from '@opentelemetry/api';
import type { TracedAttempt } from '../deliveries/tracing';
import type { WebhookEvent } from '../events/event';
import type { Answer, OutgoingRequest } from '../transport/transport';

/** Names of OpenTelemetry's semantic conventions; what they have none for begins with `webhooks.`. */
export function eventAttributes({ id, topic, tenant }: WebhookEvent, operation: 'publish' | 'deliver'): Attributes {
  return {
    'messaging.system': 'webhooks',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation === 'publish' ? 'create' : 'send',
    'messaging.destination.name': topic,
    'messaging.message.id': id,
    'webhooks.tenant': tenant ?? undefined,
  };
}

export function attemptAttributes({ consignment: { event, subscription }, others, number }: TracedAttempt): Attributes {
  return {
    ...eventAttributes(event, 'deliver'),
    'messaging.batch.message_count': others.length > 0 ? others.length + 1 : undefined,
    'webhooks.subscription': subscription.id,
    'webhooks.contract': subscription.contract,
    'webhooks.attempt.number': number ?? undefined,
    'http.request.resend_count': number !== null && number > 1 ? number - 1 : undefined,
  };
}

/** Not the whole URL: its path and its query may hold secrets. */
export function requestAttributes({ method, url }: OutgoingRequest): Attributes {
  const { protocol, hostname, port } = new URL(url);
  const standardPort = protocol === 'https:' ? 443 : 80;
  return {
    'http.request.method': method,
    'server.address': hostname,
    'server.port': port === '' ? standardPort : Number(port),
  };
}

export function outcomeAttributes(answer: Answer): Attributes {
  return answer.kind === 'response' ? { 'http.response.status_code': answer.status } : {};
}
