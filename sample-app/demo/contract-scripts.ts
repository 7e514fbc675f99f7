/** A request as the documentation of a contract has it. */
export interface DocumentedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** What the demo of a contract shows. */
export interface ContractScript {
  /** Whose contract it is. */
  readonly vendor: string;
  /** The path of acme's server that is subscribed. */
  readonly endpoint: string;
  readonly subscribe: (url: string) => DocumentedRequest;
  /** What acme does to its order, in words and as a request. */
  readonly change: string;
  readonly changing: (order: string) => DocumentedRequest;
  /** Which field of the new subscription the receiver has to keep. */
  readonly secretField: string;
  /** What shows that a request is genuine. */
  readonly proof: string;
}

const KEY = { Authorization: 'Bearer acme-key' };
const renaming = (order: string) => ({
  method: 'PATCH',
  path: `/orders/${order}`,
  headers: KEY,
  body: { reference: 'A-1002' },
});

/** The contracts that `npm run demo -- --contract …` can show. */
export const CONTRACT_SCRIPTS: Readonly<Record<string, ContractScript>> = {
  readycloud: {
    vendor: 'ReadyCloud',
    endpoint: '/orders/',
    subscribe: (url) => ({
      method: 'POST',
      path: '/api/v2/orgs/1/webhooks/?bearer_token=acme-key',
      body: { entity: 'orders', remote_url: url },
    }),
    change: 'acme changes an order',
    changing: renaming,
    secretField: 'token',
    proof: 'HTTP_AUTH and Auth are the token of the webhook',
  },
  ewarehousing: {
    vendor: 'eWarehousing Solutions',
    endpoint: '/hook',
    subscribe: (url) => ({
      method: 'POST',
      path: '/webhooks/',
      headers: KEY,
      body: { url, group: 'order', action: 'updated', hash_secret: 'ABC12345' },
    }),
    change: 'acme changes an order',
    changing: renaming,
    secretField: 'hash_secret',
    proof: 'X-Hmac-SHA256 is base64 HMAC-SHA256 of the body, as it came, with the hash_secret',
  },
  packcloud: {
    vendor: 'Pack.cloud',
    endpoint: '/hook',
    subscribe: (url) => ({
      method: 'POST',
      path: '/v1/organizations/acme/webhooks',
      headers: KEY,
      body: { event_code: 'order.shipped', endpoint: url, secret: 'ABC12345' },
    }),
    change: 'acme ships an order',
    changing: (order) => ({ method: 'POST', path: `/orders/${order}/ship`, headers: KEY }),
    secretField: 'secret',
    proof: 'Signature is hex HMAC-SHA256 of the body, as it came, with the secret',
  },
};
