import {
  context,
  createContextKey,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Link,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { Tracing, type Prepare, type TracedAttempt } from '../deliveries/tracing';
import type { WebhookEvent } from '../events/event';
import type { Answer, OutgoingRequest } from '../transport/transport';
import { attemptAttributes, eventAttributes, outcomeAttributes, requestAttributes } from './span-attributes';
import { spanContextOf, traceHeaders, traceText } from './trace-context';

/** After this long an attempt has a trace of its own, which names that of its event. */
const ONE_TRACE_MS = 3_600_000;

/** As `suppressTracing` of @opentelemetry/core sets it: the key is the same wherever its name is. */
const SUPPRESSED = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Spans for publications (producer) and attempts (client), by the semantic conventions for messaging and HTTP. */
export class OpenTelemetryTracing extends Tracing {
  constructor(
    private readonly tracer: Tracer,
    private readonly options: { readonly propagate: boolean },
  ) {
    super();
  }

  publish<Event extends WebhookEvent, Result>(
    event: Event,
    publish: (event: Event) => Promise<Result>,
  ): Promise<Result> {
    const attributes = eventAttributes(event, 'publish');
    const options = { kind: SpanKind.PRODUCER, attributes };
    return this.tracer.startActiveSpan(`publish ${event.topic}`, options, async (span) => {
      try {
        return await publish({ ...event, trace: traceText(span.spanContext()) });
      } catch (error) {
        // Not its message, which may repeat what was published.
        fail(span, error instanceof Error ? error.name : 'unknown');
        throw error;
      } finally {
        span.end();
      }
    });
  }

  attempt(attempt: TracedAttempt, send: (prepare: Prepare) => Promise<Answer>): Promise<Answer> {
    const { event, profile } = attempt.consignment;
    const { parent, links } = originOf(attempt);
    const options = { kind: SpanKind.CLIENT, attributes: attemptAttributes(attempt), links };
    const span = this.tracer.startSpan(`deliver ${event.topic}`, options, parent);
    // What instruments HTTP would make a second span of it, and send the receiver what it is not to get.
    const within = trace.setSpan(ROOT_CONTEXT, span).setValue(SUPPRESSED, true);
    return context.with(within, async () => {
      try {
        const answer = await send((request) => this.prepared(request, span));
        span.setAttributes(outcomeAttributes(answer));
        const succeeded = answer.kind === 'response' && profile.succeeds(answer.status);
        if (!succeeded) fail(span, answer.kind === 'response' ? String(answer.status) : answer.failure);
        return answer;
      } finally {
        span.end();
      }
    });
  }

  detached<Result>(work: () => Result): Result {
    return context.with(ROOT_CONTEXT, work);
  }

  private prepared(request: OutgoingRequest, span: Span): OutgoingRequest {
    span.setAttributes(requestAttributes(request));
    if (!this.options.propagate) return request;
    return { ...request, headers: { ...request.headers, ...traceHeaders(span.spanContext()) } };
  }
}

/** Where an attempt belongs: to its event's trace while that is young, and to the request of whoever asked for it. */
function originOf(attempt: TracedAttempt): { parent: Context; links: Link[] } {
  const { startedAt, number, others } = attempt;
  const { event } = attempt.consignment;
  const published = spanContextOf(event.trace);
  const links = [event, ...others]
    .flatMap(({ trace: text }) => spanContextOf(text) ?? [])
    .map((each) => ({ context: each }));
  if (number === null) return { parent: context.active(), links };
  // What several events have in common is none of their traces.
  if (others.length > 0 || !published || startedAt - event.createdAt > ONE_TRACE_MS)
    return { parent: ROOT_CONTEXT, links };
  return { parent: trace.setSpanContext(ROOT_CONTEXT, published), links: [] };
}

function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
