import { createTraceState, isSpanContextValid, type SpanContext } from '@opentelemetry/api';

/** What a vendor says beside the trace; longer ones are left out, as W3C Trace Context allows. */
const LONGEST_STATE = 512;

/** A span as it is stored with an event: `traceparent` of W3C Trace Context, a space, and `tracestate` if there is one. */
export function traceText(span: SpanContext): string | undefined {
  if (!isSpanContextValid(span)) return undefined;
  const { traceparent, tracestate } = traceHeaders(span);
  return tracestate === undefined ? traceparent : `${traceparent} ${tracestate}`;
}

/** The span that was stored; undefined where there is none. */
export function spanContextOf(text: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags, state] = /^00-(\w{32})-(\w{16})-(\w{2})(?: (.+))?$/.exec(text ?? '') ?? [];
  if (traceId === undefined) return undefined;
  const traceState = state === undefined ? undefined : createTraceState(state);
  return { traceId, spanId: spanId!, traceFlags: parseInt(flags!, 16), isRemote: true, traceState };
}

/** The headers of W3C Trace Context. */
export function traceHeaders(span: SpanContext): { traceparent: string; tracestate?: string } {
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  const traceparent = `00-${span.traceId}-${span.spanId}-${flags}`;
  const tracestate = span.traceState?.serialize() ?? '';
  return tracestate === '' || tracestate.length > LONGEST_STATE ? { traceparent } : { traceparent, tracestate };
}
