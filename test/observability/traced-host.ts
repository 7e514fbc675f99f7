import { Server, type IncomingMessage } from 'node:http';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';

/** What one process knows of traces: its SDK, and the spans that it has exported. */
export class TracedProcess {
  private readonly exporter = new InMemorySpanExporter();
  readonly provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(this.exporter)] });

  /** The spans of this name, in the order they ended in. */
  spans(name: string): ReadableSpan[] {
    return this.exporter.getFinishedSpans().filter((span) => span.name === name);
  }

  /** The only span of this name. */
  span(name: string): ReadableSpan {
    const spans = this.spans(name);
    expect(spans.map((span) => span.name)).toEqual([name]);
    return spans[0]!;
  }

  /** Does something as a part of a request, as an instrumentation of HTTP servers has it. */
  inRequest<Result>(name: string, handle: () => Promise<Result>): Promise<Result> {
    const tracer = this.provider.getTracer('test');
    return tracer.startActiveSpan(name, async (span) => handle().finally(() => span.end()));
  }
}

export function parentOf(span: ReadableSpan): string | undefined {
  return span.parentSpanContext?.spanId;
}

export function traceOf(span: ReadableSpan): string {
  return span.spanContext().traceId;
}

/** Makes a span of every request that a server gets, until the test ends, as instruments of HTTP servers do. */
export function traceRequests(process: TracedProcess): void {
  const prototype = Server.prototype as { emit(name: string, ...given: unknown[]): boolean };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the server it was taken from
  const { emit } = prototype;
  jest.spyOn(prototype, 'emit').mockImplementation(function (this: Server, name, ...given) {
    const emitted = () => emit.call(this, name, ...given);
    if (name !== 'request') return emitted();
    const { method, url } = given[0] as IncomingMessage;
    void process.inRequest(`${method} ${url}`, () => Promise.resolve(emitted()));
    return true;
  });
}

/** Lets contexts follow what is awaited, for as long as the tests of a block run. */
export function followContexts(): void {
  beforeAll(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
  afterAll(() => {
    context.disable();
    trace.disable();
  });
}
