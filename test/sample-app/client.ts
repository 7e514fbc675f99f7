/** An answer over HTTP. */
export interface Answer<Body> {
  readonly status: number;
  /** Parsed; undefined where there is none. */
  readonly body: Body;
}

/** What the sample app answers, as far as the tests look into it. */
export interface Resource {
  readonly id: string;
  readonly createdAt: string;
  readonly secret: string;
  readonly data: readonly Resource[];
  readonly attempts: readonly object[];
}

/** Somebody who uses the sample app over HTTP, with a key or without. */
export class Client {
  constructor(
    private readonly baseUrl: string,
    private readonly key?: string,
  ) {}

  get<Body = Resource>(path: string): Promise<Answer<Body>> {
    return this.request('GET', path);
  }

  post<Body = Resource>(path: string, body?: object): Promise<Answer<Body>> {
    return this.request('POST', path, body);
  }

  put<Body = Resource>(path: string, body: object): Promise<Answer<Body>> {
    return this.request('PUT', path, body);
  }

  patch<Body = Resource>(path: string, body: object): Promise<Answer<Body>> {
    return this.request('PATCH', path, body);
  }

  delete<Body = Resource>(path: string): Promise<Answer<Body>> {
    return this.request('DELETE', path);
  }

  private async request<Body>(method: string, path: string, body?: object): Promise<Answer<Body>> {
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(this.key === undefined ? {} : { authorization: `Bearer ${this.key}` }),
      },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Body };
  }
}
