/** Names of services that hand machine credentials to whoever asks. */
const metadata: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
]);

/**
 * What private networks call their own: RFC 6762, RFC 8375, ICANN's `internal`, and what routers and companies chose
 * before there was a rule.
 */
const privateUse = /(^|\.)(local|localdomain|internal|home\.arpa|lan|home|corp|private|intranet)$/;

/** A host name as it compares: in lower case, without the dot of the root. */
export function canonicalHost(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** RFC 6761: these names never leave the machine. */
export function isLocalName(host: string): boolean {
  return /(^|\.)localhost$/.test(host);
}

/** Whether only a private network can know a name: a bare one such as `jenkins`, or one below `internal` and its kin. */
export function isPrivateName(host: string): boolean {
  return !host.includes('.') || privateUse.test(host);
}

/** Whether clouds serve machine credentials under a name. */
export function isMetadataName(host: string): boolean {
  return metadata.has(host);
}
