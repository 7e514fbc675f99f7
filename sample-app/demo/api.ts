import type { DocumentedRequest } from './contract-scripts';

/** What the demo reads from the management API. */
export interface CreatedSubscription {
  readonly id: string;
  readonly secret: string;
}

export interface PublishedEvent {
  readonly id: string;
  readonly topic: string;
  readonly createdAt: string;
}

export interface Attempt {
  readonly number: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly succeeded: boolean;
  readonly status: number | null;
  readonly failure: string | null;
}

export interface Delivery {
  readonly id: string;
  readonly state: string;
  readonly attempts: readonly Attempt[];
}

export interface ReceivedWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: string;
}

/** What came back for a request. */
export interface Exchanged {
  readonly status: number;
  readonly body: unknown;
}

export interface List<Item> {
  readonly data: readonly Item[];
}

/** The running app over HTTP, as anybody with a key sees it. */
export class Api {
  constructor(
    private readonly baseUrl: string,
    private readonly key: string,
  ) {}

  url(path: string): string {
    return this.baseUrl + path;
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.request<Answer>('GET', path);
  }

  post<Answer>(path: string, body: object): Promise<Answer> {
    return this.request<Answer>('POST', path, body);
  }

  put<Answer>(path: string, body: object): Promise<Answer> {
    return this.request<Answer>('PUT', path, body);
  }

  /**
   * Sends exactly what it is given, without the key.
   * @throws Error with the answer, when it is none of success
   */
  async send({ method, path, headers, body }: DocumentedRequest): Promise<Exchanged> {
    const response = await fetch(this.url(path), {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
    return { status: response.status, body: JSON.parse(text) as unknown };
  }

  private async request<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const headers = { authorization: `Bearer ${this.key}` };
    return (await this.send({ method, path, headers, body })).body as Answer;
  }
}
