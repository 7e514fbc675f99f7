/** Whose objects a request may see: a tenant's id, or null for the operator. The request is the HTTP adapter's own. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- only the host knows what its guards put on a request
export type TenantOption = (request: any) => string | null | Promise<string | null>;
