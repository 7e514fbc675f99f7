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

  /** @throws Error with the answer, when it is none of success */
  private async request<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const headers = { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' };
    const response = await fetch(this.url(path), { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
    return JSON.parse(text) as Answer;
  }
}
