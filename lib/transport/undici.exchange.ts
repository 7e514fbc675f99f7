import type { Dispatcher } from 'undici';
import { MOST_HINTS, TooManyHintsError } from './answer-bounds';
import { excerptOf } from './body-excerpt';
import { LONGEST_TIMER_MS } from './deadline';
import { type Failure, failed, failureOf, TIMED_OUT } from './failure';
import type { Answer, ClientCertificate } from './transport';
import type { UndiciConnection, UndiciConnections } from './undici.connections';

export interface ExchangeSettings {
  readonly origin: string;
  readonly request: Dispatcher.DispatchOptions;
  readonly timeoutMs: number;
  readonly limitBytes: number;
  readonly tls: ClientCertificate | undefined;
}

/**
 * One request and what comes back, as undici tells it event by event. Whatever ends it first is its answer; later
 * events no longer count.
 */
export class UndiciExchange implements Dispatcher.DispatchHandler {
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;
  private readonly chunks: Buffer[] = [];
  private connection: UndiciConnection;
  private size = 0;
  private status = 0;
  private headers: Record<string, string> = {};
  private hints = 0;
  private hasBegun = false;
  private isResent = false;
  private isOver = false;

  constructor(
    private readonly settings: ExchangeSettings,
    private readonly connections: UndiciConnections,
    private readonly done: (exchange: UndiciExchange, answer: Answer) => void,
  ) {
    this.timer = setTimeout(giveUpInTime, Math.min(settings.timeoutMs, LONGEST_TIMER_MS), this);
    this.connection = connections.take(settings);
  }

  begin(): void {
    this.connection.dispatch(this.settings.request, this);
  }

  /** Ends the exchange before its time and hangs up. */
  giveUp(failure: Failure): void {
    this.end(failed(failure, this.elapsedMs));
    this.connection.destroy();
  }

  /** By having this, a handler says that it speaks undici's present interface. */
  onRequestStart(): void {
    return undefined;
  }

  onResponseStarted(): void {
    this.hasBegun = true;
  }

  onResponseStart(_: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    if (status < 200) return this.countHint();
    this.status = status;
    this.headers = joined(headers);
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    if (this.isOver) return;
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.size <= this.settings.limitBytes) return;
    this.respond();
    this.connection.destroy();
  }

  onResponseEnd(): void {
    if (this.isOver) return;
    this.connections.keep(this.connection);
    this.respond();
  }

  onResponseError(_: unknown, error: Error): void {
    if (this.isOver) return;
    if (this.keptConnectionWasDead(error)) this.resend();
    else this.end(failed(this.whyFailed(error), this.elapsedMs));
  }

  /**
   * Closing an idle connection at the moment a request goes out is nobody's fault and says nothing about the endpoint.
   * Should the endpoint have read the request nevertheless, it sees it twice, which delivery at least once allows.
   */
  private resend(): void {
    this.isResent = true;
    this.connection = this.connections.open(this.settings);
    this.begin();
  }

  private countHint(): void {
    if (++this.hints > MOST_HINTS && !this.isOver) this.giveUp(failureOf(new TooManyHintsError()));
  }

  private keptConnectionWasDead(error: Error): boolean {
    if (this.isResent || this.hasBegun || !this.connection.isReused) return false;
    return /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(String((error as NodeJS.ErrnoException).code));
  }

  private whyFailed(error: Error): Failure {
    // A body cut short is a broken connection; before there is a body, undici says so of headers that contradict themselves.
    const isMismatch = (error as NodeJS.ErrnoException).code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
    if (isMismatch && this.status === 0) return failureOf({ code: 'HPE_UNEXPECTED_CONTENT_LENGTH' });
    return failureOf(error);
  }

  private respond(): void {
    const { status, headers } = this;
    const excerpt = excerptOf(this.chunks, this.size, this.settings.limitBytes);
    this.end({ kind: 'response', status, headers, ...excerpt, durationMs: this.elapsedMs });
  }

  private end(answer: Answer): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.done(this, answer);
  }

  private get elapsedMs(): number {
    return Math.round(performance.now() - this.startedAt);
  }
}

// One function for all timers, since thousands are set every second.
function giveUpInTime(exchange: UndiciExchange): void {
  exchange.giveUp(TIMED_OUT);
}

function joined(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(', ');
  }
  return headers as Record<string, string>;
}
